"""Starting a program in the sandbox, watching it, ending it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from spamlab.errors import SandboxError
from spamlab.sandbox import bubblewrap, floor
from spamlab.sandbox import filter as calls
from spamlab.sandbox.limits import SERVER, Ending, Level, Limits, Outcome
from spamlab.sandbox.tree import descendants, processes_of_user
from spamlab.sandbox.watch import Watch

START_SECONDS = 20.0
_KEEPER_SECONDS = 5.0
_INNER = Path(__file__).with_name("inner.py").read_text(encoding="utf-8")
_warned: set[Level] = set()


def available_level() -> Level:
    """The best level that this machine gives; tried once."""
    if not calls.available():
        return Level.PLAIN
    if bubblewrap.machine() is not None:
        return Level.BUBBLEWRAP
    return Level.FLOOR if floor.available() else Level.PLAIN


@dataclass(frozen=True)
class Command:
    """A program made ready: its words, its whole environment, descriptors that it must inherit, its folder.

    private: at the level floor the folder that stands for /tmp; who starts the program need not remove it.
    """

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    inherits: tuple[int, ...]
    folder: Path | None
    private: Path | None = None


def command(
    argv: Sequence[str], status: int, *, level: Level, read_only: Iterable[Path] = (), read_write: Iterable[Path] = (),
    hidden: Iterable[Path] = (), environment: Mapping[str, str], limits: Limits, network: bool = False,
    folder: Path | None = None,
) -> Command:
    """The words that run `argv` confined. status: a descriptor for "R" (running) or "F" (failed, with the reason).

    Raises SandboxError where the level can't be had.
    """
    whole = bubblewrap.environment(environment)
    if level is Level.FLOOR:
        return _floor_command(argv, status, read_only=list(read_only), read_write=list(read_write), hidden=list(hidden),
                              environment=whole, limits=limits, network=network, folder=folder)
    inner = _inner(argv, status, resources(limits, level), None)
    if level is Level.PLAIN:
        _warn()
        return Command(tuple(inner), whole, (status,), folder)
    options = bubblewrap.arguments(
        read_only=read_only, read_write=read_write, hidden=hidden, folder=folder, network=network,
        tmp_bytes=limits.disk_bytes)
    # The options go through a file in memory: neither other users nor the program see the machine's paths.
    rules = in_memory(calls.program(network))
    sheet = in_memory(b"".join(option.encode() + b"\0" for option in (*options[1:], "--seccomp", str(rules))))
    return Command((options[0], "--args", str(sheet), "--", *inner), whole, (status, sheet, rules), None)


def _floor_command(
    argv: Sequence[str], status: int, *, read_only: list[Path], read_write: list[Path], hidden: list[Path],
    environment: dict[str, str], limits: Limits, network: bool, folder: Path | None,
) -> Command:
    """As `command`, at the level floor. What the environment says of /tmp says it of the private folder then."""
    if not floor.available():
        raise SandboxError("this machine has neither Landlock nor a filter of calls; `spamlab doctor` says more")
    programs = [calls.floor_program(floor.abi()), calls.program(network)]
    import tempfile  # here, for it brings in much

    private = Path(tempfile.mkdtemp(prefix="spamlab-")).resolve()
    rules = -1
    try:
        rules = floor.ruleset(read_only, [*read_write, private], network=network, hidden=hidden)
        scope = floor.signal_scope()
    except BaseException:
        if rules >= 0:
            os.close(rules)
        _remove(private)
        raise
    sheet = in_memory(b"".join(programs))
    orders = {"rules": rules, "scope": scope, "filter": sheet, "lengths": [len(one) for one in programs],
              "private": str(private)}
    shown = [*read_only, *read_write]
    whole = {name: moved(value, private, shown) for name, value in environment.items()}
    whole.setdefault("JOBLIB_MULTIPROCESSING", "0")  # it wants /dev/shm, which all share; else it warns
    inherits = tuple(one for one in (status, rules, scope, sheet) if one >= 0)
    return Command(tuple(_inner(argv, status, resources(limits, Level.FLOOR), orders)), whole, inherits,
                   folder or private, private)


def moved(value: str, private: Path, shown: Sequence[Path]) -> str:
    """A path in /tmp becomes one in the private folder, but for what is shown, and for lists of paths."""
    path = Path(value)
    if os.pathsep in value or not path.is_relative_to("/tmp") or any(path.is_relative_to(one) for one in shown):
        return value
    return str(private / path.relative_to("/tmp"))


def _remove(folder: Path) -> None:
    import shutil  # here, for it brings in much

    shutil.rmtree(folder, ignore_errors=True)


def _inner(argv: Sequence[str], status: int, limits: dict[str, tuple[int, int]], orders: dict[str, object] | None
           ) -> list[str]:
    told = json.dumps({"limits": limits, "floor": orders})
    return [sys.executable, "-I", "-S", "-c", _INNER, told, str(status), *argv]


def in_memory(content: bytes) -> int:
    """A descriptor of a file in memory, at its beginning."""
    sheet = os.memfd_create("sandbox", os.MFD_CLOEXEC)
    os.write(sheet, content)
    os.lseek(sheet, 0, os.SEEK_SET)
    return sheet


class Process:
    """A running program. Read and write its `stdin`, `stdout`, `stderr` where they were asked for as pipes."""

    def __init__(self, popen: subprocess.Popen[bytes], level: Level, limits: Limits, status: int,
                 folders: Sequence[Path]) -> None:
        self.popen = popen
        self.level = level
        self._limits = limits
        self._status = status
        self._word = b""
        self._why: Ending | None = None
        self._lock = threading.Lock()
        own = {Level.BUBBLEWRAP: 3, Level.FLOOR: 2}.get(level, 0)
        self._watch = Watch(limits, [popen.pid], own, folders, self.poll, self.kill)
        if limits != SERVER:
            self._watch.start()

    @property
    def pid(self) -> int:
        """The id of the outermost process."""
        return self.popen.pid

    @property
    def stdin(self) -> IO[bytes] | None:
        """The program's standard input, if it is a pipe."""
        return self.popen.stdin

    @property
    def stdout(self) -> IO[bytes] | None:
        """The program's standard output, if it is a pipe."""
        return self.popen.stdout

    @property
    def stderr(self) -> IO[bytes] | None:
        """The program's standard error, if it is a pipe."""
        return self.popen.stderr

    def poll(self) -> bool:
        """Whether it has ended."""
        return self.popen.returncode is not None or _has_ended(self.popen.pid)

    def kill(self, why: Ending = Ending.KILLED) -> None:
        """End the program with all its descendants; the first reason given stays."""
        with self._lock:
            if self.popen.returncode is None and not _has_ended(self.popen.pid):
                self._why = self._why or why
                self._end()

    def wait(self, seconds: float | None = None) -> Outcome:
        """How it ended; waits for that. Raises TimeoutError where it goes on after `seconds`."""
        end = None if seconds is None else time.monotonic() + seconds
        pause = 0.001
        while self.popen.returncode is None and not _has_ended(self.popen.pid):
            if end is not None and time.monotonic() > end:
                raise TimeoutError("the program is still running")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.02)
        self._watch.stop()
        with self._lock:
            if self.popen.returncode is None:
                if self.level is not Level.FLOOR:  # there the keeper has ended all before
                    _end_tree(self.popen.pid)  # what it left behind, while its id can't be given to another
                self.popen.wait()
        return self._outcome(b"", b"")

    def communicate(self, given: bytes = b"") -> Outcome:
        """Give the program its input, keep both its streams within the limit, wait for its end."""
        kept = {1: bytearray(), 2: bytearray()}
        total = [0]
        readers = [threading.Thread(target=self._keep, args=(stream, kept[place], total), daemon=True)
                   for place, stream in ((1, self.stdout), (2, self.stderr)) if stream is not None]
        for reader in readers:
            reader.start()
        if self.stdin is not None:
            with contextlib.suppress(BrokenPipeError, OSError):
                self.stdin.write(given)
            with contextlib.suppress(BrokenPipeError, OSError):
                self.stdin.close()
        self.wait()
        for reader in readers:
            reader.join(2)
        return self._outcome(bytes(kept[1]), bytes(kept[2]))

    def close(self) -> None:
        """End it if it still runs, and close all pipes."""
        self.kill()
        with contextlib.suppress(TimeoutError):
            self.wait(10)
        for stream in (self.stdin, self.stdout, self.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        if self._status >= 0:
            os.close(self._status)
            self._status = -1

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _end(self) -> None:
        """End all at once; at the floor the keeper does it, for the outermost process alone knows little."""
        if self.level is Level.FLOOR:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.popen.pid, signal.SIGTERM)
            end = time.monotonic() + _KEEPER_SECONDS
            while time.monotonic() < end:
                if _has_ended(self.popen.pid):
                    return
                time.sleep(0.002)
        _end_tree(self.popen.pid)

    def _keep(self, stream: IO[bytes], kept: bytearray, total: list[int]) -> None:
        most = self._limits.output_bytes
        while True:
            try:
                part = os.read(stream.fileno(), 65536)
            except (OSError, ValueError):
                return
            if not part:
                return
            total[0] += len(part)
            if most is not None and total[0] > most:
                kept += part[:max(0, len(part) - (total[0] - most))]
                self.kill(Ending.OUTPUT)
                return
            kept += part

    def _outcome(self, output: bytes, errors: bytes) -> Outcome:
        code = self.popen.returncode
        number = -code if code < 0 else code - 128 if self.level > Level.PLAIN and 128 < code < 160 else 0
        self._word += _said(self._status)
        ending = self._why
        if ending is None:
            ending = Ending.OWN_FAILURE if b"F" in self._word else self._watch.ending(code, number)
        return Outcome(ending, None if number else code, number, self._watch.seconds, self._watch.cpu_seconds, output,
                       errors)


