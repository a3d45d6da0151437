"""Saving scores into the gradebook as nbgrader does, less its remark on cells that need no answer."""

from __future__ import annotations

from typing import Any

from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import is_grade, is_solution

from spamlab.errors import GradingError


class SaveScores(SaveAutoGrades):  # type: ignore[misc]
    """nbgrader's own SaveAutoGrades; an open cell that nobody graded gets no "No response." in the feedback.

    The open way is a choice: who answered by the form has left the open cell as it was.
    A graded cell without a score was not judged: nbgrader would count it as passed, so here nothing is saved.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Save; raises GradingError where a graded cell holds no score."""
        for cell in nb.cells:
            silent = cell.cell_type == "code" and not any(one.output_type == "execute_result" for one in cell.outputs)
            if silent and is_grade(cell) and not is_solution(cell):
                raise GradingError(f"the cell {cell.metadata.nbgrader.grade_id} was not judged: nothing was saved")
        saved: tuple[Any, Any] = super().preprocess(nb, resources)
        return saved

    def _add_comment(self, cell: Any, resources: Any) -> None:
        if is_grade(cell):
            super()._add_comment(cell, resources)
