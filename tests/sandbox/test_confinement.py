"""What can be seen and done from inside, tried by a program that tries all of it."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from spamlab.sandbox import Level, Outcome, available_level

Seen = dict[str, Any]
pytestmark = pytest.mark.skipif(available_level() < Level.BUBBLEWRAP, reason="needs bubblewrap")


@pytest.fixture(params=[False, True], ids=["no network", "network"])
def seen(request: pytest.FixtureRequest, play: Callable[..., Outcome], tmp_path: Path,
         monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """What looks_around.py says, with a service on loopback and a secret file and variable outside."""
    monkeypatch.setenv("SECRET_OF_OURS", "tell-nobody")
    secret = tmp_path / "secret"
    secret.write_text("tell-nobody")
    with socket.create_server(("127.0.0.1", 0)) as server:
        outcome = play("looks_around.py", Level.BUBBLEWRAP, str(server.getsockname()[1]), str(secret),
                       network=request.param)
        assert outcome.ok, outcome.errors
        found: Seen = json.loads(outcome.output)
        found["shares"] = request.param
        yield found


def test_no_environment_of_ours(seen: Seen) -> None:
    """Neither the own environment nor that of any process inside, the first one too, holds a variable of ours."""
    assert set(seen["environment"]) <= {"PATH", "LANG", "HOME", "TMPDIR", "LC_CTYPE", "PWD", "SHLVL", "_"}
    assert seen["environments"]
    assert "tell-nobody" not in json.dumps(seen)


def test_no_file_of_ours(seen: Seen) -> None:
    """A file outside the folders shown can't be read, nor what lies beside it seen."""
    assert "error" in seen["secret"]
    assert seen["secret_beside"] in ({"done": ["work"]}, {"error": "PermissionError"})
    assert "error" in seen["passwords"]
    system = {"bin", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "run", "sbin", "tmp", "usr", "var"}
    above = {"home", "root", "opt", *Path(os.path.realpath(__file__)).parts[1:2]}
    assert set(seen["root"]) <= system | above


def test_no_network(seen: Seen) -> None:
    """Without the machine's network neither loopback services nor anything outside can be reached."""
    if seen["shares"]:
        assert seen["service"] == {"done": True}
        return
    assert "error" in seen["service"]
    assert "error" in seen["outside"]
    assert "error" in seen["datagram"]
    assert seen["interfaces"] in ({"done": ["lo"]}, {"error": "PermissionError"})


def test_kernel_can_not_be_told_anything(seen: Seen) -> None:
    """The machine's settings in /proc can't be written, not by root either."""
    assert all("error" in one for one in seen["kernel"].values()), seen["kernel"]


def test_only_the_own_folders_can_be_written(seen: Seen) -> None:
    """The working folder and the private /tmp can be written and nothing else."""
    assert {path for path, one in seen["writes"].items() if "done" in one} == {".", "/tmp"}


def test_no_new_namespaces_and_no_rights(seen: Seen) -> None:
    """No capability is left, no user namespace can be made, nothing be mounted."""
    assert "error" in seen["unshare"]
    assert "error" in seen["mount"]
    assert seen["capabilities"]["done"].strip("0") == ""


def test_no_descriptor_of_ours(seen: Seen) -> None:
    """Only the three standard streams are open, the one that lists them, and the sandbox's word of starting."""
    assert len(seen["descriptors"]) <= 5


def test_few_processes_are_seen(seen: Seen) -> None:
    """Processes outside are not seen."""
    assert seen["processes"]["done"] <= 4


def test_programs_run(seen: Seen) -> None:
    """The system's programs can be run."""
    assert seen["shell"] == {"done": "42\n"}
