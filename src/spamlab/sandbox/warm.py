"""A warm process as its client sees it: libraries are imported once, each run is a fork in a sandbox of its own."""

from __future__ import annotations

import array
import contextlib
import json
import os
import secrets
import select
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
from spamlab.sandbox import filter as calls
from spamlab.sandbox.limits import Ending, Level, Limits, Outcome
from spamlab.sandbox.process import in_memory, moved, resources
from spamlab.sandbox.scratch import Scratch
from spamlab.sandbox.watch import Watch

IMPORT_SECONDS = 180.0
START_SECONDS = 20.0
_KEEPER_SECONDS = 10.0
_HOLD = ("/bin/sh", "-c", "echo R; read rest")


class Warm:
    """A running warm process. `modules` are imported in it; each run calls `entry` ("module:function") with its
    argument and its descriptors. Every client that forks on its own (a worker process) needs a line of its own.

    Raises SandboxError where it can't be started.
    """

    def __init__(self, entry: str, modules: Sequence[str], environment: Mapping[str, str], lines: int = 1) -> None:
        self._home = Scratch("warm")
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        home = str(self._home.path)
        ours, theirs = zip(*(socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(lines)),
                           strict=True)
        self.lines: list[Line] = [Line(one) for one in ours]
        clean = {name: home if value == "HOME" else value
                 for name, value in bubblewrap.environment(environment).items()}
        clean.update(HOME=home, TMPDIR=home, IPYTHONDIR=home, MPLCONFIGDIR=home)
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "spamlab.sandbox.warmed", ",".join(str(one.fileno()) for one in theirs), entry,
                 ",".join(modules)],
                env=clean, pass_fds=[one.fileno() for one in theirs], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=self._words, cwd=home, start_new_session=True)
        except OSError as error:
            for one in ours:
                one.close()
            self._words.close()
            self._home.close()
            raise SandboxError(f"the warm process can't start: {error}") from error
        finally:
            for one in theirs:
                one.close()
        self.lacking: list[str] = []
        self.killed = False
        """After a start that failed: whether somebody's signal was the reason, so that another one may succeed."""

    def await_ready(self) -> None:
        """Wait until the libraries are imported; raises SandboxError where that fails."""
        for line in self.lines:
            told = line.receive(IMPORT_SECONDS, self.process)
            if not told.get("ready"):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.killed = self.process.wait(1) < 0
                self.process.kill()
                self.process.wait()
                self._words.seek(0)
                said = self._words.read(1_000_000).decode("utf-8", "replace").strip()
                last = (said.splitlines() or ["no word"])[-1]
                raise SandboxError(f"the warm process did not start: {last}")
            self.lacking = list(told.get("lacking", []))

    @property
    def gone(self) -> bool:
        """Whether the warm process has ended, or is about to: its lines close a moment before it can be waited for."""
        if self.process.poll() is not None:
            return True
        try:
            return not self.lines[0].control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def close(self) -> None:
        """End the warm process; runs that are under way end with their clients."""
        for line in self.lines:
            line.close()
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        self._words.close()
        self._home.close()

    def __enter__(self) -> Warm:
        try:
            self.await_ready()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Line:
    """One client's line to a warm process; one request at a time."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close this end."""
        self.control.close()

    def receive(self, seconds: float, process: subprocess.Popen[bytes] | None = None, number: str = ""
                ) -> dict[str, Any]:
        """The next packet, with a `number` the answer to that request; empty where the warm process is gone or silent.

        Answers that came too late for their own request are passed over.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([self.control], [], [], 0.2)[0]:
                try:
                    told = json.loads(self.control.recv(256 * 1024))
                except (OSError, ValueError):
                    return {}
                if isinstance(told, dict) and told.get("number", "") == number:
                    return told
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
        opened: list[int] = []
        try:
            say, status = os.pipe()
            opened += [say, status]
            life, hold = os.pipe()
            opened += [life, hold]
            asked = {
                "joins": house.pid, "level": level.label, "folder": str(folder), "argument": argument,
                "environment": house.moved(bubblewrap.environment(environment)), "limits": resources(limits, level),
                "read_only": [str(one) for one in read_only], "hidden": [str(one) for one in hidden],
                "read_write": [str(one) for one in house.writable], "private": str(house.private or "")}
            keeper = self._ask(asked, [status, life, *keeps])
            for one in (status, life):
                opened.remove(one)
                os.close(one)
            word = _read_word(say, START_SECONDS)
            if not word.startswith(b"R"):
                raise SandboxError(f"the sandbox did not start: {word[1:].decode('utf-8', 'replace') or 'no word'}")
            return Forked(keeper, house, limits, say, hold, word[1:])
        except BaseException:
            for one in opened:
                os.close(one)
            house.close()
            raise

    def _ask(self, asked: dict[str, Any], descriptors: list[int]) -> int:
        """Send a request; the keeper's id."""
        number = secrets.token_hex(8)
        with self._lock:
            try:
                self.control.sendmsg([json.dumps({"number": number, **asked}).encode()],
                                     [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))])
            except OSError as error:
                raise SandboxError(f"the warm process is gone: {error}") from None
            told = self.receive(START_SECONDS, number=number)
        if not isinstance(told.get("keeper"), int):
            raise SandboxError(f"the warm process starts no run: {told.get('reason', 'it is gone')}")
        return int(told["keeper"])


