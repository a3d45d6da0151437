"""A workshop with many submissions of the tiny lab, and what its gradebook says, for tests of long runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from spamlab.content.identity import Workshop, create_workshop
from spamlab.grading import steps
from spamlab.judge.ledger import open_ledger

from .room import FIND, LAB, SECRET, SOURCE, Room

Rows = dict[str, list[tuple[Any, ...]]]


def crowd(folder: Path, count: int, **addresses: str) -> Workshop:
    """A workshop in which `count` participants have handed in: all right, a wrong number, or without a function.

    addresses: "gradebook_url" and "ledger_url", where they do not lie in its folder.
    """
    shutil.copytree(SOURCE, folder / "labs" / LAB, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "labs" / LAB / "notebook.percent").rename(folder / "labs" / LAB / "notebook.py")
    workshop = create_workshop(folder / "workshop", title="Crowd", labs=[LAB], participants=count, secret=SECRET,
                               labs_folder=folder / "labs", **addresses)
    open_ledger(workshop).close()
    steps.build(workshop, LAB)
    steps.release(workshop, LAB)
    released = json.loads((workshop.course / "release" / LAB / f"{LAB}.ipynb").read_text(encoding="utf-8"))
    for number, participant in enumerate(workshop.participants):
        hand_in(Room(workshop), participant, json.loads(json.dumps(released)), number)
    return workshop


def hand_in(room: Room, participant: str, notebook: dict[str, Any], number: int) -> None:
    """Put a submission where nbgrader collects it; `number` decides what is right in it."""
    folder = room.workshop.course / "submitted" / participant / LAB
    (folder / "answers").mkdir(parents=True)
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "q3-open" and number % 3:
            cell["source"] = FIND
    (folder / f"{LAB}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (folder / "timestamp.txt").write_text("2026-11-24 10:00:00 UTC", encoding="utf-8")
    answers = room.right(participant)
    if number % 4 == 0:
        answers["q2-twin"] = 5
    for name, value in answers.items():
        (folder / "answers" / f"{name}.json").write_text(json.dumps({"answer": value}), encoding="utf-8")


def rows(workshop: Workshop) -> Rows:
    """All that the gradebook says of grades, remarks and submissions, without the ids that are drawn at random."""
    from nbgrader.api import BaseCell, Comment, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy import select

    found: Rows = {}
    with Gradebook(workshop.gradebook_address) as book:
        for kind, columns in ((Grade, (Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade)),
                              (Comment, (Comment.auto_comment, Comment.manual_comment))):
            asked = (select(SubmittedAssignment.student_id, BaseCell.name, *columns)
                     .join(SubmittedNotebook, SubmittedNotebook.id == kind.notebook_id)
                     .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
                     .join(BaseCell, BaseCell.id == kind.cell_id))
            found[kind.__tablename__] = sorted(map(tuple, book.db.execute(asked).all()), key=repr)
        asked = select(SubmittedAssignment.student_id, SubmittedAssignment.timestamp,
                       SubmittedNotebook.late_submission_penalty).join(
            SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        found["submission"] = sorted(map(tuple, book.db.execute(asked).all()), key=repr)
    return found


def noted(workshop: Workshop) -> dict[str, Any]:
    """What the ledger says at last of each graded question, and its traces, without times and repetitions."""
    ledger = open_ledger(workshop)
    try:
        entries = ledger.entries(lab=LAB)
    finally:
        ledger.close()
    graded = {(one.participant, one.question): (one.answer, one.state, one.code, one.share, one.points)
              for one in entries if one.event == "graded"}
    return {"graded": graded, "traces": {(one.participant, one.question, one.code) for one in entries
                                         if one.event == "note"}}


def graded_count(workshop: Workshop) -> int:
    """How many submissions are graded and marked so."""
    return len(list((workshop.course / "autograded").glob(f"*/{LAB}/.spamlab-graded")))
