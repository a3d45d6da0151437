"""nbgrader's steps as functions: build, release, collect, grade, feedback, scores; fetch and submit for a participant.

All of them go through nbgrader's own classes in this process, so that its command line, the Formgrader and these agree.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from spamlab.content.identity import Workshop
from spamlab.course.build import write_source
from spamlab.errors import GradingError, UsageError
from spamlab.grading import course as courses
from spamlab.grading.course import write_course
from spamlab.grading.protection import level_for

__all__ = ["build", "collect", "course_id", "export_scores", "feedback", "fetch", "fetch_feedback", "grade",
           "grade_by_hand", "grade_course", "release", "submit", "write_course"]

MARK = ".spamlab-graded"
"""In a graded submission's folder: what it was graded from, so that it is not graded again unchanged."""

Progress = Callable[[int, int], None]


def course_id(workshop: Workshop) -> str:
    """nbgrader's name of the workshop's course, as its configuration says."""
    return str(courses.read_config(write_course(workshop)).CourseDirectory.get("course_id", courses.COURSE_ID))


def build(workshop: Workshop, lab: str) -> Path:
    """Write a lab's source notebook into the course; its folder. Raises ContentError with all faults of the lab."""
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


def grade(workshop: Workshop, lab: str, participants: Sequence[str] | None = None, *, sandbox: str = "",
          again: bool = False, progress: Progress | None = None) -> dict[str, Any]:
    """Grade what was collected: in the sandbox, by the judge.

    participants: these alone. sandbox: the lowest level that will do ("bubblewrap", "plain"). again: also what has
    not changed since it was graded. Returns {"graded", "unchanged", "failed": participants, "seconds", "scores":
    {participant: points}, "sandbox": level, "reasons": {participant: sentence}}. Raises GradingError, before anything
    of a participant's has run, where workshop, lab, configuration or sandbox are not as they must be.
    """
    for name in participants or ():
        workshop.known(name)
    from spamlab.grading.marking import read_paper

    config = courses.read_config(workshop.course)
    courses.check_config(config)
    if workshop.participants:
        read_paper(workshop.root, lab, workshop.participants[0])
    config.JudgedExecute.workshop = str(workshop.root)
    config.JudgedExecute.sandbox = sandbox
    return _grade(workshop.course, lab, config, sandbox, participants, again, progress, _lab_files(workshop, lab))


def grade_course(course: Path, lab: str, *, sandbox: str = "", again: bool = False, progress: Progress | None = None,
                 ) -> dict[str, Any]:
    """As `grade`, for a course folder: a workshop's, or an ordinary one of nbgrader's, whose own tests then count."""
    course = Path(course).absolute()
    if not course.is_dir():
        raise UsageError(f"there is no course folder called {course.name}")
    workshop = courses.workshop_of(course)
    if workshop is not None and workshop.course == course:
        return grade(workshop, lab, sandbox=sandbox, again=again, progress=progress)
    config = courses.ordinary_config(course)
    config.SandboxedExecute.sandbox = sandbox
    return _grade(course, lab, config, sandbox, None, again, progress, [course / "source" / lab])


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
        for assignment in book.assignments:
            if assignment.name not in workshop.labs:
                continue
            found = {one.student.id: one for one in assignment.submissions}
            for participant in workshop.participants:
                one = found.get(participant)
                penalty = sum(notebook.late_submission_penalty or 0.0 for notebook in one.notebooks) if one else 0.0
                rows.append({
                    "participant": participant, "lab": assignment.name,
                    "score": max(0.0, float(one.score) - penalty) if one else 0.0,
                    "max": float(assignment.max_score), "submitted": one is not None,
                    "needs_manual_grade": bool(one.needs_manual_grade) if one else False, "late": penalty})
    return rows


