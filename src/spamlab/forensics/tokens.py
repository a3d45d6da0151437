"""Structured header values cut into tokens: comments nest, strings may be quoted (RFC 5322 section 3.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

MOST_TOKENS = 2000


@dataclass(frozen=True)
class Token:
    """kind: "word" (an atom or a quoted string), "comment" (without its outer brackets) or "sign" (one of `signs`).

    start: where in the value it begins.
    """

    kind: Literal["word", "comment", "sign"]
    text: str
    start: int


def tokens(value: str, signs: str = ";") -> list[Token]:
    """The tokens of `value` in one pass; an open comment or string runs to the end. Never raises."""
    found: list[Token] = []
    place, length = 0, len(value)
    run = _run(signs)
    while place < length and len(found) < MOST_TOKENS:
        sign = value[place]
        if sign.isspace():
            place += 1
            continue
        plain = run.match(value, place)
        if plain is not None and value[plain.end() : plain.end() + 1] != '"':
            found.append(Token("word", plain[0], place))
            place = plain.end()
        elif sign == "(":
            end = _comment_end(value, place)
            found.append(Token("comment", value[place + 1 : end], place))
            place = end + 1
        elif sign in signs:
            found.append(Token("sign", sign, place))
            place += 1
        else:
            start = place
            parts: list[str] = []
            while place < length:
                if value[place] == '"':
                    end = _string_end(value, place)
                    parts.append(_QUOTED.sub(r"\1", value[place + 1 : end]))
                    place = end + 1
                    continue
                match = run.match(value, place)
                if match is None:
                    break
                parts.append(match[0])
                place = match.end()
            found.append(Token("word", "".join(parts), start))
    return found


_QUOTED = re.compile(r"\\(.)", re.DOTALL)
_BRACKETS = re.compile(r"\\.|[()]", re.DOTALL)
_STRING = re.compile(r'(?:[^"\\]|\\.)*', re.DOTALL)


@cache
def _run(signs: str) -> re.Pattern[str]:
    return re.compile(rf'[^\s("{re.escape(signs)}]+')


def _comment_end(value: str, place: int) -> int:
    depth = 0
    for match in _BRACKETS.finditer(value, place):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if depth == 0 and match[0] == ")":
            return match.start()
    return len(value)


def _string_end(value: str, place: int) -> int:
    match = _STRING.match(value, place + 1)
    return match.end() if match else len(value)


def without_comments(value: str) -> str:
    """`value` with its comments left out and spaces made single."""
    return " ".join(token.text for token in tokens(value, "") if token.kind == "word")
