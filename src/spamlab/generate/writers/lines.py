"""JSON lines, plain and packed: one object a line (RFC 8259), in UTF-8 without a mark at the beginning."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from spamlab.generate.writers import Columns, Put, Record

_ENCODER = json.JSONEncoder(ensure_ascii=False)
_BREAKS = {mark: f"\\u{ord(mark):04x}" for mark in ("\x85", "\u2028", "\u2029")}
"""Line breaks of Unicode that JSON leaves as they are: some readers take a line to end there."""
_LEVEL = 6


def line(record: Record) -> str:
    """A record as one line of JSON, with the line's end."""
    return _unbroken(_ENCODER.encode(record) + "\n")


def encode(records: Sequence[Record], _columns: Columns) -> bytes:
    """Lines; what can't be UTF-8 (half of a surrogate pair) raises UnicodeEncodeError."""
    whole = _ENCODER.encode
    return _unbroken("".join([whole(record) + "\n" for record in records])).encode()


def encode_packed(records: Sequence[Record], columns: Columns) -> bytes:
    """Lines as one member of a gzip file (RFC 1952 section 2.2: members follow one another), without name and time."""
    return gzip.compress(encode(records, columns), _LEVEL, mtime=0)


@contextmanager
def open_plain(path: Path, _columns: Columns) -> Iterator[Put]:
    """A file of the blocks as they come."""
    with path.open("xb") as file:
        yield file.write


def _unbroken(text: str) -> str:
    for mark, told in _BREAKS.items():
        if mark in text:
            text = text.replace(mark, told)
    return text