def grade_by_hand(
    workshop: Workshop, lab: str, participant: str, question: str, points: float, comment: str = "",
) -> None:
    """Give the points of a question that a person grades, as the Formgrader does.

    Raises GradingError where no graded work of that participant is in the gradebook.
    """
    from nbgrader.api import MissingEntry

    with courses.opened(workshop.course, courses.read_config(workshop.course)) as api, api.gradebook as book:
        try:
            grade_row = book.find_grade(question, lab, lab, workshop.known(participant))
            remark = book.find_comment(question, lab, lab, participant)
        except MissingEntry:
            raise GradingError(f"there is no graded work of {participant} on {question} of {lab}") from None
        if not 0 <= points <= grade_row.max_score:
            raise UsageError(f"the points of {question} lie between 0 and {grade_row.max_score:g}")
        grade_row.manual_score, grade_row.needs_manual_grade = points, False
        if comment:
            remark.manual_comment = comment
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


def _grade(course: Path, lab: str, config: Any, sandbox: str, participants: Sequence[str] | None, again: bool,
           progress: Progress | None, sources: Sequence[Path]) -> dict[str, Any]:
    level = level_for(sandbox)
    began = time.monotonic()
    names = [name for name in submitted(course, lab) if participants is None or name in participants]
    told: dict[str, Any] = {"graded": [], "unchanged": [], "failed": [], "seconds": 0.0, "scores": {},
                            "sandbox": level.label, "reasons": {}}
    from_these = _digest(sources)
    with courses.opened(course, config) as api:
        for number, name in enumerate(names):
            mark = hashlib.sha256(f"{from_these} {_digest([course / 'submitted' / name / lab])}".encode()).hexdigest()
            path = course / "autograded" / name / lab / MARK
            if not again and path.is_file() and path.read_text(encoding="utf-8") == mark:
                told["unchanged"].append(name)
            else:
                result = api.autograde(lab, name, force=True, create=True)
                if result["success"] and path.parent.is_dir():
                    path.write_text(mark, encoding="utf-8")
                    told["graded"].append(name)
                else:
                    told["failed"].append(name)
                    told["reasons"][name] = _reason(result)
            if progress is not None:
                progress(number + 1, len(names))
        told["scores"] = _scores(api, lab, names)
    told["seconds"] = round(time.monotonic() - began, 3)
    return told


def _scores(api: Any, lab: str, names: Sequence[str]) -> dict[str, float]:
    """The points of those who have a graded submission."""
    from nbgrader.api import MissingEntry

    found = {}
    with api.gradebook as book:
        try:
            submissions = book.assignment_submissions(lab)
        except MissingEntry:
            raise GradingError(f"the gradebook does not know {lab}; release it first") from None
        for one in submissions:
            if one.student.id in names:
                found[one.student.id] = round(float(one.score), 4)
    return {name: found[name] for name in names if name in found}


def _lab_files(workshop: Workshop, lab: str) -> list[Path]:
    """What a score depends on beside the submission: the lab, its release, the judge, the workshop's secret."""
    package = Path(__file__).resolve().parents[1]
    return [workshop.labs_folder / lab, workshop.course / "release" / lab, workshop.course / courses.CONFIG,
            workshop.secret_file, package / "judge", package / "grading", package / "generate"]


def _digest(paths: Sequence[Path]) -> str:
    """SHA-256 over the names and bytes of all files."""
    total = hashlib.sha256()
    for root in paths:
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts:
                name = path.relative_to(root.parent).as_posix()
                total.update(name.encode("utf-8", "surrogateescape") + b"\0")
                total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


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
        raise GradingError(f"{what}: {_reason(result)}")


def _reason(result: dict[str, Any]) -> str:
    """Why a step failed, in one line: the last error of its log that says something, without traces."""
    log = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in str(result.get("log", "")).splitlines()]
    found = [line for line in log if re.match(r"[\w.]*(Error|Exception): ", line)]
    if not found:
        found = [line[8:] for line in log if line.startswith("[ERROR] ") and "Traceback" not in line]
    last = (found or str(result.get("error", "")).strip().splitlines() or ["no reason was given"])[-1]
    return re.sub(r"^[\w.]*(Error|Exception): ", "", last).strip()[:400]
