"""The few formulas of item analysis, each with its interval: plain numbers in, plain numbers out.

Sources: Wilson 1927 (share); Fisher 1915 (correlation); Ebel 1965 (upper and lower 27 %); Cronbach 1951 and Feldt 1965
(alpha). Tests hold them against scipy and against figures computed by hand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Z = 1.959964
"""Of a normal distribution, 95 % lies within so many standard deviations."""
TAIL = 0.27
"""The part of the room, by score, that is compared as upper and as lower group."""


def wilson(hits: float, of: int, z: float = Z) -> tuple[float, float]:
    """Wilson's 95 % interval of a share; (0, 1) where nothing was counted.

    hits may be a sum of shares between 0 and 1: their variance is at most that of rights and wrongs with the same
    mean, so the interval is then a little too wide, never too narrow.
    """
    if of <= 0:
        return 0.0, 1.0
    share = min(1.0, max(0.0, hits / of))
    spread = z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / of + spread / (4 * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's correlation; None below three pairs, or where one side does not vary."""
    count = len(first)
    if count < 3:
        return None
    mean_first, mean_second = math.fsum(first) / count, math.fsum(second) / count
    by_first = [value - mean_first for value in first]
    by_second = [value - mean_second for value in second]
    spread = math.sqrt(math.fsum(value * value for value in by_first) * math.fsum(value * value for value in by_second))
    if spread < 1e-12:
        return None
    value = math.fsum(one * other for one, other in zip(by_first, by_second, strict=True)) / spread
    return min(1.0, max(-1.0, value))


def correlation_interval(value: float, count: int, z: float = Z) -> tuple[float, float]:
    """Fisher's 95 % interval of a correlation; (-1, 1) below four pairs."""
    if count < 4:
        return -1.0, 1.0
    if abs(value) >= 1:
        return value, value
    middle, half = math.atanh(value), z / math.sqrt(count - 3)
    return math.tanh(middle - half), math.tanh(middle + half)


def upper_lower(item: Sequence[float], totals: Sequence[float], tail: float = TAIL) -> float | None:
    """Mean of the item in the best 27 % of the room less that in the last 27 %; None below four.

    Who stands at the border with the same total as others counts with an equal part, so no order of names matters.
    """
    if len(item) < 4 or max(totals) - min(totals) < 1e-12:
        return None
    size = max(1, round(tail * len(item)))
    high = _tail_mean(item, [-total for total in totals], size)
    return high - _tail_mean(item, totals, size)


def alpha(table: Sequence[Sequence[float]]) -> float | None:
    """Cronbach's alpha of a table, a row for each participant and a column for each question.

    None below two questions, below three participants, or where the totals do not vary.
    """
    if len(table) < 3 or len(table[0]) < 2:
        return None
    questions = len(table[0])
    total = variance([math.fsum(row) for row in table])
    if total < 1e-12:
        return None
    parts = math.fsum(variance([row[column] for row in table]) for column in range(questions))
    return questions / (questions - 1) * (1 - parts / total)


def alpha_interval(value: float, participants: int, questions: int, level: float = 0.95) -> tuple[float, float]:
    """Feldt's interval of alpha; needs at least three participants and two questions."""
    from scipy.special import fdtri

    freedom, other = participants - 1, (participants - 1) * (questions - 1)
    edge = (1 - level) / 2
    return (float(1 - (1 - value) * fdtri(freedom, other, 1 - edge)),
            float(1 - (1 - value) * fdtri(freedom, other, edge)))


def variance(values: Sequence[float]) -> float:
    """The sample's variance, divided by n - 1; 0 for one value."""
    if len(values) < 2:
        return 0.0
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _tail_mean(item: Sequence[float], keys: Sequence[float], size: int) -> float:
    """The item's mean over the `size` smallest keys; who shares the border's key counts in part."""
    border = sorted(keys)[size - 1]
    inside = [value for value, key in zip(item, keys, strict=True) if key < border]
    at = [value for value, key in zip(item, keys, strict=True) if key == border]
    return (math.fsum(inside) + (size - len(inside)) * math.fsum(at) / len(at)) / size
