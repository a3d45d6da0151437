"""The one writer to nbgrader's gradebook while a lab is graded: one session, one transaction a submission.

It writes what nbgrader's Autograde, SaveAutoGrades and AssignLatePenalties (0.9.6) write, through nbgrader's own
tables, in a few statements where they take dozens: scores and remarks, never what a person has entered.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spamlab.errors import GradingError

LOCK = ".spamlab-grading.lock"
BUSY_MILLISECONDS = 30_000


@dataclass(frozen=True)
class _Sheet:
    """A notebook of the assignment: its id, and the ids of its graded cells (tasks too) and remarked cells by name."""

    id: str
    graded: Mapping[str, str] = field(default_factory=dict)
    remarked: Mapping[str, str] = field(default_factory=dict)


class Writer:
    """An open gradebook and one lab of it. Raises GradingError where it can't be read or written."""

    def __init__(self, url: str, course_id: str, lab: str, late: Callable[[], Any] | None = None) -> None:
        """late: gives nbgrader's plugin for late submissions; without it there are no penalties."""
        from nbgrader.api import Assignment, Gradebook, GradeCell, Notebook, SolutionCell, TaskCell
        from sqlalchemy import event, select
        from sqlalchemy.orm import sessionmaker

        self._late = late
        with told_as_grading("read"):
            self._book = Gradebook(url, course_id)
            engine = self._book.engine
            if engine.dialect.name == "sqlite":
                self._book.db.remove()
                engine.dispose()
                event.listen(engine, "connect", _quick_sqlite)
            self._db = sessionmaker(bind=engine, expire_on_commit=False)()
            found = self._db.execute(select(Assignment.id, Assignment.duedate).where(Assignment.name == lab)).first()
            if found is None:
                self.close()
                raise GradingError(f"the gradebook does not know {lab}; release it first")
            self._assignment, self._due = found
            self.sheets: dict[str, _Sheet] = {}
            for key, name in self._db.execute(select(Notebook.id, Notebook.name).where(
                    Notebook.assignment_id == self._assignment)).all():
                cells: dict[Any, dict[str, str]] = {
                    kind: dict(self._db.execute(select(kind.name, kind.id).where(kind.notebook_id == key)).all())
                    for kind in (GradeCell, SolutionCell, TaskCell)}
                self.sheets[name] = _Sheet(key, {**cells[GradeCell], **cells[TaskCell]},
                                           {**cells[SolutionCell], **cells[TaskCell]})
            self._db.rollback()

    def close(self) -> None:
        """Close the gradebook."""
        if hasattr(self, "_db"):
            self._db.close()
        self._book.close()

    def write(self, participant: str, timestamp: Any, grades: Mapping[str, Mapping[str, float | None]],
              remarks: Mapping[str, Mapping[str, str | None]]) -> None:
        """Write one submission, whole or not at all. grades, remarks: by notebook and grade_id, as a job tells them.

        timestamp: when it was handed in (naive UTC), or None. Raises GradingError.
        """
        from sqlalchemy.exc import IntegrityError

        with told_as_grading("written"):
            try:
                self._write_whole(participant, timestamp, grades, remarks)
            except IntegrityError:  # another writer has just made a row that we were making: now it is there
                self._write_whole(participant, timestamp, grades, remarks)

    def _write_whole(self, *what: Any) -> None:
        try:
            self._write(*what)
            self._db.commit()
        except BaseException:
            self._db.rollback()
            raise

    def scores(self) -> dict[str, float]:
        """The points of everybody who has a graded submission, sorted by participant."""
        from nbgrader.api import Grade, SubmittedAssignment, SubmittedNotebook
        from sqlalchemy import func, select

        with told_as_grading("read"):
            rows = self._db.execute(
                select(SubmittedAssignment.student_id, func.coalesce(func.sum(Grade.score), 0.0))
                .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
                .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
                .where(SubmittedAssignment.assignment_id == self._assignment)
                .group_by(SubmittedAssignment.student_id)).all()
            self._db.rollback()
        return {str(name): round(float(score), 4) for name, score in sorted(rows)}

    def known(self) -> set[str]:
        """The participants of whom it has a submission of the lab."""
        from nbgrader.api import SubmittedAssignment
        from sqlalchemy import select

        with told_as_grading("read"):
            found = set(self._db.execute(select(SubmittedAssignment.student_id).where(
                SubmittedAssignment.assignment_id == self._assignment)).scalars())
            self._db.rollback()
        return found

    def points(self) -> dict[str, dict[str, float | None]]:
        """The automatic points of every graded cell: participant -> grade_id -> points, None where a person decides."""
        from nbgrader.api import BaseCell, Grade, SubmittedAssignment, SubmittedNotebook
        from sqlalchemy import select

        found: dict[str, dict[str, float | None]] = {}
        with told_as_grading("read"):
            for name, cell, score in self._db.execute(
                    select(SubmittedAssignment.student_id, BaseCell.name, Grade.auto_score)
                    .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
                    .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
                    .join(BaseCell, BaseCell.id == Grade.cell_id)
                    .where(SubmittedAssignment.assignment_id == self._assignment)).all():
                found.setdefault(str(name), {})[str(cell)] = None if score is None else float(score)
            self._db.rollback()
        return found

    def _write(self, participant: str, timestamp: Any, grades: Mapping[str, Mapping[str, float | None]],
               remarks: Mapping[str, Mapping[str, str | None]]) -> None:
        from nbgrader.api import Student, SubmittedAssignment, SubmittedNotebook
        from sqlalchemy import select, update

        db = self._db
        # The first statement is a write, so that SQLite gives the right to write at once or waits for it.
        values = {"timestamp": timestamp} if timestamp is not None else {"student_id": participant}
        db.execute(update(SubmittedAssignment).where(
            SubmittedAssignment.assignment_id == self._assignment, SubmittedAssignment.student_id == participant,
        ).values(**values), execution_options={"synchronize_session": False})
        if db.get(Student, participant) is None:
            db.add(Student(id=participant))
            db.flush()
        submission = db.execute(select(SubmittedAssignment).where(
            SubmittedAssignment.assignment_id == self._assignment, SubmittedAssignment.student_id == participant,
        ).execution_options(populate_existing=True)).scalar_one_or_none()
        if submission is None:
            submission = SubmittedAssignment(assignment_id=self._assignment, student_id=participant,
                                             timestamp=timestamp)
            db.add(submission)
            db.flush()
        for name, sheet in self.sheets.items():
            notebook = db.execute(select(SubmittedNotebook).where(
                SubmittedNotebook.notebook_id == sheet.id, SubmittedNotebook.assignment_id == submission.id,
            )).scalar_one_or_none()
            if notebook is None:
                notebook = SubmittedNotebook(notebook_id=sheet.id, assignment_id=submission.id)
                db.add(notebook)
                db.flush()
            score = _write_grades(db, notebook.id, sheet.graded, grades.get(name, {}))
            _write_remarks(db, notebook.id, sheet.remarked, remarks.get(name, {}))
            if self._late is not None:
                notebook.late_submission_penalty = self._penalty(self._late, submission, participant, score)
        db.flush()
        db.expunge_all()

    def _penalty(self, plugin: Callable[[], Any], submission: Any, participant: str, score: float) -> float | None:
        if self._due is None or submission.timestamp is None:
            return None
        late = float(submission.total_seconds_late)
        if late <= 0:
            return None
        penalty = plugin().late_submission_penalty(participant, score, late)
        return None if penalty is None else min(max(0.0, float(penalty)), score)


