"""Grades many submissions of one lab at once: a warm process, workers that each run one submission after another.

A worker has the next job in hand while one runs. One that dies costs nothing but time: its jobs are given to a new
one. Results come as they are done.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from spamlab.errors import SandboxError
from spamlab.grading.bundle import Bundle
from spamlab.grading.frames import read_frame, write_frame
from spamlab.grading.interpreter import ENTRY, environment
from spamlab.grading.turns import LANES
from spamlab.sandbox.scratch import Scratch, quick_folder, sweep
from spamlab.sandbox.warm import Line, Warm

MOST_TRIES = 3
"""Of one job: a worker that dies takes down a job that had no part in it as well."""
MOST_STARTS = 3
SPARE_LINES = 8
DIED = "the grading process ended while it was at work on this submission"

Job = Mapping[str, Any]
Result = dict[str, Any]


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    line: Line
    jobs: dict[str, Job] = field(default_factory=dict)
    """In hand, by participant."""
    since: float = 0.0
    """When something last came from it or went to it."""


class _Waiting:
    """Jobs that nobody has begun. One that is to be tried again is done alone: so it can take no other job with it."""

    def __init__(self, jobs: Iterator[Job]) -> None:
        self._jobs, self._again, self._failures = jobs, list[Job](), dict[str, int]()

    def take(self, beside: Iterable[Job]) -> Job | None:
        """A job for a worker that has the jobs `beside` in hand."""
        beside = list(beside)
        if not beside and self._again:
            return self._again.pop(0)
        if any(job["participant"] in self._failures for job in beside):
            return None
        return next(self._jobs, None)

    def may_be_tried_again(self, job: Job) -> bool:
        """Count a failure that was ours; True where the job is put back."""
        name = job["participant"]
        self._failures[name] = self._failures.get(name, 0) + 1
        if self._failures[name] >= MOST_TRIES:
            return False
        self._again.append(job)
        return True


class Engine:
    """Workers over one bundle. Use it as a context; at the end all its processes are gone.

    It begins to import before the bundle is there, for that is most of its start: `brief` it, then ask for `results`.
    Raises SandboxError where the warm process or the workers can't be started.
    """

    def __init__(self, modules: Sequence[str], workers: int, wall_seconds: float | None = None) -> None:
        """modules: what the warm process imports. wall_seconds: of one run; a worker silent for long is given up."""
        self._modules, self._count = tuple(modules), workers
        self._plain: dict[str, Any] = {}
        self._workers: list[_Worker] = []
        self._spare: list[Line] = []
        self._warm: Warm | None = None
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        sweep()
        self._folder = Scratch("engine", quick_folder())
        self._most_seconds = 8 * (wall_seconds or 600.0) + 120

    def __enter__(self) -> Engine:
        try:
            self._begin()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def processes(self) -> list[int]:
        """The ids of the warm process and the workers."""
        warm = [self._warm.process.pid] if self._warm is not None else []
        return [*warm, *(one.process.pid for one in self._workers)]

    def brief(self, bundle: Bundle) -> None:
        """Give the workers the bundle, and wait until the warm process has imported its libraries."""
        self._plain = bundle.as_plain()
        self._get_ready()

    def results(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Result]]:
        """Each job with its result, in the order in which they are done; a job is asked for when a worker has room."""
        waiting = _Waiting(iter(jobs))
        self._feed(waiting)
        while any(one.jobs for one in self._workers):
            for worker in self._ready():
                if not worker.jobs or worker not in self._workers:
                    continue
                done = []
                for job, result in self._taken(worker):
                    if result["ours"] and waiting.may_be_tried_again(job):
                        self._mend()
                    else:
                        done.append((job, result))
                self._feed(waiting)  # before the results are written: workers never wait for the writer
                yield from done

    def close(self) -> None:
        """End everything."""
        self._stop()
        self._words.close()
        self._folder.close()

    def _begin(self) -> None:
        self._warm = Warm(ENTRY, self._modules, environment(Path("/nowhere"), ""), self._count + SPARE_LINES)
        self._spare = list(self._warm.lines)
        self._workers = [self._worker() for _ in range(self._count)]

    def _get_ready(self) -> None:
        """Brief all, and wait for the warm process; one that is killed while it starts is started again."""
        for left in reversed(range(MOST_STARTS)):
            for worker in self._workers:
                self._brief(worker)
            if self._warm is None:
                return
            try:
                self._warm.await_ready()
            except SandboxError:
                if not self._warm.killed or not left:
                    raise
                self._stop()
                self._begin()
            else:
                return

    def _stop(self) -> None:
        for worker in self._workers:
            _end(worker.process)
        self._workers = []
        if self._warm is not None:
            self._warm.close()
            self._warm = None

    def _worker(self) -> _Worker:
        line = self._spare.pop()
        number = line.control.fileno()
        # Without a buffer: of two results that come at once, the second must stay where `select` sees it.
        process = subprocess.Popen(
            [sys.executable, "-m", "spamlab.grading.worker", str(number)], stdin=subprocess.PIPE, bufsize=0,
            stdout=subprocess.PIPE, stderr=self._words, pass_fds=(number,), start_new_session=True,
            env={**os.environ, "TMPDIR": str(self._folder.path)})
        return _Worker(process, line)

    def _brief(self, worker: _Worker) -> None:
        try:
            write_frame(cast(BinaryIO, worker.process.stdin), self._plain)
        except OSError as error:
            raise SandboxError(f"a grading process can't start: {self._last_word()}") from error

    def _feed(self, waiting: _Waiting) -> None:
        for lane in range(LANES):
            for worker in self._workers:
                if len(worker.jobs) <= lane and (job := waiting.take(worker.jobs.values())) is not None:
                    self._give(worker, job)

    def _give(self, worker: _Worker, job: Job) -> None:
        worker.jobs[job["participant"]], worker.since = job, time.monotonic()
        with contextlib.suppress(OSError):  # a worker that is gone is found when its result is awaited
            write_frame(cast(BinaryIO, worker.process.stdin), job)

    def _ready(self) -> list[_Worker]:
        """Those who have something to say, or who have been silent for too long."""
        busy = {cast(BinaryIO, one.process.stdout).fileno(): one for one in self._workers if one.jobs}
        while True:
            found = [busy[number] for number in select.select(list(busy), [], [], 1.0)[0]]
            now = time.monotonic()
            for one in busy.values():
                if now - one.since > self._most_seconds and one not in found:
                    one.process.kill()
            if found:
                return found

    def _taken(self, worker: _Worker) -> list[tuple[Job, Result]]:
        """The job that is done, with its result; of a worker that is gone, which is replaced, all its jobs, failed."""
        with contextlib.suppress(OSError, ValueError):
            told = read_frame(cast(BinaryIO, worker.process.stdout))
            if isinstance(told, dict) and (job := worker.jobs.pop(told["participant"], None)) is not None:
                worker.since = time.monotonic()
                return [(job, told)]
        lost, worker.jobs = list(worker.jobs.values()), {}
        self._replace(worker)
        return [(job, {"participant": job["participant"], "sentence": DIED, "ours": True}) for job in lost]

    def _replace(self, worker: _Worker) -> None:
        _end(worker.process)
        worker.line.close()
        if not self._spare:
            self._restart()
            return
        place = self._workers.index(worker)
        self._workers[place] = self._worker()
        self._brief(self._workers[place])

    def _mend(self) -> None:
        """Start the warm process again where it is gone."""
        if self._warm is None or self._warm.gone:
            self._restart()

    def _restart(self) -> None:
        lost = [list(one.jobs.values()) for one in self._workers]
        self._stop()
        self._begin()
        self._get_ready()
        for worker, jobs in zip(self._workers, lost, strict=True):
            for job in jobs:
                self._give(worker, job)

    def _last_word(self) -> str:
        size = os.fstat(self._words.fileno()).st_size
        self._words.seek(max(0, size - 2000))
        lines = self._words.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "no word"


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
