"""nbgrader's steps, end to end over the small lab."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from spamlab.content.identity import create_workshop
from spamlab.errors import GradingError, UsageError
from spamlab.grading import steps
from spamlab.judge.ledger import Ledger

from .room import FIND, LAB, Room

NBGRADER = Path(sys.executable).with_name("nbgrader")


def test_the_whole_way(room: Room) -> None:
    """Forms' answers, typed answers and a function earn their points, and the feedback says why."""
    room.hand_in("p01", room.right(), {"q3-open": FIND})
    truth = room.truth("p02")
    typed = {"q1-open": f'answer("q1-twin", "{truth.handover_address}")',
             "q2-open": f'answer("q2-twin", {int(truth.notes["number"]) + 1})',
             "q3-open": "def find(raw):\n    return '192.0.2.1'"}
    room.hand_in("p02", {}, typed)
    told = room.grade()
    assert told["graded"] == ["p01", "p02"]
    assert told["failed"] == []
    assert room.points("p01") == {"q1": 2.0, "q2": 3.0, "q3": 4.0, "q4": 0.0}
    assert room.points("p02") == {"q1": 2.0, "q2": 1.5, "q3": 0.0, "q4": 0.0}
    assert told["scores"] == {"p01": 9.0, "p02": 3.5}
    assert "That is the number as it stands." in room.page("p02")


def test_a_graded_cell_holds_one_result_of_ours(room: Room) -> None:
    """The score stands as the one execute_result, the reason as escaped text; nothing else is in the cell."""
    room.hand_in("p01", {"q1-twin": "203.0.113.254"})
    room.grade()
    outputs = room.graded()["q1"]["outputs"]
    assert [one["output_type"] for one in outputs] == ["execute_result", "display_data"]
    assert outputs[0]["data"]["text/plain"] == "0.0"


def test_what_did_not_change_is_not_graded_again(room: Room) -> None:
    """A second grading does nothing; a new submission, or a change of the lab, is graded."""
    room.hand_in("p01", room.right())
    assert room.grade()["graded"] == ["p01"]
    assert room.grade()["unchanged"] == ["p01"]
    assert room.grade(again=True)["graded"] == ["p01"]
    room.hand_in("p01", {"q1-twin": "203.0.113.254", "q2-twin": 1})
    told = room.grade()
    assert told["graded"] == ["p01"]
    assert told["scores"] == {"p01": 0.0}


def test_grading_twice_gives_the_same(room: Room) -> None:
    """Two gradings of one submission write the same notebook, byte for byte."""
    room.hand_in("p01", room.right(), {"q2-open": "print({1, 2, 'a', 'b'}, hash('x'))", "q3-open": FIND})
    path = room.workshop.course / "autograded" / "p01" / LAB / f"{LAB}.ipynb"
    room.grade()
    first = path.read_bytes()
    room.grade(again=True)
    assert path.read_bytes() == first


def test_who_handed_nothing_in_has_nothing(room: Room) -> None:
    """A participant without a submission is in the scores with 0, and not among the graded."""
    room.hand_in("p01", room.right())
    room.grade()
    rows = {row["participant"]: row for row in steps.export_scores(room.workshop)}
    assert (rows["p01"]["score"], rows["p01"]["max"], rows["p01"]["submitted"]) == (5.0, 12.0, True)
    assert (rows["p02"]["score"], rows["p02"]["max"], rows["p02"]["submitted"]) == (0.0, 12.0, False)


def test_submissions_are_in_the_participants_name(room: Room) -> None:
    """What is submitted on behalf of p02 lies in the exchange as p02's, whoever this process belongs to."""
    room.hand_in("p02", room.right("p02"))
    names = [path.name for path in (room.workshop.exchange / "spamlab" / "inbound").iterdir()]
    assert [name.split("+")[:2] for name in names] == [["p02", LAB]]
    assert steps.collect(room.workshop, LAB) == ["p02"]


def test_a_letter_waits_for_a_person(room: Room) -> None:
    """A saved letter stands as text in its cell, needs a person, and keeps the person's points through a regrading."""
    letter = {"to": "abuse@a.example", "text": "Dear Sirs,\n```\n<script>alert(1)</script>"}
    room.hand_in("p01", {**room.right(), "q4": letter})
    room.grade()
    cell = room.graded()["q4"]
    assert "Dear Sirs" in cell["source"]
    assert cell["source"].startswith("````text\n")
    assert cell["source"].endswith("- 3: The letter says what happened.")
    assert room.points()["q4"] is None
    assert steps.export_scores(room.workshop)[0]["needs_manual_grade"]
    steps.grade_by_hand(room.workshop, LAB, "p01", "q4", 2.5, "Good.")
    assert steps.export_scores(room.workshop)[0]["score"] == 7.5
    assert "<script>alert" not in room.page()
    with pytest.raises(UsageError, match="between 0 and 3"):
        steps.grade_by_hand(room.workshop, LAB, "p01", "q4", 4)


