"""A broken configuration fails closed: nothing of a participant's runs unguarded, and nobody gains a point."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from spamlab.sandbox.kernel import write_kernelspec

from .room import LAB, Room

ATTACK = """
for place in {places!r}:
    try:
        open(place, "w").write("escaped")
    except OSError:
        pass
def check(*given, **named):
    return None
answer = check
"""
"""Leaves a mark outside, and silences the graded cells: stock nbgrader counts those as passed."""
STOCK = "nbgrader.preprocessors.Execute"
WITHOUT_SANDBOX = """
from spamlab.sandbox import bubblewrap, process, limits
import spamlab.sandbox, spamlab.grading.protection as protection
worst = lambda: min(limits.Level)
process.available_level = spamlab.sandbox.available_level = protection.available_level = worst
bubblewrap.machine = lambda: None
"""
PROGRAMS = {
    "nbgrader autograde": "import sys; sys.argv = ['nbgrader', 'autograde', '{lab}', '--student=p01', '--create', "
                          "'--force']; from nbgrader.apps.nbgraderapp import main; main()",
    "spamlab grade": "import sys; sys.argv = ['spamlab', 'grade', '{lab}', '--workshop', r'{root}', '--json', "
                     "'--again']; from spamlab.cli import main; main()",
    "Formgrader": "import asyncio, json; from pathlib import Path; from spamlab.workshop.formgrader import run_button; "
                  "print(json.dumps(asyncio.run(run_button(Path(r'{root}') / 'course', 'autograde', '{lab}', 'p01'))))",
    "nbgrader's API": "from nbgrader.apps import NbGrader, NbGraderAPI; app = NbGrader(); app.initialize([]); "
                      "app.start(); print(NbGraderAPI(config=app.config).autograde('{lab}', 'p01'))",
    "nbgrader's API, no configuration": "from nbgrader.apps import NbGraderAPI; from traitlets.config import Config; "
                                        "print(NbGraderAPI(config=Config()).autograde('{lab}', 'p01'))",
}


@dataclass
class Bench:
    """A room with a hostile submission, and what a breakage sets around the programs."""

    room: Room
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def course(self) -> Path:
        """The course folder."""
        return self.room.workshop.course

    @property
    def config(self) -> Path:
        """nbgrader's configuration of the course."""
        return self.course / "nbgrader_config.py"

    @property
    def marks(self) -> list[Path]:
        """What the submission would write if it could."""
        return [self.folder / "escaped", self.course / "escaped", self.room.workshop.root / "escaped"]

    def extend(self, lines: str) -> None:
        """Add lines to the configuration."""
        self.config.write_text(self.config.read_text(encoding="utf-8") + lines, encoding="utf-8")

    def run(self, program: str) -> subprocess.CompletedProcess[str]:
        """One of the ways to grade, in the course folder."""
        code = PROGRAMS[program].format(lab=LAB, root=self.room.workshop.root)
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        whole = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(home), "LANG": "C.UTF-8",
                 "JUPYTER_PATH": str(self.folder / "share"), "JUPYTER_PLATFORM_DIRS": "0", **self.environment}
        return subprocess.run([sys.executable, "-c", code], cwd=self.course, env=whole, capture_output=True, text=True,
                              timeout=120)


