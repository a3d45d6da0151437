"""A data set made by many processes, of this machine or of a Dask cluster, to the same bytes as by one.

Block b holds the records from b * BLOCK, whoever makes it. Of W processes here, process p makes the blocks p, p + W,
p + 2W, ... and sends each through a pipe of its own, where it waits until it is read: blocks come in their order, and
no more than one a process stands in memory. They are started afresh, not forked, since whoever calls may hold threads.

Workers of a cluster may stand on other machines: they get the content (recipe, languages, profiles) as data, and must
have the same code, else they refuse.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import tempfile
import threading
import time
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from spamlab.cluster_client import scheduler
from spamlab.errors import ContentError, MachineError, ServiceError, SpamlabError, UsageError
from spamlab.generate.files import Block, Plan, Progress, encoded, plan, write_blocks
from spamlab.generate.opening import Source, open_recipe
from spamlab.generate.traffic import Traffic
from spamlab.generate.writers import BLOCK

MANY = 20_000
"""Records from which more processes than one pay, and composing in blocks: each takes about a second to begin."""
WORKER_SECONDS = 60
SILENT_SECONDS = 300
AHEAD = 2
"""Blocks that a worker of a cluster has waiting, so that it never stands still while a result travels."""
_TRIES = 3
_KINDS: Mapping[str, type[SpamlabError]] = {
    one.__name__: one for one in (ContentError, MachineError, UsageError, ServiceError)}
_CONTENT = ("recipes", "languages", "profiles")


@dataclass(frozen=True)
class Order:
    """What to make. datasets: the folder of content. count: of records. options: further ones of `open_recipe`."""

    datasets: Path
    recipe: str
    seed: str
    count: int
    options: Mapping[str, Any]

    def opened(self) -> Source:
        """The recipe with its texts; raises as `open_recipe` does."""
        return open_recipe(self.datasets, self.recipe, self.seed, **self.options)


def generate(order: Order, out: str | Path, *, labels: bool = True, truth: bool = False, workers: int | None = None,
             scheduler: str = "", progress: Progress | None = None) -> tuple[Plan, Source]:
    """Write the records that are ordered to `out`, whole or not at all; what was written where, and what made it.

    workers: processes of this machine; one a core for `MANY` records and more if None. scheduler: the address of a
    Dask scheduler whose workers make them instead. Raises UsageError for a bad order, ContentError for faults of a
    recipe, a language or a record, MachineError where the file can't be written or a process dies, and ServiceError for
    a cluster that can't be reached or goes away.
    """
    if order.count < 1:
        raise UsageError(f"the count must be 1 or more, not {order.count}")
    if workers is not None and workers < 1:
        raise UsageError(f"the number of workers must be 1 or more, not {workers}")
    source = order.opened()
    what = plan(out, source.recipe.channel, labels=labels, truth=truth)
    blocks = -(-order.count // BLOCK)
    if workers is None:
        workers = 1 if order.count < MANY else len(os.sched_getaffinity(0)) if hasattr(
            os, "sched_getaffinity") else os.cpu_count() or 1
    if scheduler:
        with _on_cluster(scheduler, order, what) as made:
            write_blocks(made, what, progress)
    elif min(workers, blocks) == 1:
        _make_ready(source, order.count)
        write_blocks((_block(source, order, what, number) for number in range(blocks)), what, progress)
    else:
        with _on_this_machine(order, what, min(workers, blocks), blocks) as made:
            write_blocks(made, what, progress)
    return what, source


def _make_ready(source: Source, count: int) -> None:
    """Where one process makes so many records that it pays, and numba is there, they are composed in blocks."""
    if count >= MANY and isinstance(source, Traffic):
        source.open_blocks()


def _block(source: Source, order: Order, what: Plan, number: int) -> Block:
    return encoded(list(source.records(number * BLOCK, min((number + 1) * BLOCK, order.count))), what)


@contextmanager
def _on_this_machine(order: Order, what: Plan, workers: int, blocks: int) -> Iterator[Iterator[Block]]:
    context = multiprocessing.get_context("spawn")
    started: list[tuple[Any, Connection]] = []
    try:
        with _no_interrupt():
            for number in range(workers):
                ours, theirs = context.Pipe(duplex=False)
                given = (theirs, order, what, number, workers, blocks)
                process = context.Process(target=_work, args=given, daemon=True)
                process.start()
                theirs.close()
                started.append((process, ours))
        yield _received(started, blocks)
    finally:
        for process, ours in started:
            ours.close()
            process.kill()
        for process, _ in started:
            process.join()


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Ctrl-C waits, and processes that are started meanwhile never get it: it is for the one who started them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _received(started: list[tuple[Any, Connection]], blocks: int) -> Iterator[Block]:
    for number in range(blocks):
        process, ours = started[number % len(started)]
        try:
            kind, found = ours.recv()
        except (EOFError, OSError):
            process.join(5)
            raise MachineError(f"a process that made records was ended from outside ({_ending(process.exitcode)})"
                               "; nothing was left behind") from None
        if kind:
            raise _KINDS.get(kind, MachineError)(found)
        yield found


def _ending(status: int | None) -> str:
    if status is not None and status < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-status).name
    return f"exit status {status}"


def _work(pipe: Connection, order: Order, what: Plan, first: int, step: int, blocks: int) -> None:
    """What a process of this machine runs; who started it ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A reader who is gone needs nothing more, and no word either.
    with contextlib.suppress(BrokenPipeError, ConnectionError):
        try:
            source = order.opened()
            _make_ready(source, order.count // step)
            for number in range(first, blocks, step):
                pipe.send(("", _block(source, order, what, number)))
        except SpamlabError as error:
            pipe.send((type(error).__name__, str(error)))
        except MemoryError:
            pipe.send(("MachineError", "there is not enough memory for so many processes; nothing was left behind"))


@contextmanager
def _on_cluster(address: str, order: Order, what: Plan) -> Iterator[Iterator[Block]]:
    with scheduler(address) as client:
        yield _gathered(client, order, what)


def _gathered(client: Any, order: Order, what: Plan) -> Iterator[Block]:
    gone = "the cluster's scheduler or all its workers are gone; nothing was left behind"
    blocks = iter(range(-(-order.count // BLOCK)))
    waiting: deque[Any] = deque()
    try:
        try:
            client.wait_for_workers(1, timeout=WORKER_SECONDS)
        except TimeoutError:
            raise ServiceError(f"the cluster has had no worker for {WORKER_SECONDS} seconds") from None
        content = client.scatter(packed(order.datasets), broadcast=True, hash=True)
        plain = (replace(order, datasets=Path()), what, _identity())
        while True:
            many = max(1, len(client.scheduler_info(n_workers=-1)["workers"])) * AHEAD
            while len(waiting) < many and (number := next(blocks, None)) is not None:
                waiting.append(client.submit(_elsewhere, content, plain, number, pure=False, retries=_TRIES))
            if not waiting:
                return
            future = waiting.popleft()
            kind, found = _result(future, client, gone)
            future.release()
            if kind:
                raise _KINDS.get(kind, ServiceError)(found)
            yield found
    except (OSError, TimeoutError, RuntimeError, CancelledError) as error:
        raise ServiceError(gone) from error


def _result(future: Any, client: Any, gone: str) -> tuple[str, Any]:
    """What a worker gave. Raises ServiceError where the scheduler is gone or nothing has come for long."""
    end = time.monotonic() + SILENT_SECONDS
    while time.monotonic() < end and client.status == "running":
        try:
            found: tuple[str, Any] = future.result(timeout=1)
            return found
        except TimeoutError:
            continue
        except ImportError as error:
            raise ServiceError(f"a worker of the cluster can't load spamlab ({error}): install the same version "
                               "there") from None
        except Exception as error:  # whatever is raised there is told, not shown as a trace
            if future.status in ("cancelled", "lost"):
                break
            raise ServiceError(f"the cluster failed: {type(error).__name__}: {error}"[:300]) from None
    raise ServiceError(gone)


def packed(datasets: Path) -> bytes:
    """What a worker on another machine needs of the folder of content: names and bytes of files, packed."""
    files = {path.relative_to(datasets).as_posix(): path.read_bytes().decode("latin-1")
             for part in _CONTENT for path in sorted((datasets / part).rglob("*")) if path.is_file()}
    return zlib.compress(json.dumps(files).encode(), 1)


def unpacked(content: bytes, folder: Path) -> None:
    """Lay out what `packed` gave."""
    for name, text in json.loads(zlib.decompress(content)).items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode("latin-1"))


_opening = threading.Lock()
_opened: dict[bytes, Source] = {}


def _elsewhere(content: bytes, plain: tuple[Order, Plan, str], number: int) -> tuple[str, Any]:
    """What a worker of a cluster runs: ("", block), or the kind of an error and its sentence."""
    order, what, identity = plain
    if identity != _identity():
        return "ServiceError", ("a worker of the cluster has another spamlab or other libraries, which would give "
                                "other bytes: install the same there")
    try:
        return "", _block(_place(content, order), order, what, number)
    except SpamlabError as error:
        return type(error).__name__, str(error)


def _place(content: bytes, order: Order) -> Source:
    name = blake2b(content + repr(order).encode(), digest_size=16).digest()
    with _opening:
        if name not in _opened:
            _opened.clear()  # one data set at a time: a worker does not collect them
            with tempfile.TemporaryDirectory(prefix="spamlab-") as folder:
                unpacked(content, Path(folder))
                _opened[name] = replace(order, datasets=Path(folder)).opened()
        return _opened[name]


@cache
def _identity() -> str:
    """Of all code that decides on bytes."""
    import spamlab

    root = Path(spamlab.__file__).parent
    found = blake2b(zlib.ZLIB_RUNTIME_VERSION.encode(), digest_size=16)
    for part in ("generate", "mailauth", "records"):
        for path in sorted((root / part).rglob("*.py")):
            found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()
