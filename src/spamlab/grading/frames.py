"""Messages between the engine and a worker: eight bytes of length, then JSON."""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

_HEAD = struct.Struct(">Q")


def write_frame(stream: BinaryIO, message: Any) -> None:
    """Write one message whole."""
    data = json.dumps(message).encode()
    left = memoryview(_HEAD.pack(len(data)) + data)
    while left:  # a stream without a buffer takes what the pipe has room for
        left = left[stream.write(left):]
    stream.flush()


def read_frame(stream: BinaryIO) -> Any:
    """The next message; None at the end. Of a stream without a buffer, not a byte more is read."""
    head = _exactly(stream, _HEAD.size)
    if len(head) < _HEAD.size:
        return None
    (size,) = _HEAD.unpack(head)
    data = _exactly(stream, size)
    return json.loads(data) if len(data) == size else None


def _exactly(stream: BinaryIO, size: int) -> bytes:
    """So many bytes; fewer at the end."""
    parts = bytearray()
    while len(parts) < size:
        part = stream.read(min(size - len(parts), 1 << 20))
        if not part:
            break
        parts += part
    return bytes(parts)
