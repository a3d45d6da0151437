"""A workshop as an ordinary user starts it: a fresh clone, `make up`, a real browser."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
USER = "spamlab-e2e"
START_LIMIT = 600


def free_base_port(count: int = 12) -> int:
    """A port after which `count` ports are free on loopback."""
    for base in range(21000, 29000, 100):
        try:
            for port in range(base, base + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return base
    raise RuntimeError("no free ports")


def as_user(command: list[str]) -> list[str]:
    """The command as an ordinary user: this one, or one made for the test if this one is root."""
    if os.geteuid() != 0:
        return command
    return ["runuser", "-u", USER, "--", "env", f"HOME=/home/{USER}", f"USER={USER}", f"LOGNAME={USER}", *command]


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """Where screenshots are kept: the folder named by SPAMLAB_ARTIFACTS, else artifacts/ of the checkout."""
    folder = Path(os.environ.get("SPAMLAB_ARTIFACTS", ROOT / "artifacts"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; without one the tests skip with the reason."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium on this machine: apt-get install chromium")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A fresh clone of the committed work, in a folder with a space in its name, owned by an ordinary user."""
    if os.geteuid() == 0 and subprocess.run(["id", USER], capture_output=True).returncode != 0:
        subprocess.run(["useradd", "--create-home", USER], check=True)
    parent = Path(f"/home/{USER}") if os.geteuid() == 0 else tmp_path_factory.mktemp("clone")
    folder = parent / "my workshop"
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", f"file://{ROOT}", str(folder)], check=True)
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", f"{USER}:{USER}", str(folder)], check=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def wait_for_addresses(process: subprocess.Popen[str], file: Path, log: Path) -> dict[str, Any]:
    """The addresses that `make up` wrote; fails with its output if it ends or takes too long."""
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit:
        if process.poll() is not None:
            pytest.fail(f"make up ended with {process.returncode}:\n{log.read_text()[-4000:]}")
        if file.exists() and "Ctrl-C" in log.read_text(encoding="utf-8", errors="replace"):
            addresses: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            return addresses
        time.sleep(0.5)
    pytest.fail(f"make up took over {START_LIMIT} s:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="module")
def workshop(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """`make up` in the fresh clone: its addresses; ended as Ctrl-C ends it."""
    log = tmp_path_factory.mktemp("up") / "make-up.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            as_user(["make", "up", f"PORT={free_base_port()}"]), cwd=clone, stdout=output, stderr=subprocess.STDOUT,
            text=True, start_new_session=True,
        )
    try:
        addresses = wait_for_addresses(process, clone / "workshop/run/addresses.json", log)
        addresses["log"] = log.read_text(encoding="utf-8")
        addresses["folder"] = str(clone / "workshop")
        yield addresses
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)
