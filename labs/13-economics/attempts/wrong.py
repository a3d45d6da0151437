"""Whole attempts of participants who guess, hurry or copy a habit. None may earn much."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Raws = dict[str, bytes]


def _rows(seen: Raws, name: str) -> list[dict[str, Any]]:
    found = [json.loads(raw) for key, raw in seen.items() if key.rpartition("-")[0] in {name, f"new{name}"}]
    return sorted(found, key=lambda row: row["id"])


def _first(seen: Raws, count: int) -> dict[str, dict[str, str]]:
    """Shares to the first measures of the table."""
    rows = _rows(seen, "next")
    given = [3] + [0] * (len(rows) - 1) if count == 1 else [1] * count + [0] * (len(rows) - count)
    return {row["measure"]: {"shares": str(more)} for row, more in zip(rows, given, strict=True)}


MIDDLE_OF_EVERYTHING: dict[str, Callable[[Raws], Any]] = {
    "q1": lambda _seen: 1000,
    "q2": lambda seen: {row["line"]: {"payer": "receiver"} for row in _rows(seen, "lines")},
    "q3": lambda _seen: 1,
    "q4": lambda seen: _first(seen, 3),
    "q5": lambda seen: _rows(seen, "net")[0]["amount"],
    "q6": lambda _seen: {"best": 50, "low": 0, "high": 100, "reason": "hidden"},
    "q7": lambda seen: _rows(seen, "years")[0]["bundles"][1],
    "q8": lambda _seen: 100,
}

FIRST_OF_EVERY_LIST: dict[str, Callable[[Raws], Any]] = {
    "q1": lambda _seen: 0,
    "q2": lambda seen: {row["line"]: {"payer": "sender"} for row in _rows(seen, "lines")},
    "q3": lambda _seen: 100,
    "q4": lambda seen: _first(seen, 1),
    "q5": lambda _seen: 0,
    "q6": lambda _seen: {"best": 64, "low": 64, "high": 64, "reason": "grew"},
    "q7": lambda seen: _rows(seen, "years")[0]["bundles"][0],
    "q8": lambda seen: _rows(seen, "losses")[0]["loss"],
}

NOT_IN_ANY_FORM: dict[str, Callable[[Raws], Any]] = {
    "q1": lambda _seen: "much",
    "q2": lambda _seen: "the state",
    "q3": lambda _seen: "more than they earn",
    "q4": lambda seen: {row["measure"]: {"shares": "3"} for row in _rows(seen, "next")},
    "q5": lambda _seen: "positive",
    "q6": lambda _seen: "it worked",
    "q7": lambda _seen: "all of them",
    "q8": lambda _seen: "a lot",
    "q9": lambda _seen: {"text": "Please give us more money."},
}

ATTEMPTS = [
    {"name": "the middle of everything", "answers": MIDDLE_OF_EVERYTHING},
    {"name": "the first of every list", "answers": FIRST_OF_EVERY_LIST},
    {"name": "not in any form", "answers": NOT_IN_ANY_FORM},
]
