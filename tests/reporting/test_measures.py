"""The formulas of item analysis against scipy and against figures computed by hand."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, f, pearsonr, pointbiserialr

from spamlab.reporting import measures


@pytest.mark.parametrize(("hits", "of"), [(0, 1), (1, 1), (3, 10), (0, 40), (40, 40), (27, 40), (500, 1000)])
def test_wilson_is_scipys(hits: int, of: int) -> None:
    """The interval of a share equals scipy's Wilson interval."""
    other = binomtest(hits, of).proportion_ci(method="wilson")
    assert measures.wilson(hits, of) == pytest.approx((other.low, other.high), abs=1e-6)


@given(st.integers(0, 60), st.integers(1, 60))
def test_wilson_holds_its_share(hits: int, of: int) -> None:
    """The interval lies within 0 and 1 and holds the share itself."""
    hits = min(hits, of)
    low, high = measures.wilson(hits, of)
    assert 0 <= low <= hits / of + 1e-12
    assert hits / of - 1e-12 <= high <= 1


def test_correlation_is_scipys() -> None:
    """Pearson's and, for rights and wrongs, the point-biserial correlation equal scipy's, and so does the interval."""
    draw = random.Random(5)
    first = [float(draw.random() < 0.6) for _ in range(40)]
    second = [value * 2 + draw.gauss(0, 1) for value in first]
    value = measures.correlation(first, second)
    assert value == pytest.approx(pointbiserialr(first, second).statistic)
    other = pearsonr(first, second)
    assert value is not None
    assert measures.correlation_interval(value, 40) == pytest.approx(tuple(other.confidence_interval()), abs=1e-6)


def test_what_does_not_vary_has_no_correlation() -> None:
    """A question that all have right, and a room of two, give no figure rather than a wrong one."""
    assert measures.correlation([1, 1, 1, 1], [1, 2, 3, 4]) is None
    assert measures.correlation([0, 1], [0, 1]) is None
    assert measures.correlation_interval(0.5, 3) == (-1.0, 1.0)


def test_upper_and_lower_group_by_hand() -> None:
    """Of ten, the three best have 1, 1, 0 and the three last 0, 1, 0: two thirds less one third."""
    totals = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    item = [1, 1, 0, 1, 0, 1, 0, 0, 1, 0]
    assert measures.upper_lower(item, totals) == pytest.approx(1 / 3)


@given(st.permutations(range(9)))
def test_equal_totals_count_in_equal_parts(order: list[int]) -> None:
    """Where totals are equal at the border, the order of names changes nothing."""
    totals, item = [5, 4, 4, 4, 3, 2, 2, 2, 1], [1, 1, 0, 0, 1, 0, 1, 0, 0]
    mixed = measures.upper_lower([item[one] for one in order], [totals[one] for one in order])
    assert mixed == pytest.approx((1 + 1 / 3) / 2 - (0 + 1 / 3) / 2)


def test_alpha_by_hand() -> None:
    """Alpha of a small table computed by hand: variances 1, 1, 1/3 and 19/3 of the totals."""
    table = [[1.0, 2.0, 1.0], [2.0, 3.0, 1.0], [3.0, 4.0, 2.0]]
    assert measures.alpha(table) == pytest.approx(1.5 * (1 - (1 + 1 + 1 / 3) / (19 / 3)))
    assert measures.alpha([[1, 1], [1, 1], [1, 1]]) is None
    assert measures.alpha([[1], [0], [1]]) is None


def test_alphas_interval_is_feldts() -> None:
    """The interval uses the F distribution, checked against scipy's own quantiles, and holds the value."""
    low, high = measures.alpha_interval(0.8, 40, 8)
    assert low == pytest.approx(1 - 0.2 * f.ppf(0.975, 39, 39 * 7))
    assert high == pytest.approx(1 - 0.2 * f.ppf(0.025, 39, 39 * 7))
    assert low < 0.8 < high


def test_alpha_of_equal_questions_is_one() -> None:
    """Questions that all measure the same give 1; independent ones about 0."""
    draw = random.Random(3)
    same = [[value] * 4 for value in (draw.random() for _ in range(50))]
    assert measures.alpha(same) == pytest.approx(1)
    apart = measures.alpha([[draw.random() for _ in range(6)] for _ in range(400)])
    assert apart is not None
    assert math.fabs(apart) < 0.3
