"""Item statistics of one lab, from the ledger's entries: how hard each question was, whether it tells participants
apart, what went wrong, what help was used. Every figure comes with its interval or its count.

Where the lab is graded the shares are those of grading; before that they are those of the first try in class.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import fmean, median
from typing import Any, Literal, Protocol

from spamlab.reporting import measures

FEW = 30
"""Below so many participants correlations and alpha say little."""
LOW_ALPHA = 0.7
_TWIN = "-twin"
_TRIED = {"right", "part", "mistake", "wrong", "error"}
_READABLE = _TRIED | {"saved"}

Basis = Literal["graded", "class", "none"]
BASES = {
    "graded": "Shares are those of the grading, on the items that earn the points.",
    "class": "Nothing is graded yet: shares are those of each participant's first try in class.",
    "none": "Nothing was tried yet.",
}


class Line(Protocol):
    """What is read of a ledger's entry (`spamlab.judge.ledger.Entry`)."""

    @property
    def participant(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def event(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def share(self) -> float | None: ...
    @property
    def at(self) -> str: ...


@dataclass(frozen=True)
class Asked:
    """One question as the statistics need it. mistakes: code -> the trainer's sentence. manual: a person gives the
    points, so its shares are not in the ledger. points 0: a vote or an exit ticket."""

    id: str
    title: str
    points: float
    mistakes: Mapping[str, str] = field(default_factory=dict)
    manual: bool = False


@dataclass
class Done:
    """What one participant did at one question: shares from 0 to 1, None where there is none."""

    graded: float | None = None
    graded_state: str = ""
    graded_code: str = ""
    first_try: float | None = None
    attempts: int = 0
    hints: set[str] = field(default_factory=set)
    looked: str = ""
    right: str = ""
    answered: bool = False
    codes: list[str] = field(default_factory=list)
    vote: str = ""

    @property
    def seconds(self) -> float | None:
        """From the first look to the first right try, None where one of them is missing."""
        try:
            return max(0.0, (datetime.fromisoformat(self.right) - datetime.fromisoformat(self.looked)).total_seconds())
        except (ValueError, TypeError):
            return None


Room = Mapping[str, Mapping[str, Done]]
"""participant -> question -> what was done."""


def lab_statistics(
    lab: str, questions: Sequence[Asked], entries: Iterable[Line], participants: Sequence[str],
    by_hand: Mapping[tuple[str, str], float] | None = None,
) -> dict[str, Any]:
    """All figures of one lab as plain data (docs/reference/statistics.md describes each).

    entries: the ledger's, of this lab, in their order. participants: the workshop's; others are left out.
    by_hand: (participant, question) -> share, of what a person has graded.
    """
    done = read_entries(entries, set(participants))
    for name in (one.id for one in questions if one.manual):
        for by_question in done.values():
            if name in by_question:  # what the judge says of a document is about its form alone
                by_question[name].graded = None
    for (participant, name), share in (by_hand or {}).items():
        if participant in participants:
            one = done.setdefault(participant, {}).setdefault(name, Done())
            one.graded = share
    people = [name for name in participants if name in done]
    basis = basis_of(done)
    counted = [name for name in people if basis != "graded" or any(
        one.graded is not None for one in done[name].values())]
    scored = [one for one in questions if one.points > 0 and (not one.manual or any(
        done[name].get(one.id, Done()).graded is not None for name in counted))]
    table = {one.id: [share_of(done[name].get(one.id), basis) or 0.0 for name in counted] for one in scored}
    weights = {one.id: one.points for one in scored}
    items = [_item(one, done, people, counted, basis, table, weights) for one in questions]
    return {"lab": lab, "basis": basis, "basis_sentence": BASES[basis], "room": len(participants),
            "started": len(people), "counted": len(counted), "items": items,
            "alpha": _alpha(table, weights, len(counted)),
            "warnings": _warnings(basis, len(counted), questions, scored)}


def read_entries(entries: Iterable[Line], participants: set[str]) -> dict[str, dict[str, Done]]:
    """participant -> question -> what was done; a twin's entries count to its question only when graded or saved."""
    done: dict[str, dict[str, Done]] = {}
    for entry in entries:
        if entry.participant not in participants or not entry.question or entry.event == "note":
            continue
        twin = entry.question.endswith(_TWIN)
        one = done.setdefault(entry.participant, {}).setdefault(entry.question.removesuffix(_TWIN), Done())
        if entry.event == "graded":
            one.graded = 0.0 if entry.share is None else entry.share
            one.graded_state = entry.state
            one.graded_code = entry.code if entry.state == "mistake" else ""
            continue
        one.looked = one.looked or entry.at
        if entry.event == "hint":
            one.hints.add(entry.code)
        elif entry.event in {"tried", "saved"} and entry.state in _READABLE:
            one.answered = True
            if entry.event == "saved" and entry.code and not twin:
                one.vote = entry.code
            if entry.event == "tried" and not twin and entry.state in _TRIED:
                _count_try(one, entry)
    return done


def basis_of(done: Room) -> Basis:
    """Whether shares come from the grading or, before there is any, from the class."""
    every = [one for by_question in done.values() for one in by_question.values()]
    if any(one.graded is not None for one in every):
        return "graded"
    return "class" if any(one.attempts for one in every) else "none"


def share_of(one: Done | None, basis: Basis) -> float | None:
    """A participant's share at a question on this basis; None where there is no answer."""
    if one is None:
        return None
    return one.graded if basis == "graded" else one.first_try


def share_row(hits: float, of: int) -> dict[str, Any]:
    """A share with what it was counted from and Wilson's interval: {"count", "of", "share", "low", "high"}."""
    low, high = measures.wilson(hits, of)
    return {"count": round(hits, 6), "of": of, "share": round(hits / of, 4) if of else None, "low": round(low, 4),
            "high": round(high, 4)}


def _count_try(one: Done, entry: Line) -> None:
    one.attempts += 1
    if one.first_try is None:
        one.first_try = 1.0 if entry.state == "right" else entry.share or 0.0
    if entry.state == "right":
        one.right = one.right or entry.at
    if entry.code:
        one.codes.append(entry.code)


def _item(
    question: Asked, done: Room, people: Sequence[str], counted: Sequence[str], basis: Basis,
    table: Mapping[str, Sequence[float]], weights: Mapping[str, float],
) -> dict[str, Any]:
    here = {name: done[name].get(question.id, Done()) for name in people}
    reached = [one for one in here.values() if one.looked or one.graded is not None]
    tries = [one.attempts for one in reached if one.attempts]
    seconds = [value for one in reached if (value := one.seconds) is not None]
    hinted = sum(1 for one in reached if one.hints)
    item: dict[str, Any] = {
        "question": question.id, "title": question.title, "points": question.points, "reached": len(reached),
        "difficulty": None, "item_rest": None, "upper_lower": None,
        "omitted": share_row(sum(1 for name in counted if _omitted(question, here[name], basis)), len(counted)),
        "attempts": {"mean": round(fmean(tries), 2) if tries else None, "median": median(tries) if tries else None,
                     "participants": len(tries)},
        "hints": {**share_row(hinted, len(reached)),
                  "mean": round(fmean([len(one.hints) for one in reached]), 2) if reached else None},
        "seconds_to_right": {"median": round(median(seconds), 1) if seconds else None, "participants": len(seconds)},
        "mistakes": _mistakes(question, here)}
    if question.id in table and counted and basis != "none":
        item.update(_scores(question.id, table, weights, _with_share(question.id, done, counted, basis)))
    item["remarks"] = _remarks(item)
    return item


def _with_share(question: str, done: Room, counted: Sequence[str], basis: Basis) -> list[int]:
    """Before grading only who has tried counts; when graded, who left it out has earned nought."""
    return [index for index, name in enumerate(counted)
            if basis == "graded" or share_of(done[name].get(question), basis) is not None]


def _scores(
    question: str, table: Mapping[str, Sequence[float]], weights: Mapping[str, float], which: Sequence[int],
) -> dict[str, Any]:
    shares = [table[question][index] for index in which]
    if not shares:
        return {}
    rest = [sum(weights[other] * table[other][index] for other in table if other != question) for index in which]
    totals = [value + weights[question] * share for value, share in zip(rest, shares, strict=True)]
    value = measures.correlation(shares, rest) if len(table) > 1 else None
    found: dict[str, Any] = {"difficulty": {**share_row(sum(shares), len(shares))}}
    if value is not None:
        low, high = measures.correlation_interval(value, len(shares))
        found["item_rest"] = {"value": round(value, 4), "low": round(low, 4), "high": round(high, 4), "of": len(shares)}
    apart = measures.upper_lower(shares, totals)
    if apart is not None:
        found["upper_lower"] = {"value": round(apart, 4), "each": max(1, round(measures.TAIL * len(shares)))}
    return found


def _omitted(question: Asked, one: Done, basis: Basis) -> bool:
    """Whether there is no answer: in what was handed in, or in class where no grading tells (a vote, before it)."""
    if basis == "graded" and one.graded_state:
        return one.graded_state == "missing"
    if basis == "graded" and question.points > 0 and not question.manual:
        return one.graded is None
    return not one.answered and not one.graded


def _mistakes(question: Asked, here: Mapping[str, Done]) -> list[dict[str, Any]]:
    """Each mistake: in how many tries, by how many in class, and in how many of the answers that earned points."""
    reached = sum(1 for one in here.values() if one.looked)
    graded = Counter(one.graded_code for one in here.values() if one.graded_code)
    by_code: dict[str, list[int]] = {code: [] for code in graded}
    for one in here.values():
        codes = [*one.codes, *([one.vote] if one.vote and one.vote != "right" else [])]
        for code in set(codes):
            by_code.setdefault(code, []).append(codes.count(code))
    rows = [{"code": code, "trainer": question.mistakes.get(code, ""), "tries": sum(counts), "graded": graded[code],
             "participants": share_row(len(counts), max(reached, len(counts)))} for code, counts in by_code.items()]
    return sorted(rows, key=lambda row: (-row["participants"]["count"], -row["graded"], -row["tries"], row["code"]))


def _alpha(table: Mapping[str, Sequence[float]], weights: Mapping[str, float], people: int) -> dict[str, Any]:
    rows = [[weights[name] * table[name][index] for name in table] for index in range(people)]
    value = measures.alpha(rows) if rows and table else None
    warning = []
    if people < FEW:
        warning.append(f"With {people} participants, under {FEW}, this figure moves a lot by chance: "
                       "the interval says how much. Decide nothing by it.")
    if value is not None and value < LOW_ALPHA:
        warning.append("A low alpha is normal for a short lab whose questions ask for different skills.")
    if value is None:
        return {"value": None, "low": None, "high": None, "questions": len(table), "participants": people,
                "warning": "Alpha needs two questions and three participants whose totals differ."}
    low, high = measures.alpha_interval(value, people, len(table))
    return {"value": round(value, 4), "low": round(low, 4), "high": round(high, 4), "questions": len(table),
            "participants": people, "warning": " ".join(warning)}


def _remarks(item: Mapping[str, Any]) -> list[str]:
    """Sentences that a figure deserves; only where the interval bears them out."""
    said = []
    difficulty, rest = item["difficulty"], item["item_rest"]
    if difficulty and difficulty["low"] > 0.85:
        said.append("Nearly all are right: it warms up, it does not tell participants apart.")
    if difficulty and difficulty["high"] < 0.3:
        said.append("Few are right: look at the most frequent mistake first, then at the question.")
    if rest and rest["high"] < 0:
        said.append("Who is good elsewhere does worse here: look whether the question misleads.")
    if item["omitted"]["of"] and item["omitted"]["low"] > 0.2:
        said.append("Many left it out: time may have been short.")
    return said


def _warnings(basis: Basis, people: int, questions: Sequence[Asked], scored: Sequence[Asked]) -> list[str]:
    said = []
    if basis != "none" and people < FEW:
        who = "One participant is" if people == 1 else f"{people} participants are"
        said.append(f"{who} few: read the intervals, not the figures alone.")
    left = [one.id for one in questions if one.manual and one not in scored]
    if left:
        said.append(f"{', '.join(left)}: a person gives the points, and has not yet.")
    if basis == "class":
        said.append("The first try in class is made before any hint; it is no score.")
    return said
