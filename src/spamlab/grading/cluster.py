"""Grading on a Dask cluster: the same pure jobs, sent to workers on other machines.

A worker there needs spamlab installed and its sandbox; it gets the lab's bundle once, and for each submission its
files and three seeds. It gets neither the workshop's secret nor the gradebook. Results come back as plain data and
are written here, by the one writer.
"""

from __future__ import annotations

import atexit
import contextlib
import queue
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spamlab.errors import GradingError, SandboxError
from spamlab.grading.bundle import Bundle, identity, read_bundle
from spamlab.grading.interpreter import ENTRY, environment
from spamlab.grading.job import Desk
from spamlab.grading.protection import level_for
from spamlab.sandbox.warm import Warm

CONNECT_SECONDS = 10
SILENT_SECONDS = 900
MOST_TRIES = 3
AHEAD = 2
"""Jobs that a worker has waiting, so that it never stands still while a result travels."""
GONE = "the cluster's scheduler or all its workers are gone"

Job = Mapping[str, Any]
Result = dict[str, Any]


@dataclass
class _Place:
    """Where a Dask worker does the jobs of one bundle."""

    desk: Desk
    warm: Warm
    folder: tempfile.TemporaryDirectory[str]
    lock: threading.Lock

    def close(self) -> None:
        self.warm.close()
        self.desk.close()
        self.folder.cleanup()


_places: dict[str, _Place] = {}
_opening = threading.Lock()


@contextmanager
def results(address: str, bundle: Bundle, jobs: Iterable[Job]) -> Iterator[Iterator[tuple[Job, Result]]]:
    """Each job with its result, as they are done by the workers of the scheduler at `address`.

    Raises GradingError where Dask is not installed, the scheduler can't be reached, or it and its workers go away;
    what was written before stands.
    """
    try:
        from distributed import Client
    except ImportError:
        raise GradingError("a cluster needs Dask: install spamlab[cluster]") from None
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        said = str(error).strip().splitlines()
        raise GradingError(f"no Dask scheduler answers at {address}: {said[0] if said else 'no word'}") from None
    try:
        yield _results(client, bundle, jobs)
    finally:
        with contextlib.suppress(Exception):  # a scheduler that is gone can't be told goodbye
            client.close(timeout=2)


def do_job(plain: Mapping[str, Any], name: str, job: Job) -> Result:
    """What a Dask worker runs: the job's result, at a place that is kept for the next jobs of the same bundle."""
    try:
        place = _place(name, plain)
    except (SandboxError, GradingError) as error:
        return {"participant": job["participant"], "sentence": str(error), "ours": True, "seconds": 0.0}
    with place.lock:
        return place.desk.done(job)


def _results(client: Any, bundle: Bundle, jobs: Iterable[Job]) -> Iterator[tuple[Job, Result]]:
    plain = bundle.as_plain()
    name = identity(plain)
    waiting = iter(jobs)
    tries: dict[str, int] = {}
    under_way: dict[str, tuple[Any, Job]] = {}
    try:
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if not workers:
            raise GradingError("the cluster has no workers")
        sent = client.scatter(plain, broadcast=False, hash=True)
        done: queue.Queue[Any] = queue.Queue()

        def send(job: Job) -> None:
            # Retries are Dask's for a worker that dies; one that has failed by itself is sent again below.
            future = client.submit(do_job, sent, name, job, pure=False, retries=MOST_TRIES)
            under_way[future.key] = (future, job)
            future.add_done_callback(done.put)

        for job in _first(waiting, workers * AHEAD):
            send(job)
        while under_way:
            future = _next(done, client)
            _, job = under_way.pop(future.key)
            if future.status in ("cancelled", "lost"):
                raise GradingError(f"{GONE}; what was graded before stands, grade again to go on")
            error = future.exception()
            result: Result = future.result() if error is None else {
                "participant": job["participant"], "sentence": f"the cluster failed: {error}"[:300], "ours": True}
            future.release()
            participant = job["participant"]
            tries[participant] = tries.get(participant, 0) + 1
            if result["ours"] and tries[participant] < MOST_TRIES:
                send(job)
                continue
            for more in _first(waiting, 1):
                send(more)
            yield job, result
    except (OSError, TimeoutError, RuntimeError) as error:
        raise GradingError(f"{GONE}: {type(error).__name__}; what was graded before stands, grade again to go on",
                           ) from error


def _next(done: queue.Queue[Any], client: Any) -> Any:
    """The next future that is done. Raises GradingError where the scheduler is gone or nothing has come for long."""
    end = time.monotonic() + SILENT_SECONDS
    while time.monotonic() < end and client.status == "running":
        with contextlib.suppress(queue.Empty):
            return done.get(timeout=0.5)
    raise GradingError(f"{GONE}; what was graded before stands, grade again to go on")


def _place(name: str, plain: Mapping[str, Any]) -> _Place:
    with _opening:
        found = _places.get(name)
        if found is not None and found.warm.process.poll() is None:
            return found
        while _places:  # one lab at a time: a worker does not collect them
            _places.popitem()[1].close()
        bundle = read_bundle(plain)
        level_for(bundle.level.label)
        folder = tempfile.TemporaryDirectory(prefix="spamlab-desk-")
        warm = Warm(ENTRY, bundle.modules, environment(Path("/nowhere"), ""))
        try:
            warm.await_ready()
        except SandboxError:
            warm.close()
            folder.cleanup()
            raise
        place = _Place(Desk(bundle, Path(folder.name), warm.lines[0]), warm, folder, threading.Lock())
        _places[name] = place
        return place


def _first(jobs: Iterator[Job], count: int) -> Iterator[Job]:
    for _ in range(count):
        job = next(jobs, None)
        if job is None:
            return
        yield job


@atexit.register
def _close_all() -> None:
    while _places:
        _places.popitem()[1].close()
