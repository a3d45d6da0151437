"""A whole small workshop whose gradebook and ledger lie in PostgreSQL: every step reads and writes there alone."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from grading.room import FIND, LAB, SECRET, SOURCE, Room
from workshop.server import serving

from spamlab.content.identity import create_workshop, read_workshop
from spamlab.errors import GradingError, ServiceError
from spamlab.grading import course as courses
from spamlab.grading import steps
from spamlab.judge.ledger import open_ledger
from spamlab.workshop.scores import Scores, read_scores

from .server import PASSWORD, QUOTED, Server

Maker = Callable[[str], Room]


@pytest.fixture
def make(postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Maker:
    """Makes the small workshop with its files, or with one PostgreSQL database for both; its lab is not released."""
    monkeypatch.delenv("PGPASSWORD", raising=False)
    shutil.copytree(SOURCE, tmp_path / "labs" / LAB, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "labs" / LAB / "notebook.percent").rename(tmp_path / "labs" / LAB / "notebook.py")

    def made(name: str) -> Room:
        url = postgres.url(postgres.database()) if name == "postgresql" else ""
        workshop = create_workshop(tmp_path / name, title="Test", labs=[LAB], participants=3, secret=SECRET,
                                   labs_folder=tmp_path / "labs", gradebook_url=url, ledger_url=url)
        open_ledger(workshop).close()
        return Room(workshop)

    yield made
    os.environ.pop("PGPASSWORD", None)


def no_file(room: Room) -> bool:
    """Whether nothing of the workshop's lies in a SQLite file."""
    root = room.workshop.root
    return not [path for path in root.rglob("*")
                if path.suffix in {".db", ".sqlite"} or path.name.startswith(".gradebook")]


def nbgrader(room: Room, *words: str) -> str:
    """Run nbgrader's command line in the course folder; what it said."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    done = subprocess.run([sys.executable, "-m", "nbgrader", *words], cwd=room.workshop.course, env=env,
                          capture_output=True, text=True, timeout=180)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert PASSWORD not in said
    assert QUOTED not in said
    return said


def played(room: Room) -> dict[str, Any]:
    """The workshop from release to scores; all that must be the same on every database."""
    steps.release(room.workshop, LAB)
    room.hand_in("p01", room.right("p01"), {"q3-own": FIND})
    wrong = room.right("p02")
    wrong["q2-twin"] += 1
    room.hand_in("p02", {**wrong, "q4": {"to": "A", "text": "A letter\0with a NUL"}})
    told = room.grade()
    assert not told["failed"], told["reasons"]
    steps.grade_by_hand(room.workshop, LAB, "p02", "q4", 2, "Good; say whom it concerns.")
    page = room.page("p02")
    ledger = open_ledger(room.workshop)
    entries = [(one.participant, one.question, one.event, one.state, one.code, one.share, one.points)
               for one in ledger.entries()]
    ledger.close()
    again = steps.grade(room.workshop, LAB)
    return {
        "graded": told["graded"], "scores": told["scores"], "unchanged": again["unchanged"], "again": again["scores"],
        "points": [room.points("p01"), room.points("p02")], "rows": steps.export_scores(room.workshop),
        "ledger": sorted(entries), "remark": "say whom it concerns" in page,
    }


def test_the_same_workshop_on_both_databases(make: Maker) -> None:
    """Release, submit, collect, grade, a grade by hand, feedback and scores end alike, and no file appears."""
    files, server = make("sqlite"), make("postgresql")
    ours = played(server)
    assert ours == played(files)
    assert ours["remark"]
    assert ours["graded"] == ["p01", "p02"]
    assert no_file(server)
    assert not no_file(files)
    scores = read_scores(server.workshop, Scores())
    assert not scores.trouble
    assert [row["score"] for row in scores.rows] == [row["score"] for row in ours["rows"]]


@pytest.mark.slow
def test_nbgraders_own_programs_use_it_too(make: Maker, tmp_path: Path) -> None:
    """Its command line makes an assignment, autogrades, exports and upgrades, all in the same gradebook."""
    room = make("postgresql")
    steps.build(room.workshop, LAB)
    nbgrader(room, "generate_assignment", LAB, "--force")
    steps.release(room.workshop, LAB)
    room.hand_in("p01", room.right("p01"))
    steps.collect(room.workshop, LAB)
    nbgrader(room, "autograde", LAB)
    nbgrader(room, "export", f"--to={tmp_path / 'out.csv'}")
    assert "postgresql+psycopg" in nbgrader(room, "db", "upgrade")
    with (tmp_path / "out.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    ours = {row["participant"]: row["score"] for row in steps.export_scores(room.workshop)}
    assert float(rows["p01"]["score"]) == ours["p01"] == 5.0
    assert no_file(room)


@pytest.mark.e2e
def test_the_formgrader_uses_it_too(make: Maker, tmp_path: Path, free_port: int) -> None:
    """On a real server the Formgrader lists, autogrades by its button and takes a grade by hand, in PostgreSQL."""
    room = make("postgresql")
    steps.release(room.workshop, LAB)
    room.hand_in("p01", room.right("p01"))
    steps.collect(room.workshop, LAB)
    with serving(room.workshop.course, tmp_path / "server", free_port) as server:
        said = server.ask(f"/formgrader/api/submission/{LAB}/p01/autograde", post=True)
        assert said["success"], said
        assert [one["num_submissions"] for one in server.ask("/formgrader/api/assignments")] == [1]
        found = {one["student"]: one["score"] for one in server.ask(f"/formgrader/api/submissions/{LAB}")}
        assert found["p01"] == 5.0
        for path in ("students", "notebooks/" + LAB, f"submitted_notebooks/{LAB}/{LAB}", "student_submissions/p01"):
            server.ask(f"/formgrader/api/{path}")
    assert no_file(room)
    assert room.points("p01")["q1"] == 2.0


def test_a_broken_identity_stops_nbgrader(make: Maker) -> None:
    """Where workshop.toml can't be read or names no address, nbgrader ends and writes no gradebook of its own."""
    room = make("postgresql")
    courses.write_course(room.workshop)
    file = room.workshop.root / "workshop.toml"
    whole = file.read_text(encoding="utf-8")
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for broken in (None, "gradebook_url = ", 'gradebook_url = "mysql://u@h/d"\n', "gradebook_url = 5\n"):
        file.unlink(missing_ok=True)
        if broken is not None:
            file.write_text(broken, encoding="utf-8")
        done = subprocess.run([sys.executable, "-m", "nbgrader", "db", "student", "list"], cwd=room.workshop.course,
                              env=env, capture_output=True, text=True, timeout=60)
        assert done.returncode != 0
        assert "nbgrader stops" in done.stderr
        with pytest.raises(GradingError, match="nbgrader stops"):
            courses.read_config(room.workshop.course)
    file.write_text(whole, encoding="utf-8")
    assert no_file(room)


