"""What a participant's server can see of the machine: tried by a program started as the server is."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from spamlab.content.identity import Workshop
from spamlab.sandbox import Level, available_level
from spamlab.workshop import confine, folder, up
from spamlab.workshop.confine import launcher
from spamlab.workshop.desks import carry_submissions, desk_of, set_up
from spamlab.workshop.ports import Ports
from spamlab.workshop.processes import Crew, Service, plain_launch

PROBE = """
import json, os, sys
paths, home = json.loads(sys.argv[1]), sys.argv[2]


def readable(path):
    try:
        os.listdir(path) if os.path.isdir(path) else open(path, "rb").close()
    except OSError:
        return False
    return True


seen = {path: readable(path) for path in paths}
try:
    open(os.path.join(home, "mine.txt"), "w").write("work")
    seen["can write"] = True
except OSError:
    seen["can write"] = False
try:
    open(sys.argv[3], "w").write("x")
    seen["can change configuration"] = True
except OSError:
    seen["can change configuration"] = False
import spamlab.kit
try:
    import spamlab.judge
    seen["judge"] = True
except (ImportError, OSError):
    seen["judge"] = False
seen["environment"] = sorted(os.environ)
print(json.dumps(seen))
"""


at_each_level = pytest.mark.parametrize(
    "level",
    [
        pytest.param(
            level,
            id=level.label,
            marks=pytest.mark.skipif(
                level > available_level(), reason="this machine does not give the level (spamlab doctor says why)"
            ),
        )
        for level in (Level.BUBBLEWRAP, Level.FLOOR)
    ],
)


@at_each_level
def test_a_participant_sees_the_own_home_and_nothing_of_the_workshop(
    level: Level, small_workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The secret, the ledger, the gradebook, other homes, the labs and this user's environment are out of sight."""
    monkeypatch.setattr(confine, "available_level", lambda: level)
    monkeypatch.setenv("SPAMLAB_TEST_SECRET", "x")
    workshop = small_workshop
    (workshop.exchange / "spamlab" / "outbound").mkdir(parents=True)
    (workshop.course / "source").mkdir(parents=True)
    for participant in workshop.participants:
        workshop.home(participant).mkdir(parents=True)
        set_up(desk_of(workshop, participant, "spamlab"))
    workshop.ledger_file.touch()
    (workshop.course / "gradebook.db").touch()
    desk = desk_of(workshop, "p01", "spamlab")
    hidden = [
        workshop.secret_file,
        workshop.ledger_file,
        workshop.course,
        workshop.home("p02"),
        workshop.labs_folder,
        desk_of(workshop, "p02", "spamlab").root,
        workshop.run,
        workshop.exchange / "spamlab/inbound",
        Path(__file__),
        Path.home() / ".ssh",
        Path("/etc/shadow"),
    ]
    shown = [workshop.home("p01"), desk.config, desk.own_exchange, desk.released]
    (desk.config / "server.json").write_text("{}")
    words = (
        json.dumps([str(path) for path in [*hidden, *shown]]),
        str(workshop.home("p01")),
        str(desk.config / "server.json"),
    )
    service = Service(
        "probe",
        (sys.executable, "-c", PROBE, *words),
        {"HOME": str(workshop.home("p01"))},
        workshop.home("p01"),
        tmp_path / "log",
        "",
        launcher(workshop, desk),
    )
    with (tmp_path / "log").open("wb") as log:
        assert service.launch
        assert service.launch(service, log.fileno()).wait(60) == 0, (tmp_path / "log").read_text()
    seen = json.loads((tmp_path / "log").read_text())
    assert [str(path) for path in hidden if seen[str(path)]] == []
    assert [str(path) for path in shown if not seen[str(path)]] == []
    assert seen["can write"]
    assert (workshop.home("p01") / "mine.txt").read_text() == "work"
    assert not seen["can change configuration"]
    assert not seen["judge"]
    assert "SPAMLAB_TEST_SECRET" not in seen["environment"]


