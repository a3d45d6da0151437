"""A whole workshop on this machine: started, used, stopped, started again; real servers on loopback."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from spamlab.workshop.ports import plan_ports, suggestion
from spamlab.workshop.processes import started_at

LAB = "02-header-forensics"
LIMIT = 120
pytestmark = [pytest.mark.slow, pytest.mark.e2e]


@dataclass
class Up:
    """A running `spamlab up`."""

    process: subprocess.Popen[bytes]
    folder: Path
    port: int
    log: Path
    addresses: dict[str, Any]

    def said(self) -> str:
        """What the terminal shows."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def children(self) -> dict[int, str]:
        """The children's ids and start times."""
        noted = json.loads((self.folder / "run/children.json").read_text())
        return {int(pid): start for pid, start in noted.items()}

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """End it as Ctrl-C does; returns its status."""
        self.process.send_signal(number)
        return self.process.wait(30)


def start(folder: Path, *options: str, port: int | None = None) -> Up:
    """`spamlab up` on free ports, awaited until it prints that all is up."""
    base = port or suggestion(plan_ports(30000, 2))
    log = folder.parent / f"up-{time.monotonic_ns()}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "spamlab.cli", "up", "--workshop", str(folder), "--port", str(base), *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder.parent,
            start_new_session=True,
        )
    up = Up(process, folder, base, log, {})
    limit = time.monotonic() + LIMIT
    while "Ctrl-C stops everything" not in up.said():
        if process.poll() is not None or time.monotonic() > limit:
            if process.poll() is None:
                up.stop()
            pytest.fail(f"spamlab up did not start:\n{up.said()}")
        time.sleep(0.05)
    up.addresses = json.loads((folder / "run/addresses.json").read_text())
    return up


def ask(address: str, **headers: str) -> tuple[int, bytes]:
    """Status and body of an address, without any proxy; status 0 where nothing answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor())
    try:
        with opener.open(urllib.request.Request(address, headers=headers), timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
    except OSError:
        return 0, b""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workshop's folder with a space in its name."""
    return tmp_path_factory.mktemp("up") / "my workshop"


@pytest.fixture(scope="module")
def up(place: Path) -> Iterator[Up]:
    """The first start, with one participant."""
    running = start(place, "--participants", "1", "--labs", LAB)
    yield running
    if running.process.poll() is None:
        running.stop()


def test_every_page_answers_with_its_token_and_none_without(up: Up) -> None:
    """The notebook, inbox, page, Formgrader and judge answer; without a token each refuses or asks for it."""
    person = up.addresses["participants"][0]
    for address in (person["notebook"], person["inbox"], up.addresses["page"], up.addresses["formgrader"]):
        assert ask(address)[0] == 200, address
        bare = address.split("?")[0]
        status, body = ask(bare)
        assert status in (401, 403) or b"login" in body.lower(), bare
    assert ask(f"{up.addresses['judge']}/api/v1/labs/{LAB}")[0] == 401


def test_the_lab_is_there_and_open(up: Up) -> None:
    """The participant's address names a notebook that lies in the own home."""
    address = up.addresses["participants"][0]["notebook"]
    assert f"/lab/tree/{LAB}/{LAB}.ipynb" in address
    assert (up.folder / f"participants/p01/{LAB}/{LAB}.ipynb").is_file()
    notebook = json.loads((up.folder / f"participants/p01/{LAB}/{LAB}.ipynb").read_text())
    assert notebook["metadata"]["kernelspec"]["name"] == "spamlab"


def test_addresses_are_for_this_user_alone_and_on_loopback(up: Up) -> None:
    """The file of addresses is private, and every address in it is loopback's."""
    assert (up.folder / "run/addresses.json").stat().st_mode & 0o077 == 0
    assert (up.folder / "run/mailbox-tokens.json").stat().st_mode & 0o077 == 0
    text = json.dumps(up.addresses)
    assert text.count("http://") == text.count("http://127.0.0.1:") + text.count("http://localhost:")


def test_no_token_stands_on_a_command_line(up: Up) -> None:
    """What `ps` shows of the children holds no token."""
    tokens = [up.addresses[key].rpartition("token=")[2] for key in ("page", "formgrader", "instructor")]
    tokens += [one["notebook"].rpartition("token=")[2] for one in up.addresses["participants"]]
    for pid in up.children():
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        assert not any(token.encode() in words for token in tokens)


def test_the_mailbox_holds_each_message_once(up: Up) -> None:
    """Practice and twin messages lie in the participant's mailbox, none of them twice."""
    token = up.addresses["participants"][0]["inbox"].rpartition("token=")[2]
    login = base64.b64encode(f"p01:{token}".encode()).decode()
    status, body = ask(f"{up.addresses['mailbox']}/p01/api/v1/messages?limit=500", Authorization=f"Basic {login}")
    assert status == 200
    ids = [one["MessageID"] for one in json.loads(body)["messages"]]
    assert len(ids) >= 9
    assert len(set(ids)) == len(ids)


def test_the_same_workshop_does_not_run_twice(up: Up) -> None:
    """A second start on the same folder is refused and names the process that runs it."""
    run = subprocess.run(
        [sys.executable, "-m", "spamlab.cli", "up", "--workshop", str(up.folder)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 2
    assert f"running already (process {up.process.pid})" in run.stderr
    assert up.process.poll() is None


def test_a_taken_port_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    """Where the judge's port is taken the start names port and option, and no child was started."""
    base = suggestion(plan_ports(30000, 1))
    with socket.create_server(("127.0.0.1", base + 1)):
        run = subprocess.run(
            [sys.executable, "-m", "spamlab.cli", "up", "--workshop", str(tmp_path / "ws"), "--port", str(base)],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert run.returncode == 1
    assert f"port {base + 1} (the judge) is taken" in run.stderr
    assert "--port" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "ws/run/children.json").exists()


def test_ctrl_c_leaves_no_child_and_the_next_start_finds_the_work(up: Up, place: Path) -> None:
    """After Ctrl-C no process is left; the next start keeps a changed notebook and adds a participant."""
    children = up.children()
    assert len(children) == 5
    notebook = place / f"participants/p01/{LAB}/{LAB}.ipynb"
    notebook.write_text(notebook.read_text().replace("\n", "\n ", 1))
    changed = notebook.read_bytes()
    begin = time.monotonic()
    assert up.stop() == 0
    assert time.monotonic() - begin < 10
    assert [pid for pid, begun in children.items() if started_at(pid) == begun] == []
    assert not (place / "run/addresses.json").exists()
    again = start(place, "--participants", "2", port=up.port)
    try:
        assert [one["id"] for one in again.addresses["participants"]] == ["p01", "p02"]
        assert again.addresses["participants"][0] == up.addresses["participants"][0]
        assert notebook.read_bytes() == changed
        victim = next(iter(again.children()))
        os.kill(victim, signal.SIGKILL)
        limit = time.monotonic() + 10
        while "was ended by signal 9" not in again.said():
            assert time.monotonic() < limit, again.said()
            time.sleep(0.05)
        assert "It was started again." in again.said()
        while ask(f"http://127.0.0.1:{again.port + 2}/health")[0] != 200:
            assert time.monotonic() < limit, again.said()
        left = again.children()
    finally:
        assert again.stop(signal.SIGTERM) == 0
    assert [pid for pid, begun in left.items() if started_at(pid) == begun] == []
