"""The due date of a lab in nbgrader's gradebook, and who handed in after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from spamlab.content.identity import Workshop
from spamlab.grading import course as courses
from spamlab.rehearsal.players import Play


def set_now(workshop: Workshop, lab: str) -> None:
    """What is handed in from now on is late."""
    with courses.opened(workshop.course, courses.read_config(workshop.course)) as api, api.gradebook as book:
        book.find_assignment(lab).duedate = datetime.now(UTC).replace(tzinfo=None)
        book.db.commit()


def trouble(workshop: Workshop, lab: str, plays: Sequence[Play]) -> list[str]:
    """A sentence for each participant whose submission the gradebook does not call late or in time as it was."""
    if not any(play.late for play in plays):
        return []
    with courses.opened(workshop.course, courses.read_config(workshop.course)) as api, api.gradebook as book:
        late = {one.student.id: float(one.total_seconds_late) for one in book.assignment_submissions(lab)}
    found = []
    for play in plays:
        if play.participant in late and (late[play.participant] > 0) != play.late:
            found.append(f"{lab}: the gradebook calls the submission of {play.participant} "
                         f"{'late' if late[play.participant] > 0 else 'in time'}, and it was not")
    return found
