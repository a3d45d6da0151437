"""Lenient reading of what people type: digits of other scripts, quotation marks, brackets, spaces, case."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import Any

_QUOTES = "\"'`´‘’‚“”„‹›«»「」"
_BRACKETS = {"[": "]", "(": ")", "<": ">", "{": "}"}
_MOST_LAYERS = 8
_MOST_SIGNS = 4000
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def tidy(text: str) -> str:
    """`text` in compatible form (NFKC): plain digits, one space between words, no outer quotes or brackets.

    Only its first 4000 signs are looked at: nothing that is asked for is longer.
    """
    text = text[:_MOST_SIGNS]
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    text = "".join(_digit(sign) for sign in text)
    text = " ".join(text.split())
    for _ in range(_MOST_LAYERS):
        if len(text) < 2 or not _enclosed(text):
            break
        text = text[1:-1].strip()
    return text


def plain(text: str) -> str:
    """`tidy` without letter case, a full stop at the end: what two texts are compared by."""
    return tidy(text).casefold().rstrip(".").strip()


def key_of(value: Any) -> str:
    """What a value of a choice is compared by, whatever its JSON type: 3, 3.0 and "3" are the same."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return plain(str(value))


def address_of(text: str) -> str | None:
    """The IP address in `text` in its shortest form (RFC 5952), also from [192.0.2.7] or IPv6:..., or None."""
    text = tidy(text).strip("[]()<>").strip().replace(" ", "")
    if text.casefold().startswith("ipv6:"):
        text = text[5:]
    try:
        return str(ipaddress.ip_address(text.rstrip(".,;")))
    except ValueError:
        return None


def _enclosed(text: str) -> bool:
    first, last = text[0], text[-1]
    return (first in _QUOTES and last in _QUOTES) or (_BRACKETS.get(first) == last and first not in text[1:])


def _digit(sign: str) -> str:
    if sign.isascii():
        return sign
    number = unicodedata.decimal(sign, None)
    return sign if number is None else str(number)
