"""Everything right, the open way: answers typed, the policy as a text."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any


def _reading() -> ModuleType:
    """The sums beside this file, wherever this file is loaded from."""
    name = "spamlab_attempts_12_reading"
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
    "w1": reading.most_victims,
    "q1": reading.judged,
    "q2": reading.four_laws,
    "q3": reading.in_order,
    "v1": reading.better_plan,
    "q4": reading.officers_left,
    "q5": reading.all_channels,
    "q6": reading.policy,
    "q7": reading.turning,
    "q8": lambda _seen: dict(reading.MEMO),
    "x1": reading.exit_sentence,
    "x2": reading.exit_change,
}
