"""Whole attempts of participants who guess, hurry or copy a habit. None may earn much."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Raws = dict[str, bytes]


def _rows(seen: Raws, name: str) -> list[dict[str, Any]]:
    return [json.loads(raw) for key, raw in seen.items() if key.rpartition("-")[0] in {name, f"new{name}"}]


def _economy(seen: Raws) -> str:
    return str(_rows(seen, "economy")[0]["economy"])


TEXT = "\n".join(f'{key} = "We protect people from spam with measures that are needed, and we look at mistakes '
                 'within days, at one office that everybody can reach."'
                 for key in ("purpose", "proportionality", "rights", "remedies"))
"""Four texts that say little, long enough to be read."""


def _document(seen: Raws, *measures: str) -> str:
    listed = "\n".join(f'[[measure]]\ninstrument = "{one}"\nstart = 0' for one in measures)
    return f'title = "Quick"\neconomy = "{_economy(seen)}"\nyears = 3\n[text]\n{TEXT}\n{listed}\n'


ALL_TRUE: dict[str, Callable[[Raws], Any]] = {
    "q1": lambda seen: {**{str(number): True for number in range(1, len(_rows(seen, "claims")) + 1)},
                        "reason": "same-filter"},
    "q2": lambda seen: {row["code"]: {"consent": "before", "covers": "all", "follows": "state"}
                        for row in _rows(seen, "laws")},
    "q3": lambda seen: [row["code"] for row in sorted(_rows(seen, "order"), key=lambda row: row["weeks"])],
    "q4": lambda seen: _rows(seen, "staff")[0]["regulator"],
    "q5": lambda seen: {"best": min(one["change"] for one in _rows(seen, "play")[0]["channels"]), "low": -100,
                        "high": 0, "reason": "gave-up"},
    "q6": lambda seen: _document(seen, "consent-law", "penalties", "private-action"),
    "q7": lambda seen: max(_rows(seen, "doubt"), key=lambda row: abs(row["high"] - row["low"]))["code"],
}

FIRST_OF_EVERY_LIST: dict[str, Callable[[Raws], Any]] = {
    "q1": lambda seen: {**{str(number): False for number in range(1, len(_rows(seen, "claims")) + 1)},
                        "reason": "by-law"},
    "q2": lambda seen: {row["code"]: {"consent": "refuse", "covers": "mail", "follows": "crime"}
                        for row in _rows(seen, "laws")},
    "q3": lambda seen: [row["code"] for row in _rows(seen, "order")],
    "q4": lambda _seen: 1000,
    "q5": lambda _seen: {"best": -90, "low": -95, "high": -85, "reason": "gave-up"},
    "q6": lambda seen: _document(seen, "treaty"),
    "q7": lambda seen: max(_rows(seen, "doubt"), key=lambda row: row["times"])["code"],
}

NOT_IN_ANY_FORM: dict[str, Callable[[Raws], Any]] = {
    "q1": lambda _seen: "all true",
    "q2": lambda _seen: {"canada": "before"},
    "q3": lambda _seen: "law first",
    "q4": lambda _seen: "enough",
    "q5": lambda _seen: -20,
    "q6": lambda _seen: "Block everything.",
    "q7": lambda _seen: "money",
    "q8": lambda _seen: {"text": "We must act now."},
}

ATTEMPTS = [
    {"name": "everything is true and strict", "answers": ALL_TRUE},
    {"name": "the first of every list", "answers": FIRST_OF_EVERY_LIST},
    {"name": "not in any form", "answers": NOT_IN_ANY_FORM},
]
