"""What a running program and its descendants use, read from /proc; no process is stopped by looking."""

from __future__ import annotations

import os
from dataclasses import dataclass

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_MOST = 5000


@dataclass(frozen=True)
class Use:
    """What a tree of processes uses: their number, resident memory in bytes, processor time in seconds."""

    processes: int = 0
    memory_bytes: int = 0
    cpu_seconds: float = 0.0


def use_of(*roots: int) -> Use:
    """What `roots` and their descendants use now; those that are gone count through who awaited them.

    Memory that several processes share counts for each.
    """
    count, memory, ticks = 0, 0, 0
    for pid in descendants(*roots):
        try:
            with open(f"/proc/{pid}/stat", "rb") as file:
                fields = file.read().rpartition(b")")[2].split()
        except OSError:
            continue
        count += 1
        memory += _resident(pid)
        ticks += sum(int(field) for field in fields[11:15])
    return Use(count, memory, ticks / _TICKS)


def memory_of(*roots: int) -> int:
    """Resident memory of `roots` and their descendants in bytes, a page that several share in equal parts.

    What a fork has in common with the process that it came from so counts for little. Where the kernel does not say
    it of a process, all its memory counts.
    """
    return sum(_proportional(pid) for pid in descendants(*roots))


def _resident(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            return int(file.read().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0


def _proportional(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith(b"Pss:"))
    except (OSError, ValueError, StopIteration):
        return _resident(pid)


def descendants(*roots: int) -> list[int]:
    """`roots` and all processes below them, at most 5000."""
    found: list[int] = []
    waiting = list(roots)
    while waiting and len(found) < _MOST:
        pid = waiting.pop()
        found.append(pid)
        try:
            threads = os.listdir(f"/proc/{pid}/task")
        except OSError:
            continue
        for thread in threads:
            try:
                with open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                    waiting.extend(int(child) for child in file.read().split())
            except (OSError, ValueError):
                continue
    return found


def processes_of_user() -> int:
    """Processes and threads that this user has now, as RLIMIT_NPROC counts them."""
    total, user = 0, os.getuid()
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            if os.stat(f"/proc/{name}").st_uid == user:
                total += len(os.listdir(f"/proc/{name}/task"))
        except OSError:
            continue
    return total


def bytes_in(folder: str, most_files: int = 20_000) -> int:
    """Size of all files in a folder, links not followed; a folder of too many files counts as endless."""
    total, files, waiting = 0, 0, [folder]
    while waiting:
        try:
            entries = os.scandir(waiting.pop())
        except OSError:
            continue
        with entries:
            for entry in entries:
                files += 1
                if files > most_files:
                    return 2**62
                try:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
                except OSError:
                    continue
    return total
