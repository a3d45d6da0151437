"""Whether two ways of playing the same rule have the same means and variances, over runs with many seeds.

Means are compared by Welch's t, variances by Brown's and Forsythe's test (Levene's about the median), which holds where
the figures are not normal. The error rate is shared out over all comparisons (Bonferroni), and with given seeds the
answer is always the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ERROR_RATE = 0.01
"""Of all comparisons of one call together: how often equal ways would be called different."""


@dataclass(frozen=True)
class Agreement:
    """One figure by two ways.

    seeds: of each way. means and variances: of both. low, high: the interval of the difference of means, by Welch.
    mean_p, variance_p: chance of so large a difference between equal ways. least_p: below it, the ways are called
    different.
    """

    figure: str
    seeds: int
    means: tuple[float, float]
    variances: tuple[float, float]
    low: float
    high: float
    mean_p: float
    variance_p: float
    least_p: float

    @property
    def holds(self) -> bool:
        """Whether neither the means nor the variances are told apart."""
        return min(self.mean_p, self.variance_p) >= self.least_p

    @property
    def furthest(self) -> float:
        """The end of the interval that is further from no difference, as a share of the mean."""
        return max(abs(self.low), abs(self.high)) / abs(sum(self.means) / 2)


def agreements(first: Mapping[str, Array], second: Mapping[str, Array]) -> list[Agreement]:
    """Compare the figures of two ways by name, each (seeds,), seeds of the two being independent."""
    from scipy.stats import levene, ttest_ind

    least = ERROR_RATE / (2 * len(first))
    found = []
    for name, ours in first.items():
        theirs = second[name]
        test = ttest_ind(ours, theirs, equal_var=False)
        interval = test.confidence_interval(1 - least)
        found.append(Agreement(
            name, len(ours), (float(ours.mean()), float(theirs.mean())),
            (float(ours.var(ddof=1)), float(theirs.var(ddof=1))), float(interval.low), float(interval.high),
            float(test.pvalue), float(levene(ours, theirs, center="median").pvalue), least))
    return found
