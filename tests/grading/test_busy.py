"""One job at a time for a course."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from spamlab.errors import UsageError
from spamlab.grading import busy, buttons

from .room import LAB, Room


def test_a_second_job_is_refused_with_a_sentence(tmp_path: Path) -> None:
    """Who comes second is told which job runs, and since when; afterwards the way is free."""
    told = r"Grade of 01-tiny has been running since \d\d:\d\d:\d\d in this course"
    with busy.alone(tmp_path, "Grade of 01-tiny"), pytest.raises(UsageError, match=told):
        busy.hold(tmp_path, "Autograde")
    with busy.alone(tmp_path, "Autograde"):
        pass


def test_the_job_holds_what_its_starter_took(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that was started under the lock does not wait for itself, and nothing it starts inherits the lock."""
    held = busy.hold(tmp_path, "Grade")
    os.set_inheritable(held.descriptor, True)
    for name, value in held.environment().items():
        monkeypatch.setenv(name, value)
    with busy.alone(tmp_path, "Grade"):
        assert not os.get_inheritable(held.descriptor)
    held.release()


def test_a_killed_job_frees_the_course(tmp_path: Path) -> None:
    """The lock ends with its process, however that ended."""
    code = ("import os, sys; from pathlib import Path; from spamlab.grading import busy;"
            "busy.hold(Path(sys.argv[1]), 'Grade'); os.kill(os.getpid(), 9)")
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)]).returncode == -9
    busy.hold(tmp_path, "Grade").release()


def test_a_link_in_the_locks_place_is_not_followed(tmp_path: Path) -> None:
    """The lock's file is never another file."""
    (tmp_path / "other").write_text("kept", encoding="utf-8")
    (tmp_path / busy.FILE).symlink_to(tmp_path / "other")
    with pytest.raises(OSError, match="symbolic links"):
        busy.hold(tmp_path, "Grade")
    assert (tmp_path / "other").read_text(encoding="utf-8") == "kept"


def test_a_button_says_what_went_wrong(room: Room) -> None:
    """Each failure of a button is nbgrader's answer with one sentence, and a busy course does nothing."""
    course = room.workshop.course
    assert "no action called" in buttons.run(course, "erase", LAB)["error"]
    with busy.alone(course, "Collect of 01-tiny"):
        refused = buttons.run(course, "autograde", LAB, "p01")
    assert not refused["success"]
    assert refused["error"].startswith("Collect of 01-tiny has been running since")
    assert buttons.run(course, "autograde", LAB, "nobody")["error"].startswith("There is no participant")
