"""`spamlab bench grading`: the same submissions of one classic lab through every grader, in one run.

Compared are plain `nbgrader autograde` (one command, kernels shut down at once: its best case), `spamlab grade` with
one and with two workers, otter-grader where it is installed, and the floor: the same cells with exec in one process.
All are whole commands, from their start to their end, so each pays for loading its libraries. Orders turn from round to
round, and the least time of each counts, for all alike.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spamlab.bench import otter_peer
from spamlab.bench.classic_lab import CHEAP, DATA, LAB, Attempt, attempts, make_course, with_tests
from spamlab.bench.page import machine, put_figures, table
from spamlab.bench.rows import Row
from spamlab.bench.startup import family, megabytes
from spamlab.bench.timing import Timed, timed
from spamlab.errors import MachineError, SpamlabError, UsageError

TIMES, FLOOR_TIMES, OVERHEAD = 10.0, 1.5, 0.1
SUBMISSIONS, ROUNDS = 40, 2
QUICK, QUICK_PLAIN = 30, 6
QUICK_ATTEMPTS = ("full", "nan-kept", "half-cleaned", "matrix-turned", "crash-in-the-middle", "untrained")
MODULES = ("numpy", "pandas", "sklearn.feature_extraction.text", "sklearn.linear_model", "sklearn.metrics",
           "sklearn.model_selection", "sklearn.naive_bayes", "sklearn.pipeline")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
PAGE = Path("docs/bench/grading.md")
PLAIN, ONE, TWO, OTTER, FLOOR = "plain nbgrader", "spamlab, 1 worker", "spamlab, 2 workers", "otter-grader", "floor"
FLOOR_OF_TWO, FORKS = "floor, two processes", "floor, a fork each"
FLAT, STEADY = 1.15, 1.25
READ = ("select a.student_id, c.name, g.auto_score from grade g join base_cell c on c.id = g.cell_id"
        " join submitted_notebook n on n.id = g.notebook_id join submitted_assignment a on a.id = n.assignment_id")

Say = Callable[[str], None]
Points = dict[str, dict[str, float | None]]


@dataclass(frozen=True)
class Measured:
    """One grader over `count` submissions: whole seconds, seconds of processor, points by participant and question."""

    wall: float
    cpu: float
    count: int
    points: Points

    @property
    def each(self) -> float:
        """Seconds for each submission."""
        return self.wall / self.count

    @property
    def each_cpu(self) -> float:
        """Seconds of processor for each submission."""
        return self.cpu / self.count


def measure(*, quick: bool = False, many: int = 0, submissions: int = SUBMISSIONS, rounds: int = ROUNDS,
            markdown: Path | None = None, say: Say | None = None) -> list[Row]:
    """The rows of the bench. many: measure a long run of the engine instead, over so many cheap submissions.

    markdown: a page of the docs to write the figures to. Raises MachineError where a grader does not end as it must.
    """
    say = say or (lambda text: print(f"  {text}", file=sys.stderr))
    found = measure_many(many, say) if many else compare(quick, submissions, rounds, say)
    rows = [machine("nbgrader", "pandas", "scikit-learn"), *found]
    if markdown is not None:
        put_figures(markdown, "many" if many else "compare", table(rows))
    return rows


def compare(quick: bool, submissions: int, rounds: int, say: Say) -> list[Row]:
    """Every grader over the same submissions."""
    with tempfile.TemporaryDirectory(prefix="spamlab-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        known = [one for one in attempts() if not quick or one.name in QUICK_ATTEMPTS]
        count = QUICK if quick else submissions
        handed = make_course(folder / "course", count, known=known)
        few = QUICK_PLAIN if quick else count
        shutil.copytree(folder / "course", folder / "few")
        for participant in list(handed)[few:]:
            shutil.rmtree(folder / "few/submitted" / participant)
        runs: dict[str, Callable[[Path], Measured]] = {
            PLAIN: lambda place: run_plain(folder / "few", place, few),
            ONE: lambda place: run_ours(folder / "course", place, count, 1),
            TWO: lambda place: run_ours(folder / "course", place, count, 2),
            FLOOR: lambda place: run_floor(folder / "course", place, list(handed)),
            FLOOR_OF_TWO: lambda place: run_floor(folder / "course", place, list(handed), "2"),
            FORKS: lambda place: run_floor(folder / "course", place, list(handed), "fork"),
        }
        with_python = "" if quick else otter_peer.python()
        if with_python:
            runs[OTTER] = lambda place: run_otter(folder / "course", place, count, with_python)
        elif not quick:
            say(f"otter-grader is not installed: its row is left out ({otter_peer.VARIABLE} names its Python)")
        _warm_up(folder, next(iter(handed)))
        found: dict[str, list[Measured]] = {}
        names = list(runs)
        for turn in range(1 if quick else max(1, rounds)):
            for one in names[turn % len(names):] + names[:turn % len(names)]:
                told = runs[one](folder / "run")
                found.setdefault(one, []).append(told)
                shutil.rmtree(folder / "run", ignore_errors=True)
                say(f"{one}: {told.each:.3f} s for each of {told.count}")
    differ = sum(one.points != other.points for name in (PLAIN, ONE, TWO, FLOOR) if name in found
                 for one, other in zip(found[name], found[name][1:], strict=False))
    best = {one: min(runs_of, key=lambda run: run.wall) for one, runs_of in found.items()}
    return rows_of(best, handed, differ)


def rows_of(best: Mapping[str, Measured], handed: Mapping[str, Attempt], unsteady: int = 0) -> list[Row]:
    """The rows from the best run of each grader. unsteady: runs that gave other points than the same one before."""
    plain, floor = best[PLAIN], best[FLOOR]
    rows = [
        _shown("plain nbgrader autograde, one command", plain.each, "s per submission",
               f"{plain.count} submissions, {plain.each_cpu:.3g} s of processor each"),
        _shown("the floor: the same cells with exec in one process, imports counted", floor.each, "s per submission",
               f"{floor.count} submissions, {floor.each_cpu:.3g} s of processor each"),
        _shown("the floor in two processes, forked after the imports", best[FLOOR_OF_TWO].each, "s per submission",
               "the floor", best[FLOOR_OF_TWO].each / floor.each),
        _shown("the floor with a fork for each submission, and nothing else between them", best[FORKS].each,
               "s per submission", "the floor", best[FORKS].each / floor.each)]
    for name, workers, peer in ((ONE, 1, FLOOR), (TWO, 2, FLOOR_OF_TWO)):
        ours, floor = best[name], best[peer]
        command = f"spamlab grade --workers {workers}, sandbox on"
        rows.append(_faster(command, ours.each, "s per submission", "plain nbgrader", plain.each, TIMES))
        rows.append(_within(f"{command}: workers x time", ours.each * workers, "s of a core per submission",
                            peer, floor.each * workers, FLOOR_TIMES))
        mine, theirs = (ours.each - floor.each) * workers, plain.each - best[FLOOR].each
        rows.append(_within(f"{command}: overhead above the floor", mine, "s of a core per submission",
                            "plain nbgrader's overhead", theirs, OVERHEAD))
    if OTTER in best:
        otter = best[OTTER]
        rows.append(_shown("otter-grader, one process, no container, no sandbox", otter.each, "s per submission",
                           f"spamlab, 1 worker: {best[ONE].each:.3g} s; {otter.each_cpu:.3g} s of processor each",
                           best[ONE].each / otter.each))
        other = sum(abs((one["all"] or 0.0) - handed[name].score) > 1e-6 for name, one in otter.points.items())
        rows.append(_shown("otter-grader: submissions with other points than expected", other, "submissions",
                           f"{otter.count} submissions"))
    expected: Points = {name: dict(one.points) for name, one in handed.items()}
    for who, given in (("spamlab, 1 worker", best[ONE]), ("spamlab, 2 workers", best[TWO])):
        other = sum(_tested(given.points.get(name), expected[name]) != _tested(points, expected[name])
                    or given.points.get(name) != points for name, points in plain.points.items())
        rows.append(Row(f"{who}: submissions with other points than plain nbgrader", other, "submissions",
                        f"plain nbgrader: {len(plain.points)} submissions", None, "none, to the point",
                        other == 0 and len(plain.points) == plain.count))
    for who, given in ((PLAIN, plain), *((name, best[name]) for name in (ONE, TWO))):
        wrong = sum(_tested(given.points.get(name), expected[name]) != expected[name]
                    for name in list(handed)[:given.count])
        rows.append(Row(f"{who}: submissions with other points than their attempt deserves", wrong, "submissions",
                        f"{given.count} submissions", None, "none", wrong == 0))
    rows.append(Row("rounds in which a grader gave other points than before", unsteady, "rounds", "the round before",
                    None, "none", unsteady == 0))
    return rows


def run_plain(course: Path, place: Path, count: int) -> Measured:
    """`nbgrader autograde` over a copy of the course."""
    shutil.copytree(course, place)
    command = [str(Path(sys.executable).with_name("nbgrader")), "autograde", LAB, "--force"]
    return _read(_ended(timed(command, place, environment()), "nbgrader autograde"), place, count)


def run_ours(course: Path, place: Path, count: int, workers: int) -> Measured:
    """`spamlab grade` over a copy of the course."""
    shutil.copytree(course, place)
    done = timed(ours(place, LAB, workers), place.parent, environment())
    return _read(_ended(done, "spamlab grade"), place, count)


def ours(place: Path, lab: str, workers: int) -> list[str]:
    """The command line of our grader."""
    return [sys.executable, "-m", "spamlab.cli", "grade", lab, "--course", str(place), "--workers", str(workers),
            "--json"]


def run_floor(course: Path, place: Path, participants: Sequence[str], how: str = "1") -> Measured:
    """The cells of all submissions with exec. how: "1" process, "2" of them, or a "fork" for each submission."""
    place.mkdir()
    submissions = [{"folder": str(course / "submitted" / name / LAB), "cells": with_tests(course, name)}
                   for name in participants]
    (place / "cells.json").write_text(json.dumps({"modules": MODULES, "submissions": submissions}), encoding="utf-8")
    command = [sys.executable, str(DATA / "floor.py"), str(place / "cells.json"), how]
    done = _ended(timed(command, place, {**environment(), **ONE_THREAD}), "the floor")
    return Measured(done.wall, done.cpu, len(participants), {})


def run_otter(course: Path, place: Path, count: int, with_python: str) -> Measured:
    """otter-grader over the same submissions."""
    command = otter_peer.prepare(course, place, with_python)
    path = os.pathsep.join((str(Path(with_python).parent), os.environ.get("PATH", os.defpath)))
    done = _ended(timed(command, place, {**environment(), "PATH": path}), "otter-grader")
    scores = json.loads(done.output.strip().splitlines()[-1])
    return Measured(done.wall, done.cpu, count, {name: {"all": points} for name, points in scores.items()})


def measure_many(count: int, say: Say) -> list[Row]:
    """A long run of the engine over cheap submissions: memory and time of each, early and late."""
    if count < 30:
        raise UsageError("a long run has at least 30 submissions")
    with tempfile.TemporaryDirectory(prefix="spamlab-bench-", ignore_cleanup_errors=True) as name:
        course = Path(name) / "course"
        handed = make_course(course, count, lab=CHEAP)
        say(f"{count} submissions are made")
        memory, done = _watched(course, count)
        points = gradebook(course)
    part = min(100, count // 3)
    first, last = (done[part - 1] - done[0]) / (part - 1), (done[-1] - done[-part]) / (part - 1)
    low = min(memory)
    begin = memory[low]
    rows = [_shown(f"memory of all the grader's processes at submission {low}", begin, "MB", "")]
    rows += [_within(f"memory of all the grader's processes at submission {at}", memory[at], "MB",
                     f"at submission {low}", begin, FLAT) for at in sorted(memory)[1:]]
    rows.append(_within(f"each of the last {part} submissions", last, "s", f"each of the first {part}", first, STEADY))
    wrong = sum(_tested(points.get(name), dict(one.points)) != dict(one.points) for name, one in handed.items())
    rows.append(Row(f"submissions of {count} with other points than they deserve", wrong, "submissions",
                    f"{count} submissions", None, "none", wrong == 0))
    return rows


def _watched(course: Path, count: int) -> tuple[dict[int, float], list[float]]:
    """Megabytes of all processes by number of submissions done, and when each submission was done, sorted."""
    marks = sorted({max(1, count // 10), count // 2, count - max(1, count // 50)})
    memory: dict[int, float] = {}
    process = subprocess.Popen(ours(course, CHEAP, 2), env=environment(), stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        while process.poll() is None:
            done = len(list((course / "autograded").glob("*"))) if (course / "autograded").is_dir() else 0
            if marks and done >= marks[0]:
                # The median of some looks: a run that is just forked counts for nothing or for much.
                memory[marks.pop(0)] = statistics.median(_megabytes(process.pid) for _ in range(15))
            time.sleep(0.1)
        said = process.communicate()[1]
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(20)
    if process.returncode:
        raise MachineError(f"spamlab grade ended with status {process.returncode}: {said.strip()[-300:]}")
    if not memory:
        raise MachineError("the run was over before its memory could be seen; ask for more submissions")
    return memory, sorted(path.stat().st_ctime for path in (course / "autograded").glob(f"*/{CHEAP}"))


def _megabytes(pid: int) -> float:
    found = megabytes(pid)
    time.sleep(0.05)
    return found if family(pid) else 0.0


def gradebook(course: Path) -> Points:
    """The automatic points in a course's gradebook.db by participant and question; None where a person gives them."""
    found: Points = {}
    base = sqlite3.connect(f"file:{course / 'gradebook.db'}?mode=ro", uri=True, timeout=10)
    try:
        for participant, question, points in base.execute(READ):
            found.setdefault(participant, {})[question] = None if points is None else round(float(points), 6)
    finally:
        base.close()
    return found


