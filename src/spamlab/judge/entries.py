"""One line of the ledger, as plain data: what was asked, tried, saved, hinted or earned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

Event = Literal["asked", "tried", "hint", "saved", "graded", "note"]
MOST_ANSWER = 64 * 1024


def now() -> str:
    """This moment in UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True)
class Entry:
    """One line of the ledger.

    at: UTC, ISO 8601. question: "q3", or "q3-twin" for its silent sibling, or "" for the lab as a whole.
    answer: JSON text, "" where there is none. state, code: of the verdict. share: 0 to 1. points: of a grade.
    """

    participant: str
    lab: str
    question: str
    event: Event
    answer: str = ""
    state: str = ""
    code: str = ""
    share: float | None = None
    points: float | None = None
    at: str = ""

    def __post_init__(self) -> None:
        if self.event not in get_args(Event):
            raise ValueError(f"there is no event called {self.event!r}")
        for name, most in (("participant", 80), ("lab", 80), ("question", 80), ("state", 20), ("code", 80)):
            if len(getattr(self, name)) > most:
                raise ValueError(f"{name} is longer than {most} characters")
        if len(self.answer.encode("utf-8", "surrogatepass")) > MOST_ANSWER:
            raise ValueError("the answer is longer than 64 kB")
        if not self.at:
            object.__setattr__(self, "at", now())
