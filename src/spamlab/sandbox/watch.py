"""Watching a run from outside: time, memory, processes and files, looked at now and then until it is over."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from spamlab.sandbox.limits import Ending, Limits
from spamlab.sandbox.tree import bytes_in, memory_of, use_of

_LOOK = 0.05
_LOOK_AT_SERVER = 0.5
_LOOK_AT_DISK = 0.25


class Watch(threading.Thread):
    """Calls `kill` with the reason when a run is over one of its limits.

    roots: ids of the processes under which the run hangs; own: how many of what hangs there are ours. folders: what
    the run may write. ended: whether the run has ended.
    """

    def __init__(self, limits: Limits, roots: Sequence[int], own: int, folders: Sequence[Path],
                 ended: Callable[[], bool], kill: Callable[[Ending], None]) -> None:
        super().__init__(name="sandbox-watch", daemon=True)
        self.began = time.monotonic()
        self.cpu_seconds = 0.0
        self._resting = False
        self._limits, self._roots, self._own, self._ended, self._kill = limits, roots, own, ended, kill
        self._folders = [str(one) for one in folders]
        self._over = threading.Event()
        self._disk_seen = self.began
        self._disk_before = self._disk() if limits.disk_bytes is not None else 0

    def rest(self) -> None:
        """Count no time until the run is to `begin`."""
        self._resting = True

    def begin(self) -> None:
        """Count the run's time from now on."""
        self.began, self._resting = time.monotonic(), False

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return 0.0 if self._resting else time.monotonic() - self.began

    def run(self) -> None:
        """Look until the run is over, or over a limit."""
        look = _LOOK if self._limits.wall_seconds is not None else _LOOK_AT_SERVER
        while not self._over.wait(look):
            if self._ended():
                return
            why = self._too_much()
            if why is not None:
                self._kill(why)
                return

    def stop(self) -> None:
        """Look no more; returns when nobody looks."""
        self._over.set()
        if self.ident is not None and threading.current_thread() is not self:
            self.join()

    def ending(self, code: int | None, number: int) -> Ending:
        """How a run ended that nobody here killed, by its status or the number of the signal that ended it."""
        most = self._limits.cpu_seconds
        if number == signal.SIGXCPU:
            return Ending.CPU
        if number == signal.SIGKILL and most is not None and self.cpu_seconds > 0.8 * most:
            return Ending.CPU
        if number == signal.SIGXFSZ:
            return Ending.OUTPUT
        return Ending.FINISHED if code == 0 and not number else Ending.CRASHED

    def _too_much(self) -> Ending | None:
        bounds = self._limits
        if bounds.wall_seconds is not None and self.seconds > bounds.wall_seconds:
            return Ending.WALL
        if (bounds.processes, bounds.memory_bytes, bounds.cpu_seconds) != (None, None, None):
            use = use_of(*self._roots)
            self.cpu_seconds = max(self.cpu_seconds, use.cpu_seconds)
            if bounds.processes is not None and use.processes - self._own > bounds.processes:
                return Ending.PROCESSES
            # Pages that several share were counted for each: then look closer, which takes longer.
            if bounds.memory_bytes is not None and use.memory_bytes > bounds.memory_bytes and memory_of(
                    *self._roots) > bounds.memory_bytes:
                return Ending.MEMORY
            if bounds.cpu_seconds is not None and use.cpu_seconds > bounds.cpu_seconds:
                return Ending.CPU
        if bounds.disk_bytes is not None and self._folders and time.monotonic() - self._disk_seen > _LOOK_AT_DISK:
            self._disk_seen = time.monotonic()
            if self._disk() - self._disk_before > bounds.disk_bytes:
                return Ending.OUTPUT
        return None

    def _disk(self) -> int:
        return sum(bytes_in(one) for one in self._folders)
