"""All scores of a gradebook, read in two statements."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from spamlab.grading.course import make_gradebook
from spamlab.grading.steps import _scores


@pytest.mark.parametrize("students", [1, 12])
def test_two_statements_say_what_nbgraders_own_properties_say(tmp_path: Path, students: int) -> None:
    """Points, penalties, grading by hand and most points are nbgrader's, in two statements for any room."""
    from nbgrader.api import Gradebook
    from sqlalchemy import event

    make_gradebook(tmp_path)
    with warnings.catch_warnings(), Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}", "c") as book:
        warnings.simplefilter("ignore")
        book.add_assignment("lab")
        for notebook in ("one", "two"):
            book.add_notebook(notebook, "lab")
            for cell in ("q1", "q2"):
                book.add_grade_cell(cell, notebook, "lab", max_score=3, cell_type="code")
        for number in range(students):
            name = f"p{number:02d}"
            book.add_student(name)
            book.add_submission("lab", name)
            for place, notebook in enumerate(("one", "two")):
                sheet = book.find_submission_notebook(notebook, "lab", name)
                sheet.late_submission_penalty = 0.5 if number % 2 else None
                for cell in ("q1", "q2"):
                    grade = book.find_grade(cell, notebook, "lab", name)
                    grade.auto_score, grade.needs_manual_grade = 1.0 + place, number % 3 == 0
                    grade.manual_score = 2.5 if number == 5 else None
        book.db.commit()
        asked: list[str] = []
        event.listen(book.engine, "before_cursor_execute", lambda _c, _k, statement, *_rest: asked.append(statement))
        found = _scores(book)
        assert len(asked) == 2
        assert found.labs == [("lab", 12.0)]
        assert len(found.sums) == students
        for one in book.assignment_submissions("lab"):
            penalty = sum(notebook.late_submission_penalty or 0.0 for notebook in one.notebooks)
            assert found.sums["lab", one.student_id] == (one.score, penalty, one.needs_manual_grade)
