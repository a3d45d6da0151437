"""A notebook of an ordinary nbgrader course, whose tests stand in its cells: a compatibility mode, weaker than a judge.

The tests run where the participant's code runs, so code that knows this file could forge what they say. What holds:
the sandbox, the limits, the layout of the release, and that a hidden test is nowhere to be read until the
participant's cells have all run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from spamlab.course.notebooks import from_dict
from spamlab.grading.cells import code, markdown
from spamlab.grading.layout import MOST_CELLS, harmless
from spamlab.grading.outputs import ended_output, shown_outputs
from spamlab.grading.play import Cell, Played
from spamlab.grading.scoring import limit_output
from spamlab.grading.workplace import NOT_RUN, Workplace, show

BEGIN, END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
"""nbgrader's ClearHiddenTests.begin_test_delimeter and end_test_delimeter."""
HIDDEN_FAILED = "A test that you can't see found a fault in this answer."
MISSING = "This cell was missing from the submission and was put back."


def visible(source: str) -> str:
    """A test's source without its hidden regions, as nbgrader releases it."""
    kept, inside = [], False
    for line in source.split("\n"):
        if BEGIN in line:
            inside = True
        elif END in line:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def arrange(given: Any, marks: Mapping[str, Mapping[str, Any]], kernelspec: Mapping[str, Any]) -> Any:
    """The notebook with nbgrader's cells as the course knows them, in the order in which they were handed in.

    given: a plain notebook. marks: of each cell of the course by grade_id, in order: {"cell_type", "source",
    "nbgrader": its whole metadata}. A locked cell gets its source, the last of several of one name counts, one that
    is missing comes back after the one before it, and marks that the course does not know are dropped.
    """
    last = {_name(cell): number for number, cell in enumerate(given.cells) if _name(cell) in marks}
    cells: list[Any] = []
    own = 0
    for number, cell in enumerate(given.cells):
        name = _name(cell)
        if name in marks and last[name] == number:
            cells.append(_known(name, marks[name], cell.source, cell.get("attachments")))
        elif own < MOST_CELLS:
            own += 1
            cells.append(_own(cell, f"own-{own:03d}"))
    before = ""
    for name, known in marks.items():
        if name not in last and (known["nbgrader"].get("grade") or known["nbgrader"].get("task")):
            place = next((number + 1 for number, cell in enumerate(cells) if _name(cell) == before), 0)
            cells.insert(place, _missing(name, known))
        before = name
    given.cells = cells
    given.metadata["kernelspec"] = from_dict(dict(kernelspec))
    return given


def grade(nb: Any, place: Workplace) -> Played:
    """Play the notebook with its tests and write outputs into it; `scoring.points` then reads each graded cell."""
    cells = []
    for number, cell in enumerate(nb.cells):
        if cell.cell_type == "code":
            hidden = _is_test(cell) and BEGIN in cell.source
            cells.append(Cell(number, visible(cell.source) if hidden else cell.source,
                              test=cell.source if hidden else "",
                              points=float(cell.metadata.nbgrader["points"]) if hidden else 0.0))
    played = place.play(cells, {})
    show(nb, played)
    for one in cells:
        cell = nb.cells[one.place]
        if one.test:
            cell.outputs = _tested(one, cell, played)
        limit_output(cell)
    return played


def _tested(one: Cell, cell: Any, played: Played) -> list[Any]:
    """The outputs of a partly hidden test: those of its visible part if that failed, else nothing that quotes it."""
    if one.place in played.shown and any(output.output_type == "error" for output in cell.outputs):
        return list(cell.outputs)
    if one.place not in played.tested:
        return [ended_output(played.ended.get(one.place, NOT_RUN))]
    found = shown_outputs(played.tested[one.place], count=cell.execution_count)
    if one.place in played.ended or any(output.output_type == "error" for output in found):
        return [ended_output(HIDDEN_FAILED)]
    # A value is the test's points; everything else that it shows could carry the test.
    return [output for output in found if output.output_type == "execute_result" and _is_number(output)]


def _is_number(output: Any) -> bool:
    return bool(re.fullmatch(r"[-+0-9.einfa]{1,40}", output["data"].get("text/plain", "")))


def _is_test(cell: Any) -> bool:
    marks = cell.metadata.get("nbgrader", {})
    return bool(marks.get("grade")) and not marks.get("solution")


def _known(name: str, known: Mapping[str, Any], source: str, attachments: Any) -> Any:
    marks = known["nbgrader"]
    locked = not marks.get("solution") and (marks.get("grade") or marks.get("locked") or marks.get("task"))
    text = known["source"] if locked else source
    if known["cell_type"] == "code":
        return code(text, _id(name), {"nbgrader": dict(marks)})
    made = markdown(text if locked else harmless(text), _id(name), {"nbgrader": dict(marks)})
    if attachments:
        made["attachments"] = attachments
    return made


def _missing(name: str, known: Mapping[str, Any]) -> Any:
    made = _known(name, known, "" if known["nbgrader"].get("solution") else known["source"], None)
    mark = f"# {MISSING}" if made.cell_type == "code" else f"*{MISSING}*\n"
    made.source = f"{mark}\n{made.source}"
    return made


def _own(cell: Any, identity: str) -> Any:
    if cell.cell_type == "code":
        return code(cell.source, identity)
    return markdown(harmless(cell.source), identity)


def _name(cell: Any) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _id(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)[:64] or "cell"
