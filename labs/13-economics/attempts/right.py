"""Everything right, the open way: every answer worked out from what is handed out."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any


def _reading() -> ModuleType:
    """The sums beside this file, wherever this file is loaded from."""
    name = "spamlab_attempts_13_reading"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("reading.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


reading = _reading()
Raws = dict[str, bytes]

ANSWERS: dict[str, Callable[[Raws], Any]] = {
    "w1": reading.payers,
    "q1": reading.profit,
    "q2": reading.who_pays,
    "q3": reading.ratio,
    "q4": reading.shares,
    "q5": reading.net,
    "n1": reading.press,
    "v1": lambda seen: "larger" if reading.neighbour_grew(seen) else "smaller",
    "q6": reading.effect,
    "q7": reading.least_regret,
    "q8": reading.all_losses,
    "q9": lambda _seen: dict(reading.MEMO),
    "x1": reading.exit_measure,
    "x2": reading.exit_effect,
}

SOURCES: dict[str, str] = {}
