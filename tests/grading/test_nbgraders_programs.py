"""nbgrader's own programs on a workshop's course: one walk through all of them."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from spamlab.grading import steps

from .room import LAB, Room


def nbgrader(course: Path, *words: str) -> str:
    """One of nbgrader's programs in the course folder, as a trainer types it; what it said."""
    code = "from nbgrader.apps.nbgraderapp import main; main()"
    done = subprocess.run([sys.executable, "-c", code, *words], cwd=course, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout + done.stderr


def exported(course: Path) -> dict[str, str]:
    """p01's row of `nbgrader export`."""
    nbgrader(course, "export")
    with open(course / "grades.csv", encoding="utf-8", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["student_id"] == "p01")


@pytest.mark.slow
def test_a_walk_through_nbgraders_programs(room: Room) -> None:
    """db, collect, autograde, a manual grade kept over a regrade, a late penalty, export, feedback, and the API."""
    course = room.workshop.course
    nbgrader(course, "db", "student", "add", "p01", "--last-name=One", "--first-name=Participant")
    assert "p01" in nbgrader(course, "db", "student", "list")
    due = (datetime.now(UTC) - timedelta(hours=2)).strftime("%Y-%m-%d %H:%M:%S")
    nbgrader(course, "db", "assignment", "add", LAB, f"--duedate={due} UTC")
    assert LAB in nbgrader(course, "db", "assignment", "list")
    room.hand_in("p01", room.right())
    nbgrader(course, "collect", LAB)
    nbgrader(course, "autograde", LAB)
    assert room.points()["q1"] == 2.0
    row = exported(course)
    assert (float(row["raw_score"]), float(row["late_submission_penalty"])) == (5.0, 0.0)

    steps.grade_by_hand(room.workshop, LAB, "p01", "q4", 2.5, "Well read.")
    room.hand_in("p01", {"q1-twin": "192.0.2.250"})
    nbgrader(course, "collect", LAB, "--update")
    with open(course / "nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write("\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    nbgrader(course, "autograde", LAB, "--force")
    points = room.points()
    assert (points["q1"], points["q2"]) == (0.0, 3.0)
    row = exported(course)
    assert float(row["raw_score"]) == 5.5  # 3 by the judge, 2.5 by hand, kept over the regrade
    assert float(row["score"]) == 0.0  # two hours late, where late work counts nought
    assert float(row["late_submission_penalty"]) == 5.5

    nbgrader(course, "generate_feedback", LAB)
    nbgrader(course, "release_feedback", LAB)
    page = steps.fetch_feedback(room.workshop, "p01", LAB)[-1].read_text(encoding="utf-8")
    assert "Well read." in page
    assert "Late submission penalty" in page
    code = ("import json; from nbgrader.apps import NbGrader, NbGraderAPI; app = NbGrader(); app.initialize([]); "
            f"api = NbGraderAPI(config=app.config); made = api.autograde({LAB!r}, 'p01'); "
            f"print(json.dumps([made['success'], api.get_submission({LAB!r}, 'p01')['score']]))")
    done = subprocess.run([sys.executable, "-c", code], cwd=course, capture_output=True, text=True, timeout=180)
    assert json.loads(done.stdout.splitlines()[-1]) == [True, 5.5], done.stderr
