"""The values that say how a run ends and how well it is confined."""

from __future__ import annotations

import pytest

from spamlab.sandbox import Ending, Level, Limits, Outcome


def test_levels_can_be_compared() -> None:
    """A grading can ask whether a machine's level is good enough."""
    assert Level.PLAIN < Level.FLOOR < Level.BUBBLEWRAP
    assert Level.BUBBLEWRAP.label == "bubblewrap"


def test_limits_are_frozen() -> None:
    """Nobody changes the limits of a run that was started."""
    with pytest.raises(AttributeError):
        Limits().cpu_seconds = 3  # type: ignore[misc]


def test_only_finished_is_ok() -> None:
    """Every other ending is not."""
    assert {ending for ending in Ending if Outcome(ending, 0, 0, 0.0, 0.0).ok} == {Ending.FINISHED}
