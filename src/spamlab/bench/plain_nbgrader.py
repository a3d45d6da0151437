"""Plain nbgrader under attack: the tiny lab as a classic notebook, its tests in cells, run by its own executor.

nbgrader runs hostile code unguarded, so all of nbgrader runs in our sandbox here, over a copy of the course that it may
wreck. What it leaves in the gradebook is read in the sandbox too.

nbgrader talks to its kernel over the loopback, and the sandbox without a network forbids sockets altogether. So a
namespace with a loopback and nothing else is made first, and the sandbox shares that one: this module run as
`python -m spamlab.bench.plain_nbgrader COURSE PARTICIPANT` is its inside.
"""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes
from traitlets.config import Config

from spamlab.bench.attacks import FUNCTION, Attack
from spamlab.errors import GradingError, SandboxError
from spamlab.grading import course as courses
from spamlab.sandbox import Ending, Level, Limits, available_level, run
from spamlab.sandbox.bubblewrap import program

LAB = "classic"
POINTS = {"q1": 2.0, "q2": 3.0, "q3": 4.0}
ATTACKER, BEFORE = "p01", "a01"
LIMITS = Limits(cpu_seconds=60, wall_seconds=150, memory_bytes=3 * 1024**3, processes=120, file_bytes=64 * 1024**2,
                output_bytes=2 * 1024**2, disk_bytes=400 * 1024**2, open_files=1024)
CELL_SECONDS = 6
CONFIG = f"""c = get_config()
c.CourseDirectory.course_id = "classic"
c.Execute.timeout = {CELL_SECONDS}
c.Execute.error_on_timeout = {{"ename": "Timeout", "evalue": "", "traceback": []}}
c.Execute.shutdown_kernel = "immediate"
"""
READ = """
import json, sqlite3
base = sqlite3.connect("file:gradebook.db?mode=ro", uri=True, timeout=5)
print(json.dumps(base.execute(
    "select a.student_id, c.name, g.auto_score, m.max_score from grade g join base_cell c on c.id = g.cell_id"
    " join grade_cells m on m.id = c.id join submitted_notebook n on n.id = g.notebook_id"
    " join submitted_assignment a on a.id = n.assignment_id").fetchall()))
"""


@dataclass(frozen=True)
class Plain:
    """What plain nbgrader made of one attack.

    points: by question, None where there is no grade. ending: how the run of nbgrader ended. graded: whether there is
    a grade. harmed: whether the points of somebody graded before are other ones now.
    """

    points: Mapping[str, float] | None
    ending: Ending
    graded: bool
    harmed: bool


def make_course(folder: Path, lab: Path) -> dict[str, Any]:
    """The classic course in `folder`, made of the tiny lab's messages, one honest participant graded; right answers."""
    if available_level() < Level.BUBBLEWRAP:
        raise SandboxError("plain nbgrader meets attacks only inside bubblewrap; `spamlab doctor` says what is amiss")
    data = runpy.run_path(str(lab / "data.py"))["make_messages"]
    practice, hidden = data(None, "practice", b"classic", 0), data(None, "hidden", b"classic", 0)
    own = practice["M1"].truth
    right = {"address": own.handover_address, "number": int(own.notes["number"]),
             "message": practice["M1"].message.raw,
             "tests": {one.message.raw: one.truth.handover_address for one in hidden.values()}}
    source = folder / "source" / LAB
    source.mkdir(parents=True)
    shutil.copyfile(lab / "helpers.py", source / "helpers.py")
    (source / f"{LAB}.ipynb").write_text(writes(_notebook(right)), encoding="utf-8")
    (folder / courses.CONFIG).write_text(CONFIG, encoding="utf-8")
    courses.make_gradebook(folder)
    config = Config()
    config.CourseDirectory.course_id = "classic"
    with courses.opened(folder, config) as api:
        made = api.generate_assignment(LAB, force=True, create=True)
        if not made["success"]:
            raise GradingError(f"the classic lab can't be made: {made['log'][-300:]}")
    _submit(folder, BEFORE, _sources(None, right), None)
    if _autograde(folder, BEFORE) is not Ending.FINISHED or _read(folder).get(BEFORE) != POINTS:
        raise GradingError("plain nbgrader does not grade an honest submission here, so there is nothing to compare")
    return right


def attack(course: Path, right: Mapping[str, Any], one: Attack, place: Path) -> Plain:
    """Put one attack to plain nbgrader over a copy of the course at `place`, which is removed again."""
    shutil.copytree(course, place)
    try:
        _submit(place, ATTACKER, _sources(one, right), one)
        ending = _autograde(place, ATTACKER)
        read = _read(place)
        points = read.get(ATTACKER)
        return Plain(points, ending, points is not None and ending is Ending.FINISHED, read.get(BEFORE) != POINTS)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def deserved(one: Attack) -> dict[str, float]:
    """What the answers handed in with an attack are worth in the classic notebook."""
    return {"q1": POINTS["q1"] * ("q1-twin" in one.answers), "q2": POINTS["q2"] * ("q2-twin" in one.answers),
            "q3": POINTS["q3"] * (one.function or one.points.get("q3", 0.0) == POINTS["q3"])}