@contextmanager
def only_one(course: Path) -> Iterator[None]:
    """The right to grade a course, held by one process at a time; raises GradingError where another one has it."""
    handle = os.open(course / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise GradingError("another grading of this course is under way; wait for its end") from None
        yield
    finally:
        os.close(handle)


@contextmanager
def told_as_grading(doing: str) -> Iterator[None]:
    """Turn a fault of the database into a GradingError of one sentence, without its address."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()
        raise GradingError(f"the gradebook can't be {doing}: {cause[0] if cause else type(error).__name__}") from error


def _write_grades(db: Any, notebook: str, cells: Mapping[str, str], values: Mapping[str, float | None]) -> float:
    """The rows of graded cells: one for each, made where it is missing, changed where `values` names the cell; the sum
    of scores. As a table's rows, for as objects they would take most of the time of writing."""
    from nbgrader.api import Grade

    table = Grade.__table__
    found = _rows(db, table, notebook, cells)
    new, changed, total = [], [], 0.0
    for name, cell in cells.items():
        row = found.get(cell)
        manual, extra = (None, None) if row is None else (row.manual_score, row.extra_credit)
        auto = None if row is None else row.auto_score
        if name in values:
            given = values[name]
            auto = None if given is None else float(given)
            changed += [] if row is None else [{
                "row": row.id, "auto_score": auto, "needs_manual_grade": manual is not None or auto is None}]
        if row is None:
            new.append({"cell_id": cell, "notebook_id": notebook, "auto_score": auto,
                        "needs_manual_grade": auto is None})
        score = manual if manual is not None else auto
        total += 0.0 if score is None else score + (extra or 0.0)
    _put_rows(db, table, new, changed)
    return total


def _write_remarks(db: Any, notebook: str, cells: Mapping[str, str], values: Mapping[str, str | None]) -> None:
    """The same for the rows of cells that may bear a remark."""
    from nbgrader.api import Comment

    table = Comment.__table__
    found = _rows(db, table, notebook, cells)
    _put_rows(db, table, [{"cell_id": cell, "notebook_id": notebook, "auto_comment": values.get(name)}
                          for name, cell in cells.items() if cell not in found],
              [{"row": found[cell].id, "auto_comment": values[name]}
               for name, cell in cells.items() if cell in found and name in values])


def _rows(db: Any, table: Any, notebook: str, cells: Mapping[str, str]) -> dict[str, Any]:
    """The rows that are there, by cell."""
    from sqlalchemy import select

    # By cell first: nbgrader's unique index is (cell_id, notebook_id), and without it each look reads the whole table.
    return {row.cell_id: row for row in db.execute(select(table).where(
        table.c.cell_id.in_(list(cells.values())), table.c.notebook_id == notebook))}


def _put_rows(db: Any, table: Any, new: list[dict[str, Any]], changed: list[dict[str, Any]]) -> None:
    """changed: with the row's id as "row"."""
    from sqlalchemy import bindparam, insert, update

    if new:
        db.execute(insert(table), new)
    if changed:
        db.connection().execute(update(table).where(table.c.id == bindparam("row")), changed)


def _quick_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()
