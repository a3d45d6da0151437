"""Costs, thresholds and limits: what is claimed of each holds for any labels and scores."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta
from sklearn.linear_model import LogisticRegression

from spamlab.filtering import (
    CostThresholdClassifier,
    best_threshold,
    cost_curve,
    expected_cost,
    make_filter,
    proportion,
    recall_at_limit,
    threshold_from_costs,
)
from tests.filtering.examples import labels, records

# Few different scores, so that ties are common.
_SCORES = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.5000001, 0.9, 1.0])
_SCORED = st.lists(st.tuples(st.booleans(), _SCORES), min_size=1, max_size=40)
_COST = st.sampled_from([0.0, 0.5, 1.0, 10.0, 1000.0])


def _apart(scored: list[tuple[bool, float]]) -> tuple[list[int], list[float]]:
    return [int(spam) for spam, _ in scored], [score for _, score in scored]


def test_a_cost_by_hand() -> None:
    """Two lost at 10 and one missed at 1, of five messages, cost 4.2 a message."""
    y, p = ["ham", "ham", "ham", "spam", "spam"], [0.9, 0.6, 0.1, 0.2, 0.8]
    assert expected_cost(y, p, 0.5, cost_lost=10, cost_missed=1) == pytest.approx(21 / 5)
    assert expected_cost(y, p, 0.6, 10, 1) == pytest.approx(21 / 5), "a score at the threshold is spam"
    assert expected_cost(y, np.column_stack([1 - np.asarray(p), p]), 0.85, 10, 1) == pytest.approx(12 / 5)


@given(_SCORED, _COST, _COST, _COST)
def test_cost_never_falls_when_lost_gets_dearer(scored: list[tuple[bool, float]], lost: float, more: float,
                                                missed: float) -> None:
    """At one threshold and at the best one, a dearer lost message never makes the filter cheaper."""
    y, p = _apart(scored)
    for threshold in (0.0, 0.5, 1.0):
        assert expected_cost(y, p, threshold, lost, missed) <= expected_cost(y, p, threshold, lost + more, missed)
    cheap, dear = best_threshold(y, p, cost_lost=lost, cost_missed=missed), best_threshold(y, p, cost_lost=lost + more,
                                                                                          cost_missed=missed)
    assert expected_cost(y, p, cheap, lost, missed) <= expected_cost(y, p, dear, lost + more, missed) + 1e-12
    lost_of = [sum(1 for spam, score in scored if not spam and score >= one) for one in (cheap, dear)]
    assert lost_of[1] <= lost_of[0] or lost + more == 0 or missed == 0


@given(_SCORED, _COST, _COST)
def test_no_threshold_is_cheaper_than_the_best(scored: list[tuple[bool, float]], lost: float, missed: float) -> None:
    """The best threshold costs as little as any, and of equals it is the highest."""
    y, p = _apart(scored)
    best = best_threshold(y, p, cost_lost=lost, cost_missed=missed)
    cost = expected_cost(y, p, best, lost, missed)
    for other in [-math.inf, *p, *(one + 1e-9 for one in p), math.inf]:
        there = expected_cost(y, p, other, lost, missed)
        assert there >= cost - 1e-12
        if other > best and sum(one >= other for one in p) < sum(one >= best for one in p):
            assert there > cost - 1e-12


@given(_SCORED, st.sampled_from([0.0, 0.01, 0.1, 0.34, 0.5, 1.0]))
def test_a_limit_is_kept_and_used_up(scored: list[tuple[bool, float]], limit: float) -> None:
    """No more wanted messages are lost than the limit allows, and no threshold within it finds more spam."""
    y, p = _apart(scored)
    found = recall_at_limit(y, p, limit)
    assert found.lost <= limit * found.wanted + 1e-6
    assert found.threshold == best_threshold(y, p, most_lost=limit)
    assert found.found == sum(1 for spam, score in scored if spam and score >= found.threshold)
    for other in [-math.inf, *p]:
        lost = sum(1 for spam, score in scored if not spam and score >= other)
        if lost <= limit * found.wanted:
            assert sum(1 for spam, score in scored if spam and score >= other) <= found.found
    if found.spam:
        assert found.low <= found.recall <= found.high
    else:
        assert math.isnan(found.recall)


@given(_SCORED)
def test_the_curve_holds_every_verdict(scored: list[tuple[bool, float]]) -> None:
    """Each row of the curve is what expected_cost says of its threshold, from calling all spam to calling none."""
    y, p = _apart(scored)
    curve = cost_curve(y, p, 7.0, 2.0)
    assert len(curve) == len(set(p)) + 1
    assert curve["threshold"].is_monotonic_increasing
    for row in curve.itertuples():
        assert row.cost == pytest.approx(expected_cost(y, p, row.threshold, 7.0, 2.0))
    assert curve["missed"].iloc[0] == 0
    assert curve["lost"].iloc[-1] == 0


def test_a_hundredth_of_three_hundred_is_three() -> None:
    """A limit that is a whole number of messages is not lost to rounding."""
    y = [0] * 300 + [1] * 10
    p = [place / 1000 for place in range(300)] + [0.2965] * 10
    assert recall_at_limit(y, p, 0.01).lost == 3
    assert recall_at_limit(y, p, 0.01).recall == 1.0
    assert str(recall_at_limit(y, p, 0.01)).startswith("10 of 10 spam found (100.0 %")


def test_threshold_for_calibrated_probabilities() -> None:
    """On probabilities that mean what they say, the threshold from the costs is as cheap as the best (Elkan 2001)."""
    draw = np.random.default_rng(5)
    p = draw.uniform(size=20000)
    y = draw.uniform(size=20000) < p
    for lost in (1.0, 4.0, 19.0):
        at = expected_cost(y, p, threshold_from_costs(lost), lost, 1.0)
        assert at <= expected_cost(y, p, best_threshold(y, p, cost_lost=lost), lost, 1.0) + 0.003
    assert threshold_from_costs(99) == 0.99


@pytest.mark.parametrize(("count", "total"), [(0, 10), (3, 10), (10, 10), (1, 1000), (499, 500)])
def test_intervals(count: int, total: int) -> None:
    """The exact interval is Clopper and Pearson's, by the beta distribution; Wilson's lies around the share too."""
    exact = proportion(count, total, method="exact")
    assert exact.low == pytest.approx(beta.ppf(0.025, count, total - count + 1) if count else 0.0)
    assert exact.high == pytest.approx(beta.ppf(0.975, count + 1, total - count) if count < total else 1.0)
    wilson = proportion(count, total)
    assert 0 <= wilson.low <= wilson.value == count / total <= wilson.high <= 1
    assert proportion(count, total, level=0.5).high <= wilson.high


def test_an_interval_of_nothing() -> None:
    """Of no messages nothing is known; of what can't be, an error is raised."""
    assert proportion(0, 0)[1:] == (0.0, 1.0)
    with pytest.raises(ValueError, match="at most 3"):
        proportion(4, 3)
    with pytest.raises(ValueError, match="wilson or exact"):
        proportion(1, 3, method="wald")