def start(
    argv: Sequence[str], *, level: Level, read_only: Iterable[Path] = (), read_write: Iterable[Path] = (),
    hidden: Iterable[Path] = (), environment: Mapping[str, str], limits: Limits, network: bool = False,
    pass_fds: Sequence[int] = (), folder: Path | None = None, stdin: int | None = subprocess.DEVNULL,
    stdout: int | None = subprocess.PIPE, stderr: int | None = subprocess.PIPE,
) -> Process:
    """Start `argv` at exactly `level` and return when it runs.

    read_only, read_write: what of the machine it sees beside the system and this Python, each under its own path
    (at level PLAIN it sees what its user sees). hidden: folders that are empty inside although they lie in one that
    is seen; the deeper path wins. environment: its whole environment. network: whether it shares the machine's
    network; else it has none. folder: where it begins. Call it from a thread that lives as long as the program.
    Raises SandboxError where the sandbox fails: nothing of the program has run then.
    """
    read_write = [Path(path) for path in read_write]
    receive, send = os.pipe()
    os.set_blocking(receive, False)
    made: Command | None = None
    try:
        made = command(argv, send, level=level, read_only=read_only, read_write=read_write, hidden=hidden,
                       environment=environment, limits=limits, network=network, folder=folder)
        popen = subprocess.Popen(
            made.argv, env=dict(made.environment), cwd=made.folder, stdin=stdin, stdout=stdout, stderr=stderr,
            pass_fds=(*made.inherits, *pass_fds), start_new_session=True)
    except (OSError, SandboxError) as error:
        os.close(receive)
        if made is not None and made.private is not None:
            _remove(made.private)
        raise error if isinstance(error, SandboxError) else SandboxError(f"the sandbox can't start: {error}") from error
    finally:
        for descriptor in (send, *(one for one in (made.inherits if made else ()) if one != send)):
            os.close(descriptor)
    said = _await_word(receive, popen)
    if not said.startswith(b"R") or b"F" in said:
        _end_tree(popen.pid)
        popen.wait()
        reason = said.lstrip(b"RF").decode("utf-8", "replace").strip()
        if not reason and popen.stderr is not None:
            reason = popen.stderr.read(2000).decode("utf-8", "replace").strip()
        for stream in (popen.stdin, popen.stdout, popen.stderr):
            if stream is not None:
                stream.close()
        os.close(receive)
        raise SandboxError(f"the sandbox did not start: {reason or f'status {popen.returncode}'}")
    return Process(popen, level, limits, receive, [*read_write, *([made.private] if made.private is not None else [])])


