"""Texts and code cut into small units, and the runs of units by which two submissions are compared.

Code becomes Python's tokens with every name that a participant may choose made alike, so that a renamed variable
changes nothing; prose becomes words. A gram is a run of so many units inside one part (a cell, a text), so the order
of the parts does not matter either.
"""

from __future__ import annotations

import builtins
import keyword
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

Kind = Literal["code", "text"]

LENGTH: dict[str, int] = {"code": 12, "text": 5}
"""Units in one gram: twelve tokens are about two lines of code; five words are part of a sentence."""

MOST_SIGNS = 200_000
"""Characters of one submission that are looked at; nobody types more in a workshop."""

_WORD = re.compile(r"\w+(?:[.@:'’-]\w+)*")
_TOKEN = re.compile(r"""
    (?P<comment> \#[^\n]* )
  | (?P<string> (?: \b[rbfuRBFU]{1,2} )?
                (?: \"\"\"[\s\S]*?\"\"\" | \'\'\'[\s\S]*?\'\'\' | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' ) )
  | (?P<number> \b\d[\w.]* )
  | (?P<name> [^\W\d]\w* )
  | (?P<sign> \*\*=? | //=? | <<=? | >>=? | [-+*/%&|^=<>!:@]= | -> | \S )
""", re.VERBOSE)
_MAY_FOLD = frozenset({"literal", "]", "}"})
_CONSTANTS = frozenset({"True", "False", "None"})
_KEPT = frozenset([*dir(builtins), *keyword.kwlist])
Unit = tuple[int, int, int]
"""A unit's value as a number, and where it begins and ends in its part, in characters."""


@dataclass(frozen=True)
class Part:
    """One cell or text: its name, its source, its units in order."""

    name: str
    source: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Cut:
    """One submission cut up: its parts, and where each gram stands: gram -> [(part's index, unit's index)].

    cut: whether there was more than MOST_SIGNS, so that the rest was left out.
    """

    parts: tuple[Part, ...]
    length: int
    grams: Mapping[int, list[tuple[int, int]]] = field(default_factory=dict)
    cut: bool = False


def cut_up(parts: Mapping[str, str], kind: Kind, *, leave_out: Iterable[str] = ()) -> Cut:
    """A submission's parts (name -> source) cut into units and grams; sources in `leave_out` are not looked at."""
    length = LENGTH[kind]
    left_out = {one.strip() for one in leave_out}
    kept: list[Part] = []
    budget = MOST_SIGNS
    for name, source in parts.items():
        if not source.strip() or source.strip() in left_out or budget <= 0:
            continue
        shown = source[:budget]
        budget -= len(source)
        kept.append(Part(name, shown, code_units(shown) if kind == "code" else word_units(shown)))
    grams: dict[int, list[tuple[int, int]]] = {}
    for index, part in enumerate(kept):
        values = [unit[0] for unit in part.units]
        for start in range(len(values) - length + 1):
            grams.setdefault(hash(tuple(values[start:start + length])), []).append((index, start))
    return Cut(tuple(kept), length, grams, budget < 0)


def code_units(source: str) -> tuple[Unit, ...]:
    """Python's tokens without comments and white space; one pattern, so that broken code and magics are read too.

    Names become alike unless they are keywords, builtins or stand behind a point (a library's own); all literals
    become alike, and a list or record of literals is one literal, for data are no code: an answer that is typed into
    a call is nobody's own way of writing.
    """
    units: list[Unit] = []
    previous = ""
    for found in _TOKEN.finditer(source):
        kind, value = found.lastgroup, found[0]
        if kind == "comment":
            continue
        if kind == "name":
            value = "name" if previous != "." and value not in _KEPT else value
            value = "literal" if value in _CONSTANTS else value
        elif kind in {"string", "number"}:
            value = "literal"
        units.append((_number(value), found.start(), found.end()))
        if value in _MAY_FOLD:
            _fold(units)
        previous = value
    return tuple(units)


def _fold(units: list[Unit]) -> None:
    """Make one literal of two with a comma or colon between them, and of a list or record that holds one alone."""
    literal = _number("literal")
    values = [unit[0] for unit in units[-4:]]
    joined = values[-3:] in ([literal, _number(","), literal], [literal, _number(":"), literal])
    boxed = values[-3:] == [_number("{"), literal, _number("}")] or (
        values[-3:] == [_number("["), literal, _number("]")]
        and values[0] not in (_number("name"), _number(")"), _number("]")))
    if values[-2:] == [_number("-"), literal] and values[-3:-2] and values[-3] in _BEFORE_A_SIGN:
        units[-2:] = [(literal, units[-2][1], units[-1][2])]
        _fold(units)
    elif joined or boxed:
        units[-3:] = [(literal, units[-3][1], units[-1][2])]
        _fold(units)


def word_units(source: str) -> tuple[Unit, ...]:
    """The words of a text, whatever their case."""
    return tuple((_number(found[0].casefold()), found.start(), found.end()) for found in _WORD.finditer(source))


@cache
def _number(value: str) -> int:
    return zlib.crc32(value.encode("utf-8", "replace"))


_BEFORE_A_SIGN = frozenset(_number(sign) for sign in "([{,:=")
"""After these a minus belongs to the number."""