def test_a_letter_written_into_the_cell_stays(room: Room) -> None:
    """What a participant wrote into the cell is not replaced by what was saved in the form."""
    room.hand_in("p01", {"q4": {"to": "x", "text": "form"}}, {"q4": "My own words."})
    room.grade()
    assert room.graded()["q4"]["source"].startswith("My own words.\n\n**Rubric")


def test_a_long_line_of_a_letter_is_wrapped(room: Room) -> None:
    """The grader's page cuts long lines, so a letter's lines are broken between words; no word is lost."""
    text = "word " * 60
    room.hand_in("p01", {"q4": {"to": "x", "text": text}})
    room.grade()
    source = room.graded()["q4"]["source"]
    assert max(len(line) for line in source.splitlines()) <= 100
    assert source.count("word") == 60


def test_an_open_cell_without_an_answer_gets_no_remark(room: Room) -> None:
    """Who answers by the form leaves the open cell as it was; the feedback does not say "No response." of it."""
    room.hand_in("p01", {**room.right(), "q4": {"to": "x", "text": "Dear Sirs"}})
    room.grade()
    assert "No response" not in room.page()


def test_verdicts_go_into_the_ledger(room: Room) -> None:
    """Each graded question is an entry with its state and points."""
    room.hand_in("p01", {"q1-twin": room.right()["q1-twin"]}, {"q3-open": FIND})
    room.grade()
    ledger = Ledger(room.workshop.ledger_file)
    found = {entry.question: (entry.state, entry.points) for entry in ledger.entries(event="graded")}
    ledger.close()
    assert found == {"q1": ("right", 2.0), "q2": ("missing", 0.0), "q3": ("right", 4.0)}


def test_nbgraders_own_command_grades_the_same(room: Room) -> None:
    """`nbgrader autograde` in the course folder works by our configuration and gives the same points."""
    room.hand_in("p01", room.right(), {"q3-open": FIND})
    steps.collect(room.workshop, LAB)
    done = subprocess.run([NBGRADER, "autograde", LAB], cwd=room.workshop.course, capture_output=True, text=True,
                          timeout=120, env={**os.environ, "PATH": f"{NBGRADER.parent}:{os.environ['PATH']}"})
    assert done.returncode == 0, done.stderr
    assert room.points() == {"q1": 2.0, "q2": 3.0, "q3": 4.0, "q4": 0.0}


def test_a_broken_configuration_stops_grading(room: Room) -> None:
    """Our step stops at a configuration with an error, or without the judge, before anything runs."""
    room.hand_in("p01", room.right(), {"q1-open": "open('/tmp/ran', 'w')"})
    steps.collect(room.workshop, LAB)
    config = room.workshop.course / "nbgrader_config.py"
    good = config.read_text(encoding="utf-8")
    config.write_text("c = get_config()\nc.nonsense = 1 / 0\n", encoding="utf-8")
    with pytest.raises(GradingError, match="ZeroDivisionError"):
        steps.grade(room.workshop, LAB)
    config.write_text("c = get_config()\n", encoding="utf-8")
    with pytest.raises(GradingError, match="JudgedExecute"):
        steps.grade(room.workshop, LAB)
    config.write_text(good + 'c.Autograde.autograde_preprocessors.insert(0, "nbgrader.preprocessors.Execute")\n')
    with pytest.raises(GradingError, match="JudgedExecute"):
        steps.grade(room.workshop, LAB)
    assert not (room.workshop.course / "autograded" / "p01").exists()


def test_an_unreadable_workshop_stops_grading(room: Room) -> None:
    """Without the secret or the release nothing of a participant's is run and nothing is counted."""
    room.hand_in("p01", room.right())
    steps.collect(room.workshop, LAB)
    secret = room.workshop.secret_file.read_text()
    room.workshop.secret_file.write_text("nonsense")
    with pytest.raises(GradingError, match="secret"):
        steps.grade(room.workshop, LAB)
    room.workshop.secret_file.write_text(secret)
    shutil.rmtree(room.workshop.course / "release" / LAB)
    with pytest.raises(GradingError, match="release it again"):
        steps.grade(room.workshop, LAB)


