"""Messages out of a file, a folder or an mbox, one at a time: only the header's part of each is kept in memory."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from spamlab.errors import UsageError
from spamlab.forensics.header import MOST_BYTES

_ROW = 65536


@dataclass(frozen=True)
class Found:
    """One message: the file's name as given, its number in the file (from 1), the bytes that a header can fill."""

    file: str
    number: int
    raw: bytes


def messages(path: Path) -> Iterator[Found]:
    """Every message of a file, an mbox or a folder (also Maildir; hidden files and what is no file are passed over).

    Raises UsageError if `path` can't be read, is empty, or is a folder without a file.
    """
    if path.is_dir():
        yield from _folder(path)
        return
    yield from _file(path, str(path))


def is_many(path: Path) -> bool:
    """Whether `path` is a folder or an mbox, whose messages are told one a line."""
    if path.is_dir():
        return True
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as stream:
            return stream.read(5) == b"From "
    except OSError:
        return False


def split(stream: IO[bytes], name: str) -> Iterator[Found]:
    """The messages of an open stream: one, or those of an mbox if it begins with "From " (RFC 4155)."""
    first = stream.readline(_ROW)
    if not first:
        return
    mbox = first.startswith(b"From ")
    kept, size, number = [first], len(first), 1
    whole_before = first.endswith(b"\n")
    blank = False
    while row := stream.readline(_ROW):
        # A long row comes in pieces; only a piece that begins a row can be "From " or empty.
        if mbox and blank and whole_before and row.startswith(b"From "):
            yield Found(name, number, b"".join(kept))
            kept, size, number = [], 0, number + 1
        if size <= MOST_BYTES:
            kept.append(row)
            size += len(row)
        elif not mbox:
            break
        blank = whole_before and row in (b"\n", b"\r\n")
        whole_before = row.endswith(b"\n")
    yield Found(name, number, b"".join(kept))


def _file(path: Path, name: str) -> Iterator[Found]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UsageError(f"{name} is not a file, a folder or an mbox.")
        with path.open("rb") as stream:
            empty = True
            for found in split(stream, name):
                empty = False
                yield found
    except OSError as error:
        raise UsageError(f"{name} can't be read: {error.strerror or error}.") from error
    if empty:
        raise UsageError(f"{name} is empty, so there is no message in it.")


def _folder(path: Path) -> Iterator[Found]:
    none = True

    def refuse(error: OSError) -> None:
        raise UsageError(f"{error.filename} can't be read: {error.strerror}.") from error

    for folder, subfolders, files in os.walk(path, onerror=refuse):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(files):
            one = Path(folder) / name
            if name.startswith(".") or not one.is_file():
                continue
            none = False
            shown = str(one.relative_to(path))
            try:
                if one.stat().st_size == 0:
                    yield Found(shown, 1, b"")
                    continue
            except OSError as error:
                raise UsageError(f"{shown} can't be read: {error.strerror or error}.") from error
            yield from _file(one, shown)
    if none:
        raise UsageError(f"{path} holds no file, so there is no message in it.")
