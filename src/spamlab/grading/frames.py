"""Messages between the engine and a worker: eight bytes of length, then JSON."""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

_HEAD = struct.Struct(">Q")


def write_frame(stream: BinaryIO, message: Any) -> None:
    """Write one message whole."""
    data = json.dumps(message).encode()
    stream.write(_HEAD.pack(len(data)) + data)
    stream.flush()


def read_frame(stream: BinaryIO) -> Any:
    """The next message; None at the end."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    (size,) = _HEAD.unpack(head)
    data = stream.read(size)
    return json.loads(data) if len(data) == size else None
