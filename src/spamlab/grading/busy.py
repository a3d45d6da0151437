"""One job at a time for a course: release, collect, grade, feedback, wherever they are started.

The instructor's page, the Formgrader and the command line all take the same kernel lock on a file of the course. The
lock goes to the job's process with its descriptor, so it ends with the last process that holds it, and never later.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from spamlab.errors import UsageError

FILE = ".spamlab-busy"
ENVIRONMENT = "SPAMLAB_COURSE_HELD"
"""Set for the process of a job whose starter holds the lock: the inherited descriptor and that course's folder."""
MOST = 2000


class BusyError(UsageError):
    """Another job of this course is still running."""


@dataclass(frozen=True)
class Held:
    """A lock that is held: its descriptor, which a child may inherit, and the course's folder."""

    descriptor: int
    course: Path

    def environment(self) -> dict[str, str]:
        """What tells the job's own process that the lock is held for it."""
        return {ENVIRONMENT: f"{self.descriptor}:{self.course}"}

    def release(self) -> None:
        """Give this process's share of the lock back; the note on who holds it is cleared."""
        os.ftruncate(self.descriptor, 0)
        os.close(self.descriptor)


def hold(course: Path, what: str) -> Held:
    """Take the lock of a course for `what` ("Autograde of 02-header-forensics for p01"), or raise BusyError at once.

    The sentence names the job that holds it and since when.
    """
    course = Path(course).resolve()
    descriptor = os.open(course / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        told = _holder(descriptor)
        os.close(descriptor)
        raise BusyError(f"{told} in this course: wait for its end, then try again; nothing was done") from None
    os.ftruncate(descriptor, 0)
    note = {"what": what[:300], "since": datetime.now().strftime("%H:%M:%S"), "process": os.getpid()}
    os.pwrite(descriptor, json.dumps(note).encode(), 0)
    return Held(descriptor, course)


@contextmanager
def alone(course: Path, what: str) -> Iterator[None]:
    """Hold the course's lock during the block; nothing to do where the starter of this process holds it already."""
    folder = Path(course).resolve()
    descriptor, _, held_for = os.environ.get(ENVIRONMENT, "").partition(":")
    if held_for == str(folder) and descriptor.isdecimal():
        with suppress(OSError):
            os.set_inheritable(int(descriptor), False)  # ours alone: no process of a participant's shall have it
        yield
        return
    held = hold(folder, what)
    try:
        yield
    finally:
        held.release()


def _holder(descriptor: int) -> str:
    """Who holds the lock, as the beginning of a sentence."""
    try:
        note = json.loads(os.pread(descriptor, MOST, 0))
        return f"{note['what']} has been running since {note['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another job is running"