def _notebook(right: Mapping[str, Any]) -> Any:
    """The classic notebook: the answers are variables, the tests are assertions, the hidden ones hidden."""
    def marks(name: str, **more: Any) -> dict[str, Any]:
        return {"nbgrader": {"grade_id": name, "schema_version": 3, "task": False, "grade": False, "solution": False,
                             "locked": False, **more}}

    def tests(rows: list[str]) -> str:
        return "\n".join(["### BEGIN HIDDEN TESTS", *rows, "### END HIDDEN TESTS"])

    hidden = [f"assert find({raw!r}) == {address!r}" for raw, address in right["tests"].items()]
    cells = [new_code_cell(f"from helpers import first_address\nmessage = {right['message']!r}",
                           metadata=marks("start", locked=True))]
    for name, rows in (("q1", [f"assert address == {right['address']!r}"]),
                       ("q2", [f"assert number == {right['number']}"]), ("q3", hidden)):
        cells.append(new_code_cell("### BEGIN SOLUTION\npass\n### END SOLUTION",
                                   metadata=marks(f"{name}-open", solution=True)))
        cells.append(new_code_cell(tests(rows), metadata=marks(name, grade=True, locked=True, points=POINTS[name])))
    cells.append(new_markdown_cell("Write here.", metadata=marks("q4", grade=True, solution=True, points=3)))
    return new_notebook(cells=cells, metadata={"kernelspec": {
        "name": "python3", "display_name": "Python 3", "language": "python"}})


def _sources(one: Attack | None, right: Mapping[str, Any]) -> dict[str, str]:
    """The open cells: right answers as far as they are handed in, then the attack."""
    given = ("q1-twin", "q2-twin") if one is None else one.answers
    found = {"q1-open": f"address = {right['address']!r}" if "q1-twin" in given else "",
             "q2-open": f"number = {right['number']}" if "q2-twin" in given else "",
             "q3-open": FUNCTION if one is None or one.function else ""}
    if one is not None and one.kind == "cell":
        found[one.cell] = "\n".join([found[one.cell], one.source, one.classic])
    return found


def _submit(course: Path, participant: str, sources: Mapping[str, str], one: Attack | None) -> None:
    folder = course / "submitted" / participant / LAB
    shutil.copytree(course / "release" / LAB, folder)
    (folder / "answers").mkdir()
    path = folder / f"{LAB}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = sources.get(name, cell["source"])
    text = json.dumps(notebook)
    if one is not None and one.kind == "notebook":
        made = runpy.run_path(str(one.path))["forge"](notebook)
        text = made if isinstance(made, str) else json.dumps(notebook)
    if one is not None:
        one.place(folder)
    path.write_text(text, encoding="utf-8")
    (folder / "timestamp.txt").write_text("2026-11-02 08:00:00 UTC", encoding="utf-8")


def _autograde(course: Path, participant: str) -> Ending:
    """nbgrader's own command in the sandbox; FINISHED only if it says that all went well."""
    found = program()
    if found is None:
        raise SandboxError("bubblewrap does not run on this machine; `spamlab doctor` says why")
    inside = [sys.executable, "-m", "spamlab.bench.plain_nbgrader", str(course), participant]
    command = [found, "--unshare-net", "--dev-bind", "/", "/", "--proc", "/proc", "--die-with-parent", "--", *inside]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, text=True,
                          timeout=(LIMITS.wall_seconds or 0) + 60)
    word = (done.stdout.split() or [""])[-1]
    if word not in {one.value for one in Ending} or word == Ending.OWN_FAILURE.value:
        raise SandboxError(f"plain nbgrader was not run: {done.stderr.strip()[-300:] or word}")
    return Ending(word)


def main() -> None:
    """Inside the empty network: run nbgrader in the sandbox and print how it ended."""
    if _routes():
        sys.exit("this is no empty network")
    course, participant = Path(sys.argv[1]), sys.argv[2]
    outcome = run([sys.executable, "-m", "nbgrader", "autograde", LAB, "--student", participant, "--create"],
                  level=Level.BUBBLEWRAP, read_write=[course], folder=course, environment=_environment(),
                  limits=LIMITS, network=True)
    print(outcome.ending.value)


def _routes() -> list[str]:
    """The routes of this network; none in an empty one."""
    return Path("/proc/self/net/route").read_text(encoding="ascii").splitlines()[1:]


def _read(course: Path) -> dict[str, dict[str, float]]:
    """The automatic points in a gradebook that hostile code may have written, by participant and question."""
    outcome = run([sys.executable, "-I", "-c", READ], level=Level.BUBBLEWRAP, read_only=[course], folder=course,
                  environment={}, limits=Limits(wall_seconds=20), network=False)
    found: dict[str, dict[str, float]] = {}
    try:
        rows = json.loads(outcome.output)
    except ValueError:
        return found
    for participant, question, score, most in rows:
        if question in POINTS:
            found.setdefault(str(participant), {})[question] = min(float(score or 0), float(most or 0))
    return found


def _environment() -> dict[str, str]:
    """What nbgrader is told: this Python's programs, folders in the sandbox's own /tmp, one thread for a library."""
    return {"PATH": os.pathsep.join((str(Path(sys.executable).parent), "/usr/bin", "/bin")), "HOME": "/tmp",
            "JUPYTER_RUNTIME_DIR": "/tmp/runtime", "JUPYTER_CONFIG_DIR": "/tmp/config", "IPYTHONDIR": "/tmp/ipython",
            "JUPYTER_PREFER_ENV_PATH": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
            "PYTHONWARNINGS": "ignore", "MPLCONFIGDIR": "/tmp/mpl"}


if __name__ == "__main__":
    main()
