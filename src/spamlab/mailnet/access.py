"""Who may open a mailbox: its participant, by basic authentication, by `?token=` or by the cookie that this sets."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spamlab.errors import UsageError

PARTICIPANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def may_open(
    tokens: Mapping[str, str], participant: str, *, query: str | None, authorization: str | None, cookie: str | None
) -> bool:
    """Whether one credential fits this participant; the first that is given decides: query, header, cookie."""
    expected = tokens.get(participant)
    if expected is None:
        return False
    if query is not None:
        return _same(query, expected)
    if authorization is not None:
        user, password = _basic(authorization)
        return _same(user, participant) and _same(password, expected)
    return cookie is not None and _same(cookie, expected)


def cookie_name(participant: str) -> str:
    """One cookie for each participant, so that two inboxes can be open in one browser."""
    return f"spamlab-mailbox-{participant}"


def check_tokens(tokens: Mapping[Any, object]) -> dict[str, str]:
    """The tokens as {participant: token}; names in small letters, since SMTP compares them so. Raises UsageError."""
    found: dict[str, str] = {}
    for participant, token in tokens.items():
        if not isinstance(participant, str) or not PARTICIPANT.fullmatch(participant):
            raise UsageError(f"{participant!r} can't name a mailbox: use small letters, digits, - and _, as in p01.")
        if not isinstance(token, str) or not token.isascii() or not token.strip():
            raise UsageError(f"The token of {participant} must be a text of ASCII characters that isn't empty.")
        found[participant] = token
    if not found:
        raise UsageError("No participant was named, so there would be no mailbox.")
    return found


def read_tokens(file: Path) -> dict[str, str]:
    """Read {participant: token} from a JSON file. Raises UsageError."""
    try:
        tokens = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"The tokens file {file} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise UsageError(f"The tokens file {file} isn't JSON: {error}.") from error
    if not isinstance(tokens, dict):
        raise UsageError(f'The tokens file {file} must hold one object, as in {{"p01": "token"}}.')
    return check_tokens(tokens)


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", ""
    return user, password


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
