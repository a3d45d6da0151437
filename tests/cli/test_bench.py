"""`spamlab bench`: its form, its status, and a sentence for an unknown bench."""

from __future__ import annotations

import importlib
import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from spamlab import shipped
from spamlab.bench import startup
from spamlab.bench.rows import Row, lower_is_better
from spamlab.cli import bench
from spamlab.errors import UsageError


def test_less_than_the_peer_is_a_ratio_above_one() -> None:
    """A figure where less is better has the ratio peer by value, and holds up to its goal."""
    row = lower_is_better("start", 2.0, "s", "peer", 3.0, times=2.0)
    assert row.ratio == 1.5
    assert row.holds
    assert not lower_is_better("start", 2.1, "s", "peer", 1.0, times=2.0).holds


@pytest.mark.parametrize("holds", [True, False])
def test_the_json_form_and_the_status(monkeypatch: pytest.MonkeyPatch, holds: bool) -> None:
    """One JSON line for each bench with the promised keys; status 1 if a goal is missed."""
    row = Row("start", 1.0, "s", "peer: 2 s", 2.0, "at most 2 s", holds)
    monkeypatch.setattr("importlib.import_module", lambda _: SimpleNamespace(measure=lambda **_: [row]))
    run = CliRunner().invoke(bench.command, ["startup", "--json"])
    assert run.exit_code == (0 if holds else 1)
    found = json.loads(run.output)
    assert set(found) == {"bench", "rows"}
    assert list(found["rows"][0]) == ["what", "value", "unit", "against", "ratio", "goal", "holds"]


def test_an_unknown_bench_gets_a_sentence() -> None:
    """An unknown name is refused with the names that are known."""
    run = CliRunner().invoke(bench.command, ["nothing"])
    assert isinstance(run.exception, UsageError)
    assert "startup" in str(run.exception)


def test_every_bench_that_there_is_can_be_called() -> None:
    """Each bench's module has `measure`, and the help names each."""
    told = CliRunner().invoke(bench.command, ["--help"]).output
    for name, module in bench.BENCHES.items():
        assert callable(importlib.import_module(module).measure)
        assert name in told


def test_all_benches_are_run_without_what_only_a_checkout_has(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without names all are run; an installed package leaves the attacks out and says so."""
    asked: list[str] = []

    def found(module: str) -> SimpleNamespace:
        asked.append(module.rpartition(".")[2])
        return SimpleNamespace(measure=lambda **_: [])

    monkeypatch.setattr("importlib.import_module", found)
    assert CliRunner().invoke(bench.command, ["--quick"]).exit_code == 0
    assert asked == list(bench.BENCHES)
    asked.clear()
    monkeypatch.setattr(shipped, "default_folder", lambda name: tmp_path / name)
    run = CliRunner().invoke(bench.command, [])
    assert run.exit_code == 0
    assert asked == [name for name in bench.BENCHES if name != "attacks"]
    assert "attacks: left out" in run.stderr


def test_memory_is_measured_over_the_whole_family() -> None:
    """This process alone already holds some megabytes, and its family includes itself."""
    assert os.getpid() in startup.family(os.getpid())
    assert startup.megabytes(os.getpid()) > 5
