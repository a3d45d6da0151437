"""Faults of a trainer's files: collected all at once, each with its file and, where known, its line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spamlab.errors import ContentError


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a file. line: 1 for the first, 0 where no line can be named."""

    file: str
    what: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.what}" if self.line else f"{self.file}: {self.what}"


class Reader:
    """Reads the keys of one TOML file and gathers its faults; nothing is raised before `finish`."""

    def __init__(self, path: Path, shown: str) -> None:
        """path: the file. shown: its name in messages (never an absolute path of a machine)."""
        self.shown = shown
        self.faults: list[Fault] = []
        self.values: dict[str, Any] = {}
        self.text = ""
        self._read: set[str] = set()
        try:
            self.text = path.read_text(encoding="utf-8")
            self.values = tomllib.loads(self.text)
        except FileNotFoundError:
            self.fault("the file is missing")
        except (OSError, UnicodeDecodeError) as error:
            self.fault(f"the file can't be read ({type(error).__name__})")
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"\(at line (\d+)", str(error))
            self.faults.append(Fault(shown, f"this is not TOML: {error}", int(found.group(1)) if found else 0))

    def fault(self, what: str, key: str = "") -> None:
        """Note a fault; `key` finds its line."""
        self.faults.append(Fault(self.shown, what, self.line_of(key) if key else 0))

    def line_of(self, key: str) -> int:
        """The line on which the dotted key, or its table, stands; 0 if none."""
        table, _, last = key.rpartition(".")
        here = ""
        for number, line in enumerate(self.text.splitlines(), 1):
            head = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
            if head:
                here = head.group(1)
                if here == key:
                    return number
            elif here == table and re.match(rf"\s*[\"']?{re.escape(last)}[\"']?\s*[.=]", line):
                return number
        return 0

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = None, *, required: bool = False) -> Any:
        """The value of a dotted key if it has the type `kind`; else `default` and a fault."""
        self._read.add(key)
        value: Any = self.values
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is None:
            if required and not (self.faults and not self.values):
                self.fault(f"the key {key} is missing")
            return default
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool and kind is not object):
            kinds = kind if isinstance(kind, tuple) else (kind,)
            self.fault(f"{key} must be {' or '.join(_NAMES.get(one, one.__name__) for one in kinds)}", key)
            return default
        return value

    def text_list(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of texts; a list entry that is a table becomes a text out of its values."""
        value = self.take(key, list, [], required=required)
        if any(not isinstance(one, str | dict) for one in value):
            self.fault(f"{key} must be a list of texts", key)
            return ()
        return tuple(one if isinstance(one, str) else ", ".join(str(part) for part in one.values()) for one in value)

    def unknown(self, tables: tuple[str, ...] = ()) -> None:
        """A fault for each key that nothing took; inside `tables` any key may stand."""
        for key, value in self.values.items():
            taken = {one.split(".")[0] for one in self._read}
            if key not in taken and key not in tables:
                self.fault(f"the key {key} is not known here", key)
            if isinstance(value, dict) and key in taken and key not in self._read and key not in tables:
                for inner in value:
                    if f"{key}.{inner}" not in self._read:
                        self.fault(f"the key {key}.{inner} is not known here", f"{key}.{inner}")

    def finish(self) -> None:
        """Raise ContentError with every fault, one a line, if there is any."""
        raise_faults(self.faults)


def raise_faults(faults: list[Fault]) -> None:
    """Raise ContentError with all the faults, one a line; nothing where there is none."""
    if faults:
        raise ContentError("\n".join(str(fault) for fault in faults))


_NAMES = {str: "a text", int: "a whole number", float: "a number", bool: "true or false", list: "a list",
          dict: "a table"}
