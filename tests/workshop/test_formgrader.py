"""The Formgrader's buttons on a real server: the same engine, and nobody waits."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest
from grading.room import LAB, Room, released, room
from nbformat.v4 import new_code_cell, new_notebook

from spamlab.grading import busy
from spamlab.workshop.formgrader import read_answer

from .server import TOKEN, chromium, serving

__all__ = ["chromium", "released", "room"]


def in_background(ask: Any) -> tuple[threading.Thread, list[Any]]:
    """Run `ask` in a thread; the thread and the list in which its answer will stand."""
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(ask()))
    thread.start()
    return thread, answers


def busy_with(course: Path) -> bool:
    """Whether a job holds the course."""
    try:
        busy.hold(course, "looking").release()
    except busy.BusyError:
        return True
    return False


def wait_until_busy(course: Path) -> None:
    """Until a job holds the course."""
    for _ in range(100):
        if busy_with(course):
            return
        time.sleep(0.1)
    raise AssertionError("no job has begun")


@pytest.mark.e2e
def test_a_long_grading_blocks_nobody(room: Room, tmp_path: Path, free_port: int) -> None:
    """While a submission sleeps, the same server answers within a second, a second button says what runs, and the
    instructor's page is refused too; afterwards the Formgrader shows the score."""
    room.hand_in("p01", room.right(), {"q1-open": "import time\ntime.sleep(8)"})
    from spamlab.grading import steps

    steps.collect(room.workshop, LAB)
    course = room.workshop.course
    with serving(course, tmp_path / "server", free_port) as server:
        thread, answers = in_background(
            lambda: server.ask(f"/formgrader/api/submission/{LAB}/p01/autograde", post=True))
        wait_until_busy(course)
        slowest = 0.0
        asked = 0
        while thread.is_alive() and asked < 12:
            for path in ("/api/status", "/formgrader/api/assignments", "/formgrader/manage_assignments"):
                began = time.monotonic()
                server.ask(path)
                if asked:  # the first request of a page's kind loads its template
                    slowest = max(slowest, time.monotonic() - began)
            asked += 1
            time.sleep(0.1)
        assert asked >= 5, answers
        assert slowest < 1.0
        if thread.is_alive():
            second = server.ask(f"/formgrader/api/submission/{LAB}/p01/autograde", post=True)
            assert not second["success"]
            assert "Autograde of 01-tiny for p01 has been running since" in second["error"]
        thread.join(60)
        assert answers
        assert answers[0]["success"], answers
        assert "p01: 5 points" in answers[0]["log"]
        row = server.ask(f"/formgrader/api/submission/{LAB}/p01")
        assert (row["autograded"], row["score"]) == (True, 5.0)


@pytest.mark.e2e
def test_every_button_of_a_lab(room: Room, tmp_path: Path, free_port: int) -> None:
    """Generate, release, collect, autograde, generate and release feedback, each by its own address."""
    room.hand_in("p01", room.right())
    with serving(room.workshop.course, tmp_path / "server", free_port) as server:
        for path in (f"assignment/{LAB}/assign", f"assignment/{LAB}/unrelease", f"assignment/{LAB}/release",
                     f"assignment/{LAB}/collect", f"submission/{LAB}/p01/autograde",
                     f"assignment/{LAB}/p01/generate_feedback", f"assignment/{LAB}/p01/release_feedback",
                     f"assignment/{LAB}/generate_feedback", f"assignment/{LAB}/release_feedback"):
            answer = server.ask(f"/formgrader/api/{path}", post=True)
            assert answer["success"], (path, answer)
    assert room.points()["q1"] == 2.0


def ordinary_course(folder: Path, sources: dict[str, str]) -> Path:
    """A course folder as a trainer makes it, with one classic lab and one submission of each name."""
    from spamlab.grading import course as courses

    course = folder / "plain"
    marks = {"schema_version": 3, "points": 2, "locked": True, "grade": True, "solution": False, "task": False,
             "grade_id": "test-f", "cell_type": "code"}
    solution = {**marks, "grade_id": "f", "locked": False, "grade": False, "solution": True}
    del solution["points"]
    nb = new_notebook(cells=[
        new_code_cell("def f(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION",
                      metadata={"nbgrader": solution}),
        new_code_cell("assert f(2) == 4\n### BEGIN HIDDEN TESTS\nassert f(31) == 961, 'thirty-one'\n"
                      "### END HIDDEN TESTS", metadata={"nbgrader": marks})],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}})
    (course / "source" / "square").mkdir(parents=True)
    nbformat.write(nb, course / "source" / "square" / "square.ipynb")
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'plain'\n", encoding="utf-8")
    with courses.opened(course, courses.ordinary_config(course)) as api:
        made = api.generate_assignment("square")
        assert made["success"], made
    released = nbformat.read(course / "release" / "square" / "square.ipynb", as_version=4)
    for name, source in sources.items():
        place = course / "submitted" / name / "square"
        place.mkdir(parents=True)
        released.cells[0].source = source
        nbformat.write(released, place / "square.ipynb")
    return course


@pytest.mark.e2e
def test_an_ordinary_course(tmp_path: Path, free_port: int) -> None:
    """In an ordinary course's folder the button grades in the sandbox, and its feedback shows no hidden test."""
    escape = tmp_path / "escaped"
    course = ordinary_course(tmp_path, {
        "ada": "def f(x):\n    return x * x",
        "eve": f"open({str(escape)!r}, 'w').write('x')\ndef f(x):\n    return 4"})
    with serving(course, tmp_path / "server", free_port) as server:
        for name, score in (("ada", 2.0), ("eve", 0.0)):
            answer = server.ask(f"/formgrader/api/submission/square/{name}/autograde", post=True)
            assert answer["success"], answer
            assert server.ask(f"/formgrader/api/submission/square/{name}")["score"] == score
        answer = server.ask("/formgrader/api/assignment/square/generate_feedback", post=True)
        assert answer["success"], answer
    assert not escape.exists()
    page = (course / "feedback" / "eve" / "square" / "square.html").read_text(encoding="utf-8")
    assert "961" not in page
    assert "thirty-one" not in page


@pytest.mark.e2e
def test_the_page_in_a_browser(room: Room, tmp_path: Path, free_port: int, chromium: str) -> None:
    """A trainer presses Autograde on the Formgrader's page and reads the score there."""
    from playwright.sync_api import expect, sync_playwright

    from spamlab.grading import steps

    room.hand_in("p01", room.right())
    steps.collect(room.workshop, LAB)
    with serving(room.workshop.course, tmp_path / "server", free_port) as server, sync_playwright() as playwright:
        flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page()
        page.goto(f"{server.address}/formgrader?token={TOKEN}")
        page.goto(f"{server.address}/formgrader/manage_submissions/{LAB}")
        row = page.locator("tr", has_text="p01").first
        row.locator(".autograde a").first.click(timeout=90_000)
        expect(page.locator(".modal-title")).to_contain_text("Success", timeout=60_000)
        expect(page.locator(".modal-body")).to_contain_text("p01: 5 points")
        page.locator(".modal-footer button").click()
        expect(row).to_contain_text("5 /", timeout=20_000)
        browser.close()


def test_an_answer_that_is_none() -> None:
    """A process that ends without an answer is a failure with its last words."""
    assert read_answer(b'{"success": true, "log": ""}', b"", 0) == {"success": True, "log": ""}
    for output in (b"", b"[]", b'{"success": 1}', b"\xff"):
        answer = read_answer(output, b"killed", -9)
        assert (answer["success"], answer["log"]) == (False, "killed")
        assert "status -9" in json.dumps(answer)


