"""nbgrader's steps as functions: build, release, collect, grade, feedback, scores; fetch and submit for a participant.

All of them go through nbgrader's own classes in this process, so that its command line, the Formgrader and these agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spamlab.content.identity import Workshop
from spamlab.errors import GradingError, UsageError
from spamlab.grading import course as courses
from spamlab.grading.course import write_course

__all__ = ["ByHand", "build", "collect", "course_id", "export_scores", "feedback", "fetch", "fetch_feedback", "grade",
           "grade_all_by_hand", "grade_by_hand", "grade_course", "release", "submit", "write_course"]

MARK = ".spamlab-graded"
"""In a graded submission's folder: what it was graded from, so that it is not graded again unchanged."""

Progress = Callable[[int, int], None]


def course_id(workshop: Workshop) -> str:
    """nbgrader's name of the workshop's course, as its configuration says."""
    return str(courses.read_config(write_course(workshop)).CourseDirectory.get("course_id", courses.COURSE_ID))


def build(workshop: Workshop, lab: str) -> Path:
    """Write a lab's source notebook into the course; its folder. Raises ContentError with all faults of the lab."""
    from spamlab.course.build import write_source

    write_course(workshop)
    return write_source(workshop, lab)


def release(workshop: Workshop, lab: str) -> None:
    """Make the participants' version of a lab and put it into the exchange; a lab that is not built is built first."""
    if not (workshop.course / "source" / lab / f"{lab}.ipynb").is_file():
        build(workshop, lab)
    workshop.exchange.mkdir(parents=True, exist_ok=True)
    config = courses.read_config(write_course(workshop))
    config.ExchangeReleaseAssignment.force = True
    courses.make_gradebook(workshop.course)
    with courses.opened(workshop.course, config) as api:
        _done(api.generate_assignment(lab, force=True, create=True), f"{lab} can't be made ready for participants")
        _done(api.release_assignment(lab), f"{lab} can't be released")


def collect(workshop: Workshop, lab: str) -> list[str]:
    """Take what was submitted into the course, the last of each participant; the participants of whom there is work."""
    with courses.opened(workshop.course, courses.read_config(workshop.course)) as api:
        if not (workshop.exchange / courses.COURSE_ID / "inbound").is_dir():
            raise GradingError(f"{lab} is not released, so there is nothing to collect")
        _done(api.collect(lab, update=True), f"{lab} can't be collected")
    return submitted(workshop.course, lab)


def submitted(course: Path, lab: str) -> list[str]:
    """The participants whose submission of a lab lies in the course, sorted."""
    return sorted(path.parent.name for path in (course / "submitted").glob(f"*/{lab}") if path.is_dir())


def grade(workshop: Workshop, lab: str, participants: Sequence[str] | None = None, **how: Any) -> dict[str, Any]:
    """Grade what was collected: in the sandbox, by the judge. See `grading.run.grade_workshop`."""
    from spamlab.grading.run import grade_workshop

    return grade_workshop(workshop, lab, participants, **how)


def grade_course(course: Path, lab: str, participants: Sequence[str] | None = None, **how: Any) -> dict[str, Any]:
    """As `grade`, for a course folder: a workshop's, or an ordinary one of nbgrader's, whose own tests then count."""
    from spamlab.grading.run import grade_course as run

    return run(course, lab, participants, **how)


def feedback(workshop: Workshop, lab: str) -> list[str]:
    """Write the feedback of all graded submissions and release it; the participants who can fetch it."""
    with courses.opened(workshop.course, courses.read_config(workshop.course)) as api:
        graded = sorted(path.parent.name for path in (workshop.course / "autograded").glob(f"*/{lab}") if path.is_dir())
        if not graded:
            raise GradingError(f"no submission of {lab} is graded yet, so there is no feedback")
        _done(api.generate_feedback(lab, force=True), f"the feedback of {lab} can't be written")
        _done(api.release_feedback(lab), f"the feedback of {lab} can't be released")
    return graded


def export_scores(workshop: Workshop) -> list[dict[str, Any]]:
    """A row for each participant and released lab: participant, lab, score, max, submitted, needs_manual_grade, late.

    Who handed nothing in has the score 0.
    """
    rows: list[dict[str, Any]] = []
    with courses.opened(workshop.course, courses.read_config(workshop.course)) as api, api.gradebook as book:
        found = _scores(book)
        for name, most in found.labs:
            for participant in workshop.participants if name in workshop.labs else ():
                one = found.sums.get((name, participant))
                score, penalty, by_hand = one or (0.0, 0.0, False)
                rows.append({
                    "participant": participant, "lab": name, "score": max(0.0, score - penalty), "max": most,
                    "submitted": one is not None, "needs_manual_grade": by_hand, "late": penalty})
    return rows


@dataclass(frozen=True)
class _Scores:
    """labs: names and most points, as nbgrader orders them. sums: by lab and participant the points, the penalty for
    lateness, and whether a person has still to grade."""

    labs: Sequence[tuple[str, float]]
    sums: Mapping[tuple[str, str], tuple[float, float, bool]]


