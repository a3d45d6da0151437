"""Which level of the sandbox a grading may use."""

from __future__ import annotations

import os

from spamlab.errors import GradingError
from spamlab.sandbox import Level, available_level

ENVIRONMENT = "SPAMLAB_SANDBOX"
_MEANING = {Level.PLAIN: "without protection", Level.FLOOR: "with less of it", Level.BUBBLEWRAP: "with all of it"}


def named_level(asked: str = "") -> Level:
    """The level asked for, whatever this machine gives; as `level_for`. Raises GradingError for an unknown word."""
    word = (asked or os.environ.get(ENVIRONMENT, "") or Level.BUBBLEWRAP.label).strip().lower()
    named = {level.label: level for level in Level}
    if word not in named:
        raise GradingError(f"there is no sandbox level called {word}; choose from {', '.join(named)}")
    return named[word]


def level_for(asked: str = "") -> Level:
    """The level to run at: the machine's best, if it is not below the one asked for.

    asked: "bubblewrap", "floor" or "plain"; empty: what SPAMLAB_SANDBOX says, else bubblewrap. Raises GradingError.
    """
    level = named_level(asked)
    best = available_level()
    if best < level:
        raise GradingError(
            f"this machine's sandbox gives only the level {best.label}, and {level.label} was asked for: nothing was "
            "graded; "
            f"`spamlab doctor` says why, and --sandbox {best.label} grades {_MEANING[best]}")
    return best