@pytest.mark.slow
@at_each_level
def test_a_whole_jupyter_runs_and_hands_in(
    level: Level, small_workshop: Workshop, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The participant's JupyterLab answers, its kernel runs cells and programs, reads no secret, and what the
    participant hands in with nbgrader is carried to the exchange."""
    monkeypatch.setattr(confine, "available_level", lambda: level)
    workshop = small_workshop
    lab = workshop.labs[0]
    desk = folder.set_desk(workshop, "p01")
    home = workshop.home("p01")
    (home / lab).mkdir(parents=True)
    (desk.released / lab).mkdir(parents=True)
    (home / lab / f"{lab}.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    (desk.released / lab / f"{lab}.ipynb").write_text((home / lab / f"{lab}.ipynb").read_text())
    service = up.participant_service(workshop, Ports(1, 2, 3, 4, 5, (free_port,)), desk, free_port)
    assert service.launch is not None
    crew = Crew(workshop.run / "children.json")
    try:
        crew.start(service)
        crew.await_ready(120)
        run = kernel(free_port, workshop.participant_token("p01"))
        assert run("import os; print(6 * 7)") == "42"
        assert run("print(os.popen('echo shell').read())").strip() == "shell"
        for path in (workshop.secret_file, workshop.root / "workshop.toml"):
            said = run(f"try: print(open({str(path)!r}).read())\nexcept OSError as error: print('no', error.errno)")
            assert said.startswith("no"), said
        words = f"[sys.executable, '-m', 'nbgrader', 'submit', {lab!r}]"
        submit = ("import subprocess, sys\n"
                  f"print(subprocess.run({words}, cwd={str(home)!r}, capture_output=True, text=True).stderr)")
        said = run(submit)
        assert "Submitted as" in said, said
        end = time.monotonic() + 10
        done = carry_submissions(desk)
        while not done.carried and time.monotonic() < end:
            time.sleep(0.2)
            done = carry_submissions(desk)
        assert done.refused == ()
        assert len(done.carried) == 1
    except BaseException:
        print(service.log.read_text()[-3000:])
        raise
    finally:
        crew.stop()


def kernel(port: int, token: str) -> Callable[[str], str]:
    """A kernel of the server; gives what a piece of code writes to its streams."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/kernels", data=b'{"name": "spamlab"}',
                                     headers={"Authorization": f"token {token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        number = json.load(answer)["id"]

    async def ask(code: str) -> str:
        address = f"ws://127.0.0.1:{port}/api/kernels/{number}/channels"
        line = await websocket_connect(HTTPRequest(address, headers={"Authorization": f"token {token}"}))
        header = {"msg_id": uuid.uuid4().hex, "session": "test", "username": "", "msg_type": "execute_request",
                  "version": "5.3", "date": "2026-01-01T00:00:00Z"}
        content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False}
        await line.write_message(json.dumps({"header": header, "parent_header": {}, "metadata": {}, "channel": "shell",
                                             "content": content, "buffers": []}))
        said = ""
        while True:
            told: dict[str, Any] = json.loads(await line.read_message() or "{}")
            if told["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            if told["msg_type"] == "stream":
                said += told["content"]["text"]
            elif told["msg_type"] == "error":
                said += "ERROR " + told["content"]["evalue"]
            elif told["msg_type"] == "execute_reply":
                end = asyncio.get_running_loop().time() + 0.3
                while (left := end - asyncio.get_running_loop().time()) > 0:
                    try:
                        told = json.loads(await asyncio.wait_for(line.read_message(), left) or "{}")
                    except TimeoutError:
                        break
                    said += told["content"]["text"] if told["msg_type"] == "stream" else ""
                line.close()
                return said.strip()

    return lambda code: asyncio.run(asyncio.wait_for(ask(code), 90))


def test_a_plain_child_has_the_environment_that_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child outside the sandbox, too, inherits no variable of this user."""
    monkeypatch.setenv("SPAMLAB_TEST_SECRET", "x")
    code = "import os; print(sorted(os.environ))"
    service = Service("probe", (sys.executable, "-c", code), {"ONLY": "1"}, tmp_path, tmp_path / "log", "")
    with (tmp_path / "log").open("wb") as log:
        assert plain_launch(service, log.fileno()).wait(30) == 0
    assert "SPAMLAB_TEST_SECRET" not in (tmp_path / "log").read_text()
