"""A message as a notebook sees it: its bytes, its header fields, its numbered trace lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from functools import cached_property

from spamlab.forensics.received import Received, read_received
from spamlab.kit.errors import KitError
from spamlab.kit.markup import code, visible
from spamlab.kit.show import framed
from spamlab.kit.words import say

_NAME = re.compile(rb"([!-9;-~]+)[ \t]*:")


@dataclass(frozen=True, repr=False)
class Line:
    """One header field.

    number: "1", "2" ... for Received from the top, "0" for the one our mailbox wrote, "A1" ... for
    Authentication-Results, "" for other fields. name: as written. text: the value, unfolded.
    written: name and value as they stand, folded.
    """

    number: str
    name: str
    text: str
    written: str

    @property
    def claims(self) -> Received:
        """What a Received line says, as `from_name`, `from_address`, `by`, `utc` and more; nothing of it is proved."""
        return read_received(self.text)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"{self._head()}: {visible(self.text)}"

    def _repr_html_(self) -> str:
        return framed(f"<p><strong>{code(self._head())}</strong>: {code(self.text)}</p>")

    def _head(self) -> str:
        return f"{self.number} {self.name}".strip()


class Numbered:
    """Header lines by their number: `received[1]` is line 1, the topmost; `received[-1]` is the last.

    Line 0, if there is one, is reached by its number and not counted: a loop gives line 1 and those below it, in
    class as in a graded run, where no mailbox has added a line.
    """

    def __init__(self, what: str, mark: str, lines: list[Line], zero: Line | None = None) -> None:
        self._what, self._mark, self._lines, self.zero = what, mark, lines, zero

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[Line]:
        return iter(self._lines)

    def __getitem__(self, number: int | str) -> Line:
        key = str(number).strip().upper().removeprefix(self._mark)
        if key == "0" and self.zero is not None:
            return self.zero
        if re.fullmatch(r"-?\d{1,6}", key) and 0 < abs(int(key)) <= len(self._lines):
            return self._lines[int(key) - 1 if int(key) > 0 else int(key)]
        names = ", ".join(line.number for line in self._lines) or "-"
        raise KitError(say("line-unknown", number=visible(str(number), most=40), what=self._what, names=names))

    def __repr__(self) -> str:
        lines = [self.zero, *self._lines] if self.zero is not None else self._lines
        return "\n".join(f"{line.number}: {visible(line.text)}" for line in lines) or "-"


@dataclass(frozen=True, repr=False)
class LabMessage:
    """A message of the lab: `name` such as "M1", `raw` the whole message as bytes, `set` practice or twin."""

    name: str
    raw: bytes
    set: str = ""

    @cached_property
    def fields(self) -> tuple[Line, ...]:
        """All header fields from the top, trace lines numbered."""
        counts = {"received": 0, "authentication-results": 0}
        made: list[Line] = []
        for name, written in _fields(self.raw):
            text = " ".join(written.partition(":")[2].split())
            key, number = name.lower(), ""
            topmost = key == "received" and not any(line.number for line in made)
            if topmost and read_received(text).mailbox:
                number = "0"
            elif key in counts:
                counts[key] += 1
                number = str(counts[key]) if key == "received" else f"A{counts[key]}"
            made.append(Line(number, name, text, written))
        return tuple(made)

    @property
    def received(self) -> Numbered:
        """The Received lines: 1 is the topmost, 0 the line that our mailbox wrote."""
        lines = [line for line in self.fields if line.name.lower() == "received"]
        zero = next((line for line in lines if line.number == "0"), None)
        return Numbered("Received", "", [line for line in lines if line is not zero], zero)

    @property
    def results(self) -> Numbered:
        """The Authentication-Results lines: 1 (or "A1") is the topmost."""
        return Numbered("Authentication-Results", "A",
                        [line for line in self.fields if line.name.lower() == "authentication-results"])

    def header(self, name: str) -> str | None:
        """The value of the topmost header field `name`, unfolded, or None where there is none."""
        return next((line.text for line in self.fields if line.name.lower() == str(name).lower()), None)

    @property
    def subject(self) -> str:
        """The subject in readable form ("" where there is none)."""
        return readable(self.header("Subject") or "")

    def __repr__(self) -> str:
        return f"Message {self.name}: {visible(self.subject, most=120)}"


def readable(value: str) -> str:
    """A header value with its encoded words decoded (RFC 2047); as it stands where they are broken."""
    try:
        return str(make_header(decode_header(value[:4000])))
    except (HeaderParseError, LookupError, ValueError):
        return value


def _fields(raw: bytes) -> list[tuple[str, str]]:
    """Name and written text of each header field, until the first empty or malformed line."""
    found: list[tuple[str, list[bytes]]] = []
    for line in raw.splitlines():
        if not line:
            break
        if line[:1] in (b" ", b"\t"):
            if found:
                found[-1][1].append(line)
            continue
        match = _NAME.match(line)
        if match is None:
            if not found and line.startswith(b"From "):
                continue
            break
        found.append((match.group(1).decode("ascii"), [line]))
    return [(name, "\n".join(part.decode("utf-8", "backslashreplace") for part in lines)) for name, lines in found]
