"""The trusted side of a child: sends it cells and inputs, takes what comes back as untrusted data.

A child can end at any moment, say nothing, say too much, or say what was not asked. Each reply is known by a
number that nobody can guess, so a line written ahead of its question answers nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from spamlab.errors import SandboxError
from spamlab.sandbox import Ending, Level, Limits, Process, start
from spamlab.sandbox.parts import PACKAGE, visible_parts
from spamlab.sandbox.warm import Forked, Line

MOST_LINE = 16 * 1024**2
MOST_LINES = 1000
START_SECONDS = 60.0
GRACE_SECONDS = 5.0
LIMITS = Limits(cpu_seconds=120, wall_seconds=300, memory_bytes=3 * 1024**3, processes=64, output_bytes=None,
                file_bytes=32 * 1024**2, disk_bytes=128 * 1024**2)

SENTENCES = {
    Ending.CPU: "The notebook used more processor time than it may, and was stopped here.",
    Ending.WALL: "The notebook took longer than it may, and was stopped here.",
    Ending.MEMORY: "The notebook used more memory than it may, and was stopped here.",
    Ending.OUTPUT: "The notebook wrote more than it may, and was stopped here.",
    Ending.PROCESSES: "The notebook started more processes than it may, and was stopped here.",
}
ENTRY = "spamlab.grading.child:forked"
"""What a warm process calls in each run."""
ENDED = "The notebook's interpreter ended here."
ENDED_EARLY = "the interpreter in the sandbox ended before anything was asked of it"


class ChildEndedError(Exception):
    """The child is gone or can't be used any more; the text is a sentence for the participant."""


class ChildFellError(Exception):
    """The child ended, and the one that was kept before it is there in its place."""


