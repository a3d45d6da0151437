"""The one identity of a workshop."""

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spamlab.content.identity import create_workshop, numbered, read_workshop
from spamlab.errors import ContentError, UsageError

SECRET = bytes(range(32))


def test_a_workshop_is_read_as_it_was_made(tmp_path: Path) -> None:
    """Title, labs and participants come back; the secret is 64 digits that only its owner reads."""
    made = create_workshop(tmp_path / "w", title='A "class"', labs=["02-x"], participants=3, secret=SECRET)
    assert read_workshop(tmp_path / "w") == made
    assert made.participants == ("p01", "p02", "p03")
    assert made.secret() == SECRET
    assert stat.S_IMODE(made.secret_file.stat().st_mode) == 0o600


def test_a_second_making_overwrites_nothing(tmp_path: Path) -> None:
    """A folder that holds a workshop is refused, and its secret stays."""
    first = create_workshop(tmp_path, title="A", secret=SECRET)
    with pytest.raises(UsageError, match="already"):
        create_workshop(tmp_path, title="B")
    assert read_workshop(tmp_path).title == "A"
    assert first.secret() == SECRET


def test_a_secret_alone_is_never_overwritten(tmp_path: Path) -> None:
    """Where workshop.toml was lost, the secret beside it still stops a new workshop."""
    (tmp_path / "secret").write_text("precious")
    with pytest.raises(UsageError):
        create_workshop(tmp_path, title="B")
    assert (tmp_path / "secret").read_text() == "precious"


def test_tokens_come_from_the_secret(tmp_path: Path) -> None:
    """The same secret gives the same tokens, each participant another, the instructor a third."""
    one = create_workshop(tmp_path / "a", title="A", participants=2, secret=SECRET)
    two = create_workshop(tmp_path / "b", title="B", participants=2, secret=SECRET)
    tokens = [one.participant_token("p01"), one.participant_token("p02"), one.instructor_token()]
    assert len(set(tokens)) == 3
    assert two.participant_token("p01") == tokens[0]
    assert create_workshop(tmp_path / "c", title="C").instructor_token() != tokens[2]


def test_all_faults_come_at_once_with_their_lines(tmp_path: Path) -> None:
    """Each wrong key of workshop.toml is named with its line."""
    (tmp_path / "workshop.toml").write_text(
        'title = 3\nparticipants = ["P 1", "p01", "p01"]\nlabs = []\npassing_mark = 2\ncolour = "red"\n'
    )
    with pytest.raises(ContentError) as caught:
        read_workshop(tmp_path)
    faults = str(caught.value)
    for line, what in (
        ("line 1", "title must be a text"),
        ("line 2", "'P 1'"),
        ("line 2", "twice"),
        ("line 4", "share from 0 to 1"),
        ("line 5", "colour"),
    ):
        assert any(line in fault and what in fault for fault in faults.splitlines()), (what, faults)


@pytest.mark.parametrize("text", ["title = ", "\xff", "[[", "title = 'a'\ntitle = 'b'"])
def test_what_is_no_toml_is_told(tmp_path: Path, text: str) -> None:
    """A broken file gives one sentence."""
    (tmp_path / "workshop.toml").write_text(text, encoding="latin-1")
    with pytest.raises(ContentError, match=r"workshop\.toml"):
        read_workshop(tmp_path)


@pytest.mark.parametrize("text", ["", "zz", "ab" * 31, "ab" * 33])
def test_a_secret_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    """A secret of another form is named, and never used."""
    made = create_workshop(tmp_path, title="A")
    made.secret_file.write_text(text)
    with pytest.raises(ContentError, match="secret"):
        made.secret()


def test_a_missing_workshop_is_the_users_mistake(tmp_path: Path) -> None:
    """An empty folder gives one sentence."""
    with pytest.raises(UsageError, match="no workshop"):
        read_workshop(tmp_path)


def test_a_home_is_a_participants(tmp_path: Path) -> None:
    """A name that is not in the workshop has no home, so no path can be made of it."""
    made = create_workshop(tmp_path, title="A")
    assert made.home("p01") == tmp_path / "participants" / "p01"
    with pytest.raises(UsageError):
        made.home("../../etc")


def test_participants_are_numbered_with_equal_width() -> None:
    """Two digits at least, three for a hundred."""
    assert numbered(2) == ("p01", "p02")
    assert numbered(100)[0] == "p001"


@given(title=st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_title_survives(tmp_path_factory: pytest.TempPathFactory, title: str) -> None:
    """Whatever a title holds, it is read back as it was written."""
    folder = tmp_path_factory.mktemp("w")
    assert create_workshop(folder, title=title).title == title
