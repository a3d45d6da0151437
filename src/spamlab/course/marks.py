"""nbgrader's marks on a cell (metadata of schema version 3), and cell ids that stay the same."""

from __future__ import annotations

import hashlib
from typing import Any

from spamlab.course.percent import Cell

SCHEMA_VERSION = 3


def cell_id(lab: str, name: str) -> str:
    """The id of the cell called `name` of a lab (nbformat 4.5): the same on every machine."""
    return hashlib.sha256(f"{lab}|{name}".encode()).hexdigest()[:16]


def marks(cell: Cell, grade_id: str, points: float | None) -> dict[str, Any]:
    """The cell's nbgrader metadata. points: of a graded cell."""
    graded = cell.role in {"check", "document"}
    solution = cell.role in {"open", "document"}
    made: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION, "grade_id": grade_id, "grade": graded, "solution": solution,
        "locked": not solution, "task": False, "cell_type": cell.kind}
    if graded:
        made["points"] = int(points) if points is not None and float(points).is_integer() else points
    return made


def other_metadata(cell: Cell) -> dict[str, Any]:
    """What Jupyter shows of the cell: a helper's source hidden, locked cells neither edited nor deleted."""
    made: dict[str, Any] = {}
    if cell.role == "helper":
        made["jupyter"] = {"source_hidden": True}
        made["tags"] = ["hide-input"]
    if cell.role in {"", "helper", "check"}:
        made |= {"editable": False, "deletable": False}
    else:
        made["deletable"] = False
    return made


def with_region(cell: Cell) -> str:
    """The source of a solution cell with a region for nbgrader to clear: without one it clears the whole cell."""
    if "BEGIN SOLUTION" in cell.source:
        return cell.source
    return f"{cell.source}\n### BEGIN SOLUTION\n### END SOLUTION".lstrip("\n")
