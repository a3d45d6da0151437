"""Limits, ways to end and levels of protection, as frozen values that can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum


class Level(IntEnum):
    """How well code is confined; a higher level holds all that a lower one does.

    PLAIN: limits, an empty environment, a session of its own; it can read what its user can read.
    FLOOR: also no files but those named (Landlock) and no sockets (seccomp).
    BUBBLEWRAP: namespaces of its own: files, processes, network, users.
    """

    PLAIN = 1
    FLOOR = 2
    BUBBLEWRAP = 3

    @property
    def label(self) -> str:
        """The level's name in small letters."""
        return self.name.lower()


class Ending(Enum):
    """Every way in which a run can end. OWN_FAILURE alone is the sandbox's fault."""

    FINISHED = "finished"
    """Ended by itself with status 0."""
    CRASHED = "crashed"
    """Ended by itself with another status, or by a signal that nobody here sent."""
    CPU = "cpu"
    """Used more processor time than allowed."""
    WALL = "wall"
    """Took longer than allowed."""
    MEMORY = "memory"
    """Used more memory than allowed, all its processes together."""
    OUTPUT = "output"
    """Wrote more output, or more into its folders, than allowed."""
    PROCESSES = "processes"
    """Started more processes than allowed."""
    KILLED = "killed"
    """Ended on request of the one who started it."""
    OWN_FAILURE = "own-failure"
    """The sandbox failed; nothing can be said about the code."""


@dataclass(frozen=True)
class Limits:
    """What a run may use; None leaves a thing unbounded.

    cpu_seconds: processor time, of one process and of all together. wall_seconds: from start to end.
    memory_bytes: address space of one process, and resident memory of all together.
    processes: processes and threads at once. file_bytes: size of one file. output_bytes: standard output and
    error together, kept here. disk_bytes: growth of the writable folders, and size of the private /tmp.
    open_files: descriptors of one process.
    """

    cpu_seconds: float | None = 60.0
    wall_seconds: float | None = 120.0
    memory_bytes: int | None = 2 * 1024**3
    processes: int | None = 64
    file_bytes: int | None = 32 * 1024**2
    output_bytes: int | None = 4 * 1024**2
    disk_bytes: int | None = 128 * 1024**2
    open_files: int | None = 256


SERVER = Limits(cpu_seconds=None, wall_seconds=None, memory_bytes=None, processes=None, file_bytes=None,
                output_bytes=None, disk_bytes=None, open_files=None)
"""For a server that runs all day: confined, not bounded."""


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    exit_code: the status, None where a signal ended it. signal: that signal, 0 for none. seconds: wall time.
    cpu_seconds: processor time as last seen. output, errors: what was kept of both streams.
    """

    ending: Ending
    exit_code: int | None
    signal: int
    seconds: float
    cpu_seconds: float
    output: bytes = b""
    errors: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether it ended by itself with status 0."""
        return self.ending is Ending.FINISHED
