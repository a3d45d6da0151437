"""The list of chores: it reads without a warning, and its words reach the program whole."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")


def dry(*words: str) -> subprocess.CompletedProcess[str]:
    """What make would run."""
    return subprocess.run(["make", "-n", *words], cwd=ROOT, capture_output=True, text=True, timeout=30)


@pytest.mark.parametrize("chore", ["up", "install", "test", "lint", "docs", "rehearse", "lock", "clean"])
def test_each_chore_is_there_without_a_warning(chore: str) -> None:
    """Every chore that the documents name exists, and no recipe stands twice."""
    run = dry(chore)
    assert run.returncode == 0
    assert run.stderr == ""


def test_words_of_up_reach_the_program() -> None:
    """PORT, PARTICIPANTS, WORKSHOP and LABS become options, a folder with a space as one word."""
    said = dry("up", "PORT=9000", "PARTICIPANTS=5", "WORKSHOP=my workshop", "LABS=02").stdout
    for option in ('--port "9000"', '--participants "5"', '--workshop "my workshop"', '--labs "02"'):
        assert option in said


def test_ci_runs_make_test_and_nothing_less() -> None:
    """.ci/run ends in `make test`, which runs linters, types, the import contract and the whole suite."""
    assert (ROOT / ".ci/run").read_text().rstrip().endswith("exec make test")
    said = dry("test").stdout
    for part in ("ruff check", "mypy", "lint-imports", "pytest -n 2"):
        assert part in said
