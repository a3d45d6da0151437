"""Taking participants' files: ordinary files only, no link followed anywhere on the way, within bounds.

A submission may hold links to anything, pipes that never end and a thousand files. What can't be taken is left out.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

MOST_BYTES = 20_000_000
MOST_FILES = 500
MOST_DEPTH = 8
LEFT_OUT = (".ipynb_checkpoints", "__pycache__", "feedback")
LEFT_OUT_FILE = "left-out.txt"
"""In a submission: what was not taken of it when it was handed in, a line each; written only where there is such."""
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass
class Budget:
    """What may still be taken."""

    bytes: int = MOST_BYTES
    files: int = MOST_FILES


def copy_plain(source: Path, target: Path, budget: Budget | None = None) -> list[str]:
    """Copy the ordinary files of a folder into `target`, made where it is missing; the paths left out, sorted.

    Left out: links, pipes, sockets, devices, what is too deep, too big or too many, checkpoints and old feedback.
    """
    left: list[str] = []
    target.mkdir(parents=True, exist_ok=True)
    try:
        folder = os.open(source, _FOLDER)
    except OSError:
        return [source.name]
    try:
        for where, content in _walk(folder, "", budget or Budget(), left, 0):
            path = target / where
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    finally:
        os.close(folder)
    return sorted(left)


def read_folder(source: Path) -> tuple[dict[str, bytes], list[str]]:
    """The ordinary files of a folder in memory, by relative path, and the paths left out, as `copy_plain` does."""
    files: dict[str, bytes] = {}
    left: list[str] = []
    try:
        folder = os.open(source, _FOLDER)
    except OSError:
        return {}, [source.name]
    try:
        for where, content in _walk(folder, "", Budget(), left, 0):
            files[where] = content
    finally:
        os.close(folder)
    return files, sorted(left)


def read_plain(root: Path, *parts: str, most: int) -> bytes | None:
    """The bytes of the ordinary file root/parts..., at most `most`; None where there is none such, or it is larger.

    No part may be a link; a pipe is not waited for.
    """
    try:
        with _inside(root, *parts[:-1]) as folder:
            return _read(folder, parts[-1], most)
    except OSError:
        return None


def drop_links(folder: Path) -> list[str]:
    """Remove every link, pipe, socket and device below `folder` from the disk; the paths removed."""
    dropped: list[str] = []
    for place, folders, files in os.walk(folder, followlinks=False):
        for name in [*folders, *files]:
            path = os.path.join(place, name)
            with suppress(OSError):
                mode = os.lstat(path).st_mode
                if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
                    os.unlink(path)
                    dropped.append(os.path.relpath(path, folder))
    return sorted(dropped)


def make_room(folder: Path, masters: Path) -> None:
    """Remove from `folder` what has the place but not the kind of a file or folder of `masters`."""
    for master in sorted(masters.rglob("*")) if masters.is_dir() else ():
        mine = folder / master.relative_to(masters)
        if master.is_dir() and mine.is_file():
            mine.unlink()
        elif master.is_file() and mine.is_dir() and not mine.is_symlink():
            shutil.rmtree(mine, ignore_errors=True)


def _walk(source: int, path: str, budget: Budget, left: list[str], depth: int) -> Iterator[tuple[str, bytes]]:
    """Each ordinary file below a folder with its bytes; what is left out is added to `left`."""
    with os.scandir(source) as entries:
        names = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    for name, is_folder in names:
        where = f"{path}{name}"
        if name in LEFT_OUT:
            continue
        if not is_folder:
            content = _read(source, name, budget.bytes) if budget.files > 0 else None
            if content is None:
                left.append(where)
                continue
            budget.files -= 1
            budget.bytes -= len(content)
            yield where, content
            continue
        if depth >= MOST_DEPTH:
            left.append(where)
            continue
        try:
            deeper = os.open(name, _FOLDER, dir_fd=source)
        except OSError:
            left.append(where)
            continue
        try:
            yield from _walk(deeper, f"{where}/", budget, left, depth + 1)
        finally:
            os.close(deeper)


@contextmanager
def _inside(root: Path, *parts: str) -> Iterator[int]:
    folder = os.open(root, _FOLDER)
    try:
        for part in parts:
            deeper = os.open(part, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = deeper
        yield folder
    finally:
        os.close(folder)


def _read(folder: int, name: str, most: int) -> bytes | None:
    try:
        descriptor = os.open(name, _FILE, dir_fd=folder)
    except OSError:
        return None
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        content = file.read(most + 1)
    return content if len(content) <= most else None
