"""How a text with slots is written (see grammar.py): its plain pieces and its slots, read but not yet judged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_WEIGHT = re.compile(r"(\d{1,3})\* ")
_RULE = re.compile(
    r"(?P<quoted>>?)(?P<once>!?)(?P<name>[a-z][a-z0-9_]*)(?:!(?P<instance>\d))?(?:\.(?P<column>[a-z][a-z0-9_]*))?"
    r"(?P<capital>\^{0,2})(?:\?(?P<chance>\d{1,2}))?"
    r"(?:\*(?P<least>\d{1,2})-(?P<most>\d{1,2})(?:~(?P<joiner>.*))?)?", re.DOTALL)
_RANGE = re.compile(r"#(\d{1,9})-(\d{1,9})")


@dataclass(frozen=True)
class Slot:
    """A slot as it was written. place: its own, from 0, among those of its text; alone: spaces stand on both sides."""

    written: str
    place: int
    alone: bool


@dataclass(frozen=True)
class RuleSlot:
    """A slot that names a rule, a fact or (with a column) a table. instance: 0 where none is written; chance: in 100;
    least, most: of several alternatives, 0 for one."""

    name: str
    quoted: bool
    once: bool
    instance: int | None
    column: str
    capital: str
    chance: int | None
    least: int | None
    most: int | None
    joiner: str


@cache
def weighed(text: str) -> tuple[int, str]:
    """An alternative's weight and its text without it."""
    found = _WEIGHT.match(text)
    return (int(found.group(1)), text[found.end():]) if found else (1, text)


@cache
def pieces(text: str) -> tuple[str | Slot, ...]:
    """The text as plain pieces and slots, in order. Raises ValueError where a brace stands alone."""
    if "{" not in text and "}" not in text:
        return (text,) if text else ()
    found: list[str | Slot] = []
    plain: list[str] = []
    place = slots = 0
    while place < len(text):
        one = text[place]
        if one not in "{}":
            end = place + 1
            while end < len(text) and text[end] not in "{}":
                end += 1
            plain.append(text[place:end])
            place = end
        elif text[place:place + 2] == one * 2:
            plain.append(one)
            place += 2
        else:
            end = _slot_end(text, place)
            alone = (place == 0 or text[place - 1] in " \n") and text[end:end + 1] == " "
            written = text[place + 1:end - 1]
            if plain:
                found.append("".join(plain))
            plain = []
            found.append(Slot(written, slots, alone))
            slots += 1
            # The space after a slot that may be empty belongs to it.
            place = end + 1 if alone and _may_be_empty(written) else end
    if plain:
        found.append("".join(plain))
    return tuple(found)


@cache
def choices(written: str) -> tuple[str, ...]:
    """What stands between the bars of a slot, those inside its own slots left alone; one text where there is no bar."""
    found, depth = [""], 0
    for one in written:
        depth += (one == "{") - (one == "}")
        if one == "|" and not depth:
            found.append("")
        else:
            found[-1] += one
    return tuple(found)


@cache
def number_range(written: str) -> tuple[int, int] | None:
    """Least and greatest of a slot such as #10-99; None for any other slot."""
    found = _RANGE.fullmatch(written)
    return (int(found.group(1)), int(found.group(2))) if found else None


@cache
def rule_slot(written: str) -> RuleSlot | None:
    """A slot that names a rule, a fact or a table; None for what can't be read as one."""
    found = _RULE.fullmatch(written)
    if found is None:
        return None
    numbers = {name: None if found[name] is None else int(found[name])
               for name in ("instance", "chance", "least", "most")}
    joiner = found["joiner"]
    return RuleSlot(found["name"], bool(found["quoted"]), bool(found["once"]), numbers["instance"],
                    found["column"] or "", found["capital"], numbers["chance"], numbers["least"], numbers["most"],
                    " " if joiner is None else joiner)


@cache
def names_in(text: str) -> tuple[str, ...]:
    """The names of the rules, facts and tables that stand in slots of a text. Raises ValueError as `pieces`."""
    found: list[str] = []
    for slot in pieces(text):
        if isinstance(slot, str):
            continue
        several = choices(slot.written)
        if len(several) > 1:
            found += [name for one in several for name in names_in(one)]
        elif named := rule_slot(slot.written):
            found.append(named.name)
    return tuple(dict.fromkeys(found))


def _slot_end(text: str, start: int) -> int:
    """The place after the brace that closes the one at `start`. Raises ValueError where there is none."""
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth <= 0:
            break
    if not depth and text[start] == "{":
        return place + 1
    raise ValueError(f"a brace stands alone: {text[max(0, start - 20):start + 40]!r}")


def _may_be_empty(written: str) -> bool:
    several = choices(written)
    if len(several) > 1:
        return "" in several
    named = rule_slot(written)
    return named is not None and named.chance is not None
