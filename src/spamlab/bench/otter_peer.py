"""otter-grader as a peer: the bench's lab in its format, and its fair best on one machine without containers.

Its tests are the lab's, one file for each question; a question with parts has one test case for each. It lives in a
Python environment of its own, named by SPAMLAB_OTTER; docs/bench/grading.md says how to make it.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from spamlab.bench.classic_lab import DATA, LAB, source
from spamlab.errors import MachineError

VARIABLE = "SPAMLAB_OTTER"
CLEAN = "clean"
TEST = '''from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = None


@test_case(points={points!r}, hidden=True)
def test_it(env):
    exec({source!r}, env)
'''
PART = '''

@test_case(points=1, hidden=True)
def test_{number}(env):
    exec({source!r}, env)
'''


def python() -> str:
    """otter-grader's Python, as SPAMLAB_OTTER names it; "" where it is not named or can't be run."""
    named = os.environ.get(VARIABLE, "")
    if not named:
        return ""
    try:
        done = subprocess.run([named, "-c", "import otter.api"], capture_output=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return named if done.returncode == 0 else ""


def prepare(course: Path, folder: Path, with_python: str) -> list[str]:
    """Write the assignment and the submissions of a course in otter-grader's format; the command that grades them.

    Raises MachineError where otter-grader refuses them.
    """
    tests = folder / "tests"
    tests.mkdir(parents=True)
    for name, text in _tests().items():
        (tests / f"{name}.py").write_text(text, encoding="utf-8")
    (folder / "messages.csv").write_bytes((course / "source" / LAB / "messages.csv").read_bytes())
    (folder / "otter_config.json").write_text("{}", encoding="utf-8")
    done = subprocess.run(
        [with_python, "-m", "otter", "generate", "-t", "tests", "-o", "autograder.zip", "--no-requirements",
         "--no-environment", "messages.csv"], cwd=folder, capture_output=True, text=True, check=False)
    made = folder / "autograder.zip"
    if done.returncode or not made.is_file():
        raise MachineError(f"otter-grader can't make the assignment: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
    task: dict[str, object] = {"autograder": str(made), "submissions": _submissions(course, folder / "handed-in")}
    (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
    return [with_python, str(DATA / "otter_run.py"), str(folder / "task.json")]


def _submissions(course: Path, folder: Path) -> Mapping[str, str]:
    """The notebooks without nbgrader's test cells; where one stood, the cell before it names the test."""
    found = {}
    for path in sorted((course / "submitted").glob(f"*/{LAB}/{LAB}.ipynb")):
        nb = nbformat.read(path, as_version=4)
        cells: list[Any] = []
        for cell in nb.cells:
            marks = cell.metadata.pop("nbgrader", {})
            if marks.get("grade") and not marks.get("solution"):
                cells[-1].metadata["otter"] = {"tests": [marks["grade_id"]]}
            else:
                cells.append(cell)
        nb.cells = cells
        target = folder / path.parts[-3] / f"{LAB}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_text(nbformat.writes(nb), encoding="utf-8")
        found[path.parts[-3]] = str(target)
    return found


def _tests() -> dict[str, str]:
    found = {}
    for cell in source(LAB).cells:
        marks = cell.metadata.get("nbgrader", {})
        if not marks.get("grade") or marks.get("solution"):
            continue
        name, points = marks["grade_id"], float(marks["points"])
        if name != CLEAN:
            found[name] = TEST.format(name=name, points=points, source=cell.source)
            continue
        # Its cell counts the pairs that come out right: here each pair is a test case of one point.
        pairs = next(line for line in cell.source.splitlines() if line.startswith("for _given"))
        whole = cell.source[cell.source.index(pairs):]
        listed = whole[whole.index("["):whole.index("]:") + 1]
        found[name] = TEST.partition("\n\n@test_case")[0].format(name=name) + "".join(
            PART.format(number=number, source="assert clean('Hello') == 'hello'\n"
                                              f"_given, _wanted = ({listed})[{number}]\n"
                                              "assert clean(_given) == _wanted")
            for number in range(int(points)))
    return found
