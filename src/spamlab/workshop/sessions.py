"""Who may see the instructor's page: the token once, then a cookie; a token in each form against forged requests."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_session(token: str) -> str:
    """A cookie's value: a random id and its seal under the instructor's token."""
    name = secrets.token_hex(16)
    return f"{name}.{seal(token, 'session', name)}"


def is_session(token: str, cookie: str) -> bool:
    """Whether a cookie's value was made by `new_session` under this token."""
    name, _, sealed = cookie.partition(".")
    return same(sealed, seal(token, "session", name))


def form_token(token: str, cookie: str) -> str:
    """What a form of this session carries; another site can't know it."""
    return seal(token, "form", cookie)


def seal(token: str, purpose: str, text: str) -> str:
    """HMAC-SHA256 of a text for one purpose, hex."""
    return hmac.new(token.encode(), f"{purpose}|{text}".encode(), hashlib.sha256).hexdigest()


def same(given: str, expected: str) -> bool:
    """Whether two texts are the same, in a time that tells nothing."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
