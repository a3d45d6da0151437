"""The dress rehearsal itself, through real services, sandbox and nbgrader."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from spamlab.errors import UsageError
from spamlab.rehearsal.players import FIRST
from spamlab.rehearsal.run import rehearse
from spamlab.sandbox import Level, available_level

LAB, FILTERS = "02-header-forensics", "05-learning-filters"

needs_bubblewrap = pytest.mark.skipif(
    available_level() < Level.BUBBLEWRAP, reason="this machine can't run bubblewrap, and grading goes no lower unasked")


def files(root: Path) -> dict[str, bytes]:
    """Every notebook and message that the secret alone decides, by path."""
    found = {}
    for part in ("course/source", "course/release", "participants"):
        for path in sorted((root / part).rglob("*")):
            if path.is_file() and "feedback" not in path.parts:
                found[path.relative_to(root).as_posix()] = path.read_bytes()
    return found


@needs_bubblewrap
@pytest.mark.slow
def test_every_kind_scores_as_it_deserves(tmp_path: Path) -> None:
    """`spamlab rehearse --participants 10 --json` plays each kind and ends with 0: scores, ledger, traces, reports."""
    report = tmp_path / "report.html"
    run = subprocess.run(
        [sys.executable, "-m", "spamlab.cli", "rehearse", "--participants", "10", "--labs", LAB, "--json",
         "--report", str(report)],
        capture_output=True, text=True, timeout=400)
    assert run.returncode == 0, run.stdout + run.stderr
    outcome = json.loads(run.stdout)
    assert outcome["ok"]
    assert outcome["trouble"] == []
    rows = outcome["scores"]
    assert [row["kind"].split(":")[0] for row in rows] == list(FIRST)
    for row in rows:
        assert row["graded"] == pytest.approx(row["expected"], abs=0.001), row
    by_kind = {row["kind"].split(":")[0]: row for row in rows}
    most = by_kind["honest"]["max"]
    assert by_kind["honest"]["graded"] == by_kind["guided-only"]["graded"] == by_kind["late"]["graded"] == most
    assert by_kind["silent"]["graded"] == by_kind["absent"]["graded"] == 0
    assert 0 < by_kind["weak"]["graded"] < most
    assert 0 < by_kind["mistake"]["graded"] < most
    assert by_kind["copying"]["graded"] < most / 4, "another's answers are worth little; a function fits everybody"
    assert [row["participant"] for row in outcome["traces"]] == [by_kind["hostile"]["participant"]]
    assert outcome["submissions"] == 9
    assert 0 < outcome["seconds_per_submission"]["grading"] < outcome["seconds_per_submission"]["whole"]
    assert sum(outcome["parts"].values()) <= outcome["seconds"] + 0.1, "each is rounded to a hundredth"
    assert "All scores are as expected." in report.read_text(encoding="utf-8")


@needs_bubblewrap
@pytest.mark.slow
def test_the_same_secret_gives_the_same_workshop(tmp_path: Path) -> None:
    """Two rehearsals from one seed leave byte-identical notebooks and data sets; another seed other data."""
    first = rehearse(2, [LAB], seed=7, keep=tmp_path / "one")
    second = rehearse(2, [LAB], seed=7, keep=tmp_path / "two")
    assert first.ok, first.trouble
    assert first.digest == second.digest
    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
    assert any(name.endswith(".ipynb") for name in one)
    assert rehearse(1, [LAB], seed=8).digest != rehearse(1, [LAB], seed=7).digest


@needs_bubblewrap
@pytest.mark.slow
def test_a_lab_with_sets_of_records_and_a_filter_scores_as_it_deserves() -> None:
    """Sets reach the class and the graded run; filters that are right, mistaken or missing get what they deserve."""
    outcome = rehearse(6, [FILTERS], seed=3)
    assert outcome.ok, (outcome.trouble, [row for row in outcome.rows if not row.equal])
    by_kind = {row.kind.split(":")[0]: row for row in outcome.rows}
    assert by_kind["honest"].graded == by_kind["guided-only"].graded == by_kind["honest"].max
    assert by_kind["silent"].graded == 0
    assert 0 < by_kind["mistake"].graded < by_kind["honest"].max


def test_a_bad_request_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """No participants, or a folder that exists, is one sentence and no workshop."""
    with pytest.raises(UsageError, match="at least one participant"):
        rehearse(0)
    with pytest.raises(UsageError, match="exists already"):
        rehearse(1, keep=tmp_path)
    assert list(tmp_path.iterdir()) == []