class Forked:
    """A run that was forked from a warm process: the part of `Process` that grading needs."""

    def __init__(self, keeper: int, house: _House, limits: Limits, status: int, hold: int, word: bytes,
                 ) -> None:
        os.set_blocking(status, False)
        self.pid = keeper
        self._house, self._status, self._hold, self._word = house, status, hold, word
        self._why: Ending | None = None
        self._ended = False
        self._lock = threading.RLock()
        roots = [keeper, *([house.process.pid] if house.process is not None else [])]
        own = 1 + (3 if house.process is not None else 0)  # the keeper; bwrap, its first process inside and the shell
        self._watch = Watch(limits, roots, own, house.writable, self.poll, self.kill)
        self._watch.start()

    def rest(self) -> None:
        """Count no time until `begin`: it is only made ready."""
        self._watch.rest()

    def begin(self) -> None:
        """Count its time from now on."""
        self._watch.begin()

    def poll(self) -> bool:
        """Whether it has ended."""
        self._listen(0)
        return self._ended

    def kill(self, why: Ending = Ending.KILLED) -> None:
        """End the run with all that it started; the first reason given stays."""
        with self._lock:
            if not self.poll():
                self._why = self._why or why
            self._let_go()

    def wait(self, seconds: float | None = None) -> Outcome:
        """How it ended; waits for that. Raises TimeoutError where it goes on after `seconds`."""
        self._listen(1e9 if seconds is None else seconds)
        if not self._ended:
            raise TimeoutError("the program is still running")
        self._watch.stop()
        with self._lock:
            self._let_go()  # what it left behind ends with its namespaces
        return self._outcome()

    def close(self) -> None:
        """End it if it still runs, and close all that is open."""
        self.kill()
        with contextlib.suppress(TimeoutError):
            self.wait(_KEEPER_SECONDS)
        self._watch.stop()
        self._house.close()
        with self._lock:
            if self._status >= 0:
                os.close(self._status)
                self._status = -1

    def __enter__(self) -> Forked:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _let_go(self) -> None:
        if self._hold >= 0:
            os.close(self._hold)
            self._hold = -1
        self._house.end()

    def _listen(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self._ended and self._status >= 0:
            left = max(0.0, end - time.monotonic())
            if not select.select([self._status], [], [], min(left, 60.0))[0]:
                if left <= 0:
                    return
                continue
            with self._lock:
                try:
                    part = os.read(self._status, 1000) if self._status >= 0 else b""
                except BlockingIOError:
                    continue  # the other thread that listens was faster
                self._word += part
                self._ended = not part

    def _outcome(self) -> Outcome:
        fields = self._word.rpartition(b"E ")[2].split() if b"E " in self._word else []
        if self._word.startswith(b"F") or len(fields) != 3:
            return Outcome(self._why or Ending.OWN_FAILURE, None, 0, self._watch.seconds, self._watch.cpu_seconds)
        code, number = int(fields[0]), int(fields[1])
        self._watch.cpu_seconds = max(float(fields[2]), self._watch.cpu_seconds)
        return Outcome(self._why or self._watch.ending(code, number), None if number else code, number,
                       self._watch.seconds, self._watch.cpu_seconds)


class _House:
    """The namespaces that bubblewrap has made for one run, held open by a shell that waits; at the floor a private
    folder in place of /tmp; at plain nothing. writable: the folders that the run may write."""

    def __init__(self, level: Level, read_only: Sequence[Path], read_write: Sequence[Path], hidden: Sequence[Path],
                 limits: Limits) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.pid = 0
        self.writable = list(read_write)
        self._shown = [*read_only, *read_write]
        self._scratch: Scratch | None = None
        self.private: Path | None = None
        if level is Level.FLOOR:
            self._scratch = Scratch("run")
            self.private = self._scratch.path
            self.writable.append(self.private)
        if level is not Level.BUBBLEWRAP:
            return
        options = bubblewrap.arguments(read_only=read_only, read_write=read_write, hidden=hidden, folder=None,
                                       network=False, tmp_bytes=limits.disk_bytes)
        # The filter is for the processes that hold the house: a run can write their memory, and so act through them.
        rules = in_memory(calls.program(network=False))
        sheet = in_memory(b"".join(one.encode() + b"\0" for one in (*options[1:], "--seccomp", str(rules))))
        tell, told = os.pipe()
        try:
            self.process = subprocess.Popen(
                [options[0], "--args", str(sheet), "--info-fd", str(told), "--", *_HOLD],
                env=bubblewrap.environment({}), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, pass_fds=(sheet, rules, told), start_new_session=True)
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
            for one in (sheet, rules, tell, told):
                if one >= 0:
                    os.close(one)

    def moved(self, environment: Mapping[str, str]) -> dict[str, str]:
        """The environment, with paths in /tmp where they are to be found."""
        if self.private is None:
            return dict(environment)
        return {"JOBLIB_MULTIPROCESSING": "0",
                **{name: moved(value, self.private, self._shown) for name, value in environment.items()}}

    def end(self) -> None:
        """End the shell, and with it the namespaces and whoever is in them."""
        if self.process is None or self.process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def close(self) -> None:
        """End it, and remove the private folder; the keeper removes that too, where nobody is left to."""
        self.end()
        if self._scratch is not None:
            self._scratch.close()


def _read_word(descriptor: int, seconds: float) -> bytes:
    """What is said within the time; b"" for nothing."""
    if select.select([descriptor], [], [], seconds)[0]:
        with contextlib.suppress(OSError):
            return os.read(descriptor, 1000)
    return b""
