"""Reads a TOML file of content; what is wrong with it is one sentence that names it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from spamlab.errors import ContentError, UsageError


def read_toml(path: Path, called: str, faults: Callable[[Mapping[str, Any]], Iterable[str]]) -> dict[str, Any]:
    """The table in a file. called: what it is, such as "recipe". faults: tells what is wrong with the table.

    Raises UsageError where the file can't be read, ContentError with all faults, one a line, each with the file's name.
    """
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the {called} {path.name} can't be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path.name}: this is not TOML: {error}") from None
    found = list(faults(read))
    if found:
        raise ContentError("\n".join(f"{path.name}: {fault}" for fault in found))
    return read
