"""Runs one command and says how long it took: wall clock, and processor time of all that it started.

It is a process of its own (`python -m spamlab.bench.timing COMMAND...`), so that what the command leaves behind comes
to it and is counted too, and nothing else is.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spamlab.errors import MachineError

PR_SET_CHILD_SUBREAPER = 36
LINGER_SECONDS = 3.0


@dataclass(frozen=True)
class Timed:
    """Seconds by the wall clock, seconds of processor (user and system, all processes), status and what was said."""

    wall: float
    cpu: float
    status: int
    output: str
    errors: str


def timed(command: Sequence[str], folder: Path, environment: Mapping[str, str], *, limit: float = 1800) -> Timed:
    """Run a command in `folder` and time it. Raises MachineError where it takes longer than `limit` seconds."""
    told, tell = os.pipe()
    with os.fdopen(told) as pipe:
        process = subprocess.Popen(
            [sys.executable, "-m", "spamlab.bench.timing", str(tell), *command], cwd=folder, env=dict(environment),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",
            pass_fds=(tell,), start_new_session=True)
        os.close(tell)
        try:
            output, errors = process.communicate(timeout=limit)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            if isinstance(error, subprocess.TimeoutExpired):
                raise MachineError(f"what was measured took longer than {limit:.0f} s.") from None
            raise
        said = pipe.read()
    found = json.loads(said)
    return Timed(found["wall"], found["cpu"], found["status"], output, errors)


def main(argv: Sequence[str]) -> None:
    """Time the command and write {"wall", "cpu", "status"} to the descriptor that is named first."""
    tell, command = int(argv[0]), argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.perf_counter()
    status = subprocess.call(command)
    wall = time.perf_counter() - began
    end = time.monotonic() + LINGER_SECONDS
    while time.monotonic() < end:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid == 0:
            time.sleep(0.02)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    os.write(tell, json.dumps({"wall": wall, "cpu": used.ru_utime + used.ru_stime, "status": status}).encode())


if __name__ == "__main__":
    main(sys.argv[1:])
