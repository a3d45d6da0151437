"""The forms in which records are written. A form turns a block of records into bytes, in any process, and puts blocks
of bytes into a file or folder one after the other, in one process; so the bytes don't depend on how many made them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spamlab.generate.fields import Field

Record = Mapping[str, Any]
Columns = Sequence[Field]
Put = Callable[[bytes], object]

BLOCK = 1000
"""Records in a block, always: it decides where a packed file's parts begin, so another size gives other bytes."""


@dataclass(frozen=True)
class Form:
    """One form of files.

    ending: of the file's name, "/" for a folder. holds: what it is, in words. labelled: whether a record's label has a
    place in it. encode: a block's bytes, in any process. open: the file at a path (that is not there yet) as a function
    that takes the blocks in their order; it is whole when the context ends.
    """

    ending: str
    holds: str
    labelled: bool
    encode: Callable[[Sequence[Record], Columns], bytes]
    open: Callable[[Path, Columns], AbstractContextManager[Put]]
