"""How sending is spread over days and hours: weights of a campaign's days, drawn once by name.

Shapes: "steady", the same each day; "office", on working days and in office hours; "weekly", up and down within the
week; "bursts", some days with most of it; "fading", most of it at first. A takedown cuts what is sent to a tenth, and
it comes back over some days, as botnets were seen to do.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import cos, exp, pi

from spamlab.generate.draws import happens, limit, mixed, named, share

SHAPES = ("steady", "office", "weekly", "bursts", "fading")
LEFT = 0.1
"""Of the volume, right after a takedown."""
_BURST, _HEIGHT = named("burst"), named("height")
_OFFICE = (0, 0, 0, 0, 0, 0, 0, 2, 8, 12, 12, 10, 6, 8, 12, 12, 10, 5, 0, 0, 0, 0, 0, 0)
_ROUND = (6, 5, 4, 4, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9, 9, 9, 9, 9, 10, 10, 10, 9, 8, 7)


def day_weights(shape: str, first: date, start: int, days: int, total: int, key: int, *, takedown: int = 0,
                recovery: int = 0) -> list[float]:
    """The weight of each of `total` days from `first`.

    start, days: from which day, counted from 0, and how long something is sent. key: what bursts are drawn from.
    takedown: days after the start, 0 for none; recovery: days until the old volume is reached again, 0 for never.
    """
    weights = []
    for number in range(total):
        since = number - start
        if not 0 <= since < days:
            weights.append(0.0)
            continue
        weight = _weight(shape, first + timedelta(days=number), since, days, key)
        if takedown and since >= takedown:
            back = (since - takedown) / recovery if recovery else 0.0
            weight *= min(1.0, LEFT + (1 - LEFT) * back)
        weights.append(weight)
    return weights


def hour_weights(shape: str) -> tuple[int, ...]:
    """The weight of each hour of the day, where the sender's customers live."""
    return _OFFICE if shape == "office" else _ROUND


def _weight(shape: str, day: date, since: int, days: int, key: int) -> float:
    if shape == "office":
        return 1.0 if day.weekday() < 5 else 0.02
    if shape == "weekly":
        return 1.0 + 0.7 * cos(2 * pi * (day.weekday() - 1) / 7)
    if shape == "bursts":
        own = mixed(key ^ since)
        return 4.0 + 6.0 * share(own, _HEIGHT) if happens(own, _BURST, limit(0.15)) else 0.15
    if shape == "fading":
        return exp(-3.0 * since / days)
    return 1.0
