"""Answers that are right for another participant's data and wrong for one's own.

Each participant's data differ, so such an answer has often come from a neighbour. It is no proof: an answer that fits
many others may be chance, and is left out here.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

MOST_FITTING = 0.1
"""An answer that fits more than this part of the others (and more than one) tells nothing, and is not listed."""

SENTENCE = ("These answers are wrong for the participant's own data and right for somebody else's. One alone may be "
            "chance; several with the same neighbour are worth a talk.")


@dataclass(frozen=True)
class Foreign:
    """One answer that fits another's data: fits names whose, others is how many other data sets there were."""

    participant: str
    question: str
    fits: tuple[str, ...]
    others: int


@dataclass(frozen=True)
class Borrowed:
    """All such answers of one participant that fit the same other one, of `of` answers that the participant gave."""

    participant: str
    other: str
    questions: tuple[str, ...]
    of: int


def foreign_answers(
    answers: Mapping[str, Mapping[str, Any]], right: Mapping[str, Mapping[str, Any]],
    wrong: Mapping[str, Sequence[str]] | None = None,
) -> list[Foreign]:
    """The answers that are wrong for one's own data and right for few others'.

    answers, right: participant -> question -> plain JSON. wrong: participant -> the questions that a judge (with
    tolerance, other spellings) found wrong; where it is given, nothing else is looked at.
    """
    owners: dict[str, dict[str, list[str]]] = {}
    for name, rights in right.items():
        for question, value in rights.items():
            owners.setdefault(question, {}).setdefault(key_of(value), []).append(name)
    counts = Counter(question for rights in right.values() for question in rights)
    found = []
    for name, given in sorted(answers.items()):
        for question, value in given.items():
            own = right.get(name, {}).get(question)
            if value is None or own is None or (wrong is not None and question not in wrong.get(name, ())):
                continue
            key = key_of(value)
            fits = sorted(set(owners.get(question, {}).get(key, ())) - {name})
            others = counts[question] - 1
            if key == key_of(own) or not fits or len(fits) > max(1, math.floor(MOST_FITTING * others)):
                continue
            found.append(Foreign(name, question, tuple(fits), others))
    return found


def borrowed(found: Sequence[Foreign], answers: Mapping[str, Mapping[str, Any]]) -> list[Borrowed]:
    """The same, by pair: who has most answers of the same other one comes first."""
    by_pair: dict[tuple[str, str], list[str]] = {}
    for one in found:
        for other in one.fits:
            by_pair.setdefault((one.participant, other), []).append(one.question)
    rows = [Borrowed(name, other, tuple(questions), len(answers.get(name, {})))
            for (name, other), questions in by_pair.items()]
    return sorted(rows, key=lambda row: (-len(row.questions), row.participant, row.other))


def copied_report(
    answers: Mapping[str, Mapping[str, Any]], right: Mapping[str, Mapping[str, Any]],
    wrong: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """The findings as plain data: {"answers": [Foreign], "pairs": [Borrowed], "sentence"}."""
    found = foreign_answers(answers, right, wrong)
    return {"answers": [asdict(one) for one in found], "pairs": [asdict(one) for one in borrowed(found, answers)],
            "sentence": SENTENCE}


def key_of(value: Any) -> str:
    """Plain JSON as one text by which equal answers meet: case and outer space apart, 2 like 2.0, keys in order."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(f"{value:.6g}")
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else str(value)
