"""What nbgrader loads in place of its own Execute: the notebook runs in the sandbox, the judge decides outside it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum
from traitlets import Float, Unicode

from spamlab.grading import marking
from spamlab.grading.copying import copy_plain, make_room
from spamlab.grading.interpreter import LIMITS, Interpreter
from spamlab.grading.outputs import ended_output, score_outputs, shown_outputs
from spamlab.grading.play import Cell, Played, play
from spamlab.grading.protection import level_for
from spamlab.grading.restore import course_of

NOT_RUN = "This cell was not run, for the notebook's interpreter had ended."
NBGRADERS = ("timestamp.txt", "submission_secret.txt")
"""Files that nbgrader adds to a submission; the notebook never had them beside it."""


class SandboxedExecute(NbGraderPreprocessor):  # type: ignore[misc]
    """Runs a notebook in the sandbox and keeps its outputs: for a course whose tests stand in its cells."""

    course = Unicode("", help="The course folder; empty: that in which the notebook lies.").tag(config=True)
    sandbox = Unicode("", help="The lowest level of the sandbox that will do: bubblewrap, or plain. Empty: what "
                               "SPAMLAB_SANDBOX says, else bubblewrap.").tag(config=True)
    cell_seconds = Float(30.0, help="Seconds after which a cell is stopped.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Run all code cells."""
        level = level_for(self.sandbox)
        names = resources["nbgrader"]
        cells = [Cell(place, cell.source) for place, cell in enumerate(nb.cells) if cell.cell_type == "code"]
        with _bench(course_of(self.course, resources), names["student"], names["assignment"]) as bench:
            bench.data.mkdir()
            played = play(cells, {}, lambda: Interpreter(bench.fresh(), bench.data, names["student"], level=level,
                                                         limits=LIMITS, cell_seconds=self.cell_seconds))
        _show(nb, played)
        return nb, resources


class JudgedExecute(SandboxedExecute):
    """Runs a lab's notebook in the sandbox and has the judge decide on every graded cell.

    A graded cell is not run: its only outputs are those written here. Raises GradingError where the workshop can't be
    read or the sandbox is too weak, before anything of the participant's has run.
    """

    workshop = Unicode("", help="The workshop's folder; empty: the one that holds the course folder.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Run, judge, write the scores."""
        level = level_for(self.sandbox)
        names = resources["nbgrader"]
        course = course_of(self.course, resources)
        paper = marking.read_paper(Path(self.workshop) if self.workshop else course.parent, names["assignment"],
                                   names["student"])
        graded = {place: str(cell.metadata.nbgrader["grade_id"]) for place, cell in enumerate(nb.cells)
                  if cell.metadata.get("nbgrader", {}).get("grade")}
        functions = {place: function for place, name in graded.items() if (function := paper.function(name))}
        inputs = {graded[place]: paper.inputs(graded[place])[0] for place in functions}
        cells = [Cell(place, cell.source, place in graded, graded[place] if place in functions else "",
                      functions.get(place, ""))
                 for place, cell in enumerate(nb.cells) if cell.cell_type == "code"]
        with _bench(course, names["student"], names["assignment"]) as bench:
            marking.write_data(paper, bench.data)
            played = play(cells, inputs, lambda: Interpreter(bench.fresh(), bench.data, names["student"], level=level,
                                                             limits=LIMITS, cell_seconds=self.cell_seconds))
            _show(nb, played)
            for place, name in graded.items():
                self._mark(paper, nb.cells[place], name, bench.folders, played.outputs.get(name))
        return nb, resources

    def _mark(self, paper: marking.Paper, cell: Any, name: str, folders: tuple[Path, ...], outputs: Any) -> None:
        if cell.metadata.nbgrader.get("solution"):
            self._letter(paper, cell, name, folders)
            return
        most = float(cell.metadata.nbgrader["points"])
        verdict, answer = marking.mark(paper, name, folders, outputs)
        points = marking.points_of(verdict, most)
        cell.outputs = score_outputs(points, verdict.message, cell.execution_count)
        marking.note(paper, name, verdict, answer, points)
        self.log.info("%s %s: %s, %g of %g points", paper.participant, name, verdict.state, points, most)

    def _letter(self, paper: marking.Paper, cell: Any, name: str, folders: tuple[Path, ...]) -> None:
        """A document's saved answer goes into its cell, unless the participant wrote there; then the rubric."""
        if cell.cell_type == "code":
            cell.outputs = []
        if cell.metadata.nbgrader.get("checksum") == compute_checksum(cell):
            text = marking.letter(paper, name, folders)
            if text:
                is_code = cell.cell_type == "code"
                cell.source = "\n".join(f"# {one}" for one in text.splitlines()) if is_code else text
        rows = marking.rubric(paper, name)
        if rows and cell.cell_type == "markdown" and cell.metadata.nbgrader.get("checksum") != compute_checksum(cell):
            cell.source = f"{cell.source.rstrip()}\n\n{rows}"


class _Bench:
    """A private folder for one submission: its plain files, as often as a child needs them, and its messages."""

    def __init__(self, root: Path, submitted: Path, masters: Path) -> None:
        self._root, self._masters = root, masters
        self.submitted = root / "submitted"
        self.data = root / "data"
        self._lab = submitted.name
        self._copies: list[Path] = []
        copy_plain(submitted, self.submitted)
        for name in NBGRADERS:
            (self.submitted / name).unlink(missing_ok=True)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where answers are looked for: the submission as it came, then as the first run left it."""
        return (self.submitted, *self._copies[:1])

    def fresh(self) -> Path:
        """A new copy of the submission, with the course's own files in place of those that came."""
        folder = self._root / f"run{len(self._copies)}" / self._lab
        shutil.copytree(self.submitted, folder)
        make_room(folder, self._masters)
        for path in self._masters.rglob("*") if self._masters.is_dir() else ():
            if path.is_file() and path.suffix != ".ipynb" and "__pycache__" not in path.parts:
                target = folder / path.relative_to(self._masters)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        self._copies.append(folder)
        return folder


@contextmanager
def _bench(course: Path, participant: str, lab: str) -> Iterator[_Bench]:
    root = Path(tempfile.mkdtemp(prefix="spamlab-grading-"))
    try:
        yield _Bench(root, course / "submitted" / participant / lab, course / "source" / lab)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _show(nb: Any, played: Played) -> None:
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