@pytest.mark.parametrize(("y", "p", "how", "says"), [
    ([1, 0], [0.5], {"cost_lost": 1}, "2 labels and 1 scores"), ([], [], {"cost_lost": 1}, "no messages"),
    (["spam", "eggs"], [0, 1], {"cost_lost": 1}, "eggs"), ([1, 0], [0.5, math.nan], {"cost_lost": 1}, "score 1"),
    ([1, 0], [0, 1], {}, "give one of them"), ([1, 0], [0, 1], {"cost_lost": 1, "most_lost": 0.1}, "give one of them"),
    ([1, 0], [0, 1], {"cost_lost": -1}, "cost_lost"), ([1, 0], [0, 1], {"most_lost": 5}, "from 0 to 1"),
    ([[1], [0]], [0, 1], {"cost_lost": 1}, "shape"), ([1, 0], [[1, 2, 3], [1, 2, 3]], {"cost_lost": 1}, "shape"),
])
def test_bad_input_is_told(y: Any, p: Any, how: dict[str, float], says: str) -> None:
    """What does not fit gets one sentence that says why."""
    with pytest.raises(ValueError, match=says):
        best_threshold(y, p, **how)


def test_a_filter_with_a_limit_keeps_it_on_new_messages() -> None:
    """Chosen out of fold, the limit on lost messages holds about as well on messages never seen."""
    listed = records(900, seed=2)
    model = CostThresholdClassifier(make_filter(), most_lost=0.02, cv=3).fit(listed[:600], labels(listed[:600]))
    verdicts = model.predict(listed[600:])
    wanted = [verdict for verdict, one in zip(verdicts, listed[600:], strict=True) if one["label"] == "ham"]
    assert sum(one == "spam" for one in wanted) <= 0.05 * len(wanted)
    assert np.array_equal(verdicts == "spam", model.decision_function(listed[600:]) > 0)


def test_a_dear_loss_raises_the_threshold() -> None:
    """The dearer a lost message, the higher the threshold that is chosen, and the fewer are called spam."""
    draw = np.random.default_rng(3)
    rows = draw.normal(size=(600, 3))
    y = (rows[:, 0] + draw.normal(size=600) > 0.5).astype(int)
    found = [CostThresholdClassifier(LogisticRegression(), cost_lost=cost, cv=3).fit(rows, y)
             for cost in (0.1, 1, 10, 100)]
    thresholds = [one.threshold_ for one in found]
    assert thresholds == sorted(thresholds)
    calls = [int(one.predict(rows).sum()) for one in found]
    assert calls == sorted(calls, reverse=True)
    assert found[0].predict_proba(rows).shape == (600, 2)
