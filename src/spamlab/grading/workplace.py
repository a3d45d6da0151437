"""A private folder for one submission while it is graded, and its outputs afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spamlab.grading.answers import FOLDER as ANSWERS
from spamlab.grading.copying import copy_plain, make_room
from spamlab.grading.interpreter import LIMITS, Interpreter
from spamlab.grading.outputs import ended_output, shown_outputs
from spamlab.grading.play import Cell, Played, play
from spamlab.grading.turns import Turns
from spamlab.sandbox import Level, Limits
from spamlab.sandbox.scratch import Scratch
from spamlab.sandbox.warm import Line

MORE_SECONDS = 60.0
"""What all children of one submission have together beyond the wall time of one."""
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
    where: Path | None = None
    """In which folder submissions are unpacked and run; None for the system's place for temporary files."""
    turns: Turns | None = None
    """Of a process that has several submissions in hand; None for one that has not."""


class Workplace:
    """The submission's plain files, a copy of them for each child, and its messages."""

    def __init__(self, root: Path, lab: str, participant: str, masters: Path, how: How) -> None:
        self._root, self._lab, self._participant, self._masters, self._how = root, lab, participant, masters, how
        self.submitted = root / "submitted"
        self.data = root / "data"
        self.data.mkdir()
        self._copies: list[Path] = []
        self._kept = root / "kept"
        self._children: list[Interpreter] = []

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where answers are looked for: the submission as it came, then as its cells left it."""
        return (self.submitted, self._kept)

    def keep_answers(self) -> None:
        """Keep the answers that the first run has written so far; what is written later counts for nothing, for a
        function that is shown hidden inputs could carry them out so."""
        if not self._kept.is_dir() and self._copies:
            copy_plain(self._copies[0] / ANSWERS, self._kept / ANSWERS)

    def play(self, cells: Sequence[Cell], inputs: Mapping[str, Sequence[tuple[str, Any]]]) -> Played:
        """Run the cells and put `inputs`, as `play` does; other submissions may be prepared and marked meanwhile."""
        turns = self._how.turns
        with nullcontext() if turns is None else turns.away():
            return play(cells, inputs, self.child, before_inputs=self.keep_answers)

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
        limits = how.limits
        if limits.wall_seconds is not None and self._children:
            # One submission's children share their time; that of others, for whom they wait, is not theirs.
            left = limits.wall_seconds + MORE_SECONDS - sum(one.seconds for one in self._children)
            limits = replace(limits, wall_seconds=min(limits.wall_seconds, max(1.0, left)))
        made = Interpreter(folder, self.data, self._participant, level=how.level, limits=limits,
                           cell_seconds=how.cell_seconds, line=how.line, turn=how.turns.run if how.turns else None)
        self._children.append(made)
        return made


class Bin:
    """Removes the folder of the run before last. The namespaces of the last one are still being taken down, and a
    folder that is mounted in them takes long to remove."""

    def __init__(self) -> None:
        self._last: Scratch | None = None

    def put(self, folder: Scratch) -> None:
        """Remove what was put before, keep `folder` for the next time."""
        self.empty()
        self._last = folder

    def empty(self) -> None:
        """Remove what is kept."""
        if self._last is not None:
            self._last.close()
            self._last = None


@contextmanager
def workplace(lab: str, participant: str, masters: Path, how: How, trash: Bin | None = None) -> Iterator[Workplace]:
    """A workplace in a folder of its own; the caller fills `submitted`. Gone at the end, or one run later in a bin."""
    root = Scratch("grading", how.where)
    try:
        yield Workplace(root.path, lab, participant, masters, how)
    finally:
        if trash is None:
            root.close()
        else:
            trash.put(root)


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
