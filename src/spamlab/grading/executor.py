"""What nbgrader loads in place of its own Execute: the notebook runs in the sandbox, the judge decides outside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Float, Unicode

from spamlab.content.identity import read_workshop
from spamlab.grading import classic, judged, marking, noting
from spamlab.grading.copying import copy_plain
from spamlab.grading.course import CELL_SECONDS
from spamlab.grading.protection import level_for
from spamlab.grading.restore import course_of
from spamlab.grading.workplace import How, Workplace, workplace
from spamlab.judge.catalogue import read_catalogues, speaking


class SandboxedExecute(NbGraderPreprocessor):  # type: ignore[misc]
    """Runs a notebook in the sandbox and keeps its outputs: for a course whose tests stand in its cells."""

    course = Unicode("", help="The course folder; empty: that in which the notebook lies.").tag(config=True)
    sandbox = Unicode("", help="The lowest level of the sandbox that will do: bubblewrap, floor or plain. Empty: what "
                               "SPAMLAB_SANDBOX says, else bubblewrap.").tag(config=True)
    cell_seconds = Float(CELL_SECONDS, help="Seconds after which a cell is stopped.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Run all code cells."""
        names = resources["nbgrader"]
        with self._place(course_of(self.course, resources), names) as place:
            classic.grade(nb, place)
        return nb, resources

    @contextmanager
    def _place(self, course: Path, names: Any) -> Iterator[Workplace]:
        participant, lab = names["student"], names["assignment"]
        how = How(level_for(self.sandbox), cell_seconds=self.cell_seconds)
        with workplace(lab, participant, course / "source" / lab, how) as place:
            copy_plain(course / "submitted" / participant / lab, place.submitted)
            yield place


class JudgedExecute(SandboxedExecute):
    """Runs a lab's notebook in the sandbox and has the judge decide on every graded cell.

    A graded cell is not run: its only outputs are those written here. Raises GradingError where the workshop can't be
    read or the sandbox is too weak, before anything of the participant's has run.
    """

    workshop = Unicode("", help="The workshop's folder; empty: the one that holds the course folder.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Run, judge, write the scores."""
        level_for(self.sandbox)
        names = resources["nbgrader"]
        course = course_of(self.course, resources)
        root = Path(self.workshop) if self.workshop else course.parent
        paper = marking.read_paper(root, names["assignment"], names["student"])
        workshop = read_workshop(root)
        read_catalogues(workshop.datasets_folder / "languages")
        with self._place(course, names) as place, speaking(workshop.language):
            marked, _ = judged.grade(nb, paper, place)
        noting.write(root, names["assignment"], [
            noting.graded(names["student"], names["assignment"], one) for one in marked])
        for one in marked:
            self.log.info("%s %s: %s, %g points", names["student"], one.question, one.verdict.state, one.points)
        return nb, resources
