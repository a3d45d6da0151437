"""Regret and the score that follows."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spamlab.policy.regret import regrets, score_of, spread

GAINS = arrays(np.float64, (2, 8), elements=st.floats(-1e4, 1e4))


def test_the_best_has_no_regret_and_nothing_has_all_of_it() -> None:
    """The best policy itself scores 100; a policy that gains nothing where there is something to gain scores 0."""
    best = np.array([[10.0, 20.0, 40.0]])
    assert score_of(regrets(best, best)) == 100
    assert score_of(regrets(np.zeros((1, 3)), best)) == 0
    assert score_of(regrets(best / 2, best)) == 50


def test_one_bad_draw_in_ten_counts_for_half() -> None:
    """A policy that equals the best in most draws and is ruinous in an eighth of them loses more than half."""
    best = np.full((1, 8), 10.0)
    gain = best.copy()
    gain[0, 0] = -500
    mean, high = spread(regrets(gain, best))
    assert mean == 0.125
    assert 0.2 < high <= 1
    assert score_of(regrets(gain, best)) < 85


def test_a_draw_with_nothing_to_gain_does_not_decide() -> None:
    """Where the best gains next to nothing in a draw, a small loss there is a small regret."""
    best = np.array([[0.001, 100.0, 100.0, 100.0]])
    gain = np.array([[-1.0, 100.0, 100.0, 100.0]])
    assert regrets(gain, best)[0, 0] < 0.1


@given(GAINS, GAINS)
def test_regret_and_score_stay_in_their_bounds(gain: np.ndarray, best: np.ndarray) -> None:
    """Whatever is gained or lost, regret lies in 0 to 1 and the score in 0 to 100."""
    found = regrets(gain, best)
    assert ((found >= 0) & (found <= 1)).all()
    assert 0 <= score_of(found) <= 100


@given(GAINS, GAINS, st.floats(0, 100))
def test_more_gain_is_never_more_regret(gain: np.ndarray, best: np.ndarray, more: float) -> None:
    """A policy that gains more in every draw scores no less."""
    assert score_of(regrets(gain + more, best)) >= score_of(regrets(gain, best)) - 1e-9