class Interpreter:
    """A running child. Use it as a context; whatever happens in it, it is ended at the end."""

    def __init__(self, folder: Path, data: Path, participant: str, *, level: Level, limits: Limits = LIMITS,
                 cell_seconds: float = 30.0, line: Line | None = None, turn: threading.Lock | None = None) -> None:
        """folder: the working copy of the submission, which the child may change. data: what it may read.
        line: to a warm process that forks the child; without one a new Python is started. turn: taken before the
        first thing is asked of the child, and given back at its end, so that it can be made ready ahead of its turn.

        Raises SandboxError where the sandbox or our own child fails to start.
        """
        self.began: float | None = None
        """When the child was asked the first thing, on the monotonic clock: its time counts from there."""
        self._closed: float | None = None
        self._cell_seconds = cell_seconds
        self._turn, self._at_work = turn, False
        self._buffer = b""
        self.odd_lines = 0
        self._kept = 0
        requests, self._ask = os.pipe()
        self._told, replies = os.pipe()
        seen: dict[str, Any] = {
            "level": level, "read_only": [*visible_parts("grading/__init__.py", "grading/child.py"), data],
            "read_write": [folder], "hidden": [PACKAGE], "environment": environment(data, participant),
            "limits": limits, "folder": folder}
        try:
            self._process: Process | Forked
            if line is not None:
                seed = zlib.crc32(f"{participant}|{folder.name}".encode())
                self._process = line.start(str(seed), (requests, replies), **seen)
            else:
                self._process = start(
                    [sys.executable, "-m", "spamlab.grading.child", str(requests), str(replies)], network=False,
                    pass_fds=(requests, replies), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **seen)
        except SandboxError:
            os.close(self._ask)
            os.close(self._told)
            raise
        finally:
            os.close(requests)
            os.close(replies)
        os.set_blocking(self._ask, False)
        try:
            self._reply("ready", START_SECONDS)
        except ChildEndedError:
            stream = self._process.stderr if isinstance(self._process, Process) else None
            said = os.read(stream.fileno(), 4000) if stream is not None else b""
            self.close()
            last = (said.decode("utf-8", "replace").strip().splitlines() or ["no word"])[-1]
            raise SandboxError(f"the interpreter in the sandbox did not start: {last}") from None
        if turn is not None and isinstance(self._process, Forked):
            self._process.rest()

    def cell(self, source: str) -> list[Any]:
        """What the cell shows, as the child says; anything. Raises ChildEndedError, and SandboxError where the child
        has ended before it was asked anything."""
        told = self._asked({"op": "cell", "source": source, "seconds": self._cell_seconds},
                           self._cell_seconds + GRACE_SECONDS)
        shown = told.get("outputs")
        return shown if isinstance(shown, list) else []

    def hold(self, key: str, name: str) -> bool:
        """Keep the function called `name` as it is now, under `key`; whether the child says that there is one."""
        return self._asked({"op": "hold", "key": key, "name": name}, GRACE_SECONDS).get("callable") is True

    def keep(self) -> None:
        """Keep the interpreter as it is now: what is done from here on can be taken back."""
        self._asked({"op": "keep"}, GRACE_SECONDS)
        self._kept += 1

    def back(self) -> None:
        """Take back all that was done since the last `keep`."""
        self._send(_framed({"op": "back"}), time.monotonic() + GRACE_SECONDS)
        with contextlib.suppress(ChildFellError):
            self._reply("back", GRACE_SECONDS)

    def call(self, key: str, inputs: Sequence[tuple[str, Any]], seconds: float = 2.0) -> dict[str, Any]:
        """What the function held under `key` gives for each input, as the child says. Raises ChildEndedError."""
        told = self._asked({"op": "call", "key": key, "inputs": [list(one) for one in inputs], "seconds": seconds},
                           len(inputs) * seconds + GRACE_SECONDS)
        outputs = told.get("outputs")
        return outputs if isinstance(outputs, dict) else {}

    @property
    def seconds(self) -> float:
        """How long it has been at work; waiting for its turn is not."""
        if self.began is None:
            return 0.0
        return (time.monotonic() if self._closed is None else self._closed) - self.began

    def close(self) -> None:
        """End the child."""
        self._closed = self._closed or time.monotonic()
        try:
            self._process.kill()
        finally:
            if self._turn is not None and self._at_work:
                self._at_work = False
                self._turn.release()
        self._process.close()
        for descriptor in (self._ask, self._told):
            if descriptor >= 0:
                os.close(descriptor)
        self._ask = self._told = -1

    def __enter__(self) -> Interpreter:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _asked(self, request: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        number = secrets.token_hex(16)
        data = _framed({"id": number, **request})
        if self.began is None:
            self._begin()
            try:
                self._send(data, time.monotonic() + seconds)
            except ChildEndedError:
                raise SandboxError(ENDED_EARLY) from None
        else:
            self._send(data, time.monotonic() + seconds)
        return self._reply(number, seconds)

    def _begin(self) -> None:
        if self._turn is not None:
            self._turn.acquire()
            self._at_work = True
        if self._process.poll():  # nothing of the participant's has run in it, so no cell of theirs has ended it
            raise SandboxError(ENDED_EARLY)
        if isinstance(self._process, Forked):
            self._process.begin()
        self.began = time.monotonic()

    def _send(self, data: bytes, end: float) -> None:
        while data:
            left = end - time.monotonic()
            if left <= 0:
                raise self._ended(Ending.WALL)
            _, ready, _ = select.select([], [self._ask], [], min(left, 0.2))
            if ready:
                try:
                    data = data[os.write(self._ask, data):]
                except BlockingIOError:
                    continue
                except OSError:
                    raise self._ended() from None
            elif self._process.poll():
                raise self._ended()

    def _reply(self, number: str, seconds: float) -> dict[str, Any]:
        """The first line that bears the number; others are passed over, so many and no more."""
        end = time.monotonic() + seconds
        for _ in range(MOST_LINES):
            told = _record(self._line(end))
            if told.get("id") == number:
                return told
            if told.get("id") == "back" and self._kept:
                self._kept -= 1
                raise ChildFellError
            self.odd_lines += 1
        raise self._ended(Ending.OUTPUT)

    def _line(self, end: float) -> bytes:
        parts, size = [self._buffer], len(self._buffer)
        while b"\n" not in parts[-1]:
            left = end - time.monotonic()
            if left <= 0:
                raise self._ended(Ending.WALL)
            if size > MOST_LINE:
                raise self._ended(Ending.OUTPUT)
            ready, _, _ = select.select([self._told], [], [], min(left, 0.2))
            if not ready:
                if self._process.poll():
                    raise self._ended()
                continue
            part = os.read(self._told, 1 << 20)
            if not part:
                raise self._ended()
            parts.append(part)
            size += len(part)
        line, _, self._buffer = b"".join(parts).partition(b"\n")
        return line

    def _ended(self, why: Ending | None = None) -> ChildEndedError:
        """End what is left of the child; the sentence that says how it came to its end."""
        if why is not None:
            self._process.kill(why)
        try:
            outcome = self._process.wait(2)
        except TimeoutError:
            self._process.kill(Ending.KILLED)
            outcome = self._process.wait()
        return ChildEndedError(SENTENCES.get(outcome.ending, ENDED))


def environment(data: Path, participant: str) -> dict[str, str]:
    """The whole environment of a child: where its messages are, one thread for each library, nothing else."""
    return {
        "HOME": "/tmp", "IPYTHONDIR": "/tmp/ipython", "MPLCONFIGDIR": "/tmp/matplotlib", "MPLBACKEND": "agg",
        "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1", "PYTHONSAFEPATH": "1",
        "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
        "SPAMLAB_GRADED": "1", "SPAMLAB_DATA": str(data), "SPAMLAB_PARTICIPANT": participant,
    }


def _framed(request: Mapping[str, Any]) -> bytes:
    """A request as the child reads it: eight digits of length, then JSON."""
    data = json.dumps(request).encode()
    return b"%08d" % len(data) + data


def _record(line: bytes) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
