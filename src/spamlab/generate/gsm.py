"""How a text message is coded and cut: the GSM 7-bit default alphabet, UCS-2, and the parts of a long message.

Sources: 3GPP TS 23.038 section 6.2.1 (default alphabet), 6.2.1.1 (extension table), 6.2.3 (UCS2), 6.1.2.1 (packing);
3GPP TS 23.040 section 9.2.3.24.1 (concatenation, 8-bit reference). A character of the extension table takes two
septets, a character outside the Basic Multilingual Plane two code units of UCS-2; neither is cut in two. National
language shift tables (TS 23.038 annex A) are not used: what the default alphabet lacks goes out in UCS-2, as it does
at most gateways.

>>> encoding("Ton colis est là"), encoding("Ваша посылка")
('gsm7', 'ucs2')
>>> [len(part) for part in parts("x" * 161)]
[153, 8]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")
"""The 128 characters of the default alphabet, by code; 0x1B leads to the extension table."""
EXTENSION = {"\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40,
             "€": 0x65}
"""Characters of the extension table, by the code that follows 0x1B."""
ONE = {"gsm7": 160, "ucs2": 70}
"""Encoding -> septets or code units that one message of 140 octets holds."""
EACH = {"gsm7": 153, "ucs2": 67}
"""The same for each part of a longer one: six octets are the header's."""
MOST_PARTS = 255
ESCAPE = 0x1B
_CODES = {letter: code for code, letter in enumerate(BASIC) if code != ESCAPE}
_LETTERS = {code: letter for letter, code in EXTENSION.items()}
_KNOWN = frozenset(_CODES) | frozenset(EXTENSION)
_TWO_SEPTETS = re.compile("[" + re.escape("".join(EXTENSION)) + "]")
_TWO_UNITS = re.compile("[\U00010000-\U0010ffff]")
_ONE_SEPTET_EACH = re.compile("[" + re.escape("".join(_CODES)) + "]*+")


@dataclass(frozen=True)
class UserData:
    """TP-UD of one part. octets: at most 140, the header first. length: TP-UDL, in septets for gsm7 and in octets for
    ucs2, the header counted in (TS 23.040 section 9.2.3.16). has_header: TP-UDHI, whether six octets of header come
    first (section 9.2.3.23)."""

    octets: bytes
    length: int
    has_header: bool


def encoding(text: str) -> str:
    """"gsm7" where the default alphabet and its extension hold every character, "ucs2" otherwise."""
    return "gsm7" if _KNOWN.issuperset(text) else "ucs2"


def length(text: str) -> int:
    """Septets, or code units of UCS-2, that the whole text takes."""
    wide = _TWO_SEPTETS if encoding(text) == "gsm7" else _TWO_UNITS
    return len(text) + len(wide.findall(text))


def segments(text: str) -> int:
    """How many messages a text goes out in, and is paid for; 1 for an empty one.

    It is never below length/153 (or 67) and may be one above, where a character of two would be cut.
    """
    return coded(text)[1]


def coded(text: str) -> tuple[str, int]:
    """Encoding and segments of a text at once."""
    if _ONE_SEPTET_EACH.fullmatch(text):
        known, units, cut = "gsm7", len(text), False
    elif (known := encoding(text)) == "gsm7":
        units, cut = len(text) + len(_TWO_SEPTETS.findall(text)), True
    else:
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2
        cut = units > len(text)
    if units <= ONE[known]:
        return known, 1
    # Where no character takes two, none can be cut.
    return known, sum(1 for _ in _cut(text, known)) if cut else -(-units // EACH[known])


def segments_of(septets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Segments of texts of so many septets, each of which is a character; 0 where there are fewer than none."""
    return np.where(septets < 0, 0, np.where(septets <= ONE["gsm7"], 1, -(-septets // EACH["gsm7"])))


def parts(text: str) -> list[str]:
    """The text cut as it is sent; joined, they are the text."""
    known = encoding(text)
    return [text] if length(text) <= ONE[known] else list(_cut(text, known))


def user_data(text: str, reference: int = 0) -> list[UserData]:
    """The octets of each part; a reference from 0 to 255 joins those of one message.

    Raises ValueError for a text of more than 255 parts, or another reference.
    """
    cut = parts(text)
    if len(cut) > MOST_PARTS or not 0 <= reference <= 255:
        raise ValueError(f"a message has at most {MOST_PARTS} parts and a reference from 0 to 255")
    known = encoding(text)
    made = []
    for number, part in enumerate(cut, 1):
        # UDHL, then one element: concatenation (0x00) of three octets: reference, how many, which.
        header = bytes((5, 0, 3, reference, len(cut), number)) if len(cut) > 1 else b""
        if known == "ucs2":
            octets = header + part.encode("utf-16-be")
            made.append(UserData(octets, len(octets), bool(header)))
        else:
            codes = _septets(part)
            # Septets begin at a border of seven bits after the header.
            before = -(-len(header) * 8 // 7)
            packed = _packed(codes, before * 7)
            made.append(UserData(header + packed[len(header):], before + len(codes), bool(header)))
    return made


def text_of(data: UserData, known: str) -> str:
    """The text in one part: the way back from `user_data`. known: the encoding, "gsm7" or "ucs2"."""
    header = 6 if data.has_header else 0
    if known == "ucs2":
        return data.octets[header:].decode("utf-16-be")
    before = -(-header * 8 // 7)
    stream = int.from_bytes(data.octets, "little")
    found, extended = [], False
    for place in range(before, data.length):
        code = stream >> (7 * place) & 0x7F
        if extended:
            found.append(_LETTERS.get(code, " "))
            extended = False
        elif code == ESCAPE:
            extended = True
        else:
            found.append(BASIC[code])
    return "".join(found)


def _septets(text: str) -> list[int]:
    codes = []
    for letter in text:
        if letter in EXTENSION:
            codes += [ESCAPE, EXTENSION[letter]]
        else:
            codes.append(_CODES[letter])
    return codes


def _packed(codes: list[int], start: int) -> bytes:
    """Septets one after the other from bit `start`, the lowest bit first (TS 23.038 section 6.1.2.1.1)."""
    stream = 0
    for place, code in enumerate(codes):
        stream |= code << (start + 7 * place)
    return stream.to_bytes((start + 7 * len(codes) + 7) // 8, "little")


def _cut(text: str, known: str) -> Iterator[str]:
    room, wide = EACH[known], _TWO_SEPTETS if known == "gsm7" else _TWO_UNITS
    begin = wides = 0  # of the part: where it begins, and how many characters of two are in it so far
    for place in (*(found.start() for found in wide.finditer(text)), len(text)):
        while place - begin + wides > room:
            end = begin + room - wides
            yield text[begin:end]
            begin, wides = end, 0
        if place < len(text) and place - begin + wides + 2 > room:
            yield text[begin:place]
            begin, wides = place, 0
        wides += 1
    yield text[begin:]
