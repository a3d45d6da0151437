"""Everything right, the guided way: forms and desks only. Numbers are read off the desks, which show them rounded."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any


def _right() -> ModuleType:
    name = "spamlab_attempts_13_right"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("right.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


right = _right()
Raws = dict[str, bytes]


def _three(value: float) -> float:
    """As a desk shows an amount: three leading digits."""
    return float(f"{value:.3g}")


def _whole(seen: Raws) -> dict[str, Any]:
    """The estimate as the desk shows it, in whole percent."""
    found = right.reading.effect(seen)
    return {name: round(value) if isinstance(value, float) else value for name, value in found.items()}


ANSWERS: dict[str, Callable[[Raws], Any]] = {
    **right.ANSWERS,
    "q1": lambda seen: round(right.reading.profit(seen)),
    "q5": lambda seen: _three(right.reading.net(seen)),
    "n1": lambda seen: round(right.reading.press(seen)),
    "q6": _whole,
    "q8": lambda seen: _three(right.reading.all_losses(seen)),
}

SOURCES: dict[str, str] = {}
