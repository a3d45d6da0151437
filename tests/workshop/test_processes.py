"""Children: started, awaited, watched, ended with everything they started."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from spamlab.errors import MachineError
from spamlab.workshop.processes import MOST_REVIVALS, Crew, Service, end_leftovers, ended_sentence, started_at

SERVER = """
import http.server, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open("child", "w").write(str(child.pid))
server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
open("port.part", "w").write(str(server.server_port))
import os; os.replace("port.part", "port")
server.serve_forever()
"""
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(600)"
)


def service(folder: Path, code: str, ready: str = "http://127.0.0.1:9/") -> Service:
    """A service that runs a piece of Python."""
    return Service("the test", (sys.executable, "-c", code), {"PATH": os.defpath}, folder, folder / "log", ready)


def await_file(file: Path) -> str:
    """The text of a file as soon as it is there."""
    limit = time.monotonic() + 10
    while not file.exists() or not file.read_text():
        assert time.monotonic() < limit, f"{file} did not come"
        time.sleep(0.01)
    return file.read_text()


def gone(pid: int) -> bool:
    """Whether a process has ended, soon."""
    limit = time.monotonic() + 5
    while started_at(pid) is not None:
        if time.monotonic() > limit:
            return False
        time.sleep(0.01)
    return True


def test_stop_ends_children_and_their_children(tmp_path: Path) -> None:
    """After stop neither the service nor the process that it started is left."""
    crew = Crew(tmp_path / "record")
    running = crew.start(service(tmp_path, SERVER))
    grandchild = int(await_file(tmp_path / "child"))
    crew.stop()
    assert gone(running.process.pid)
    assert gone(grandchild)
    assert not (tmp_path / "record").exists()


def test_stop_kills_who_does_not_listen(tmp_path: Path) -> None:
    """A child that ignores the request to end is killed after the grace."""
    crew = Crew(tmp_path / "record")
    running = crew.start(service(tmp_path, STUBBORN))
    await_file(tmp_path / "log")
    crew.stop(grace=0.2)
    assert gone(running.process.pid)


def test_ready_is_when_the_server_answers(tmp_path: Path) -> None:
    """await_ready returns once the service answers."""
    crew = Crew(tmp_path / "record")
    try:
        crew.start(service(tmp_path, SERVER))
        port = await_file(tmp_path / "port")
        crew.members[0].service.__dict__["ready"] = f"http://127.0.0.1:{port}/"
        crew.await_ready(10)
    finally:
        crew.stop()


def test_a_child_that_ends_is_named_with_its_last_words(tmp_path: Path) -> None:
    """A child that ends while it is awaited becomes one sentence with its name, its log and its last line."""
    crew = Crew(tmp_path / "record")
    try:
        crew.start(service(tmp_path, "import sys; sys.exit('no room on the disk')"))
        with pytest.raises(MachineError, match="the test ended with status 1") as caught:
            crew.await_ready(10)
    finally:
        crew.stop()
    assert "no room on the disk" in str(caught.value)


def test_a_child_that_ends_later_is_told_once(tmp_path: Path) -> None:
    """newly_ended names a child that ended, and names it once."""
    crew = Crew(tmp_path / "record")
    running = crew.start(service(tmp_path, "pass"))
    running.process.wait(10)
    assert crew.newly_ended() == [running]
    assert "ended with status 0" in ended_sentence(running)
    assert crew.newly_ended() == []
    crew.stop()


def test_a_child_that_ended_is_started_again_but_not_for_ever(tmp_path: Path) -> None:
    """A child that ends is started anew a few times; one that never stays is given up."""
    crew = Crew(tmp_path / "record")
    crew.start(service(tmp_path, "pass"))
    times = 0
    while True:
        crew.members[0].process.wait(10)
        if not crew.revive(crew.newly_ended()[0]):
            break
        times += 1
    assert times == MOST_REVIVALS
    assert len(crew.members) == 1
    crew.stop()


def test_what_a_killed_start_left_is_ended_by_the_next(tmp_path: Path) -> None:
    """Children named in the record are ended; a process that only has the same id by chance is left alone."""
    crew = Crew(tmp_path / "record")
    running = crew.start(service(tmp_path, STUBBORN))
    await_file(tmp_path / "log")
    noted = json.loads((tmp_path / "record").read_text())
    noted[str(os.getpid())] = "1"
    (tmp_path / "record").write_text(json.dumps(noted))
    running.process.kill()
    running.process.wait(5)
    assert end_leftovers(tmp_path / "record") == 0
    other = crew.start(service(tmp_path, "import time; time.sleep(600)"))
    assert end_leftovers(tmp_path / "record") == 1
    assert other.process.wait(5) != 0
    crew.stop()
