"""`spamlab doctor`: a form that scripts rely on, and a sentence for everything that falls back."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from spamlab.cli.doctor import command
from spamlab.sandbox import Level, floor
from spamlab.sandbox import filter as filter_of_calls
from spamlab.workshop import doctor
from spamlab.workshop.doctor import Check


def test_the_json_form_is_what_scripts_rely_on() -> None:
    """Each check has exactly what, ok, detail and instead, of the promised types."""
    run = CliRunner().invoke(command, ["--json"])
    found = json.loads(run.output)
    assert set(found) == {"checks"}
    for check in found["checks"]:
        assert {key: type(value) for key, value in check.items()} == {
            "what": str,
            "ok": bool,
            "detail": str,
            "instead": str,
        }
    assert {"Python", "sandbox", "Landlock", "seccomp", "limit on processes", "ports", "disk", "Chromium",
            "container engine"} <= {check["what"] for check in found["checks"]}


def test_what_falls_back_says_what_is_used_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no engine and no browser is found the checks are not ok and name the way out."""
    monkeypatch.setenv("PATH", "/nonexistent")
    for check in (doctor.browser(), doctor.engine()):
        assert not check.ok
        assert check.instead


def test_a_low_sandbox_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where bubblewrap does not run the sandbox check fails, warns, and gives a reason."""
    monkeypatch.setattr(doctor, "available_level", lambda: Level.PLAIN)
    check = doctor.sandbox()
    assert not check.ok
    assert "can't confine" in check.detail
    assert check.instead


@pytest.mark.parametrize(("version", "word"), [(0, "can't be had"), (1, "cut"), (4, "signal itself alone"), (6, "")])
def test_what_an_older_landlock_lacks_is_said(monkeypatch: pytest.MonkeyPatch, version: int, word: str) -> None:
    """Each version of Landlock is named, with what the level floor then lacks."""
    monkeypatch.setattr(floor, "abi", lambda: version)
    check = doctor.landlock()
    assert check.ok == (not word)
    assert word in check.instead


def test_without_a_filter_of_calls_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where seccomp does not work the check fails and names the level that is left."""
    monkeypatch.setattr(filter_of_calls, "available", lambda: False)
    assert not doctor.calls().ok
    assert "plain" in doctor.calls().instead


def test_only_what_is_needed_makes_it_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing browser leaves the exit status 0; a full disk makes it 1."""
    lacking = Check("Chromium", False, "not found", "not needed")
    monkeypatch.setattr(doctor, "CHECKS", (lambda: lacking,))
    assert CliRunner().invoke(command).exit_code == 0
    monkeypatch.setattr(doctor, "NEEDED_MB", 10**9)
    monkeypatch.setattr(doctor, "CHECKS", (doctor.disk,))
    run = CliRunner().invoke(command)
    assert run.exit_code == 1
    assert "make room" in run.output
