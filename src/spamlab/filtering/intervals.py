"""Shares with their confidence intervals: a share of few messages says little, and says so."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import binomtest


class Interval(NamedTuple):
    """A share and the interval around it, all from 0 to 1; the share is NaN where nothing was counted."""

    value: float
    low: float
    high: float


def proportion(count: int, total: int, *, level: float = 0.95, method: str = "wilson") -> Interval:
    """The share count / total with its confidence interval at `level`.

    method: "wilson" (Wilson 1927: near the stated level on average, the usual choice) or "exact" (Clopper and Pearson
    1934: never below the stated level, so wider). Of nothing, nothing is known: 0 to 1.
    Raises ValueError if count is not within 0 to total, or on another method.
    """
    if method not in ("wilson", "exact"):
        raise ValueError(f"an interval is made by wilson or exact, not by {method}")
    if not 0 <= count <= total:
        raise ValueError(f"a share is of {total} at most {total} and at least 0, not {count}")
    if total == 0:
        return Interval(float("nan"), 0.0, 1.0)
    found = binomtest(int(count), int(total)).proportion_ci(confidence_level=level, method=method)
    share = count / total
    # Rounding may leave the bound a hair inside of the share at 0 and at 1.
    return Interval(share, float(np.minimum(found.low, share)), float(np.maximum(found.high, share)))
