"""A submitted notebook in whatever state it is in -> a plain one: types, sources and nbgrader's marks."""

from __future__ import annotations

import json
from typing import Any

from spamlab.course.notebooks import NotebookNode, from_dict
from spamlab.grading import cells as cells_of

MOST_BYTES = 20_000_000
MOST_CELLS = 2_000
MOST_SOURCE = 200_000
_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
_TYPES: dict[str, type | tuple[type, ...]] = {
    "grade_id": str, "checksum": str, "cell_type": str, "schema_version": int, "points": (int, float),
    "grade": bool, "solution": bool, "locked": bool, "task": bool}


def plain_notebook(content: bytes) -> NotebookNode:
    """The notebook (nbformat 4) in `content` reduced to types, sources and nbgrader's marks. Never raises.

    Outputs, other metadata and whatever has not the right type are left out.
    """
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        given = None
    given = given if isinstance(given, dict) else {}
    cells = given.get("cells")
    made = cells_of.notebook()
    for number, cell in enumerate(cells[:MOST_CELLS] if isinstance(cells, list) else []):
        if isinstance(cell, dict):
            made.cells.append(_plain_cell(cell, f"cell-{number:04d}"))
    metadata = given.get("metadata")
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    if isinstance(kernel, dict) and all(isinstance(value, str) for value in kernel.values()):
        made.metadata["kernelspec"] = from_dict(kernel)
    return made


def _plain_cell(cell: dict[str, Any], spare: str) -> NotebookNode:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    text = (source if isinstance(source, str) else "")[:MOST_SOURCE].encode("utf-8", "replace").decode("utf-8")
    make = cells_of.code if cell.get("cell_type") == "code" else cells_of.markdown
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    kept = {}
    for name, value in (marks.items() if isinstance(marks, dict) else ()):
        wanted = _TYPES.get(name)
        if wanted is not None and isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool)):
            kept[name] = value
    made = make(text, spare, {"nbgrader": kept} if kept else {})
    pictures = _pictures(cell.get("attachments"))
    if pictures and made.cell_type == "markdown":
        made["attachments"] = from_dict(pictures)
    return made


def _pictures(given: Any) -> dict[str, dict[str, str]]:
    """The pictures of a cell (a figure of the lab); in an <img> none of these runs anything."""
    found = {}
    for name, forms in (given.items() if isinstance(given, dict) else ()):
        kept = {form: value for form, value in (forms.items() if isinstance(forms, dict) else ())
                if form in _PICTURES and isinstance(value, str)}
        if kept:
            found[name] = kept
    return found
