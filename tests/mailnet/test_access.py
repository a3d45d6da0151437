"""Who may open a mailbox."""

import base64
import json
from pathlib import Path

import pytest

from spamlab.errors import UsageError
from spamlab.mailnet.access import check_tokens, may_open, read_tokens

TOKENS = {"p01": "one", "p02": "two"}


def _basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("participant", "query", "authorization", "cookie", "allowed"),
    [
        ("p01", "one", None, None, True),
        ("p01", None, _basic("p01:one"), None, True),
        ("p01", None, None, "one", True),
        ("p01", None, None, None, False),
        ("p01", "two", None, None, False),
        ("p01", "wrong", None, "one", False),
        ("p01", None, _basic("p02:two"), None, False),
        ("p01", None, _basic("p02:one"), None, False),
        ("p01", None, _basic("p01:two"), None, False),
        ("p01", None, "Basic ???", "one", False),
        ("p01", None, "Bearer one", None, False),
        ("p01", "", None, None, False),
        ("p03", "", None, None, False),
        ("p01", "ö", None, None, False),
    ],
)
def test_only_the_right_token_opens(
    participant: str, query: str | None, authorization: str | None, cookie: str | None, allowed: bool
) -> None:
    """A participant's own token opens the mailbox; another's, a wrong or a broken one never does."""
    assert may_open(TOKENS, participant, query=query, authorization=authorization, cookie=cookie) is allowed


@pytest.mark.parametrize("tokens", [{}, {"P01": "x"}, {"../x": "x"}, {"p01": ""}, {"p01": 7}, {"p01": "ö"}, {7: "x"}])
def test_wrong_tokens_are_refused(tokens: dict[object, object]) -> None:
    """Names that can't be a folder's or an address's part, and tokens that are no text, are refused in one sentence."""
    with pytest.raises(UsageError):
        check_tokens(tokens)


@pytest.mark.parametrize("text", [None, "{", "[]", json.dumps({"p01": None})])
def test_a_wrong_tokens_file_is_one_sentence(tmp_path: Path, text: str | None) -> None:
    """A missing file, no JSON, no object and no text each give one sentence."""
    file = tmp_path / "tokens.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(UsageError):
        read_tokens(file)
