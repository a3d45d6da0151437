"""Text as mail carries it: folded fields, encoded words, transfer encodings, file names.

Everything here is composed by joining strings: Python's own EmailMessage is the judge in the tests, not the maker.
"""

from __future__ import annotations

import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Sequence
from urllib.parse import quote

ROW = 76
"""Longest line of an encoded body (RFC 2045 sections 6.7 and 6.8), and the length that fields are folded at."""
LONGEST = 998
"""Longest line of a message, CRLF not counted (RFC 5322 section 2.1.1)."""
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
# RFC 2047 section 5 (3): in a phrase no other characters may stand as they are.
_WORD_SAFE = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!*+-/")


def folded(name: str, value: str) -> str:
    """A field with its value in rows of 78 characters at most, where spaces allow it (RFC 5322 section 2.2.3)."""
    if len(name) + len(value) <= ROW:
        return f"{name}: {value}"
    rows: list[str] = []
    row = f"{name}:"
    for word in value.split(" "):
        # A row of spaces alone may not be made (RFC 5322 section 3.2.2).
        if word and len(row) + len(word) >= ROW and len(row.strip()) > (0 if rows else len(name) + 1):
            rows.append(row)
            row = ""
        row += f" {word}"
    return "\r\n".join([*rows, row])


def encoded_words(text: str, charset: str, *, base64: bool, first: int = 20) -> str:
    """Text as encoded words of 75 characters at most, a space between (RFC 2047 sections 2 and 5).

    first: characters that stand before them in their row. Each word holds whole characters (section 5, last rule).
    """
    head = f"=?{charset}?{'B' if base64 else 'Q'}?"
    room = 75 - len(head) - 2
    words: list[str] = []
    waiting: list[bytes] = []
    size, limit = 0, room - max(0, first - 1)
    for character in text:
        data = character.encode(charset)
        add = len(data) if base64 else sum(1 if one in _WORD_SAFE or one == 32 else 3 for one in data)
        if waiting and ((size + add + 2) // 3 * 4 if base64 else size + add) > limit:
            words.append(_word(head, waiting, base64))
            waiting, size, limit = [], 0, room
        waiting.append(data)
        size += add
    words.append(_word(head, waiting, base64))
    return "\r\n ".join(words)


def _word(head: str, waiting: Sequence[bytes], base64: bool) -> str:
    data = b"".join(waiting)
    if base64:
        return f"{head}{b2a_base64(data, newline=False).decode()}?="
    return head + "".join("_" if one == 32 else chr(one) if one in _WORD_SAFE else f"={one:02X}" for one in data) + "?="


def unstructured(name: str, text: str, charset: str, *, base64: bool) -> str:
    """A field of free text such as Subject."""
    if text.isascii() and "=?" not in text:
        return folded(name, text)
    return f"{name}: {encoded_words(text, charset, base64=base64, first=len(name) + 2)}"


def phrase(name: str, charset: str, *, base64: bool, quoted: bool, first: int = 6) -> str:
    """A display name as it stands before an address: atoms, a quoted string, or encoded words."""
    if not name.isascii():
        # One word where it can be: not every reader joins two words of a phrase without a space.
        data = name.encode(charset)
        long = len(charset) + 7 + sum(1 if one in _WORD_SAFE or one == 32 else 3 for one in data) > ROW - first
        return encoded_words(name, charset, base64=base64 or long, first=first)
    if not quoted and _ATOMS.fullmatch(name) and name == name.strip():
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def mailbox(name: str, address: str, charset: str, *, base64: bool = False, quoted: bool = False, first: int = 6,
            ) -> str:
    """A mailbox with its display name, or the bare address."""
    if not name:
        return address
    shown = phrase(name, charset, base64=base64, quoted=quoted, first=first)
    between = "\r\n " if len(shown) - shown.rfind("\n") + len(address) > 68 else " "
    return f"{shown}{between}<{address}>"


def parameter(name: str, value: str, *, extended: bool = False) -> str:
    """A parameter such as a file name: quoted, or in the form of RFC 2231 section 4 where it is not ASCII."""
    if value.isascii() and not extended:
        return f'{name}="{value}"'
    return f"{name}*=UTF-8''{quote(value, safe='')}"


def base64_rows(data: bytes) -> str:
    """Base64 in rows of 76 characters, with CRLF (RFC 2045 section 6.8)."""
    text = b2a_base64(data, newline=False).decode()
    return "\r\n".join([text[start:start + ROW] for start in range(0, len(text), ROW)])


def quoted_printable(text: str, charset: str) -> str:
    """Quoted-printable with CRLF (RFC 2045 section 6.7); text has "\\n" at the ends of lines."""
    return b2a_qp(text.encode(charset), istext=True).decode("ascii").replace("\n", "\r\n")


def wrapped(text: str, width: int = 72) -> str:
    """Text whose lines are cut at spaces so that none is longer than `width`, where that can be; quotes stay whole."""
    rows = text.split("\n")
    if max(map(len, rows)) <= width:
        return text
    made: list[str] = []
    for row in rows:
        while len(row) > width and row[0] != ">":
            at = row.rfind(" ", 1, width + 1)
            while at > 0 and row[at - 1].isdigit() and row[at + 1:at + 2].isdigit():
                at = row.rfind(" ", 1, at)  # a telephone number stays in one row
            if at <= 0:
                at = row.find(" ", width)
                if at < 0:
                    break
            made.append(row[:at])
            row = row[at + 1:]
        made.append(row)
    return "\n".join(made)
