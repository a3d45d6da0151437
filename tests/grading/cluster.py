"""A Dask scheduler and workers as processes of their own, on loopback, for tests; each is ended by its id."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Cluster:
    """Processes of a cluster. address: the scheduler's."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def start_scheduler(
    folder: Path, port: int, *, host: str = "127.0.0.1", protocol: str = "tcp", env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """A scheduler that answers at the port."""
    with (folder / "scheduler.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", f"{protocol}://{host}", "--port",
             str(port), "--no-dashboard", "--no-show"],
            cwd=folder, stdout=log, stderr=log, env={**os.environ, **(env or {})})
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return process
        time.sleep(0.1)
    process.kill()
    process.wait()
    raise RuntimeError("the scheduler does not answer: " + (folder / "scheduler.log").read_text()[-1000:])


def start_worker(
    folder: Path, address: str, *, host: str = "127.0.0.1", env: Mapping[str, str] | None = None, preload: str = "",
    before: Sequence[str] = (),
) -> subprocess.Popen[bytes]:
    """A worker with one thread, without a nanny: it is killed as it is.

    preload: Python that it runs first. before: a command that starts it somewhere else.
    """
    more = ["--preload", preload] if preload else []
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(
            [*before, sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1",
             "--host", host, "--no-dashboard", "--local-directory", str(folder), *more],
            cwd=folder, stdout=log, stderr=log, env=dict(env) if before else {**os.environ, **(env or {})})


def wait_for_workers(address: str, count: int) -> None:
    """Until so many have reported to the scheduler."""
    from distributed import Client

    with Client(address, timeout=30, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


@contextlib.contextmanager
def cluster(folder: Path, workers: int = 2, *, preload: str = "") -> Iterator[Cluster]:
    """A scheduler with workers that have reported to it."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    made = Cluster(address, start_scheduler(folder, port))
    try:
        made.workers = [start_worker(folder, address, preload=preload) for _ in range(workers)]
        if workers:
            wait_for_workers(address, workers)
        yield made
    finally:
        end([*made.workers, made.scheduler])


def end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """End processes that were started here."""
    for process in processes:
        process.kill()
        process.wait()
