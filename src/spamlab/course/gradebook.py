"""nbgrader's gradebook, imported without what nbgrader's pages in Jupyter need.

The package nbgrader imports its server extensions first of all, and with them every program that it has: for whoever
wants the gradebook that is more than half of the time. Import `nbgrader.api` after this module.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

import spamlab.course.notebooks  # noqa: F401 - before nbgrader imports what it makes quick

_EXTENSIONS = ("assignment_list", "course_list", "validate_assignment", "formgrader")
_LOAD = "load_jupyter_server_extension"


def _when_called(name: str) -> Callable[[Any], None]:
    def load(app: Any) -> None:
        getattr(import_module(name), _LOAD)(app)
    return load


def _import_without_extensions() -> None:
    """Names stand for the extensions while nbgrader is imported; then they are gone, so that each can be imported."""
    names = [f"nbgrader.server_extensions.{one}" for one in _EXTENSIONS]
    for name in names:
        stands = ModuleType(name)
        setattr(stands, _LOAD, _when_called(name))
        sys.modules[name] = stands
    try:
        import_module("nbgrader")
    finally:
        for name in names:
            del sys.modules[name]


if "nbgrader" not in sys.modules:
    _import_without_extensions()

from nbgrader import api  # noqa: E402
from nbgrader.coursedir import CourseDirectory  # noqa: E402

__all__ = ["CourseDirectory", "api"]
