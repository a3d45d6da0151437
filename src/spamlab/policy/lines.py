"""Finds the line on which a key stands in TOML text, also in the n-th of several tables of one name.

Does not belong here: whether the text is right TOML (tomllib) or a right policy (document).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Place = tuple[str | int, ...]
_DEEPEST = 4
"""Parts of a place that are kept; a policy needs three: ("measure", 2, "mode")."""
_KEY = re.compile(r"""[ \t]*(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))[ \t]*""")
_STRINGS = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)


def line_numbers(text: str) -> Mapping[Place, int]:
    """Place of each key and table -> its line, from 1; tables of one name, [[name]], are told apart by number from 0.

    The text must be TOML that could be read. What stands in an inline table or list has the line of its key.
    """
    found: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    at, line = 0, 1
    while at < len(text):
        if text[at] in " \t\r\n":
            line += text[at] == "\n"
            at += 1
        elif text[at] == "#":
            at = _end_of_line(text, at)
        elif text[at] == "[":
            many = text.startswith("[[", at)
            keys, at = _keys(text, at + (2 if many else 1))
            table = _table(keys, many, counts)
            found.setdefault(table, line)
            at = _end_of_line(text, at)
        else:
            keys, after = _keys(text, at)
            for deep in range(1, min(len(keys), _DEEPEST) + 1):
                found.setdefault((*table, *keys[:deep]), line)
            end = _end_of_value(text, max(after, at + 1))
            line += text.count("\n", at, end)
            at = end
    return found


def line_of(found: Mapping[Place, int], place: Place) -> int:
    """The line of a place; where it has none of its own, that of what it stands in; 0 if nothing of it is there."""
    for deep in range(len(place), 0, -1):
        if place[:deep] in found:
            return found[place[:deep]]
    return 0


def _table(keys: list[str], many: bool, counts: dict[Place, int]) -> Place:
    place: Place = ()
    for number, key in enumerate(keys[:_DEEPEST]):
        place = (*place, key)
        last = number == len(keys) - 1
        if last and many:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def _keys(text: str, at: int) -> tuple[list[str], int]:
    """The parts of a dotted key at a place, and where it ends."""
    keys: list[str] = []
    while match := _KEY.match(text, at):
        keys.append(next((part for part in match.groups() if part is not None), ""))
        at = match.end()
        if not text.startswith(".", at):
            break
        at += 1
    return keys, at


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _end_of_value(text: str, at: int) -> int:
    """Where the value ends that begins at or after a place: the end of its line, unless strings or lists go on."""
    depth = 0
    while at < len(text):
        mark = text[at]
        if mark in "\"'":
            match = _STRINGS.match(text, at)
            at = match.end() if match else at + 1
            continue
        if mark == "#":
            at = _end_of_line(text, at)
            continue
        if mark == "\n" and depth <= 0:
            return at
        depth += (mark in "[{") - (mark in "]}")
        at += 1
    return at
