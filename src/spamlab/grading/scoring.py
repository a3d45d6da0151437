"""From a graded cell's outputs to its points, for a course whose tests stand in its cells: nbgrader's rules, mended.

nbgrader.utils.determine_grade (0.9.6): an error is nought, a number as the last value is part of the points, anything
else is all of them. Mended: text on standard error takes nothing away; a number above the maximum or below nought is
cut to it and fails nobody's submission.
"""

from __future__ import annotations

import hashlib
import math
from typing import Any

MOST_LINES = 1000
MOST_TRACEBACK = 100


def checksum(cell: Any) -> str:
    """nbgrader's checksum of a cell (nbgrader.utils.compute_checksum), without importing nbgrader, which takes long."""
    marks = cell.metadata["nbgrader"]
    grade, solution = bool(marks.get("grade", False)), bool(marks.get("solution", False))
    locked = False if solution else True if grade else marks.get("locked", False)
    total = hashlib.md5(usedforsecurity=False)
    for part in (cell.source, cell.cell_type, str(marks.get("grade", False)), str(marks.get("solution", False)),
                 str(locked), marks["grade_id"]):
        total.update(part.encode("utf-8"))
    if grade:
        total.update(str(float(marks["points"])).encode())
    return total.hexdigest()


def points(cell: Any) -> float | None:
    """The automatic points of a graded cell; None where a person gives them."""
    marks = cell.metadata["nbgrader"]
    most = float(marks["points"])
    if marks.get("solution"):
        return 0.0 if marks.get("checksum") == checksum(cell) else None
    if cell.cell_type != "code":
        return None
    for output in cell.outputs:
        if output.output_type == "error":
            return 0.0
        if output.output_type == "execute_result":
            return _part(output["data"].get("text/plain", ""), most)
    return most


def limit_output(cell: Any) -> None:
    """Cut a code cell's outputs as nbgrader's LimitOutput does by default: 1000 lines, tracebacks of 100."""
    length, kept = 0, []
    for output in cell.outputs:
        if output.output_type == "stream":
            if length >= MOST_LINES:
                continue
            lines = output.text.split("\n")
            if len(lines) + length > MOST_LINES:
                lines = [*lines[:MOST_LINES - length - 1], "... Output truncated ..."]
            length += len(lines)
            output.text = "\n".join(lines)
        elif output.output_type == "error" and len(output.traceback) > MOST_TRACEBACK:
            half = MOST_TRACEBACK // 2
            output.traceback = [*output.traceback[:half], "... Traceback truncated ...",
                                *output.traceback[-(MOST_TRACEBACK - half - 1):]]
        kept.append(output)
    cell.outputs = kept


def _part(text: str, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return most
    return 0.0 if math.isnan(value) else min(most, max(0.0, value))
