"""A machine that can't confine code says so everywhere, and grades only where that stands beside the button."""

from __future__ import annotations

import pytest

from spamlab.sandbox import Level
from spamlab.workshop.jobs import step_command, steps_of
from spamlab.workshop.level import protection
from spamlab.workshop.up import told

from .pages import LAB


@pytest.mark.parametrize("level", list(Level))
def test_each_level_has_its_words(level: Level) -> None:
    """Only bubblewrap counts as enough; every other level has a warning that a trainer can act on."""
    known = protection(level)
    assert known.low == (level is not Level.BUBBLEWRAP)
    assert known.sentence.endswith((".", ")."))


def test_a_low_level_stands_in_the_terminal() -> None:
    """What the terminal prints holds the warning in capitals where the level is low, and none where it is not."""
    addresses = {"participants": [], "page": "p", "formgrader": "f"}

    class Titled:
        title = "t"

    assert "SANDBOX: PLAIN" in told(Titled(), addresses, protection(Level.PLAIN))  # type: ignore[arg-type]
    assert "SANDBOX" not in told(Titled(), addresses, protection(Level.BUBBLEWRAP))  # type: ignore[arg-type]


@pytest.mark.parametrize(("level", "said"), [(Level.PLAIN, "UNCONFINED"), (Level.FLOOR, "weaker sandbox")])
def test_a_lower_level_is_said_and_asked_for(level: Level, said: str) -> None:
    """On such a machine the button says so and its command names the level; with the usual one neither."""
    assert said in {step.name: step.about for step in steps_of(level)}["grade"]
    assert said not in {step.name: step.about for step in steps_of(Level.BUBBLEWRAP)}["grade"]
    assert step_command("grade", LAB, "ws", level)[-2:] == ["--sandbox", level.label]
    assert "--sandbox" not in step_command("grade", LAB, "ws")
    assert "--sandbox" not in step_command("collect", LAB, "ws", level)
