"""A Dask scheduler and workers as processes of their own, on loopback, for tests; each is ended by its id."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
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


def start_scheduler(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """A scheduler that answers at the port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port),
         "--no-dashboard", "--no-show"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return process
        time.sleep(0.1)
    process.kill()
    process.wait()
    raise RuntimeError("the scheduler does not answer")


def start_worker(folder: Path, address: str) -> subprocess.Popen[bytes]:
    """A worker with one thread, without a nanny: it is killed as it is."""
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1", "--host",
         "127.0.0.1", "--no-dashboard", "--local-directory", str(folder)],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A scheduler with workers that have reported to it."""
    from distributed import Client

    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    made = Cluster(address, start_scheduler(folder, port))
    try:
        made.workers = [start_worker(folder, address) for _ in range(workers)]
        with Client(address, timeout=30, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
        yield made
    finally:
        for process in [*made.workers, made.scheduler]:
            process.kill()
            process.wait()
