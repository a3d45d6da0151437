"""Days and hours of sending have the shape that they are named for."""

from __future__ import annotations

from datetime import date

import pytest

from spamlab.generate.schedule import LEFT, SHAPES, day_weights, hour_weights

MONDAY = date(2026, 1, 5)


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_before_and_after(shape: str) -> None:
    """A campaign sends within its days and on no other."""
    weights = day_weights(shape, MONDAY, 10, 30, 60, 7)
    assert len(weights) == 60
    assert not any(weights[:10]) and not any(weights[40:])  # noqa: PT018
    assert all(weight > 0 for weight in weights[10:40])


def test_shapes() -> None:
    """Steady is even, office rests at the weekend, weekly swings, bursts are few and high, fading falls."""
    steady, office, weekly, bursts, fading = (
        day_weights(shape, MONDAY, 0, 70, 70, 7) for shape in ("steady", "office", "weekly", "bursts", "fading"))
    assert len(set(steady)) == 1
    assert office[5] < 0.05 * office[4]
    assert max(weekly[:7]) > 3 * min(weekly[:7])
    assert weekly[:7] == pytest.approx(weekly[7:14])
    high = sorted(bursts, reverse=True)
    assert sum(high[:20]) > 0.8 * sum(bursts)
    assert fading == sorted(fading, reverse=True)
    assert hour_weights("office")[3] == 0 < hour_weights("office")[9]


def test_a_takedown_dips_and_comes_back() -> None:
    """Right after a takedown a tenth is left; without a recovery it stays so, with one it comes back in that time."""
    dip = day_weights("steady", MONDAY, 5, 50, 60, 7, takedown=20)
    assert dip[24] == 1.0
    assert dip[25:55] == pytest.approx([LEFT] * 30)
    back = day_weights("steady", MONDAY, 5, 50, 60, 7, takedown=20, recovery=10)
    assert back[25] == pytest.approx(LEFT)
    assert back[35:55] == pytest.approx([1.0] * 20)
    assert back[25:36] == sorted(back[25:36])
