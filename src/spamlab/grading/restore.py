"""Restores a submission's layout to that of the released notebook, before anything is run or counted.

What a participant can change of a notebook is the source of an open cell, and cells of the own. Everything else
comes from the release: which cells are graded and for how many points, their sources, their order. So a graded cell
that was deleted is there again, one that was doubled or forged counts once and as it was released.
"""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from spamlab.errors import GradingError

MOST_CELLS = 400
_RISKY = re.compile(r"[<\[]|&#|javascript:", re.IGNORECASE)


class RestoreLayout(NbGraderPreprocessor):  # type: ignore[misc]
    """nbgrader's preprocessor; `course` is the course folder, which holds the release."""

    course = Unicode("", help="The course folder; empty: that in which the notebook lies.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """The notebook in the layout of the release; raises GradingError where there is no release."""
        names = resources["nbgrader"]
        released = read_release(course_of(self.course, resources), names["assignment"], names["notebook"])
        return restore(nb, released), resources


def restore(given: Any, released: Any) -> Any:
    """The released notebook with the open cells' sources, and the own cells, of `given` (a plain notebook)."""
    made = copy.deepcopy(released)
    keys = [key for key in (_grade_id(cell) for cell in made.cells) if key]
    sources, own = _read(given, set(keys))
    cells = list(own.get("", []))
    for cell in made.cells:
        key = _grade_id(cell)
        if key in sources and _is_open(cell):
            cell.source = _harmless(sources[key]) if cell.cell_type == "markdown" else sources[key]
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cells.append(cell)
        cells.extend(own.get(key, []))
    made.cells = cells
    return made


def read_release(course: Path, lab: str, notebook: str) -> Any:
    """The released notebook; GradingError where it is missing or can't be read."""
    path = course / "release" / lab / f"{notebook}.ipynb"
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError, nbformat.ValidationError):
        raise GradingError(f"the released notebook of {lab} is missing or can't be read; release it again") from None


def course_of(named: str, resources: Any) -> Path:
    """The course folder: the one named, else that of COURSE/STEP/STUDENT/LAB, where nbgrader reads the notebook."""
    return Path(named) if named else Path(resources["metadata"]["path"]).absolute().parents[2]


def as_block(text: str) -> str:
    """Text as a fenced block of markdown: nothing in it is markup."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text.rstrip()}\n{fence}"


def _read(given: Any, known: set[str]) -> tuple[dict[str, str], dict[str, list[Any]]]:
    """The sources of the cells that the release knows, the last of each counting; the own cells by what they follow."""
    sources: dict[str, str] = {}
    own: dict[str, list[Any]] = {}
    place, count = "", 0
    last = {_grade_id(cell): number for number, cell in enumerate(given.cells)}
    for number, cell in enumerate(given.cells):
        key = _grade_id(cell)
        if key in known and last[key] == number:
            sources[key] = cell.source
            place = key
        elif count < MOST_CELLS and cell.source.strip():
            count += 1
            own.setdefault(place, []).append(_own_cell(cell, count))
    return sources, own


def _own_cell(cell: Any, count: int) -> Any:
    identity = f"own-{count:03d}"
    if cell.cell_type == "code":
        return new_code_cell(source=cell.source, id=identity)
    return new_markdown_cell(source=_harmless(cell.source), id=identity)


def _grade_id(cell: Any) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _is_open(cell: Any) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def _harmless(text: str) -> str:
    """A participant's markdown: as written where a browser would only show it, else as a block of text."""
    return as_block(text) if _RISKY.search(text) else text
