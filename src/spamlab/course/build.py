"""A lab's folder -> nbgrader's source notebook: pure, the same input gives the same bytes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from spamlab.content.faults import Fault, raise_faults
from spamlab.content.identity import Workshop
from spamlab.content.lab import Lab, read_lab
from spamlab.course.figures import MOST_BYTES, embed
from spamlab.course.headings import cost_faults, order_faults
from spamlab.course.marks import cell_id, marks, other_metadata, with_region
from spamlab.course.notebooks import nbformat
from spamlab.course.percent import Cell, read_cells
from spamlab.judge.kinds import Document
from spamlab.judge.lab_data import load_checks
from spamlab.judge.question import Checks

KERNEL = {"name": "spamlab", "display_name": "spamlab", "language": "python"}
RELEASED = ("helpers.py",)
"""Files of a lab's folder that stand beside the notebook in a participant's home."""


def build_source(lab: Lab, checks: Checks, language: str = "en") -> bytes:
    """The lab's source notebook (nbformat 4.5) with nbgrader's marks.

    language: that of the notebook; the lab's locale/LANGUAGE/notebook.py where it has one, else its notebook.py.
    Raises ContentError with all faults: marks, questions without their check cell, headings, figures.
    """
    path = notebook_file(lab, language)
    shown = str(path.relative_to(lab.folder.parent))
    cells, faults = read_cells(path.read_text(encoding="utf-8"), shown)
    faults += [Fault(shown, what, line) for line, what in order_faults(cells)]
    faults += [Fault(shown, what, line) for line, what in cost_faults(cells, checks, language)]
    faults += [Fault(shown, what, line) for line, what in _question_faults(cells, checks)]
    made = []
    for cell, grade_id in zip(cells, _grade_ids(cells), strict=True):
        one, found = _make(lab, checks, cell, grade_id)
        faults += [Fault(shown, what, cell.line) for what in found]
        made.append(one)
    raise_faults(faults)
    notebook = nbformat.v4.new_notebook(cells=made, metadata={
        "kernelspec": KERNEL, "language_info": {"name": "python"},
        "spamlab": {"lab": lab.id, "language": language}})
    text: str = nbformat.writes(notebook, version=4) + "\n"
    if len(text) > MOST_BYTES:
        raise_faults([Fault(shown, f"the notebook has {len(text) // 1000} kB, at most {MOST_BYTES // 1000} kB")])
    nbformat.validate(notebook)
    return text.encode("utf-8")


def write_source(workshop: Workshop, lab: Lab | str) -> Path:
    """Write the notebook and the lab's helpers.py into the course's source folder; that folder.

    A file whose bytes are the same is left alone. Raises ContentError with all faults of the lab.
    """
    one = lab if isinstance(lab, Lab) else read_lab(workshop.labs_folder / lab)
    data = build_source(one, load_checks(one.folder), workshop.language)
    folder = workshop.course / "source" / one.id
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / f"{one.id}.ipynb", data)
    for name in RELEASED:
        if one.file(name).is_file():
            _write(folder / name, one.file(name).read_bytes())
    return folder


def notebook_file(lab: Lab, language: str) -> Path:
    """The notebook of the language, or the lab's own where it is not translated."""
    translated = lab.folder / "locale" / language / "notebook.py"
    return translated if language != lab.language and translated.is_file() else lab.file("notebook.py")


def _make(lab: Lab, checks: Checks, cell: Cell, grade_id: str) -> tuple[Any, list[str]]:
    question = checks.questions.get(cell.question)
    source = with_region(cell) if cell.role in {"open", "document"} else cell.source
    attachments: dict[str, Any] = {}
    faults: list[str] = []
    if cell.kind == "markdown":
        source, attachments, faults = embed(source, lab.folder)
    metadata = {"nbgrader": marks(cell, grade_id, question.points if question else None), **other_metadata(cell)}
    make = nbformat.v4.new_code_cell if cell.kind == "code" else nbformat.v4.new_markdown_cell
    made = make(source=source, metadata=metadata, id=cell_id(lab.id, grade_id))
    if attachments:
        made["attachments"] = attachments
    return made, faults


def _grade_ids(cells: list[Cell]) -> list[str]:
    """A name for each cell that stays where other questions change: its own, its question's, or place in it."""
    given: list[str] = []
    places: dict[str, int] = {}
    part = "start"
    for cell in cells:
        if cell.role in {"check", "document"} and cell.question:
            name = cell.question
        elif cell.id:
            name = cell.id
        else:
            places[part] = places.get(part, 0) + 1
            name = f"{part}-cell-{places[part]}"
        given.append(name)
        if cell.role in {"check", "document"}:
            part = f"after-{cell.question}"
    return given


def _question_faults(cells: list[Cell], checks: Checks) -> list[tuple[int, str]]:
    """Line and sentence for each question without exactly one graded cell, each graded cell without question."""
    found = []
    graded: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.role in {"check", "document"}:
            graded.setdefault(cell.question, []).append(cell)
    for name, ones in graded.items():
        question = checks.questions.get(name)
        if question is None:
            found.append((ones[0].line, f"checks.py has no question called {name!r}"))
        else:
            role = "document" if question.manual else "check"
            person = "" if question.manual else "not "
            found += [(one.line, f"question {name} is {person}graded by a person, so its cell has the role {role!r}")
                      for one in ones if one.role != role]
        if len(ones) > 1:
            found.append((ones[1].line, f"question {name} has two graded cells"))
    for question in checks.questions.values():
        if question.id not in graded and question.points:
            role = "document" if question.manual or isinstance(question.kind, Document) else "check"
            found.append((0, f'question {question.id} has no cell with role="{role}" question="{question.id}"'))
    ids = _grade_ids(cells)
    found += [(cell.line, f"the id {name!r} stands twice") for place, (cell, name) in enumerate(
        zip(cells, ids, strict=True)) if name in ids[:place] and name not in graded]
    return found


def _write(path: Path, data: bytes) -> None:
    if path.is_file() and path.read_bytes() == data:
        return
    spare = path.with_name(path.name + ".new")
    spare.write_bytes(data)
    os.replace(spare, path)
