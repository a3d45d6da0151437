"""Simulated participants: what each kind answers, writes into the notebook, and deserves.

A player never touches the gradebook or the judge's data. What it deserves is worked out from the lab's own
declarations, apart from the path that the submission takes through sandbox, judge and nbgrader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

KINDS = ("perfect", "guided", "mistakes", "silent", "hostile", "copying")


@dataclass(frozen=True)
class Play:
    """What one simulated participant does in one lab.

    practice: tries on the practice items in order, each (question id, answer, state expected, mistake's code or "").
    answers: what the forms save, by question or twin id ("q3-twin").
    sources: what is typed into open cells, by grade_id.
    expected: points deserved, by question id. letter_points: what the simulated grader gives the document, or
    None where there is no document to grade. submits: False for the one who hands in nothing.
    tampers: whether the notebook's own cells are attacked before it is handed in.
    """

    participant: str
    kind: str
    practice: Sequence[tuple[str, Any, str, str]] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, float] = field(default_factory=dict)
    letter_points: Mapping[str, float] = field(default_factory=dict)
    submits: bool = True
    tampers: bool = False

    @property
    def deserved(self) -> float:
        """The points of the whole lab that this play deserves."""
        return sum(self.expected.values()) + sum(self.letter_points.values())


def cast(count: int, mistake_rounds: int) -> list[tuple[str, int]]:
    """The kinds that `count` participants play, each with its number within the kind.

    The first six hold every kind but copying; further ones play the remaining known mistakes (`mistake_rounds`
    is the largest number of known mistakes that one question has), then one copies, then it begins again.
    """
    order: list[tuple[str, int]] = [
        ("perfect", 0), ("guided", 0), ("mistakes", 0), ("mistakes", 1), ("silent", 0), ("hostile", 0),
    ]
    order += [("mistakes", number) for number in range(2, max(2, mistake_rounds))]
    order += [("copying", 0)]
    return [order[number % len(order)] for number in range(count)]
