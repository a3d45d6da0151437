"""A warm process as its client sees it: libraries are imported once, each run is a fork in a sandbox of its own."""

from __future__ import annotations

import array
import contextlib
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from spamlab.errors import SandboxError
from spamlab.sandbox import bubblewrap
from spamlab.sandbox.limits import Ending, Level, Limits, Outcome
from spamlab.sandbox.process import moved, resources
from spamlab.sandbox.tree import Use, bytes_in, use_of

IMPORT_SECONDS = 180.0
START_SECONDS = 20.0
_LOOK = 0.05
_LOOK_AT_DISK = 0.25
_HOLD = ("/bin/sh", "-c", "echo R; read rest")


class Warm:
    """A running warm process. `modules` are imported in it; each run calls `entry` ("module:function") with its
    argument and its descriptors. Every client that forks on its own (a worker process) needs a line of its own.

    Raises SandboxError where it can't be started.
    """

    def __init__(self, entry: str, modules: Sequence[str], environment: Mapping[str, str], lines: int = 1) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="spamlab-warm-")
        ours, theirs = zip(*(socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(lines)),
                           strict=True)
        self.lines: list[Line] = [Line(one) for one in ours]
        clean = {name: self._home.name if value == "HOME" else value
                 for name, value in bubblewrap.environment(environment).items()}
        clean.update(HOME=self._home.name, TMPDIR=self._home.name, IPYTHONDIR=self._home.name,
                     MPLCONFIGDIR=self._home.name)
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "spamlab.sandbox.warmed", ",".join(str(one.fileno()) for one in theirs), entry,
                 ",".join(modules)],
                env=clean, pass_fds=[one.fileno() for one in theirs], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=self._home.name, start_new_session=True)
        except OSError as error:
            raise SandboxError(f"the warm process can't start: {error}") from error
        finally:
            for one in theirs:
                one.close()
        self.lacking: list[str] = []

    def await_ready(self) -> None:
        """Wait until the libraries are imported; raises SandboxError where that fails."""
        for line in self.lines:
            told = line.receive(IMPORT_SECONDS, self.process)
            if not told.get("ready"):
                stream = self.process.stderr
                self.process.kill()
                said = stream.read(100_000).decode("utf-8", "replace").strip() if stream is not None else ""
                last = (said.splitlines() or ["no word"])[-1]
                raise SandboxError(f"the warm process did not start: {last}")
            self.lacking = list(told.get("lacking", []))

    def close(self) -> None:
        """End the warm process; runs that are under way end with their clients."""
        for line in self.lines:
            line.close()
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        if self.process.stderr is not None:
            self.process.stderr.close()
        self._home.cleanup()

    def __enter__(self) -> Warm:
        self.await_ready()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Line:
    """One client's line to a warm process; one request at a time."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control

    def close(self) -> None:
        """Close this end."""
        self.control.close()

    def receive(self, seconds: float, process: subprocess.Popen[bytes] | None = None) -> dict[str, Any]:
        """The next packet; empty where the warm process is gone or silent."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([self.control], [], [], 0.2)[0]:
                with contextlib.suppress(OSError, ValueError):
                    told = json.loads(self.control.recv(256 * 1024))
                    return told if isinstance(told, dict) else {}
                return {}
            if process is not None and process.poll() is not None:
                return {}
        return {}

    def start(
        self, argument: str, keeps: Sequence[int], *, level: Level, read_only: Iterable[Path] = (),
        read_write: Iterable[Path] = (), hidden: Iterable[Path] = (), environment: Mapping[str, str], limits: Limits,
        folder: Path,
    ) -> Forked:
        """Fork a run that has entered its sandbox; as `sandbox.start`, always without a network.

        keeps: descriptors of this process that the run gets, in order. Raises SandboxError, and then nothing runs.
        """
        read_only, read_write, hidden = list(read_only), list(read_write), list(hidden)
        house = _House(level, read_only, read_write, hidden, limits)
        say, status = os.pipe()
        life, hold = os.pipe()
        try:
            asked = {
                "joins": house.pid, "level": level.label, "folder": str(folder), "argument": argument,
                "environment": house.moved(bubblewrap.environment(environment)), "limits": resources(limits, level),
                "read_only": [str(one) for one in read_only], "hidden": [str(one) for one in hidden],
                "read_write": [str(one) for one in house.writable]}
            rights = array.array("i", [status, life, *keeps])
            try:
                self.control.sendmsg([json.dumps(asked).encode()],
                                     [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
            except OSError as error:
                raise SandboxError(f"the warm process is gone: {error}") from None
            told = self.receive(START_SECONDS)
            keeper = told.get("keeper")
            if not isinstance(keeper, int):
                raise SandboxError("the warm process is gone")
            os.close(status)
            os.close(life)
            status = life = -1
            word = _read_word(say, START_SECONDS)
            if not word.startswith(b"R"):
                raise SandboxError(f"the sandbox did not start: {word[1:].decode('utf-8', 'replace') or 'no word'}")
            return Forked(keeper, house, limits, say, hold, word[1:])
        except BaseException:
            os.close(say)
            os.close(hold)
            house.close()
            raise
        finally:
            for one in (status, life):
                if one >= 0:
                    os.close(one)


class Forked:
    """A run that was forked from a warm process: the part of `Process` that grading needs."""

    def __init__(self, keeper: int, house: _House, limits: Limits, status: int, hold: int, word: bytes,
                 ) -> None:
        self.pid = keeper
        self._house, self._limits, self._status, self._hold, self._word = house, limits, status, hold, word
        self._folders = [str(one) for one in house.writable]
        self._before = sum(bytes_in(one) for one in self._folders)
        self._began = time.monotonic()
        self._why: Ending | None = None
        self._use = Use()
        self._ended = False
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="sandbox-watch", daemon=True)
        self._watcher.start()

    def poll(self) -> bool:
        """Whether it has ended."""
        self._listen(0)
        return self._ended

    def kill(self, why: Ending = Ending.KILLED) -> None:
        """End the run with all that it started; the first reason given stays."""
        with self._lock:
            if not self._ended:
                self._why = self._why or why
            if self._hold >= 0:
                os.close(self._hold)
                self._hold = -1
            self._house.close()

    def wait(self, seconds: float | None = None) -> Outcome:
        """How it ended; waits for that. Raises TimeoutError where it goes on after `seconds`."""
        self._listen(1e9 if seconds is None else seconds)
        if not self._ended:
            raise TimeoutError("the program is still running")
        self._over.set()
        if threading.current_thread() is not self._watcher:
            self._watcher.join()
        return self._outcome()

    def close(self) -> None:
        """End it if it still runs, and close all that is open."""
        self.kill()
        with contextlib.suppress(TimeoutError):
            self.wait(10)
        self._over.set()
        self._watcher.join()
        if self._status >= 0:
            os.close(self._status)
            self._status = -1

    def _listen(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self._ended and self._status >= 0:
            left = max(0.0, end - time.monotonic())
            if not select.select([self._status], [], [], min(left, 60.0))[0]:
                if left <= 0:
                    return
                continue
            part = os.read(self._status, 1000)
            if not part:
                self._ended = True
            self._word += part

    def _watch(self) -> None:
        """Look at the run until it ends: time, memory, processes, files."""
        bounds, last_disk = self._limits, time.monotonic()
        while not self._over.wait(_LOOK):
            now = time.monotonic()
            if bounds.wall_seconds is not None and now - self._began > bounds.wall_seconds:
                return self.kill(Ending.WALL)
            use = self._used()
            self._use = Use(use.processes, use.memory_bytes, max(use.cpu_seconds, self._use.cpu_seconds))
            if bounds.processes is not None and use.processes > bounds.processes:
                return self.kill(Ending.PROCESSES)
            if bounds.memory_bytes is not None and use.memory_bytes > bounds.memory_bytes:
                return self.kill(Ending.MEMORY)
            if bounds.cpu_seconds is not None and use.cpu_seconds > bounds.cpu_seconds:
                return self.kill(Ending.CPU)
            if bounds.disk_bytes is not None and self._folders and now - last_disk > _LOOK_AT_DISK:
                last_disk = now
                if sum(bytes_in(one) for one in self._folders) - self._before > bounds.disk_bytes:
                    return self.kill(Ending.OUTPUT)
        return None

    def _used(self) -> Use:
        """The keeper and the house are ours: what the run started counts, wherever it hangs."""
        parts = [use_of(self.pid), *([use_of(self._house.process.pid)] if self._house.process is not None else [])]
        own = 1 + (3 if self._house.process is not None else 0)
        return Use(max(0, sum(one.processes for one in parts) - own), sum(one.memory_bytes for one in parts),
                   sum(one.cpu_seconds for one in parts))

    def _outcome(self) -> Outcome:
        fields = self._word.rpartition(b"E ")[2].split() if b"E " in self._word else []
        if self._word.startswith(b"F") or len(fields) != 3:
            return Outcome(self._why or Ending.OWN_FAILURE, None, 0, time.monotonic() - self._began,
                           self._use.cpu_seconds)
        code, number, spent = int(fields[0]), int(fields[1]), float(fields[2])
        spent = max(spent, self._use.cpu_seconds)
        most = self._limits.cpu_seconds
        ending: Ending | None = self._why
        if ending is None and (number == 24 or (number == 9 and most is not None and spent > 0.8 * most)):
            ending = Ending.CPU
        if ending is None and number == 25:
            ending = Ending.OUTPUT
        if ending is None:
            ending = Ending.FINISHED if code == 0 and not number else Ending.CRASHED
        return Outcome(ending, None if number else code, number, time.monotonic() - self._began, spent)


class _House:
    """The namespaces that bubblewrap has made for one run, held open by a shell that waits; at the floor a private
    folder in place of /tmp; at plain nothing. writable: the folders that the run may write."""

    def __init__(self, level: Level, read_only: Sequence[Path], read_write: Sequence[Path], hidden: Sequence[Path],
                 limits: Limits) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.pid = 0
        self.writable = list(read_write)
        self._shown = [*read_only, *read_write]
        self._private: Path | None = None
        if level is Level.FLOOR:
            self._private = Path(tempfile.mkdtemp(prefix="spamlab-")).resolve()
            self.writable.append(self._private)
        if level is not Level.BUBBLEWRAP:
            return
        options = bubblewrap.arguments(read_only=read_only, read_write=read_write, hidden=hidden, folder=None,
                                       network=False, tmp_bytes=limits.disk_bytes)
        sheet = os.memfd_create("options", os.MFD_CLOEXEC)
        os.write(sheet, b"\0".join(one.encode() for one in options[1:]) + b"\0")
        os.lseek(sheet, 0, os.SEEK_SET)
        tell, told = os.pipe()
        try:
            self.process = subprocess.Popen(
                [options[0], "--args", str(sheet), "--info-fd", str(told), "--", *_HOLD],
                env=bubblewrap.environment({}), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, pass_fds=(sheet, told), start_new_session=True)
            os.close(told)
            told = -1
            stream = self.process.stdout
            if stream is None or _read_word(stream.fileno(), START_SECONDS)[:1] != b"R":
                self.process.kill()
                said = self.process.stderr.read(2000) if self.process.stderr is not None else b""
                raise SandboxError(f"the sandbox did not start: {said.decode('utf-8', 'replace').strip()}")
            self.pid = int(json.loads(os.read(tell, 10_000))["child-pid"])
        except OSError as error:
            raise SandboxError(f"the sandbox can't start: {error}") from error
        except BaseException:
            self.close()
            raise
        finally:
            for one in (sheet, tell, told):
                if one >= 0:
                    os.close(one)

    def moved(self, environment: Mapping[str, str]) -> dict[str, str]:
        """The environment, with paths in /tmp where they are to be found."""
        if self._private is None:
            return dict(environment)
        private = self._private
        return {"JOBLIB_MULTIPROCESSING": "0",
                **{name: moved(value, private, self._shown) for name, value in environment.items()}}

    def close(self) -> None:
        """End the shell, and with it the namespaces and whoever is in them."""
        if self._private is not None:
            shutil.rmtree(self._private, ignore_errors=True)
        if self.process is None or self.process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def _read_word(descriptor: int, seconds: float) -> bytes:
    """What is said within the time; b"" for nothing."""
    if select.select([descriptor], [], [], seconds)[0]:
        with contextlib.suppress(OSError):
            return os.read(descriptor, 1000)
    return b""
