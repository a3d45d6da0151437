"""Restores a submission's layout to that of the released notebook, before anything is run or counted.

What a participant can change of a notebook is the source of an open cell, and cells of the own. Everything else
comes from the release: which cells are graded and for how many points, their sources, their order. So a graded cell
that was deleted is there again, one that was doubled or forged counts once and as it was released.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from spamlab.grading.cells import code, markdown

MOST_CELLS = 400
# Markup, links, and what MathJax makes of formulas beside formulas.
_RISKY = re.compile(r"[<\[]|&#|javascript:|\\(href|style|class|cssId|require|unicode|data|bbox)\b", re.IGNORECASE)


def restore(given: Any, released: Any) -> Any:
    """The released notebook with the open cells' sources, and the own cells, of `given` (a plain notebook)."""
    made = copy.deepcopy(released)
    keys = [key for key in (_grade_id(cell) for cell in made.cells) if key]
    sources, own = _read(given, set(keys))
    cells = list(own.get("", []))
    for cell in made.cells:
        key = _grade_id(cell)
        if key in sources and _is_open(cell):
            cell.source = harmless(sources[key]) if cell.cell_type == "markdown" else sources[key]
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cells.append(cell)
        cells.extend(own.get(key, []))
    made.cells = cells
    return made


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
        return code(cell.source, identity)
    return markdown(harmless(cell.source), identity)


def _grade_id(cell: Any) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _is_open(cell: Any) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def harmless(text: str) -> str:
    """A participant's markdown: as written where a browser would only show it, else as a block of text."""
    return as_block(text) if _RISKY.search(text) else text
