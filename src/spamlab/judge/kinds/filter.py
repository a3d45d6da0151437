"""Filter: the participant's fitted filter scores hidden messages elsewhere; here its scores are counted."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from spamlab.judge.kinds.challenge import Challenge, Inputs
from spamlab.judge.kinds.choices import Offer
from spamlab.judge.kinds.reading import key_of
from spamlab.judge.question import Item
from spamlab.records.truth import Labelled

BATCH = 50
"""Texts in one call: their scores stay far below the bound of one output."""
_VOTES = {"spam": 1.0, "ham": 0.0, "true": 1.0, "false": 0.0, "1": 1.0, "0": 0.0}


@dataclass(frozen=True)
class AtLimit:
    """Judged by recall at a limit of wanted messages lost, with the best threshold for these scores.

    limit: the greatest share of wanted messages that may be caught, such as 0.01. Share: none at a recall of `start`,
    full at `goal`, straight between them. Both are written in the question.
    """

    limit: float
    goal: float
    start: float = 0.0


@dataclass(frozen=True)
class Cost:
    """Judged by cost of the filter's own yes and no: a score of `threshold` or more is a yes.

    lost, missed: the cost of a wanted message caught and of an unwanted one let through. Share: none at the cost of
    the better of two idle filters (catch nothing, catch everything), full at `goal` times that cost.
    """

    lost: float
    missed: float
    goal: float
    threshold: float = 0.5


@dataclass(frozen=True)
class Counted:
    """What the scores of one draw come to.

    scores: by message, those without one left out. caught: names of messages with a yes. wrong: names judged wrongly.
    found, spam, lost, wanted: numbers of messages.
    cost: 0 where it is not asked. share: 0 to 1, not rounded. lengths: (given, wanted) of the first batch with another
    number of scores, or None. errors: names of errors. unread: messages without a number as score; upside, constant,
    votes: scores that mean the opposite, that are all the same, that are only two.
    """

    scores: Mapping[str, float]
    caught: frozenset[str]
    wrong: frozenset[str]
    found: int
    spam: int
    lost: int
    wanted: int
    cost: float
    share: float
    lengths: tuple[int, int] | None
    errors: tuple[str, ...]
    unread: int
    upside: bool
    constant: bool
    votes: bool

    @property
    def trouble(self) -> bool:
        """Whether some message has no score."""
        return bool(self.lengths or self.errors or self.unread)


class Filter(Challenge):
    """A filter, judged by its scores of the draw's messages: a function or an object of the participant's.

    name (kept as `function`): its name in the notebook. It is asked with lists of at most 50 texts, and gives one
    number for each, higher for unwanted; an object is asked by its methods predict_proba, decision_function, score,
    predict (for a `Cost`, predict first). each: the function takes one text at a time.
    text: one labelled message -> what the filter reads. spam: whether it is unwanted. judged: `AtLimit` or `Cost`.
    slices: one labelled message -> {"language": "Swahili", "type": "parcel"}, by which the message names the worst.
    names: the draw -> the messages to score; left out, all whose names begin with P or H.
    choices: the guided form; the lab's helper build_filter makes the filter from its record.

    A message without a score is let through, as a mail server would.
    """

    build: ClassVar[str] = "build_filter"

    def __init__(
        self, name: str, text: Callable[[Labelled], str], spam: Callable[[Labelled], bool], judged: AtLimit | Cost,
        slices: Callable[[Labelled], Mapping[str, str]] | None = None, *,
        names: Callable[[Mapping[str, Labelled]], Sequence[str]] | None = None,
        choices: Sequence[tuple[str, str, Offer]] = (), each: bool = False,
    ) -> None:
        super().__init__(name, choices)
        self.text = text
        self.spam = spam
        self.judged = judged
        self.slices = slices
        self._names = names
        self.each = each

    @property
    def name(self) -> str:
        """The kind's name."""
        return "filter"

    def batches(self, data: Mapping[str, Labelled]) -> list[list[str]]:
        """The names of the messages as they are put, in an order that says nothing of them."""
        names = self._names(data) if self._names else [name for name in data if name[:1] in {"P", "H"}]
        mixed = sorted(names, key=lambda name: _digest(self.text(data[name])))
        return [mixed[start:start + BATCH] for start in range(0, len(mixed), BATCH)]

    def inputs(self, data: Mapping[str, Labelled]) -> Inputs:
        """Batches: {"texts": [...], "ask": "scores" or "votes", "each": whether one text at a time}."""
        ask = "votes" if isinstance(self.judged, Cost) else "scores"
        return [(f"b{number:02d}", {"texts": [self.text(data[name]) for name in batch], "ask": ask, "each": self.each})
                for number, batch in enumerate(self.batches(data), 1)]

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """The share on the item's draw; the words are those of `judging.judge_outputs`."""
        return self.count(item.data, given).share, ""

    def count(self, data: Mapping[str, Labelled], outputs: Mapping[str, Any]) -> Counted:
        """What the outputs, by batch, come to on the draw `data`."""
        scores: dict[str, float | None] = {}
        lengths: tuple[int, int] | None = None
        errors: list[str] = []
        unread = 0
        for number, batch in enumerate(self.batches(data), 1):
            output = outputs.get(f"b{number:02d}")
            value = output.get("value") if isinstance(output, Mapping) else None
            scores.update(dict.fromkeys(batch))
            if isinstance(output, Mapping) and "error" in output:
                errors.append(str(output["error"]))
            elif not isinstance(value, list) or len(value) != len(batch):
                lengths = lengths or (len(value) if isinstance(value, list) else 0 if value is None else 1, len(batch))
            else:
                read = [_number(one) for one in value]
                unread += read.count(None)
                scores.update(zip(batch, read, strict=True))
        return self._counted(data, scores, lengths, errors, unread)

    def _counted(self, data: Mapping[str, Labelled], scores: Mapping[str, float | None],
                 lengths: tuple[int, int] | None, errors: list[str], unread: int) -> Counted:
        unwanted = {name for name in scores if self.spam(data[name])}
        wanted = set(scores) - unwanted
        known = {name: score for name, score in scores.items() if score is not None}
        threshold = (self.judged.threshold if isinstance(self.judged, Cost)
                     else _threshold(known, wanted, self.judged.limit))
        caught = frozenset(name for name, score in known.items() if score >= threshold)
        found, lost = len(caught & unwanted), len(caught & wanted)
        share, cost = self._share(found, len(unwanted), lost, len(wanted))
        values = set(known.values())
        return Counted(
            known, caught, frozenset((caught & wanted) | (unwanted - caught)), found, len(unwanted), lost,
            len(wanted), cost, share, lengths, tuple(errors), unread, _upside(known, unwanted),
            len(known) > 1 and len(values) == 1, len(values) == 2)

    def _share(self, found: int, spam: int, lost: int, wanted: int) -> tuple[float, float]:
        if isinstance(self.judged, AtLimit):
            recall = found / spam if spam else 0.0
            return _between(recall, self.judged.start, self.judged.goal), 0.0
        cost = self.judged.lost * lost + self.judged.missed * (spam - found)
        idle = min(self.judged.missed * spam, self.judged.lost * wanted)
        return _between(cost, idle, self.judged.goal * idle), cost


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def _between(value: float, start: float, goal: float) -> float:
    if start == goal:
        return 1.0 if value == goal else 0.0
    return min(1.0, max(0.0, (value - start) / (goal - start)))


def _number(given: Any) -> float | None:
    if isinstance(given, bool):
        return float(given)
    if isinstance(given, int | float):
        return float(given) if math.isfinite(given) else None
    if isinstance(given, str) and len(given) <= 20:
        return _VOTES.get(key_of(given))
    return None


def _threshold(scores: Mapping[str, float], wanted: set[str], limit: float) -> float:
    """The lowest score from which on no more wanted messages are caught than the limit allows."""
    allowed = math.floor(limit * len(wanted) + 1e-9)
    kept = sorted((scores[name] for name in wanted if name in scores), reverse=True)
    if len(kept) <= allowed:
        return -math.inf
    return math.nextafter(kept[allowed], math.inf)


def _upside(scores: Mapping[str, float], unwanted: set[str]) -> bool:
    """Whether unwanted messages clearly have the lower scores."""
    bad = [score for name, score in scores.items() if name in unwanted]
    good = [score for name, score in scores.items() if name not in unwanted]
    if not bad or not good:
        return False
    above = sum(1 if one > other else 0.5 if one == other else 0 for one in bad for other in good)
    return above / (len(bad) * len(good)) < 0.25
