"""Reading a number as people write it: other digits, thousands, decimal commas, units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from spamlab.judge.bounds import MOST_NUMBER
from spamlab.judge.catalogue import say
from spamlab.judge.kinds.reading import plain, tidy
from spamlab.judge.question import FormError

_MOST_SIGNS = 300
_NUMBER = re.compile(r"[+-]?(?:[0-9][0-9.,]*|[.,][0-9]+)(?:e[+-]?[0-9]{1,2})?", re.IGNORECASE)
_PLAIN = re.compile(r"(?:\d+(?:[.,]\d*)?|[.,]\d+)")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?")


def read_number(given: Any, unit: str | None = None, units: Mapping[str, float] | None = None) -> int | float:
    """The number in `given`, in `unit`; FormError for a list, a word, another unit, an unclear separator.

    units: further units that may be written behind the number -> how many of `unit` one of them is.
    Read as they are meant: digits of any script, a decimal comma, "1,234,567", "1.234,5", "1 234", "1'234". A single
    "1,234" may mean two things and is sent back.
    """
    if isinstance(given, list) and len(given) == 1:
        given = given[0]
    if isinstance(given, list | dict) or given is None:
        raise FormError(say("form-single"))
    if isinstance(given, bool):
        raise FormError(say("form-a-number"))
    if isinstance(given, int | float):
        return _bounded(given)
    if len(given) > _MOST_SIGNS:
        raise FormError(say("form-a-number"))
    text = tidy(given).replace("−", "-").replace("٬", ",").replace("٫", ".").replace("’", "'")
    text = re.sub(r"(?<=[+-]) +(?=\d)", "", text)
    text = re.sub(r"(?<=\d)[ '_](?=\d{2,3}(?!\d))", "", text)
    found = _NUMBER.match(text)
    if found is None:
        raise FormError(say("form-a-number"))
    number = _decimal(found.group())
    return _bounded(number * _factor(text[found.end():], unit, units or {}))


def _decimal(written: str) -> float:
    sign = -1 if written.startswith("-") else 1
    digits, _, power = written.lstrip("+-").casefold().partition("e")
    if re.fullmatch(r"\d{1,3},\d{3}", digits) and not digits.startswith("0"):
        raise FormError(say("form-point"))
    if not _PLAIN.fullmatch(digits):
        digits = digits.rstrip(".,")
        if not (_PLAIN.fullmatch(digits) or _GROUPED.fullmatch(digits)):
            raise FormError(say("form-point"))
        if _GROUPED.fullmatch(digits) and (digits.count(",") + digits.count(".")) > 1:
            last = max(digits.rfind(","), digits.rfind("."))
            both = "," in digits and "." in digits
            whole = digits[:last] if both else digits
            digits = whole.replace(",", "").replace(".", "") + (f".{digits[last + 1:]}" if both else "")
    return sign * float(digits.replace(",", ".") + (f"e{power}" if power else ""))


def _factor(rest: str, unit: str | None, units: Mapping[str, float]) -> float:
    """How many of the question's unit one of the unit written is; 1 where none is written."""
    said = plain(rest)
    if not said or (unit and said in {plain(unit), plain(unit).removesuffix("s")}):
        return 1.0
    for name, factor in units.items():
        if said in {plain(name), plain(name).removesuffix("s")}:
            return factor
    raise FormError(say("form-unit", unit=unit) if unit else say("form-a-number"))


def _bounded(number: int | float) -> int | float:
    if abs(number) > MOST_NUMBER:
        raise FormError(say("form-number"))
    return int(number) if float(number).is_integer() else number
