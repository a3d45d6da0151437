"""Which level of the sandbox a grading may use."""

from __future__ import annotations

import pytest

from spamlab.errors import GradingError
from spamlab.grading import protection
from spamlab.sandbox import Level


def test_the_best_level_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who allows plain still gets the best that the machine has."""
    monkeypatch.setattr(protection, "available_level", lambda: Level.BUBBLEWRAP)
    assert protection.level_for("plain") is Level.BUBBLEWRAP


def test_less_than_asked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing asked means bubblewrap; the environment or an argument may allow less."""
    monkeypatch.setattr(protection, "available_level", lambda: Level.PLAIN)
    monkeypatch.delenv("SPAMLAB_SANDBOX", raising=False)
    with pytest.raises(GradingError, match="nothing was graded"):
        protection.level_for()
    monkeypatch.setenv("SPAMLAB_SANDBOX", "plain")
    assert protection.level_for() is Level.PLAIN
    with pytest.raises(GradingError, match="nothing was graded"):
        protection.level_for("bubblewrap")
    with pytest.raises(GradingError, match="no sandbox level"):
        protection.level_for("none")
