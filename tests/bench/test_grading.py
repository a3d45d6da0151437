"""The bench of graders: its rows, its page, and that both graders give each attempt the points it deserves."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from spamlab.bench import grading
from spamlab.bench.classic_lab import CHEAP, Attempt, attempts, make_course
from spamlab.bench.grading import FLOOR, FLOOR_OF_TWO, FORKS, ONE, OTTER, PLAIN, TWO, Measured
from spamlab.bench.page import machine, put_figures, table
from spamlab.bench.rows import Row
from spamlab.bench.timing import timed
from spamlab.cli import bench
from spamlab.errors import MachineError, UsageError

KNOWN = {"p0001": Attempt("full", {}, {"q": 2.0}), "p0002": Attempt("wrong", {}, {"q": 0.0})}
POINTS: grading.Points = {"p0001": {"q": 2.0, "words": None}, "p0002": {"q": 0.0, "words": None}}


def found(plain: float = 20.0, one: float = 1.8, two: float = 1.0, floor: float = 1.7,
          points: grading.Points = POINTS) -> dict[str, Measured]:
    """Runs of two submissions with these whole times."""
    return {PLAIN: Measured(plain, plain, 2, POINTS), ONE: Measured(one, one, 2, points),
            TWO: Measured(two, one, 2, POINTS), FLOOR: Measured(floor, floor, 2, {}),
            FLOOR_OF_TWO: Measured(floor / 2, floor, 2, {}), FORKS: Measured(floor * 1.2, floor, 2, {})}


def missed(rows: list[Row]) -> list[str]:
    """What does not hold."""
    return [row.what for row in rows if not row.holds]


def test_goals_that_are_kept_hold() -> None:
    """Ten times plain nbgrader, one and a half times the floor, a tenth of the overhead and equal points all hold."""
    rows = grading.rows_of(found(), KNOWN)
    assert missed(rows) == []
    ten = next(row for row in rows if row.what == "spamlab grade --workers 2, sandbox on")
    assert (ten.value, ten.unit, ten.ratio) == (0.5, "s per submission", 20.0)


@pytest.mark.parametrize(("times", "what"), [
    ({"one": 2.5}, "spamlab grade --workers 1, sandbox on"),
    ({"two": 1.4}, "spamlab grade --workers 2, sandbox on: workers x time"),
    ({"one": 4.0}, "spamlab grade --workers 1, sandbox on: overhead above the floor"),
])
def test_a_goal_that_is_missed_says_so(times: dict[str, float], what: str) -> None:
    """Each goal is missed by a run that is too slow for it."""
    assert what in missed(grading.rows_of(found(**times), KNOWN))


def test_one_point_of_difference_is_seen() -> None:
    """A single question of one submission with other points fails the row of equal points, and that of deserts."""
    other: grading.Points = {**POINTS, "p0002": {"q": 0.5, "words": None}}
    assert len(missed(grading.rows_of(found(points=other), KNOWN))) == 2
    by_hand: grading.Points = {**POINTS, "p0002": {"q": 0.0, "words": 0.0}}
    assert len(missed(grading.rows_of(found(points=by_hand), KNOWN))) == 1


def test_otter_has_its_row_only_where_it_is() -> None:
    """Without otter-grader its rows are left out, with it they are shown."""
    runs = found()
    assert not any("otter" in row.what for row in grading.rows_of(runs, KNOWN))
    runs[OTTER] = Measured(8.0, 8.0, 2, {"p0001": {"all": 2.0}, "p0002": {"all": 0.0}})
    rows = [row for row in grading.rows_of(runs, KNOWN) if row.what.startswith("otter")]
    assert [row.value for row in rows] == [4.0, 0.0]


def test_a_child_that_is_left_behind_is_timed_too(tmp_path: Path) -> None:
    """Processor time of a process whose parent is gone counts, and a status and words come back."""
    burn = "import time\nend = time.process_time() + 0.4\nwhile time.process_time() < end: pass"
    script = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}]); print('left'); sys.exit(3)"
    done = timed([sys.executable, "-c", script], tmp_path, grading.environment())
    assert done.cpu >= 0.4
    assert (done.status, done.output) == (3, "left\n")
    with pytest.raises(MachineError):
        timed([sys.executable, "-c", "import time; time.sleep(30)"], tmp_path, grading.environment(), limit=0.5)


def test_figures_go_into_their_place(tmp_path: Path) -> None:
    """A page keeps its words and both its tables when one of them is written anew."""
    page = tmp_path / "page.md"
    put_figures(page, "compare", table([Row("before", 1.0, "s", "", None, "none", True)]))
    put_figures(page, "many", table([Row("long run", 1.0, "s", "", None, "none", True)]))
    put_figures(page, "compare", table([machine("pytest"), Row("new", 2.0, "s", "", 1.5, "none", False)]))
    text = page.read_text(encoding="utf-8")
    assert "| before |" not in text
    assert "| new | 2 s |  | 1.5 | none | **no** |" in text
    assert "long run" in text
    assert "Python" in text


def test_its_options_go_with_it_alone() -> None:
    """--many with another bench is refused with a sentence."""
    run = CliRunner().invoke(bench.command, ["startup", "--many", "100"])
    assert isinstance(run.exception, UsageError)


def test_the_attempts_differ() -> None:
    """Each question is lost by at least one attempt, and one is earned in part."""
    known = attempts()
    assert len({one.name for one in known}) == len(known) == 12
    for question, most in known[0].points.items():
        assert min(one.points[question] for one in known) == 0.0, question
        assert known[0].points[question] == most > 0
    assert any(0 < one.points["clean"] < 4 for one in known)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Attempt]]:
    """A course with every attempt once."""
    folder = tmp_path_factory.mktemp("bench") / "course"
    return folder, make_course(folder, len(attempts()))


@pytest.mark.slow
@pytest.mark.parametrize("grader", ["plain", "ours"])
def test_each_attempt_earns_what_it_deserves(course: tuple[Path, dict[str, Attempt]], tmp_path: Path, grader: str,
                                             ) -> None:
    """Plain nbgrader and ours give every attempt, the solution too, its points question by question."""
    folder, handed = course
    run = grading.run_plain(folder, tmp_path / "run", 12) if grader == "plain" else grading.run_ours(
        folder, tmp_path / "run", 12, 2)
    for name, one in handed.items():
        given = dict(run.points[name])
        by_hand = given.pop("words")
        assert given == dict(one.points), one.name
        assert by_hand == (0.0 if one.cells.get("words") == "" else None), one.name


@pytest.mark.slow
def test_the_floor_runs_the_same_cells(course: tuple[Path, dict[str, Attempt]], tmp_path: Path) -> None:
    """In the floor the tests that raise are those of the questions that an attempt loses."""
    folder, handed = course
    grading.run_floor(folder, tmp_path / "run", list(handed))
    done = subprocess.run([sys.executable, str(grading.DATA / "floor.py"), str(tmp_path / "run/cells.json"), "1"],
                          capture_output=True, text=True, check=True, env={**grading.environment(),
                                                                           **grading.ONE_THREAD})
    for one, failed in zip(handed.values(), json.loads(done.stdout)["failed"], strict=True):
        assert {name for name in failed if name in one.points} == {
            name for name, points in one.points.items() if points == 0}, one.name


@pytest.mark.parametrize("how", ["2", "fork"])
def test_the_other_floors_do_the_same_work(tmp_path: Path, how: str) -> None:
    """In two processes, and with a fork each, the cells of all submissions are run: each leaves its mark."""
    place = tmp_path / "work"
    place.mkdir()
    submissions = [{"folder": str(place), "cells": [["", f"open('{name}', 'w').close()"]]} for name in "abc"]
    (tmp_path / "cells.json").write_text(json.dumps({"modules": [], "submissions": submissions}), encoding="utf-8")
    subprocess.run([sys.executable, str(grading.DATA / "floor.py"), str(tmp_path / "cells.json"), how],
                   capture_output=True, text=True, check=True)
    assert {one.name for one in place.iterdir()} == set("abc")


@pytest.mark.slow
def test_the_cheap_course_is_graded(tmp_path: Path) -> None:
    """The course of the long run earns what it should."""
    handed = make_course(tmp_path / "course", 4, lab=CHEAP)
    shutil.copytree(tmp_path / "course", tmp_path / "run")
    subprocess.run(grading.ours(tmp_path / "run", CHEAP, 2), check=True, capture_output=True,
                   env=grading.environment())
    assert grading.gradebook(tmp_path / "run") == {name: dict(one.points) for name, one in handed.items()}
