"""What is settled of a record before it is composed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from spamlab.generate.languages import Type


@dataclass(slots=True)
class Part:
    """What is settled of a record before it is composed; nobody changes it.

    id, key: the record's. code: of the language. text: the key that its text is drawn from, 0 for the record's own.
    origin: the key that the machine or number it comes from is drawn from, 0 for the record's own. techniques: those
    that it has beside what the recipe's knobs give it. change: makes another document of a document.
    """

    id: str
    key: int
    code: str
    type: Type
    sent: datetime
    text: int = 0
    origin: int = 0
    techniques: frozenset[str] = frozenset()
    change: Callable[[Callable[[str], str]], Callable[[str], str]] | None = None
