"""Folders for a while, each with an owner: what a killed process leaves behind, the next one sweeps away.

A folder's name tells its owner's process id and when that process began, and the owner holds a kernel lock on it. It is
swept where no such process is known and nobody holds the lock, so one of another container is left alone.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

PREFIX = "spamlab-"
MEMORY = "/dev/shm"
QUICK_BYTES = 2 * 1024**3
_NAME = re.compile(r"spamlab-[a-z]+-(\d+)-(\d+)-\w+")


def quick_folder() -> str | None:
    """A folder in memory where the system has one with room, for many small files that live for a moment; else None.

    On a disk, removing the folders of one submission can take longer than running it.
    """
    try:
        free = os.statvfs(MEMORY)
    except OSError:
        return None
    return MEMORY if os.access(MEMORY, os.W_OK) and free.f_bavail * free.f_frsize > QUICK_BYTES else None


class Scratch:
    """A new private folder, owned by this process until `close`. kind: a word for its name."""

    def __init__(self, kind: str, where: str | Path | None = None) -> None:
        """where: the folder in which it is made; None for the system's place for temporary files."""
        own = os.getpid()
        self.path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{kind}-{own}-{began(own)}-", dir=where)).resolve()
        self._lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        with contextlib.suppress(OSError):  # a file system without locks: then the name alone tells
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def close(self) -> None:
        """Remove it with all that is in it."""
        if self._lock >= 0:
            remove(self.path)
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *error: object) -> None:
        self.close()


def began(pid: int) -> int:
    """When a process began, in clock ticks since the machine's start; 0 where it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return int(text.rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return 0


def sweep(places: Iterable[str | Path] = ()) -> list[Path]:
    """Remove the folders of this user whose owner is gone; those that were removed.

    places: where to look beside the system's place for temporary files and its memory.
    """
    gone = []
    for place in dict.fromkeys(str(one) for one in (tempfile.gettempdir(), MEMORY, *places)):
        with contextlib.suppress(OSError), os.scandir(place) as found:
            for one in found:
                match = _NAME.fullmatch(one.name)
                if match and began(int(match[1])) != int(match[2]) and _is_ours(one) and _is_free(one.path):
                    remove(Path(one.path))
                    gone.append(Path(one.path))
    return gone


def remove(folder: Path) -> None:
    """Remove a folder, also one in which a run has taken rights away from its own folders; never raises."""
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.is_dir():
        return
    for place, names, _ in os.walk(folder):
        for path in (place, *(os.path.join(place, name) for name in names)):
            with contextlib.suppress(OSError):
                if stat.S_ISDIR(os.lstat(path).st_mode):
                    os.chmod(path, 0o700)
    shutil.rmtree(folder, ignore_errors=True)


def _is_ours(entry: os.DirEntry[str]) -> bool:
    with contextlib.suppress(OSError):
        return entry.is_dir(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_uid == os.geteuid()
    return False


def _is_free(path: str) -> bool:
    """Whether nobody holds the lock; a folder that can't be opened is not free."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        os.close(handle)
    return True