def environment() -> dict[str, str]:
    """The bench's environment for all commands: this Python's programs first, no settings of Python's own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COVERAGE", "SPAMLAB"))}
    return {**kept, "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))}


def _read(done: Timed, course: Path, count: int) -> Measured:
    return Measured(done.wall, done.cpu, count, gradebook(course))


def _ended(done: Timed, who: str) -> Timed:
    """What was timed, if it ended as it must; else MachineError with its last words."""
    if done.status:
        words = (done.errors or done.output).strip().splitlines()
        raise MachineError(f'{who} ended with status {done.status}, and its last words were "'
                           f'{(words or ["nothing"])[-1][:300]}".')
    return done


def _warm_up(folder: Path, participant: str) -> None:
    """One submission through both graders, not counted: programs and libraries are then read from memory by all."""
    one = folder / "one"
    shutil.copytree(folder / "few", one)
    for path in (one / "submitted").iterdir():
        if path.name != participant:
            shutil.rmtree(path)
    run_plain(one, folder / "warm-plain", 1)
    run_ours(one, folder / "warm-ours", 1, 1)


def _tested(points: Mapping[str, float | None] | None, expected: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: value for name, value in (points or {}).items() if name in expected}


def _shown(what: str, value: float, unit: str, against: str, ratio: float | None = None) -> Row:
    return Row(what, round(value, 4), unit, against, None if ratio is None else round(ratio, 3), "shown", True)


def _faster(what: str, value: float, unit: str, peer: str, peers: float, times: float) -> Row:
    return Row(what, round(value, 4), unit, f"{peer}: {peers:.3g} {unit}", round(peers / value, 2),
               f"at least {times:g} times as fast as {peer}", peers >= times * value)


def _within(what: str, value: float, unit: str, peer: str, peers: float, times: float) -> Row:
    """A figure that may be at most `times` the peer's; one that is nought or below is better than any ratio says."""
    return Row(what, round(value, 4), unit, f"{peer}: {peers:.3g} {unit}",
               round(peers / value, 3) if value > 0 else None, f"at most {times:g} times: {peer}",
               value <= times * peers)


def main(argv: Sequence[str] | None = None) -> None:
    """`python -m spamlab.bench.grading make DIR`: only the course, to try things with."""
    asked = argparse.ArgumentParser(prog="python -m spamlab.bench.grading", description="Make the bench's course.")
    asked.add_argument("do", choices=["make"])
    asked.add_argument("folder", type=Path)
    asked.add_argument("--submissions", type=int, default=SUBMISSIONS)
    asked.add_argument("--lab", choices=[LAB, CHEAP], default=LAB)
    given = asked.parse_args(argv)
    try:
        made = make_course(given.folder, given.submissions, lab=given.lab)
    except (SpamlabError, FileExistsError) as error:
        print(f"spamlab: {error}", file=sys.stderr)
        sys.exit(1)
    for name, one in made.items():
        print(f"{name}  {one.score:g}  {one.name}")


if __name__ == "__main__":
    main()
