"""Each forbidden thing, tried from inside by a program that does it alone, at each level that forbids it."""

from __future__ import annotations

import os
import pty
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from spamlab.sandbox import Ending, Level, Outcome, available_level, floor, run, start
from spamlab.sandbox import filter as calls

from .conftest import TIGHT

Play = Callable[..., Outcome]
CONFINED = [
    pytest.param(level, id=level.label, marks=pytest.mark.skipif(
        level > available_level() or (level is Level.FLOOR and not floor.available()),
        reason=f"THIS MACHINE DOES NOT GIVE THE LEVEL {level.label}: nothing is proved of it here"))
    for level in (Level.BUBBLEWRAP, Level.FLOOR)]
pytestmark = pytest.mark.parametrize("level", CONFINED)


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What lies outside: a secret file, a TCP service, an abstract socket, this very process."""
    secret = tmp_path / "secret"
    secret.write_text("tell-nobody")
    name = f"spamlab-test-{os.getpid()}"
    with (socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as stream,
          socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams):
        stream.bind(f"\0{name}")
        stream.listen()
        datagrams.bind(f"\0{name}-datagrams")
        yield {"secret": str(secret), "folder": str(tmp_path), "new": str(tmp_path / "new"), "name": name,
               "datagrams": f"{name}-datagrams", "port": str(tcp.getsockname()[1]), "engine": str(os.getpid())}


@pytest.mark.parametrize(("program", "word"), [
    ("reads_outside.py", "secret"), ("lists_outside.py", "folder"), ("writes_outside.py", "new"),
    ("reads_proc_of_others.py", "engine"), ("reads_memory_of_others.py", "engine"), ("traces_the_parent.py", "engine"),
    ("kills_the_parent.py", "engine"), ("kills_by_descriptor.py", "engine"), ("limits_the_parent.py", "engine"),
    ("connects_tcp.py", "port"), ("connects_tcp6.py", ""), ("sends_udp.py", ""), ("listens.py", ""),
    ("connects_abstract.py", "name"), ("sends_by_pair.py", "datagrams"), ("opens_raw_packets.py", ""),
    ("mounts.py", ""), ("opens_a_tree.py", ""), ("makes_a_namespace.py", ""), ("clones_a_namespace.py", ""),
    ("joins_a_namespace.py", ""), ("uses_io_uring.py", ""), ("uses_keyring.py", ""), ("uses_userfaultfd.py", ""),
    ("uses_bpf.py", ""), ("watches_performance.py", ""), ("opens_by_handle.py", ""), ("changes_personality.py", ""),
    ("calls_as_x32.py", ""), ("sets_the_clock.py", ""), ("gains_rights.py", ""), ("writes_proc_sys.py", ""),
    ("makes_a_device.py", ""), ("opens_devices.py", ""),
])
def test_it_is_refused(level: Level, play: Play, outside: dict[str, str], program: str, word: str) -> None:
    """The kernel answers with an error, the program goes on and says so, and nothing came of it."""
    if program == "lists_outside.py" and level is Level.BUBBLEWRAP:
        pytest.skip("there the folder that holds the own one is seen, and empty but for that")
    outcome = play(program, level, *([outside[word]] if word else []))
    if word == "new" and level is Level.BUBBLEWRAP:  # it has a /tmp of its own, with folders of the same names
        assert not Path(outside["new"]).exists()
    else:
        assert outcome.output.startswith(b"REFUSED"), outcome
    assert b"tell-nobody" not in outcome.output + outcome.errors


@pytest.mark.parametrize("program", [
    "makes_a_namespace.py", "clones_a_namespace.py", "joins_a_namespace.py", "uses_io_uring.py", "uses_keyring.py",
    "uses_bpf.py", "mounts.py", "reads_memory_of_others.py", "traces_the_parent.py", "kills_the_parent.py",
    "opens_raw_packets.py", "changes_personality.py", "reads_outside.py",
])
def test_it_is_refused_where_the_network_is_shared(level: Level, play: Play, outside: dict[str, str], program: str
                                                   ) -> None:
    """What may use the machine's network, as a participant's server may, is held in all else."""
    word = "secret" if program == "reads_outside.py" else "engine"
    outcome = play(program, level, outside[word], network=True)
    assert outcome.output.startswith(b"REFUSED"), outcome


def test_a_network_that_was_asked_for_is_there(level: Level, play: Play, outside: dict[str, str]) -> None:
    """A service on loopback is reached where the network is shared."""
    assert play("connects_tcp.py", level, outside["port"], network=True).output == b"DONE\n"


def test_modes_and_times_of_others_files_stay(level: Level, play: Play, outside: dict[str, str]) -> None:
    """Neither mode, time, attributes nor content of a file outside can be changed."""
    before = os.stat(outside["secret"])
    play("changes_modes.py", level, outside["secret"])
    after = os.stat(outside["secret"])
    assert (before.st_mode, before.st_mtime_ns, before.st_size) == (after.st_mode, after.st_mtime_ns, after.st_size)
    assert os.listxattr(outside["secret"]) == []


def test_nothing_is_put_into_the_terminal(level: Level, tmp_path: Path) -> None:
    """A terminal that is the program's input takes no letters from it."""
    ours, theirs = pty.openpty()
    program = Path(__file__).with_name("programs") / "fills_the_terminal.py"
    try:
        with start([sys.executable, str(program)], level=level, read_only=[program], read_write=[tmp_path],
                   folder=tmp_path, environment={}, limits=TIGHT, stdin=theirs) as one:
            assert one.communicate().output == b"REFUSED 1\n"
    finally:
        os.close(ours)
        os.close(theirs)


