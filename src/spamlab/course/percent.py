"""Reads a lab's notebook.py (py:percent, by jupytext) into cells with their marks and lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spamlab.content.faults import Fault

ROLES = ("helper", "open", "check", "document")
_START = re.compile(r"^# %%")


@dataclass(frozen=True)
class Cell:
    """One cell: kind "markdown" or "code"; its marks ("" where there is none); the line on which it starts."""

    kind: str
    source: str
    role: str = ""
    question: str = ""
    id: str = ""
    line: int = 0


def read_cells(text: str, shown: str) -> tuple[list[Cell], list[Fault]]:
    """The cells of a py:percent text, and the faults of their marks; `shown` names the file in a fault."""
    import spamlab.course.notebooks  # noqa: F401 - before jupytext imports nbformat; both late, for they take long
    import jupytext  # isort: skip

    notebook = jupytext.reads(text, fmt="py:percent")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if _START.match(line)]
    given = [cell for cell in notebook["cells"] if cell["cell_type"] != "raw"]
    if len(lines) != len(given):
        lines = lines[-len(given):] if len(lines) > len(given) else [0] * (len(given) - len(lines)) + lines
    cells, faults = [], []
    for cell, line in zip(given, lines, strict=True):
        marks = {str(name): str(value) for name, value in cell["metadata"].items()}
        one = Cell(cell["cell_type"], cell["source"], marks.get("role", ""), marks.get("question", ""),
                   marks.get("id", ""), line)
        faults += [Fault(shown, what, line) for what in _faults(one)]
        cells.append(one)
    return cells, faults


def _faults(cell: Cell) -> list[str]:
    found = []
    if cell.role and cell.role not in ROLES:
        found.append(f"there is no role called {cell.role!r}; the roles are {', '.join(ROLES)}")
    if cell.role in {"check", "document"} and not cell.question:
        found.append(f'a cell of role "{cell.role}" names its question')
    if cell.role == "open" and not cell.id:
        found.append('a cell of role "open" needs an id, such as q3-open')
    if cell.role == "document" and cell.kind != "markdown":
        found.append('a cell of role "document" is Markdown')
    if cell.role in {"check", "helper", "open"} and cell.kind != "code":
        found.append(f'a cell of role "{cell.role}" is code')
    if cell.id and not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", cell.id):
        found.append(f"the id {cell.id!r} is not made of letters, digits, _ and -")
    if cell.source.count("BEGIN SOLUTION") != cell.source.count("END SOLUTION"):
        found.append("BEGIN SOLUTION and END SOLUTION do not meet")
    elif "BEGIN SOLUTION" in cell.source and cell.role not in {"open", "document"}:
        found.append('a solution stands in a cell of role "open" or "document"')
    return found
