"""Everything right, the guided way: forms only, no line of code; the policy is the record that its form makes."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any


def _right() -> ModuleType:
    name = "spamlab_attempts_12_right"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("right.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


def _form(seen: dict[str, bytes]) -> dict[str, Any]:
    """The policy as plain data."""
    return tomllib.loads(_right().ANSWERS["q6"](seen))


ANSWERS: dict[str, Callable[[dict[str, bytes]], Any]] = {**_right().ANSWERS, "q6": _form}
