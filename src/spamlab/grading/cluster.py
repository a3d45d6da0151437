"""Grading on a Dask cluster: the same pure jobs, sent to workers on other machines.

A worker there needs the same spamlab and its sandbox, else it refuses and the run ends. It gets the lab's bundle once,
and for each submission its files and three seeds; neither the workshop's secret nor the gradebook. Results come back
as plain data and are written here, by the one writer.
"""

from __future__ import annotations

import atexit
import contextlib
import queue
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spamlab.cluster_client import scheduler
from spamlab.errors import GradingError, SandboxError, ServiceError
from spamlab.grading.bundle import Bundle, code_identity, identity, other_code, read_bundle
from spamlab.grading.interpreter import ENTRY, environment
from spamlab.grading.job import Desk
from spamlab.grading.protection import level_for
from spamlab.sandbox.scratch import Scratch, quick_folder, sweep
from spamlab.sandbox.warm import Warm

SILENT_SECONDS = 900
WORKER_SECONDS = 60
LOOK_SECONDS = 2.0
MOST_TRIES = 3
AHEAD = 2
"""Jobs that a worker has waiting, so that it never stands still while a result travels."""
GONE = "the cluster's scheduler or all its workers are gone"
STANDS = "what was graded before stands, grade again to go on"

Job = Mapping[str, Any]
Result = dict[str, Any]


@dataclass
class _Place:
    """Where a Dask worker does the jobs of one bundle."""

    desk: Desk
    warm: Warm
    folder: Scratch
    lock: threading.Lock

    def close(self) -> None:
        self.warm.close()
        self.desk.close()
        self.folder.close()


_places: dict[str, _Place] = {}
_opening = threading.Lock()


@contextmanager
def results(address: str, bundle: Bundle, jobs: Iterable[Job]) -> Iterator[Iterator[tuple[Job, Result]]]:
    """Each job with its result, as they are done by the workers of the scheduler at `address`.

    Raises GradingError where Dask is not installed, the scheduler can't be reached, or it and its workers go away;
    what was written before stands.
    """
    with contextlib.ExitStack() as stack:
        try:
            client = stack.enter_context(scheduler(address))
        except ServiceError as error:
            raise GradingError(str(error)) from None
        yield _results(client, bundle, jobs)


def do_job(plain: Mapping[str, Any], name: str, job: Job) -> Result:
    """What a Dask worker runs: the job's result, at a place that is kept for the next jobs of the same bundle.

    A worker that can't do any job of this bundle says so in "refused": it has other code, or a weaker sandbox.
    """
    failed = {"participant": job["participant"], "ours": True, "seconds": 0.0}
    try:
        refused = other_code(plain)
        if not refused:
            level_for(str(plain["level"]))
    except GradingError as error:
        refused = str(error)
    if refused:
        return {**failed, "sentence": refused, "refused": _address()}
    try:
        place = _place(name, plain)
    except SandboxError as error:
        return {**failed, "sentence": str(error)}
    with place.lock:
        return place.desk.done(job)


def _results(client: Any, bundle: Bundle, jobs: Iterable[Job]) -> Iterator[tuple[Job, Result]]:
    plain = {**bundle.as_plain(), **code_identity()}
    name = identity(plain)
    waiting = iter(jobs)
    tries: dict[str, int] = {}
    under_way: dict[str, tuple[Any, Job]] = {}
    try:
        try:
            client.wait_for_workers(1, timeout=WORKER_SECONDS)
        except TimeoutError:
            raise GradingError(f"the cluster has had no worker for {WORKER_SECONDS} seconds") from None
        workers, looked = _workers(client), time.monotonic()
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
                raise GradingError(f"{GONE}; {STANDS}")
            error = future.exception()
            if isinstance(error, ImportError):
                raise GradingError(f"a worker of the cluster can't load spamlab ({error}): install the same version "
                                   f"there; {STANDS}")
            result: Result = future.result() if error is None else {
                "participant": job["participant"], "sentence": f"the cluster failed: {error}"[:300], "ours": True}
            future.release()
            if "refused" in result:
                raise GradingError(f"the worker at {result['refused']} refuses: {result['sentence']}; {STANDS}")
            participant = job["participant"]
            tries[participant] = tries.get(participant, 0) + 1
            if result["ours"] and tries[participant] < MOST_TRIES:
                send(job)
                continue
            if time.monotonic() - looked > LOOK_SECONDS:  # workers come and go
                workers, looked = _workers(client), time.monotonic()
            for more in _first(waiting, max(workers * AHEAD - len(under_way), 0 if under_way else 1)):
                send(more)
            yield job, result
    except (OSError, TimeoutError, RuntimeError, CancelledError) as error:
        raise GradingError(f"{GONE}: {type(error).__name__}; {STANDS}") from error


def _workers(client: Any) -> int:
    return len(client.scheduler_info(n_workers=-1)["workers"])


def _next(done: queue.Queue[Any], client: Any) -> Any:
    """The next future that is done. Raises GradingError where the scheduler is gone or nothing has come for long."""
    end = time.monotonic() + SILENT_SECONDS
    while time.monotonic() < end and client.status == "running":
        with contextlib.suppress(queue.Empty):
            return done.get(timeout=0.5)
    raise GradingError(f"{GONE}; {STANDS}")


def _address() -> str:
    """This worker's address, for a sentence."""
    from distributed import get_worker

    try:
        return str(get_worker().address)
    except ValueError:
        return "an unknown address"


def _place(name: str, plain: Mapping[str, Any]) -> _Place:
    with _opening:
        found = _places.get(name)
        if found is not None and not found.warm.gone:
            return found
        while _places:  # one lab at a time: a worker does not collect them
            _places.popitem()[1].close()
        made = read_bundle(plain)
        bundle = replace(made, level=level_for(made.level.label))
        sweep()
        folder = Scratch("desk", quick_folder())
        try:
            warm = Warm(ENTRY, bundle.modules, environment(Path("/nowhere"), ""))
        except BaseException:
            folder.close()
            raise
        try:
            warm.await_ready()
            where = folder.path / "runs"
            where.mkdir()
            desk = Desk(bundle, folder.path, warm.lines[0], where)
        except BaseException:
            warm.close()
            folder.close()
            raise
        place = _Place(desk, warm, folder, threading.Lock())
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
