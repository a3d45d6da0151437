"""Whether nbgrader's configuration asks for the steps that the engine knows, and for nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from spamlab.grading.course import EXECUTES, JUDGES, RESTORES, RUNS, name_of

Late = Callable[[], Any]
"""Gives nbgrader's plugin for late submissions."""
_PRE = "nbgrader.preprocessors."
_SANITIZE = {RESTORES, *(_PRE + one for one in (
    "ClearOutput", "DeduplicateIds", "OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata"))}
_AUTOGRADE = {JUDGES, RUNS, "spamlab.grading.saving.SaveScores", "nbconvert.preprocessors.ClearMetadataPreprocessor",
              *EXECUTES, *(_PRE + one for one in (
                  "IgnorePattern", "LimitOutput", "SaveAutoGrades", "AssignLatePenalties", "CheckCellMetadata"))}
_HOOK = "spamlab.grading.hooks.before_autograding"
_ABOVE_LATE = ("BasePlugin", "NbGraderPreprocessor", "Preprocessor", "NbConvertBase", "LoggingConfigurable",
               "Configurable")
"""What nbgrader's step and plugin for late submissions take settings of as well: classes that they derive from."""
_FOLDERS = ("submitted_directory", "autograded_directory", "release_directory", "source_directory",
            "directory_structure")


@dataclass(frozen=True)
class Chain:
    """The steps of a configuration that the engine does itself."""

    config: Any
    all_remarks: bool
    penalties: bool

    def late(self) -> Late | None:
        """What gives nbgrader's plugin for late submissions, as configured; None where none is asked for.

        One that the configuration says something of is made at once, so that a fault in it stops the run before it
        begins; else it is imported, which takes long, when the first late submission comes.
        """
        if not self.penalties:
            return None
        late = cache(self._late)
        if any("late" in name.lower() or name in _ABOVE_LATE for name in self.config):
            late()
        return late

    def _late(self) -> Any:
        from nbgrader.preprocessors import AssignLatePenalties

        step = AssignLatePenalties(config=self.config)
        step.init_plugin()
        return step.plugin_inst

    def keep(self, lab: str) -> tuple[str, ...]:
        """Files of which the participant's version stays (Autograde.exclude_overwriting)."""
        return tuple(self.config.Autograde.get("exclude_overwriting", {}).get(lab, ()))


def read_chain(config: Any) -> Chain | None:
    """The chain of a configuration; None where it names what only nbgrader's converter knows: steps, hooks, folders."""
    first = [_short(name_of(one)) for one in config.Autograde.get("sanitize_preprocessors", [])]
    second = [_short(name_of(one)) for one in config.Autograde.get("autograde_preprocessors", [])]
    hooks = {name_of(config[kind].get(hook, "")) if config[kind].get(hook, "") else ""
             for kind in ("Autograde", "BaseConverter") for hook in ("pre_convert_hook", "post_convert_hook")}
    limits = any(key in config.get(kind, {}) for kind, key in (
        ("LimitOutput", "max_lines"), ("LimitOutput", "max_traceback"), ("IgnorePattern", "pattern"),
        ("ClearHiddenTests", "begin_test_delimeter"), ("ClearHiddenTests", "end_test_delimeter")))
    if set(first) - _SANITIZE or set(second) - _AUTOGRADE or hooks - {"", _HOOK} or limits or any(
            key in config.CourseDirectory for key in _FOLDERS):
        return None
    late = "nbgrader.preprocessors.AssignLatePenalties" in second
    return Chain(config, _PRE + "SaveAutoGrades" in second or not second, late)


def _short(name: str) -> str:
    """nbgrader's classes by the package that exports them, wherever they are defined."""
    parts = name.split(".")
    return _PRE + parts[-1] if name.startswith(_PRE) else name
