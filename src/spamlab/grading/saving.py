"""Saving scores into the gradebook as nbgrader does, less its remark on cells that need no answer."""

from __future__ import annotations

from typing import Any

from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import is_grade


class SaveScores(SaveAutoGrades):  # type: ignore[misc]
    """nbgrader's own SaveAutoGrades; an open cell that nobody graded gets no "No response." in the feedback.

    The open way is a choice: who answered by the form has left the open cell as it was.
    """

    def _add_comment(self, cell: Any, resources: Any) -> None:
        if is_grade(cell):
            super()._add_comment(cell, resources)