@pytest.fixture
def bench(room: Room, tmp_path: Path) -> Bench:
    """A hostile submission of p01, collected; both kernels are there, as on a trainer's machine."""
    from spamlab.grading import steps

    write_kernelspec(tmp_path / "share")
    made = Bench(room, tmp_path)
    notebook = room.notebook()
    notebook["metadata"]["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    attack = ATTACK.format(places=[str(path) for path in made.marks])
    notebook["cells"].insert(0, json.loads(json.dumps(new_code_cell(attack))))
    folder = room.workshop.home("p01") / LAB
    other = nbformat.v4.new_notebook(cells=[new_code_cell(attack)], metadata=notebook["metadata"])
    nbformat.write(other, folder / "other.ipynb")
    room.hand_in("p01", {}, {"q1-open": attack, "q2-open": attack, "q3-open": attack}, notebook=notebook)
    steps.collect(room.workshop, LAB)
    return made


def syntax_error(bench: Bench) -> None:
    """A line that is no Python."""
    bench.extend("\nc.Autograde.exporter_class = = 'x'\n")


def import_error(bench: Bench) -> None:
    """A module that is not there."""
    bench.config.write_text("import no_such_module\n" + bench.config.read_text(encoding="utf-8"), encoding="utf-8")


def exception_half_way(bench: Bench) -> None:
    """An error after the half of the lines: what stood before it may count."""
    lines = bench.config.read_text(encoding="utf-8").splitlines()
    half = next(number for number, line in enumerate(lines) if line.startswith("c.Autograde.exporter_class"))
    bench.config.write_text("\n".join([*lines[:half], "1 / 0", *lines[half:]]), encoding="utf-8")


def missing_file(bench: Bench) -> None:
    """No configuration at all."""
    bench.config.unlink()


def wrong_class(bench: Bench) -> None:
    """The name of a class that is not there."""
    bench.config.write_text(bench.config.read_text(encoding="utf-8").replace("executor.JudgedExecute", "executor.Gone"),
                            encoding="utf-8")


def stock_execute_added(bench: Bench) -> None:
    """nbgrader's own executor before ours."""
    bench.extend(f"\nc.Autograde.autograde_preprocessors.insert(0, {STOCK!r})\n")


def stock_execute_alone(bench: Bench) -> None:
    """nbgrader's own steps in place of ours."""
    bench.extend(f"\nc.Autograde.autograde_preprocessors = [{STOCK!r}, 'nbgrader.preprocessors.SaveAutoGrades']\n")


def preprocessors_emptied(bench: Bench) -> None:
    """No step at all."""
    bench.extend("\nc.Autograde.sanitize_preprocessors = []\nc.Autograde.autograde_preprocessors = []\n")


def executor_left_out(bench: Bench) -> None:
    """All steps but the one that judges."""
    bench.extend("\nc.Autograde.autograde_preprocessors = c.Autograde.autograde_preprocessors[1:]\n")


def config_of_a_home(bench: Bench) -> None:
    """A second configuration in ~/.jupyter with nbgrader's own steps."""
    place = bench.folder / "home" / ".jupyter"
    place.mkdir(parents=True)
    (place / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.Autograde.autograde_preprocessors = [{STOCK!r}]\nc.Execute.kernel_name = 'python3'\n",
        encoding="utf-8")


def config_of_the_environment(bench: Bench) -> None:
    """The same by JUPYTER_CONFIG_DIR."""
    config_of_a_home(bench)
    bench.environment["JUPYTER_CONFIG_DIR"] = str(bench.folder / "home" / ".jupyter")


def config_of_a_submission(bench: Bench) -> None:
    """A configuration that came with the submission."""
    place = bench.course / "submitted" / "p01" / LAB
    (place / "nbgrader_config.py").write_text(
        f"open({str(bench.marks[0])!r}, 'w').write('x')\nc = get_config()\n"
        f"c.Autograde.autograde_preprocessors = [{STOCK!r}]\n", encoding="utf-8")


def no_sandbox(bench: Bench) -> None:
    """A machine on which no sandbox can be had."""
    place = bench.folder / "customized"
    place.mkdir()
    (place / "sitecustomize.py").write_text(WITHOUT_SANDBOX, encoding="utf-8")  # for the processes they start as well
    bench.environment["PYTHONPATH"] = str(place)


def workshop_unreadable(bench: Bench) -> None:
    """A workshop.toml that is none."""
    (bench.room.workshop.root / "workshop.toml").write_text("title = \n", encoding="utf-8")


def secret_missing(bench: Bench) -> None:
    """No secret: no truth can be drawn."""
    bench.room.workshop.secret_file.unlink()


BREAKAGES: tuple[Callable[[Bench], None], ...] = (
    syntax_error, import_error, exception_half_way, missing_file, wrong_class, stock_execute_added, stock_execute_alone,
    preprocessors_emptied, executor_left_out, config_of_a_home, config_of_the_environment, config_of_a_submission,
    no_sandbox, workshop_unreadable, secret_missing)
HARMLESS = {"config_of_a_submission", "config_of_a_home", "config_of_the_environment"}
"""The course's configuration stands above these: the submission is graded as always."""


def earned(bench: Bench) -> float:
    """The points of p01 in the gradebook."""
    from nbgrader.api import Gradebook, MissingEntry

    with Gradebook(f"sqlite:///{bench.course / 'gradebook.db'}") as book:
        try:
            return float(book.find_submission(LAB, "p01").score)
        except MissingEntry:
            return 0.0


@pytest.mark.slow
@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda one: one.__name__)
def test_a_broken_configuration_fails_closed(bench: Bench, breakage: Callable[[Bench], None]) -> None:
    """However it is broken and whichever way grades: no mark outside, no point, and no success in silence."""
    (bench.folder / "home").mkdir()
    breakage(bench)
    for program in PROGRAMS:
        done = bench.run(program)
        said = done.stdout + done.stderr
        assert not [path for path in bench.marks if path.exists()], (program, said)
        assert earned(bench) == 0.0, (program, said)
        if breakage.__name__ not in HARMLESS and program in ("spamlab grade", "Formgrader"):
            assert done.returncode or '"success": false' in said, (program, said)
            assert "Traceback" not in done.stderr, said
        shutil.rmtree(bench.course / "autograded", ignore_errors=True)


@pytest.mark.slow
def test_a_sound_configuration_gives_the_attack_nothing(bench: Bench) -> None:
    """The same submission where nothing is broken: each way but the last grades it, and it earns nothing."""
    for program in PROGRAMS:
        done = bench.run(program)
        assert not [path for path in bench.marks if path.exists()], (program, done.stdout, done.stderr)
        assert earned(bench) == 0.0, (program, done.stdout, done.stderr)
