"""A private folder for one submission while it is graded, and its outputs afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spamlab.grading.copying import make_room
from spamlab.grading.interpreter import LIMITS, Interpreter
from spamlab.grading.outputs import ended_output, shown_outputs
from spamlab.grading.play import Played
from spamlab.sandbox import Level, Limits
from spamlab.sandbox.warm import Line

NOT_RUN = "This cell was not run, for the notebook's interpreter had ended."
NBGRADERS = ("timestamp.txt", "submission_secret.txt")
"""Files that nbgrader adds to a submission; the notebook never had them beside it."""


@dataclass(frozen=True)
class How:
    """How participants' code is run. line: to a warm process; None starts a new Python for each child."""

    level: Level
    limits: Limits = LIMITS
    cell_seconds: float = 30.0
    line: Line | None = None


class Workplace:
    """The submission's plain files, a copy of them for each child, and its messages."""

    def __init__(self, root: Path, lab: str, participant: str, masters: Path, how: How) -> None:
        self._root, self._lab, self._participant, self._masters, self._how = root, lab, participant, masters, how
        self.submitted = root / "submitted"
        self.data = root / "data"
        self.data.mkdir()
        self._copies: list[Path] = []

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where answers are looked for: the submission as it came, then as the first run left it."""
        return (self.submitted, *self._copies[:1])

    def child(self) -> Interpreter:
        """A new child over a new copy of the submission, with the course's own files in place of those that came."""
        folder = self._root / f"run{len(self._copies)}" / self._lab
        shutil.copytree(self.submitted, folder)
        for name in NBGRADERS:
            (folder / name).unlink(missing_ok=True)
        make_room(folder, self._masters)
        for path in self._masters.rglob("*") if self._masters.is_dir() else ():
            if path.is_file() and path.suffix != ".ipynb" and "__pycache__" not in path.parts:
                target = folder / path.relative_to(self._masters)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        self._copies.append(folder)
        how = self._how
        return Interpreter(folder, self.data, self._participant, level=how.level, limits=how.limits,
                           cell_seconds=how.cell_seconds, line=how.line)


@contextmanager
def workplace(lab: str, participant: str, masters: Path, how: How) -> Iterator[Workplace]:
    """A workplace in a folder of its own, gone at the end; the caller fills `submitted`."""
    root = Path(tempfile.mkdtemp(prefix="spamlab-grading-"))
    try:
        yield Workplace(root, lab, participant, masters, how)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def show(nb: Any, played: Played) -> None:
    """Write what the cells showed into the notebook; a cell that ended the child, or came after that, says so."""
    count = 0
    for place, cell in enumerate(nb.cells):
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        cell.outputs = shown_outputs(played.shown.get(place, []), count=count)
        if place in played.ended:
            cell.outputs.append(ended_output(played.ended[place]))
        elif place not in played.shown:
            # Never silent: nbgrader counts a test cell without output as passed.
            cell.outputs.append(ended_output(NOT_RUN))
