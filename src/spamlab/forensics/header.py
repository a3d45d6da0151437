"""Cuts the header of a message into its fields, from bytes, in one pass and within limits.

Python's own parser raises on some hostile messages and needs seconds for others, so this one reads by hand.
What is not a field is counted and skipped, as RFC 7103 advises for malformed messages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_BYTES = 512 * 1024
"""Bytes of a message that are looked at: a header is far shorter."""
MOST_FIELDS = 2000
"""Fields that are kept."""
MOST_VALUE = 20_000
"""Characters of one value that are kept."""

_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_LINE = re.compile(rb"\r\n|\n|\r(?!\n)")


@dataclass(frozen=True)
class HeaderField:
    """One field. name: as written. value: unfolded (RFC 5322 section 2.2.3), outer space removed. place: 1 = first."""

    name: str
    value: str
    place: int


@dataclass(frozen=True)
class Header:
    """All fields, top down. strange: rows that are no field. cut: a limit was reached. ended: by an empty row."""

    fields: tuple[HeaderField, ...]
    strange: int = 0
    cut: bool = False
    ended: bool = False

    def all(self, name: str) -> tuple[HeaderField, ...]:
        """Every field called `name`, whatever its letter case, from the top."""
        low = name.lower()
        return tuple(field for field in self.fields if field.name.lower() == low)

    def first(self, name: str) -> str:
        """The value of the topmost field called `name`, or ""."""
        found = self.all(name)
        return found[0].value if found else ""


def read_header(raw: bytes) -> Header:
    """The header of a message. Never raises; time grows with the bytes looked at and no faster."""
    looked = raw[:MOST_BYTES]
    cut = False
    fields: list[HeaderField] = []
    name, parts, size = "", [b""], 0
    strange, ended, begun = 0, False, False

    def keep() -> None:
        nonlocal cut
        if not name:
            return
        if len(fields) >= MOST_FIELDS:
            cut = True
            return
        value = _text(b" ".join(parts)).strip()
        if len(value) > MOST_VALUE:
            value, cut = value[:MOST_VALUE], True
        fields.append(HeaderField(name, value, len(fields) + 1))

    start, length = 0, len(looked)
    while start < length:
        end = _LINE.search(looked, start)
        row = looked[start : end.start()] if end else looked[start:]
        start = end.end() if end else length
        if not row.strip():
            # Rows of blanks are part of a folded field (obsolete syntax); a truly empty one ends the header.
            if row and name:
                continue
            if not begun:
                continue
            ended = True
            break
        if row[:1] in b" \t":
            if name and size < MOST_VALUE * 2:
                parts.append(row.strip())
                size += len(row)
            elif not name:
                strange += 1
            continue
        match = _NAME.match(row)
        if match is None:
            # An mbox's own first row is not the message's; any other row is nobody's.
            strange += 0 if not begun and row.startswith(b"From ") else 1
            keep()
            name, parts, size = "", [], 0
            begun = True
            continue
        keep()
        begun = True
        name, parts, size = match[1].decode("ascii"), [row[match.end() :]], len(row)
    keep()
    return Header(tuple(fields), strange, cut or (len(raw) > MOST_BYTES and not ended), ended)


def _text(value: bytes) -> str:
    """Header bytes as text: UTF-8 (RFC 6532) or else Latin-1, so that every byte has a character."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def printable(text: str, most: int = 0) -> str:
    """`text` safe for a terminal: controls, escapes and signs that turn the direction become visible codes.

    most: shorten to so many characters, with an ellipsis; 0 = all.
    """
    if most and len(text) > most:
        text = text[: most - 1] + "…"
    return _CONTROL.sub(
        lambda found: f"\\x{ord(found[0]):02x}" if ord(found[0]) < 256 else f"\\u{ord(found[0]):04x}", text
    )