def test_a_weak_sandbox_stops_grading(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the machine gives a lower level than is asked for, nothing is graded; plain must be asked for by name."""
    from spamlab.grading import protection
    from spamlab.sandbox import Level

    room.hand_in("p01", room.right(), {"q3-open": FIND})
    monkeypatch.setattr(protection, "available_level", lambda: Level.PLAIN)
    monkeypatch.delenv("SPAMLAB_SANDBOX", raising=False)
    with pytest.raises(GradingError, match="level plain"):
        room.grade()
    told = room.grade(sandbox="plain")
    assert told["sandbox"] == "plain"
    assert told["scores"] == {"p01": 9.0}


def test_stock_nbgrader_passes_nothing(room: Room, tmp_path: Path) -> None:
    """With a configuration that nbgrader can't read it would run notebooks itself: our kernel does not start for it, so
    that nothing is run and nothing is counted."""
    from spamlab.sandbox.kernel import write_kernelspec

    mark = tmp_path / "was-run"
    room.hand_in("p01", room.right(), {"q1-open": f"open({str(mark)!r}, 'w').close()", "q3-open": FIND})
    steps.collect(room.workshop, LAB)
    (room.workshop.course / "nbgrader_config.py").write_text("this is no Python\n")
    write_kernelspec(tmp_path / "jupyter")
    done = subprocess.run(
        [NBGRADER, "autograde", LAB], cwd=room.workshop.course, capture_output=True, text=True, timeout=300,
        env={"PATH": f"{NBGRADER.parent}:{os.environ['PATH']}", "HOME": str(tmp_path), "SPAMLAB_TOKEN": "x",
             "JUPYTER_PATH": str(tmp_path / "jupyter"), "SPAMLAB_JUDGE_URL": "http://127.0.0.1:9"})
    assert done.returncode != 0, done.stderr
    assert not mark.exists()
    assert not (room.workshop.course / "autograded" / "p01" / LAB).exists()
    assert not any(room.points().values())


def test_bad_requests_are_sentences(room: Room, tmp_path: Path) -> None:
    """Unknown participants, labs and folders are named; nothing is made."""
    with pytest.raises(UsageError, match="p99"):
        steps.fetch(room.workshop, "p99", LAB)
    with pytest.raises(UsageError, match="no lab"):
        steps.submit(room.workshop, "p01", "02-other")
    steps.fetch(room.workshop, "p01", LAB)
    with pytest.raises(GradingError, match="already have"):
        steps.fetch(room.workshop, "p01", LAB)
    with pytest.raises(GradingError, match="feedback"):
        steps.feedback(room.workshop, LAB)
    fresh = create_workshop(tmp_path / "fresh", title="T", labs=[LAB], labs_folder=room.workshop.labs_folder)
    with pytest.raises(GradingError, match="release"):
        steps.grade(fresh, LAB)


def test_an_ordinary_course_is_graded_by_its_own_tests(tmp_path: Path) -> None:
    """A course folder without a workshop keeps nbgrader's meaning: its tests count, run in the sandbox."""
    from nbformat import write
    from nbformat.v4 import new_code_cell, new_notebook

    course = tmp_path / "ordinary"

    def cell(name: str, source: str, *, grade: bool) -> object:
        marks = {"schema_version": 3, "grade_id": name, "grade": grade, "solution": not grade, "locked": grade,
                 "task": False, **({"points": 2} if grade else {})}
        return new_code_cell(source=source, metadata={"nbgrader": marks})

    notebook = new_notebook(cells=[cell("open", "### BEGIN SOLUTION\nx = 2\n### END SOLUTION", grade=False),
                                   cell("test", "assert x == 2", grade=True), cell("part", "float(x) / 2", grade=True)])
    (course / "source" / "ps1").mkdir(parents=True)
    write(notebook, course / "source" / "ps1" / "ps1.ipynb")
    subprocess.run([NBGRADER, "generate_assignment", "ps1", "--CourseDirectory.course_id=x"], cwd=course, check=True,
                   capture_output=True, env={**os.environ, "PATH": f"{NBGRADER.parent}:{os.environ['PATH']}"})
    for name, source in (("ada", "x = 2"), ("bob", "x = 3"), ("eve", "import os\nos._exit(0)")):
        given = json.loads((course / "release" / "ps1" / "ps1.ipynb").read_text())
        given["cells"][0]["source"] = source
        (course / "submitted" / name / "ps1").mkdir(parents=True)
        (course / "submitted" / name / "ps1" / "ps1.ipynb").write_text(json.dumps(given))
    told = steps.grade_course(course, "ps1")
    assert told["graded"] == ["ada", "bob", "eve"]
    assert told["scores"] == {"ada": 3.0, "bob": 1.5, "eve": 0.0}
