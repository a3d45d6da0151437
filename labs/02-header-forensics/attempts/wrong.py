"""Whole attempts of participants who guess, hurry or copy a habit. None may earn much."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.parser import BytesHeaderParser
from typing import Any

Raws = dict[str, bytes]


def _ids(raw: bytes) -> list[str]:
    found = BytesHeaderParser().parsebytes(raw).get_all("Received", [])
    return [match[1] if (match := re.search(r"\bid\s+([^\s;()]+)", str(text))) else "" for text in found]


def _addresses(raw: bytes) -> list[str]:
    header = raw.partition(b"\r\n\r\n")[0].decode("latin-1")
    return re.findall(r"\[(?:IPv6:)?([0-9A-Fa-f.:]{3,})\]", header)


def _rows(spf: str, dkim: str, protects: str) -> dict[str, dict[str, str]]:
    return {row: {"spf": spf, "dkim": dkim, "protects": protects} for row in ("1", "3", "4")}


FIRST_CHOICES = {"rows": "alone", "border": "bottom", "handover": "greeting", "versions": "ipv4", "nothing": "bottom"}

EVERYTHING_TRUE: dict[str, Callable[[Raws], Any]] = {
    "q1": lambda _seen: {**{str(key): True for key in range(1, 7)}, "reason": "from-checked"},
    "q2": lambda seen: _ids(seen["M1"]),
    "q3": lambda seen: _ids(seen["M2"])[-1],
    "q4": lambda seen: _addresses(seen["M2"])[0],
    "q5": lambda seen: dict.fromkeys(_ids(seen["M3"]), "break"),
    "q6": lambda _seen: _rows("none", "none", "yes"),
    "q7": lambda _seen: dict(FIRST_CHOICES),
}

FIRST_OF_EVERY_LIST: dict[str, Callable[[Raws], Any]] = {
    "q1": lambda _seen: {**{str(key): False for key in range(1, 7)}, "reason": "servers-write"},
    "q2": lambda seen: _ids(seen["M1"]),
    "q3": lambda seen: _ids(seen["M2"])[0],
    "q4": lambda seen: _addresses(seen["M2"])[-1],
    "q5": lambda seen: {_ids(seen["M3"])[0]: "break"},
    "q6": lambda _seen: _rows("none", "none", "no"),
    "q7": lambda _seen: dict(FIRST_CHOICES),
}

NOT_IN_ANY_FORM: dict[str, Callable[[Raws], Any]] = {
    "q1": lambda _seen: "all",
    "q2": lambda _seen: [1, 2, 3],
    "q3": lambda _seen: 2,
    "q4": lambda _seen: "the sender",
    "q5": lambda _seen: [4, 5],
    "q6": lambda _seen: {"M1": "yes"},
    "q7": lambda _seen: "def classify_route(raw):\n    return None\n",
    "q8": lambda _seen: {"to": "you", "text": "stop"},
}

ATTEMPTS = [
    {"name": "everything true", "answers": EVERYTHING_TRUE},
    {"name": "the first of every list", "answers": FIRST_OF_EVERY_LIST},
    {"name": "not in any form", "answers": NOT_IN_ANY_FORM},
]
