"""How long `spamlab up` takes until every page answers and what it holds in memory, beside a bare JupyterLab.

Both are measured in the same run on the same machine. The bare one is `jupyter lab` with an empty configuration in an
empty folder, from its start to its first answer.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from spamlab.bench.rows import Row, lower_is_better
from spamlab.errors import MachineError
from spamlab.workshop.ports import plan_ports, suggestion
from spamlab.workshop.processes import answers, last_line

LIMIT = 180.0
PEER = "bare jupyter lab"
FIRST_TIMES, NEXT_TIMES, MEMORY_TIMES = 7.0, 4.0, 4.0


@dataclass(frozen=True)
class Start:
    """One measured start: seconds to the last answer, and megabytes (proportional share) of all processes."""

    seconds: float
    megabytes: float


def measure(*, quick: bool = False) -> list[Row]:
    """The rows of the bench: first and next start with one participant, and (unless quick) the next with five."""
    times = 1 if quick else 3
    with tempfile.TemporaryDirectory(prefix="spamlab-bench-") as name:
        folder = Path(name)
        bare = middle([start_bare(folder / f"bare{number}") for number in range(times)])
        first = middle([start_workshop(folder / f"one{number}", 1) for number in range(times)])
        following = middle([start_workshop(folder / "one0", 1) for _ in range(times)])
        rows = [
            row("first start, one participant: all pages answer", first.seconds, "s", bare.seconds, FIRST_TIMES),
            row("next start, one participant: all pages answer", following.seconds, "s", bare.seconds, NEXT_TIMES),
            row("memory of the workshop, one participant", following.megabytes, "MB", bare.megabytes, MEMORY_TIMES),
        ]
        if not quick:
            start_workshop(folder / "five", 5)
            five = start_workshop(folder / "five", 5)
            each = (five.megabytes - following.megabytes) / 4
            rows += [
                row("next start, five participants: all pages answer", five.seconds, "s", bare.seconds, 10.0),
                row("memory of each further participant", each, "MB", bare.megabytes, 1.5),
            ]
    return rows


def row(what: str, value: float, unit: str, bare: float, times: float) -> Row:
    """A figure against the bare JupyterLab."""
    return lower_is_better(what, value, unit, PEER, bare, times=times)


def middle(starts: list[Start]) -> Start:
    """The median of several starts."""
    return Start(median(start.seconds for start in starts), median(start.megabytes for start in starts))


def start_bare(folder: Path) -> Start:
    """Start a bare JupyterLab in an empty folder, wait for its first answer, end it."""
    folder.mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "HOME": str(folder),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_TOKEN": "bench",
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0"]
    if os.geteuid() == 0:
        command.append("--allow-root")
    begin = time.monotonic()
    with running(command, folder, environment) as process:
        await_answers(process, [f"http://127.0.0.1:{port}/api/status?token=bench"], folder / "log")
        return Start(time.monotonic() - begin, megabytes(process.pid))


def start_workshop(folder: Path, participants: int) -> Start:
    """Start a workshop in `folder` (made if it is not there), wait until every page has answered, end it."""
    ports = plan_ports(suggestion(plan_ports(20000, participants)), participants)
    command = [
        sys.executable,
        "-m",
        "spamlab.cli",
        "up",
        "--workshop",
        str(folder / "workshop"),
        "--port",
        str(ports.page),
        "--participants",
        str(participants),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "workshop/run/addresses.json"
    begin = time.monotonic()
    with running(command, folder, dict(os.environ)) as process:
        while not file.exists():
            check(process, folder / "log", begin)
            time.sleep(0.02)
        addresses = json.loads(file.read_text(encoding="utf-8"))
        pages = [addresses["page"], addresses["formgrader"]]
        pages += [one[page] for one in addresses["participants"] for page in ("notebook", "inbox")]
        await_answers(process, pages, folder / "log")
        return Start(time.monotonic() - begin, megabytes(process.pid))


@contextmanager
def running(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process with its output in folder/log, ended as Ctrl-C ends it and killed if it does not listen."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)


def await_answers(process: subprocess.Popen[bytes], addresses: list[str], log: Path) -> None:
    """Wait until every address has answered."""
    begin = time.monotonic()
    for address in addresses:
        while not answers(address):
            check(process, log, begin)
            time.sleep(0.02)


def check(process: subprocess.Popen[bytes], log: Path, begin: float) -> None:
    """Raise MachineError if what is measured has ended or takes too long."""
    if process.poll() is not None:
        raise MachineError(f'what was measured ended by itself, and its last words were "{last_line(log)}".')
    if time.monotonic() - begin > LIMIT:
        raise MachineError(f"what was measured did not answer within {LIMIT:.0f} s.")


def megabytes(root: int) -> float:
    """Memory of a process and all its descendants: their proportional share (PSS), in megabytes of 10^6 bytes."""
    return sum(share(pid) for pid in family(root)) / 1000


def family(root: int) -> list[int]:
    """The process and all its descendants."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
    found = {root}
    while True:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        if not more:
            return sorted(found)
        found |= more


def share(pid: int) -> float:
    """A process's proportional share of memory, in units of 1024 bytes; 0 where it can't be read."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) * 1.024 for line in lines if line.startswith("Pss:")), 0.0)