def _scores(book: Any) -> _Scores:
    """All scores of a gradebook in two statements, where nbgrader's own properties ask three for each submission."""
    from nbgrader.api import Assignment, Grade, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy import Integer, cast, func, select

    labs = [(str(name), float(most)) for name, most in book.db.execute(
        select(Assignment.name, Assignment.max_score).order_by(Assignment.duedate, Assignment.name))]
    penalty = func.coalesce(SubmittedNotebook.late_submission_penalty, 0.0)
    sums: dict[tuple[str, str], tuple[float, float, bool]] = {}
    for name, participant, score, late, by_hand in book.db.execute(
            select(Assignment.name, SubmittedAssignment.student_id, func.coalesce(func.sum(Grade.score), 0.0), penalty,
                   func.max(cast(Grade.needs_manual_grade, Integer)))
            .select_from(SubmittedAssignment).join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .outerjoin(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .outerjoin(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .group_by(Assignment.name, SubmittedAssignment.student_id, SubmittedNotebook.id, penalty)):
        key = (str(name), str(participant))
        before = sums.get(key, (0.0, 0.0, False))
        sums[key] = (before[0] + float(score), before[1] + float(late), before[2] or bool(by_hand))
    return _Scores(labs, sums)


@dataclass(frozen=True)
class ByHand:
    """The points that a person gives for one question, and a comment, "" for none."""

    participant: str
    question: str
    points: float
    comment: str = ""


def grade_by_hand(
    workshop: Workshop, lab: str, participant: str, question: str, points: float, comment: str = "",
) -> None:
    """Give the points of a question that a person grades, as the Formgrader does.

    Raises GradingError where no graded work of that participant is in the gradebook.
    """
    grade_all_by_hand(workshop, lab, [ByHand(participant, question, points, comment)])


def grade_all_by_hand(workshop: Workshop, lab: str, given: Sequence[ByHand]) -> None:
    """As `grade_by_hand`, for many; raises for the first that can't be given, with those before it written."""
    from nbgrader.api import MissingEntry

    with courses.opened(workshop.course, courses.read_config(workshop.course)) as api, api.gradebook as book:
        for one in given:
            try:
                grade_row = book.find_grade(one.question, lab, lab, workshop.known(one.participant))
                remark = book.find_comment(one.question, lab, lab, one.participant)
            except MissingEntry:
                raise GradingError(f"there is no graded work of {one.participant} on {one.question} of {lab}") from None
            if not 0 <= one.points <= grade_row.max_score:
                raise UsageError(f"the points of {one.question} lie between 0 and {grade_row.max_score:g}")
            grade_row.manual_score, grade_row.needs_manual_grade = one.points, False
            if one.comment:
                remark.manual_comment = one.comment
            book.db.commit()


def fetch(workshop: Workshop, participant: str, lab: str) -> Path:
    """Bring a released lab into a participant's home; the lab's folder there."""
    with _exchange(workshop, participant, lab) as (factory, given):
        _run(factory.FetchAssignment(**given), f"{lab} can't be fetched for {participant}")
    return workshop.home(participant) / lab


def submit(workshop: Workshop, participant: str, lab: str) -> None:
    """Hand in a participant's lab folder as it is, in the participant's name; links in it are left out."""
    with _exchange(workshop, participant, lab) as (factory, given):
        _run(factory.Submit(**given), f"{lab} can't be submitted for {participant}")


def fetch_feedback(workshop: Workshop, participant: str, lab: str) -> list[Path]:
    """Bring a participant's released feedback into the home; its pages, the newest submission's last."""
    with _exchange(workshop, participant, lab) as (factory, given):
        _run(factory.FetchFeedback(**given), f"the feedback of {lab} can't be fetched for {participant}")
    return sorted((workshop.home(participant) / lab / "feedback").glob("*/*.html"))


@contextmanager
def _exchange(workshop: Workshop, participant: str, lab: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    """nbgrader's exchange in a participant's name: CourseDirectory.student_id, not the name of the account."""
    home = workshop.home(participant)
    if lab not in workshop.labs:
        raise UsageError(f"there is no lab called {lab} in this workshop")
    home.mkdir(parents=True, exist_ok=True)
    config = courses.read_config(workshop.course)
    config.CourseDirectory.student_id = participant
    config.CourseDirectory.assignment_id = lab
    config.Exchange.assignment_dir = str(home)
    config.Exchange.cache = str(workshop.root / "caches" / participant)
    with courses.opened(workshop.course, config) as api:
        yield api.exchange, {"coursedir": api.coursedir, "authenticator": api.authenticator}


def _run(step: Any, what: str) -> None:
    from nbgrader.utils import capture_log

    _done(capture_log(step), what)


def _done(result: dict[str, Any], what: str) -> None:
    """Raise GradingError with the reason unless a step of nbgrader's has succeeded."""
    if not result["success"]:
        raise GradingError(f"{what}: {courses.reason(result)}")