def test_open_files_are_bounded(level: Level, play: Play) -> None:
    """A process can't open more files than allowed."""
    assert int(play("opens_many_files.py", level).output) < (TIGHT.open_files or 0)


@pytest.mark.parametrize("program", ["detaches.py", "leaves_children.py", "breeds.py"])
def test_nothing_outlives_the_run(level: Level, play: Play, tmp_path: Path, program: str) -> None:
    """A grandchild in a session of its own, deaf to signals, or ever another process, ends with the program."""
    assert play(program, level).ending is Ending.FINISHED
    assert _left(tmp_path / "work" / program, level) == []


@pytest.mark.parametrize("program", ["detaches.py", "breeds.py"])
def test_nothing_outlives_a_kill(level: Level, tmp_path: Path, program: str) -> None:
    """Killed in the middle, all that was started is gone when the run is."""
    source = (Path(__file__).with_name("programs") / program).read_text()
    source += "\nprint('up', flush=True)\ntime.sleep(60)\n"
    (tmp_path / program).write_text(source)
    with start([sys.executable, str(tmp_path / program)], level=level, read_write=[tmp_path], folder=tmp_path,
               environment={}, limits=TIGHT) as one:
        assert one.stdout is not None
        assert one.stdout.readline() == b"up\n"
        one.kill()
        assert one.wait(20).ending is Ending.KILLED
    assert _left(tmp_path / program, level) == []


def test_nothing_outlives_the_engine(level: Level, tmp_path: Path) -> None:
    """Where the one who started it is killed with SIGKILL, the run and all that it started end too."""
    program = tmp_path / "detaches.py"
    source = (Path(__file__).with_name("programs") / program.name).read_text()
    program.write_text(source + "\ntime.sleep(60)\n")
    code = ("import sys, time; from pathlib import Path; from spamlab.sandbox import *; "
            f"one = start([sys.executable, {str(program)!r}], level=Level({int(level)}), read_write=[Path.cwd()], "
            "folder=Path.cwd(), environment={}, limits=Limits()); print('up', flush=True); time.sleep(60)")
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE) as engine:
        assert engine.stdout is not None
        assert engine.stdout.readline() == b"up\n"
        end = time.monotonic() + 20
        while len(_running(program)) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        engine.kill()
    end = time.monotonic() + 20
    while _running(program) and time.monotonic() < end:
        time.sleep(0.05)
    assert _running(program) == []


