"""A lab's notebook: played in the sandbox, every graded cell decided by the judge.

A graded cell is not run: its only outputs are those written here, by the trusted side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from spamlab.grading import marking
from spamlab.grading.outputs import score_outputs
from spamlab.grading.play import Cell, Played
from spamlab.grading.scoring import checksum
from spamlab.grading.workplace import Workplace, show
from spamlab.judge.question import Verdict


@dataclass(frozen=True)
class Marked:
    """What the judge said of one question. points: of that cell's maximum."""

    question: str
    verdict: Verdict
    answer: Any
    points: float


def grade(nb: Any, paper: marking.Paper, place: Workplace) -> tuple[list[Marked], Played]:
    """Play the notebook (nbformat 4, in the layout of the release) and write scores and outputs into it.

    Raises GradingError where the judge fails and SandboxError where the sandbox does: neither is a verdict.
    """
    graded = {number: str(cell.metadata.nbgrader["grade_id"]) for number, cell in enumerate(nb.cells)
              if cell.metadata.get("nbgrader", {}).get("grade")}
    functions = {number: function for number, name in graded.items() if (function := paper.function(name))}
    inputs = {graded[number]: paper.inputs(graded[number])[0] for number in functions}
    cells = [Cell(number, cell.source, number in graded, graded[number] if number in functions else "",
                  functions.get(number, ""))
             for number, cell in enumerate(nb.cells) if cell.cell_type == "code"]
    marking.write_data(paper, place.data)
    played = place.play(cells, inputs)
    show(nb, played)
    marked = []
    for number, name in graded.items():
        cell = nb.cells[number]
        if cell.metadata.nbgrader.get("solution"):
            _letter(paper, cell, name, place)
            continue
        most = float(cell.metadata.nbgrader["points"])
        verdict, answer = marking.mark(paper, name, place.folders, played.outputs.get(name))
        points = marking.points_of(verdict, most)
        cell.outputs = score_outputs(points, verdict.message, cell.execution_count, verdict.details)
        marked.append(Marked(name, verdict, answer, points))
    return marked, played


def _letter(paper: marking.Paper, cell: Any, name: str, place: Workplace) -> None:
    """A document's saved answer goes into its cell, unless the participant wrote there; then the rubric."""
    if cell.cell_type == "code":
        cell.outputs = []
    if cell.metadata.nbgrader.get("checksum") == checksum(cell):
        text = marking.letter(paper, name, place.folders)
        if text:
            is_code = cell.cell_type == "code"
            cell.source = "\n".join(f"# {one}" for one in text.splitlines()) if is_code else text
    rows = marking.rubric(paper, name)
    if rows and cell.cell_type == "markdown" and cell.metadata.nbgrader.get("checksum") != checksum(cell):
        cell.source = f"{cell.source.rstrip()}\n\n{rows}"
