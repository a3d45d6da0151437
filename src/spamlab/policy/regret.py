"""Regret: what share of the attainable gain a policy forgoes, and the score that follows.

Does not belong here: which policy is the best one to compare with (library.py, judging.py).
"""

from __future__ import annotations

import numpy as np

from spamlab.policy.play import Array

_LEAST_SCALE = 0.25


def regrets(gain: Array, best: Array) -> Array:
    """How much of what the best policy gains is forgone, from 0 to 1. Both (S, D): scenarios and draws.

    A draw in which there is little to gain counts by a quarter of the scenario's mean at least, so that no draw in
    which nothing happens decides; where the best gains nothing at all, every loss is a whole regret.
    """
    mean = best.mean(axis=1, keepdims=True)
    scale = np.maximum(best, np.maximum(_LEAST_SCALE * mean, 1e-9))
    found: Array = np.clip((best - gain) / scale, 0.0, 1.0)
    return found


def spread(regret: Array) -> tuple[float, float]:
    """Mean regret and regret at the 90th percentile, over everything given."""
    return float(regret.mean()), float(np.quantile(regret, 0.9))


def score_of(regret: Array) -> float:
    """100 x (1 - 1/2 mean regret - 1/2 regret at the 90th percentile), 0 at least (policy-evidence 6.2)."""
    mean, high = spread(regret)
    return max(0.0, 100 * (1 - (mean + high) / 2))