def test_a_configuration_of_before_is_refused(make: Maker) -> None:
    """A course whose nbgrader_config.py does not read the address, or that holds a gradebook.db, goes no further."""
    room = make("postgresql")
    config = courses.write_course(room.workshop) / courses.CONFIG
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("c.CourseDirectory.db_url", "c.CourseDirectory.other"), encoding="utf-8")
    with pytest.raises(GradingError, match=r"does not take its gradebook from workshop\.toml"):
        steps.release(room.workshop, LAB)
    config.write_text(text, encoding="utf-8")
    (room.workshop.course / "gradebook.db").touch()
    with pytest.raises(GradingError, match=r"gradebook\.db beside"):
        steps.release(room.workshop, LAB)


def test_a_server_that_is_gone_is_told(make: Maker, postgres: Server) -> None:
    """Each step says in one sentence that the gradebook can't be used, and works again when the server is back."""
    room = make("postgresql")
    steps.release(room.workshop, LAB)
    room.hand_in("p01", room.right("p01"))
    steps.collect(room.workshop, LAB)
    postgres.stop()
    try:
        for tried in (lambda: steps.release(room.workshop, LAB), lambda: steps.grade(room.workshop, LAB),
                      lambda: steps.export_scores(room.workshop)):
            with pytest.raises((GradingError, ServiceError)) as told:
                tried()
            assert PASSWORD not in str(told.value)
            assert "\n" not in str(told.value)
        assert "can't be" in read_scores(room.workshop, Scores()).trouble
    finally:
        postgres.start()
    assert steps.grade(room.workshop, LAB)["scores"] == {"p01": 5.0}


def test_a_submission_sees_no_password(make: Maker) -> None:
    """What libpq would read from the environment does not reach a participant's code."""
    room = make("postgresql")
    steps.release(room.workshop, LAB)
    room.hand_in("p01", room.right("p01"), {"q1-open": "import os\nprint(sorted(os.environ))\nprint(dict(os.environ))"})
    assert not room.grade()["failed"]
    shown = json.dumps(room.graded("p01")["q1-open"]["outputs"])
    assert "PGPASSWORD" not in shown
    assert PASSWORD not in shown
    assert read_workshop(room.workshop.root).gradebook_url not in repr(room.workshop)
