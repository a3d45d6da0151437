"""The processes of a running workshop: started, awaited, watched and ended together.

Every child leads a process group of its own, so that Ctrl-C reaches `spamlab up` alone, which then ends them in order.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spamlab.errors import MachineError

GRACE = 5.0
MOST_REVIVALS = 3


@dataclass(frozen=True)
class Service:
    """One child: what it is called in a sentence, how it is started, and the address that answers when it is ready.

    environment is the whole environment, not an addition. launch, where given, starts the process in place of a plain
    Popen (the sandbox does) and returns it.
    """

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    ready: str
    launch: Callable[[Service, int], subprocess.Popen[bytes]] | None = None


@dataclass
class Running:
    """A started child."""

    service: Service
    process: subprocess.Popen[bytes]
    ended: bool = False
    revived: int = 0


@dataclass
class Crew:
    """All children of one `spamlab up`; `record` names them for a later run, should this one be killed."""

    record: Path
    members: list[Running] = field(default_factory=list)

    def start(self, service: Service, *, anew: bool = False) -> Running:
        """Start a child with its output in its log; raises MachineError if it can't be started.

        anew: it ran before in this crew, so its log goes on.
        """
        service.log.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(service.log, os.O_WRONLY | os.O_CREAT | (os.O_APPEND if anew else os.O_TRUNC), 0o600)
        try:
            process = service.launch(service, descriptor) if service.launch else plain_launch(service, descriptor)
        except OSError as error:
            raise MachineError(f"{service.name} could not be started: {error}.") from error
        finally:
            os.close(descriptor)
        running = Running(service, process)
        self.members.append(running)
        write_record(self.record, [member.process.pid for member in self.members if not member.ended])
        return running

    def await_ready(
        self, limit: float, stopped: Callable[[], bool] = lambda: False, only: Sequence[Running] | None = None
    ) -> None:
        """Wait until every child (or `only` these) answers or the end is asked for.

        Raises MachineError naming the child that ended or took over `limit` seconds.
        """
        deadline = time.monotonic() + limit
        waiting = list(self.members if only is None else only)
        while waiting and not stopped():
            for member in list(waiting):
                if member.process.poll() is not None:
                    raise MachineError(ended_sentence(member))
                if answers(member.service.ready):
                    waiting.remove(member)
            if waiting and time.monotonic() > deadline:
                late = waiting[0].service
                raise MachineError(f"{late.name} did not answer within {limit:.0f} s: its log is {late.log}.")
            time.sleep(0.05 if waiting else 0)

    def newly_ended(self) -> list[Running]:
        """The children that have ended since the last call."""
        found = [member for member in self.members if not member.ended and member.process.poll() is not None]
        for member in found:
            member.ended = True
        return found

    def revive(self, member: Running) -> bool:
        """Start an ended child anew, unless it has ended too often; what is left of its group is ended first."""
        if member.revived >= MOST_REVIVALS:
            return False
        signal_group(member.process.pid, signal.SIGKILL)
        self.members.remove(member)
        self.start(member.service, anew=True).revived = member.revived + 1
        return True

    def stop(self, grace: float = GRACE) -> None:
        """End all children: ask first, kill what is left of their groups after `grace` seconds."""
        groups = [member.process.pid for member in self.members]
        for group in groups:
            signal_group(group, signal.SIGTERM)
        deadline = time.monotonic() + grace
        for member in self.members:
            with contextlib.suppress(subprocess.TimeoutExpired):
                member.process.wait(max(0.05, deadline - time.monotonic()))
        for group in groups:
            signal_group(group, signal.SIGKILL)
        for member in self.members:
            with contextlib.suppress(subprocess.TimeoutExpired):
                member.process.wait(2)
            member.ended = True
        self.record.unlink(missing_ok=True)


def plain_launch(service: Service, log: int) -> subprocess.Popen[bytes]:
    """A child in a session of its own, without a terminal, with nothing of ours inherited but the log."""
    return subprocess.Popen(
        service.argv,
        env=dict(service.environment),
        cwd=service.folder,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def ended_sentence(member: Running) -> str:
    """What to tell when a child has ended by itself, with the last line of its log."""
    code = member.process.returncode
    how = f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"
    last = last_line(member.service.log)
    return f"{member.service.name} {how}: its log is {member.service.log}" + (
        f', and ends with "{last}".' if last else "."
    )


def last_line(log: Path) -> str:
    """The last line of a log that says something, cut to 200 characters."""
    try:
        lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return ""
    said = [line for line in lines if line]
    return said[-1][:200] if said else ""


def answers(address: str) -> bool:
    """Whether a server answers there, with whatever status below 500."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=1):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return error.code < 500
    except (OSError, ValueError):
        return False


def signal_group(group: int, number: signal.Signals) -> None:
    """Send a signal to a process group, if it is still there."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def started_at(pid: int) -> str | None:
    """When a process started, as the kernel counts it; with the id it names a process for ever. None if it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    after_name = text.rpartition(")")[2].split()
    return None if after_name[0] == "Z" else after_name[19]


def write_record(file: Path, pids: list[int]) -> None:
    """Note the children's ids and start times."""
    file.write_text(json.dumps({str(pid): started_at(pid) for pid in pids}), encoding="utf-8")


def end_leftovers(file: Path) -> int:
    """End what a killed `spamlab up` left behind, found by id and start time; returns how many there were."""
    try:
        noted: dict[str, str | None] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0
    left = [int(pid) for pid, start in noted.items() if start is not None and started_at(int(pid)) == start]
    for pid in left:
        signal_group(pid, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while any(started_at(pid) == noted[str(pid)] for pid in left) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in left:
        if started_at(pid) == noted[str(pid)]:
            signal_group(pid, signal.SIGKILL)
    file.unlink(missing_ok=True)
    return len(left)
