"""Simulated participants: what each kind answers, writes into the notebook, and deserves.

A player never touches the gradebook or the judge's data. What it deserves is worked out from the lab's own
declarations, apart from the path that the submission takes through sandbox, judge and nbgrader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from spamlab.rehearsal.hostile import Attack

KINDS = {
    "honest": "all right, the open way: answers typed into cells, the function written as code",
    "guided-only": "all right, the guided way: forms only, no line of code",
    "mistake": "all right but for the known mistakes that its name gives",
    "silent": "hands the notebook in with nothing answered",
    "hostile": "attacks the grading, as its name says; every second answer is given honestly",
    "copying": "hands in the answers of another participant, and a third one's code",
    "weak": "half of it right, one known mistake, the rest left out, a weak letter",
    "absent": "hands nothing in",
    "late": "all right, handed in after the due date",
}
"""The kinds, in words, in the order in which seats are given: with few participants the first of them are played."""

FIRST = ("honest", "guided-only", "mistake", "mistake", "silent", "hostile", "copying", "weak", "absent", "late")
MOST_ATTACKS = 4
"""Attacks of one participant."""

T = TypeVar("T")


@dataclass(frozen=True)
class Play:
    """What one simulated participant does in one lab.

    practice: tries on the practice items in order, each (question id, answer, state expected, mistake's code or "").
    hints: questions whose first hint is opened after the tries. answers: what the forms save, by question or twin id
    ("q3-twin"). sources: what is typed into open cells, by grade_id; own: sources of cells that are added.
    expected: points deserved, by question id. codes: the known mistake that grading is to name, by question.
    letter_points: what the simulated grader gives the document. submits: False for the one who hands in nothing.
    attacks: what is done to the notebook and its folder before it is handed in. copied: whose answers and whose code
    these are, "" for the own. late: whether it is handed in after the due date.
    """

    participant: str
    kind: str
    practice: Sequence[tuple[str, Any, str, str]] = ()
    hints: Sequence[str] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    own: Sequence[str] = ()
    expected: Mapping[str, float] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    letter_points: Mapping[str, float] = field(default_factory=dict)
    submits: bool = True
    attacks: Sequence[Attack] = ()
    copied: tuple[str, str] = ("", "")
    late: bool = False

    @property
    def deserved(self) -> float:
        """The points of the whole lab that this play deserves."""
        return sum(self.expected.values()) + sum(self.letter_points.values())


def cast(count: int, mistakes: int, attacks: int) -> list[tuple[str, int]]:
    """The kinds that `count` participants play, each with its number within the kind.

    The first ten hold every kind (FIRST); then mistakes and attacks take turns until each of the `mistakes` known
    mistakes and each of the `attacks` has a participant of its own; then it begins again.
    """
    order = list(FIRST)
    while len(order) < count:
        wanted = [kind for kind, most in (("mistake", mistakes), ("hostile", attacks)) if order.count(kind) < most]
        order += wanted or FIRST
    seen: dict[str, int] = {}
    roles = []
    for kind in order[:count]:
        roles.append((kind, seen.get(kind, 0)))
        seen[kind] = seen.get(kind, 0) + 1
    return roles


def deal(items: Sequence[tuple[str, T]], seats: int, most: int) -> list[list[T]]:
    """Items given to seats in order, each to the seat with fewest, never two of one name to a seat, `most` to a seat.

    An item that finds no seat is left out; a seat beyond the items gets the first ones again.
    """
    dealt: list[list[tuple[str, T]]] = [[] for _ in range(seats)]
    for name, item in items:
        free = [seat for seat in dealt if len(seat) < most and all(name != other for other, _ in seat)]
        if free:
            min(free, key=len).append((name, item))
    for place, seat in enumerate(dealt):
        if not seat and items:
            seat.append(items[place % len(items)])
    return [[item for _, item in seat] for seat in dealt]
