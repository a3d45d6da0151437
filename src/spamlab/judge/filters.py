"""What the judge says of a filter's scores: trouble with them first, then right, a known mistake, the worst slice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from spamlab.judge.catalogue import say
from spamlab.judge.kinds.filter import AtLimit, Counted, Filter
from spamlab.judge.question import Mistake, Question
from spamlab.records.truth import Labelled

FEWEST_IN_SLICE = 3
ALIKE = 0.75
_MOST_DETAILS = 30
_MOST_COMPARED = 200
_ERROR_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}")


def trouble_of(counted: Counted) -> str:
    """The sentence on scores that are no scores; "" where each message has one."""
    if counted.errors:
        name = _ERROR_NAME.match(counted.errors[0])
        return say("filter-error", n=len(counted.errors), name=name.group() if name else "Error")
    if counted.lengths is not None:
        given, wanted = counted.lengths
        return say("filter-length", given=given, wanted=wanted)
    if counted.unread:
        return say("filter-unread", n=counted.unread)
    return ""


def known_filter(question: Question, kind: Filter, data: Mapping[str, Labelled], counted: Counted,
                 patterns: Mapping[int, Mapping[str, Any]]) -> Mistake | None:
    """The known mistake whose own filter is wrong on almost the same messages and orders them alike; or None."""
    best: tuple[float, Mistake] | None = None
    for place, outputs in patterns.items():
        known = kind.count(data, outputs)
        either = known.wrong | counted.wrong
        if not known.wrong or not either:
            continue
        wrong = len(known.wrong & counted.wrong) / len(either)
        order = _order_alike(known.scores, counted.scores)
        if wrong >= ALIKE and order >= ALIKE and (best is None or wrong + order > best[0]):
            best = (wrong + order, question.mistakes[place])
    return best[1] if best else None


def _order_alike(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """The share of pairs of messages that both put in the same order; 0 where no pair has scores."""
    names = sorted(set(first) & set(second))[:_MOST_COMPARED]
    pairs = [(a, b) for place, a in enumerate(names) for b in names[place + 1:]]
    same = sum(1 for a, b in pairs if _sign(first[a] - first[b]) == _sign(second[a] - second[b]))
    return same / len(pairs) if pairs else 0.0


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def right_sentence(counted: Counted, reason: str) -> str:
    """What is said of a filter that earns everything."""
    return say("filter-right", found=counted.found, spam=counted.spam, lost=counted.lost, wanted=counted.wanted,
               reason=reason)


def part_sentence(kind: Filter, data: Mapping[str, Labelled], counted: Counted) -> str:
    """How far the filter comes, and what to look at."""
    judged = kind.judged
    if counted.constant:
        return say("filter-constant")
    if counted.upside:
        return say("filter-upside")
    if isinstance(judged, AtLimit):
        if counted.votes and not counted.caught:
            return say("filter-votes", limit=_percent(judged.limit))
        first = say("filter-recall", found=counted.found, spam=counted.spam, limit=_percent(judged.limit),
                    goal=_percent(judged.goal))
    else:
        first = say("filter-cost", missed=counted.spam - counted.found, lost=counted.lost, cost=f"{counted.cost:g}")
    rows = slices_of(kind, data, counted)
    total = counted.spam + counted.wanted
    overall = len(counted.wrong) / total if total else 0.0
    worst = max(rows, key=lambda row: row[2] / row[3], default=None)
    if worst is None or worst[2] / worst[3] < overall + 0.1:
        return first
    return f"{first} {say('filter-worst', dimension=worst[0], value=worst[1], wrong=worst[2], total=worst[3])}"


def slices_of(kind: Filter, data: Mapping[str, Labelled], counted: Counted) -> list[tuple[str, str, int, int]]:
    """Dimension, value, how many are judged wrongly, of how many; slices of fewer than three messages left out."""
    if kind.slices is None:
        return []
    found: dict[tuple[str, str], list[bool]] = {}
    for batch in kind.batches(data):
        for name in batch:
            for dimension, value in kind.slices(data[name]).items():
                found.setdefault((str(dimension), str(value)), []).append(name in counted.wrong)
    return [(dimension, value, sum(ones), len(ones)) for (dimension, value), ones in sorted(found.items())
            if len(ones) >= FEWEST_IN_SLICE]


def details_of(kind: Filter, data: Mapping[str, Labelled], counted: Counted) -> tuple[str, ...]:
    """One sentence for each slice, the worst first."""
    rows = sorted(slices_of(kind, data, counted), key=lambda row: -row[2] / row[3])
    return tuple(say("filter-slice", dimension=dimension, value=value, wrong=wrong, total=total)
                 for dimension, value, wrong, total in rows[:_MOST_DETAILS])


def _percent(share: float) -> str:
    return f"{100 * share:g}%"