def test_one_run_does_not_reach_another(level: Level, play: Play, tmp_path: Path) -> None:
    """A run can neither signal, read nor limit the processes of another, nor read its files."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "answer").write_text("mine")
    with start([sys.executable, "-c", "import time; time.sleep(60)"], level=level, read_write=[other], folder=other,
               environment={}, limits=TIGHT) as one:
        from spamlab.sandbox.tree import descendants

        innermost = str(descendants(one.pid)[-1])
        for program in ("kills_the_parent.py", "reads_proc_of_others.py", "traces_the_parent.py",
                        "reads_memory_of_others.py", "limits_the_parent.py"):
            assert play(program, level, innermost).output.startswith(b"REFUSED"), program
        assert play("reads_outside.py", level, str(other / "answer")).output.startswith(b"REFUSED")
        assert not one.poll()


def test_honest_code_works(level: Level, play: Play) -> None:
    """Threads, processes, signals to one's own, an event loop, copying and moving files work as anywhere."""
    outcome = play("works_honestly.py", level)
    assert outcome.output == b"thread process shell loop x\n", outcome


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5, 6])
def test_an_older_landlock_is_made_up_for(level: Level, play: Play, outside: dict[str, str], version: int,
                                          monkeypatch: pytest.MonkeyPatch) -> None:
    """With what older kernels have the same is refused, and orphans are found one by one and ended."""
    if level is not Level.FLOOR or version > floor.abi():
        pytest.skip("this concerns the floor, and versions that this kernel has")
    monkeypatch.setattr(floor, "abi", lambda: version)
    for program, word in (("kills_the_parent.py", "engine"), ("kills_by_descriptor.py", "engine"),
                          ("connects_tcp.py", "port"), ("reads_outside.py", "secret"), ("writes_outside.py", "new")):
        assert play(program, level, outside[word]).output.startswith(b"REFUSED"), program
    play("changes_modes.py", level, outside["secret"])
    assert Path(outside["secret"]).read_text() == "tell-nobody"
    assert play("detaches.py", level).ending is Ending.FINISHED
    assert _running(Path(outside["secret"]).with_name("work") / "detaches.py") == []


def test_no_folder_is_left(level: Level) -> None:
    """The private folder that stands for /tmp at the floor is gone with the run."""
    outcome = run([sys.executable, "-c", "import tempfile; open(tempfile.gettempdir() + '/x', 'w').close(); "
                   "print(tempfile.gettempdir())"], level=level, environment={}, limits=TIGHT)
    place = Path(outcome.output.decode().strip())
    assert outcome.ok
    assert place == Path("/tmp") or not place.exists()


def test_a_filter_of_an_unknown_machine_is_refused(level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    """On an architecture whose calls are not known no level but plain is had."""
    from spamlab.errors import SandboxError

    monkeypatch.setattr(calls, "_place", lambda: (_ for _ in ()).throw(SandboxError("unknown")))
    assert not calls.available()
    with pytest.raises(SandboxError):
        start([sys.executable, "-c", ""], level=level, environment={}, limits=TIGHT)


def _left(program: Path, level: Level) -> list[str]:
    """What still runs: at the floor at once, for a keeper has waited for it; else when the kernel has had a moment."""
    end = time.monotonic() + (0 if level is Level.FLOOR else 2)
    while _running(program) and time.monotonic() < end:
        time.sleep(0.02)
    return _running(program)


def _running(program: Path) -> list[str]:
    """The processes of this machine that run this very file: other tests run copies of it at the same time."""
    found = []
    for pid in os.listdir("/proc"):
        if pid.isdigit():
            with suppress(OSError):
                if str(program).encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                    found.append(pid)
    return found
