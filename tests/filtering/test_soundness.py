"""The checks for any filter: ours stand them all, and each fault is told of a filter that has it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from spamlab.filtering import CostThresholdClassifier, Rule, RuleFilter, filter_faults, make_filter
from spamlab.filtering.normalize import Normalize
from tests.filtering.examples import labels, records

LISTED = records(150)
_RULES = [Rule("link", 2.0, "a link", feature="links"), Rule("blocked", 3.0, "blocked", "blocked|bloqué")]


@pytest.mark.parametrize("model", [
    make_filter(), make_filter(rules=_RULES, leet=True), CostThresholdClassifier(make_filter(), most_lost=0.01, cv=3),
    RuleFilter(_RULES), make_pipeline(Normalize(), TfidfVectorizer(), LinearSVC()),
], ids=["filter", "with rules", "threshold", "rules", "svm"])
def test_ours_are_sound(model: Any) -> None:
    """The filters of this room have none of the faults."""
    assert filter_faults(model.fit(LISTED, labels(LISTED)), LISTED) == []


class _Odd:
    """A filter by a function from given messages to scores."""

    def __init__(self, score: Any) -> None:
        self.score = score

    def decision_function(self, given: Any) -> Any:
        """The scores of the function."""
        return self.score(given)


def _text(one: Any) -> str:
    return str(one["text"] if isinstance(one, dict) else one)


def _by(function: Any) -> _Odd:
    return _Odd(lambda given: np.asarray([function(one) for one in given], dtype=float))


@pytest.mark.parametrize(("model", "says"), [
    (object(), "gives no scores: AttributeError"),
    (_by(lambda _: 1.0), "every message the same score"),
    (_by(lambda _: float("nan")), "missing or infinite"),
    (_Odd(lambda _: np.zeros(3)), r"\(3,\) scores for 150"),
    (_Odd(lambda given: np.asarray([len(_text(one)) for one in given]) / len(given)), "depends on its neighbours"),
    (_by(lambda one: len(_text(one))), "another form of Unicode"),
    (_by(lambda one: len(_text(one).encode()) + (len(one) if isinstance(one, dict) else 0)), "more than its text"),
    (_by(lambda one: 1 / len(_text(one))), r"gives no score to '' \(ZeroDivisionError"),
    (_by(lambda one: len(_text(one))), "pickled and read again it gives other scores .*Error"),
])
def test_each_fault_is_told(model: Any, says: str) -> None:
    """A filter with one fault is told of it, in a sentence that says which."""
    listed = [{**one, "text": one["text"] + " été"} for one in LISTED]
    found = filter_faults(model, listed)
    assert any(re.search(says, one) for one in found), found


def test_a_vectorizer_alone_trips_over_unicode() -> None:
    """A filter of plain words takes a decomposed text for other words: the fault is found in a usual pipeline."""
    model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit([one["text"] for one in LISTED], labels(LISTED))
    assert filter_faults(model, [one["text"] for one in LISTED]) == [
        "the same text in another form of Unicode (NFC, NFD) gets another score"]
    with pytest.raises(ValueError, match="at least two"):
        filter_faults(model, ["a"])