def run(argv: Sequence[str], *, given: bytes = b"", **how: object) -> Outcome:
    """Start a program as `start` does, give it `given`, and wait for its end."""
    with start(argv, stdin=subprocess.PIPE, **how) as process:  # type: ignore[arg-type]
        return process.communicate(given)


def resources(limits: Limits, level: Level) -> dict[str, tuple[int, int]]:
    """The limits that the kernel keeps, for each process: name -> soft and hard."""
    found: dict[str, tuple[int, int]] = {"RLIMIT_CORE": (0, 0)}
    if limits.cpu_seconds is not None:
        seconds = max(1, round(limits.cpu_seconds))
        found["RLIMIT_CPU"] = (seconds, seconds + 1)
    for name, bound in (("RLIMIT_AS", limits.memory_bytes), ("RLIMIT_FSIZE", limits.file_bytes),
                        ("RLIMIT_NOFILE", limits.open_files)):
        if bound is not None:
            found[name] = (bound, bound)
    if limits.processes is not None:
        # In a user namespace of its own only the processes in it count; else all that the user has.
        most = limits.processes + (processes_of_user() if level is not Level.BUBBLEWRAP else 0)
        found["RLIMIT_NPROC"] = (most, most)
    return found


def _await_word(receive: int, popen: subprocess.Popen[bytes]) -> bytes:
    """What the program's first step says within START_SECONDS, b"" where it ended or said nothing."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        ready, _, _ = select.select([receive], [], [], 0.05)
        if ready:
            said = _said(receive)
            if said:
                return said
        if popen.poll() is not None:
            return _said(receive)
    return b""


def _has_ended(pid: int) -> bool:
    """Whether a child has ended, without taking its status."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _said(receive: int) -> bytes:
    try:
        return os.read(receive, 1000)
    except OSError:
        return b""


def _end_tree(pid: int) -> None:
    """Kill a process, its group and everything below it. With namespaces the kernel ends all that is inside."""
    below = descendants(pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    for one in reversed(below):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(one, signal.SIGKILL)


def _warn() -> None:
    if Level.PLAIN in _warned:
        return
    _warned.add(Level.PLAIN)
    print("spamlab: WARNING: code runs at the sandbox's level plain: limits only, it can read what this user can read.",
          file=sys.stderr)
