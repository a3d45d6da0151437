"""Whole attempts of participants who guess, hurry or copy a habit. None may earn much."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Raws = dict[str, bytes]


def _rows(seen: Raws, name: str) -> list[dict[str, Any]]:
    return [json.loads(raw) for key, raw in seen.items() if key.rpartition("-")[0] in {name, f"new{name}"}]


FIRST_CHOICES = {"learns": "winter", "label": "old", "reads": "note", "says": "wanted"}

MIDDLE_OF_EVERYTHING: dict[str, Callable[[Raws], Any]] = {
    "q1": lambda seen: len(_rows(seen, "test")) // 2,
    "q2": lambda seen: {row["column"]: "strong" for row in _rows(seen, "columns") if row["alone"] > 80},
    "q3": lambda _seen: 50,
    "q4": lambda _seen: 50,
    "q5": lambda seen: {str(row["from"]): {"verdict": "fits"} for row in _rows(seen, "fit")},
    "q6": lambda seen: _rows(seen, "case")[0]["words"],
    "q7": lambda seen: sorted(row["month"] for row in _rows(seen, "months"))[6],
    "q8": lambda _seen: dict(FIRST_CHOICES),
}

FIRST_OF_EVERY_LIST: dict[str, Callable[[Raws], Any]] = {
    "q1": lambda _seen: 0,
    "q2": lambda seen: {_rows(seen, "columns")[0]["column"]: "odd"},
    "q3": lambda _seen: 1,
    "q4": lambda _seen: 5,
    "q5": lambda seen: {str(row["from"]): {"verdict": "high"} for row in _rows(seen, "fit")},
    "q6": lambda seen: _rows(seen, "case")[0]["words"][:1],
    "q7": lambda seen: sorted(row["month"] for row in _rows(seen, "months"))[0],
    "q8": lambda _seen: {**FIRST_CHOICES, "reads": "length"},
}

NOT_IN_ANY_FORM: dict[str, Callable[[Raws], Any]] = {
    "q1": lambda _seen: "many",
    "q2": lambda _seen: "links",
    "q3": lambda _seen: "low",
    "q4": lambda _seen: "high",
    "q5": lambda _seen: {"0": "fits"},
    "q6": lambda _seen: "all of them",
    "q7": lambda _seen: "spring",
    "q8": lambda _seen: "def my_filter(texts):\n    return [0.5 for text in texts]\n",
    "q9": lambda _seen: {"text": "The filter is very good."},
}

ATTEMPTS = [
    {"name": "the middle of everything", "answers": MIDDLE_OF_EVERYTHING},
    {"name": "the first of every list", "answers": FIRST_OF_EVERY_LIST},
    {"name": "not in any form", "answers": NOT_IN_ANY_FORM},
]
