"""Landlock laid on a process that was forked for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from spamlab.errors import SandboxError
from spamlab.sandbox import filter as calls
from spamlab.sandbox import floor

pytestmark = pytest.mark.skipif(not floor.available(), reason="THIS MACHINE DOES NOT GIVE THE LEVEL floor")


def inside(what: Callable[[], object]) -> str:
    """What a forked process says of calling `what`."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            said = str(what())
        except BaseException as error:
            said = type(error).__name__
        os.write(write, said.encode()[:1000])
        os._exit(0)
    os.close(write)
    with open(read, encoding="utf-8") as stream:
        found = stream.read()
    os.waitpid(pid, 0)
    return found


def test_confined_and_filtered(tmp_path: Path) -> None:
    """After both calls a forked process writes in its folder, reads what was named, and nothing else."""
    work, shown, secret = tmp_path / "work", tmp_path / "shown", tmp_path / "secret"
    work.mkdir()
    shown.write_text("shown")
    secret.write_text("secret")

    def look() -> list[object]:
        floor.confine([shown], [work], network=False)
        calls.apply(network=False)
        (work / "x").write_text("x")
        found: list[object] = [shown.read_text()]
        for attempt in (lambda: secret.read_text(), lambda: os.listdir("/proc"), lambda: os.kill(os.getppid(), 0),
                        lambda: (tmp_path / "new").write_text("x"), lambda: os.listdir("/root"),
                        lambda: shown.write_text("x")):
            try:
                found.append(attempt())
            except OSError as error:
                found.append(type(error).__name__)
        return found

    assert inside(look) == str(["shown"] + ["PermissionError"] * 6)
    assert (work / "x").read_text() == "x"


def test_hidden_in_what_is_shown(tmp_path: Path) -> None:
    """A hidden folder's files can't be read, its neighbours and what was named below it can."""
    for name in ("open/a", "open/shut/b", "open/shut/in/c", "open/d/e"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    root = tmp_path / "open"

    def look() -> list[str]:
        floor.confine([root, root / "shut/in"], [], network=True, hidden=[root / "shut"])
        found = []
        for name in ("a", "shut/b", "shut/in/c", "d/e"):
            try:
                found.append((root / name).read_text())
            except OSError as error:
                found.append(type(error).__name__)
        return found

    assert inside(look) == str(["open/a", "PermissionError", "open/shut/in/c", "open/d/e"])


def test_what_is_to_be_shown_must_exist(tmp_path: Path) -> None:
    """A folder that does not exist can't be shown, and the sentence names it."""
    with pytest.raises(SandboxError, match="no-such-folder"):
        floor.ruleset([tmp_path / "no-such-folder"], [], network=False)


def test_no_landlock_no_floor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On a kernel without Landlock the floor is refused with one sentence."""
    monkeypatch.setattr(floor, "abi", lambda: 0)
    assert not floor.available()
    with pytest.raises(SandboxError, match="no Landlock"):
        floor.confine([], [tmp_path], network=False)


def test_rights_are_gone() -> None:
    """No capability is left to a process of root, nor comes back by starting a program."""
    def look() -> str:
        import subprocess

        floor.give_up_rights()
        return subprocess.check_output([sys.executable, "-c", "print(open('/proc/self/status').read())"], text=True
                                       ).partition("CapEff:")[2].split()[0]

    assert set(inside(look)) == {"0"}


def test_signals_reach_those_inside_alone() -> None:
    """Under the scope of signals a process reaches its children and not its parent."""
    if floor.abi() < floor.SIGNALS_SCOPED_FROM:
        pytest.skip("this kernel's Landlock does not keep signals inside")

    def look() -> tuple[bool, str]:
        floor.restrict(floor.signal_scope())
        child = os.fork()
        if child == 0:
            import time

            time.sleep(60)
            os._exit(0)
        os.kill(child, 9)
        ended = os.waitpid(child, 0)[1] == 9
        try:
            os.kill(os.getppid(), 0)
        except PermissionError:
            return ended, "refused"
        return ended, "reached"

    assert inside(look) == str((True, "refused"))
