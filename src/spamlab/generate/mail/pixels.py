"""Pictures drawn by code: text in a small font of our own, as PNG (W3C PNG specification, third edition).

The font has the capital letters, digits and some signs, five dots wide and seven high; small letters are drawn as
capitals, accents are left out, and what it lacks is a box.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import normalize
from zlib import DEFLATED, compressobj, crc32

_ROWS = """
A 0E 11 11 1F 11 11 11|B 1E 11 11 1E 11 11 1E|C 0E 11 10 10 10 11 0E|D 1C 12 11 11 11 12 1C|E 1F 10 10 1E 10 10 1F
F 1F 10 10 1E 10 10 10|G 0E 11 10 17 11 11 0F|H 11 11 11 1F 11 11 11|I 0E 04 04 04 04 04 0E|J 07 02 02 02 02 12 0C
K 11 12 14 18 14 12 11|L 10 10 10 10 10 10 1F|M 11 1B 15 15 11 11 11|N 11 19 15 13 11 11 11|O 0E 11 11 11 11 11 0E
P 1E 11 11 1E 10 10 10|Q 0E 11 11 11 15 12 0D|R 1E 11 11 1E 14 12 11|S 0F 10 10 0E 01 01 1E|T 1F 04 04 04 04 04 04
U 11 11 11 11 11 11 0E|V 11 11 11 11 11 0A 04|W 11 11 11 15 15 15 0A|X 11 11 0A 04 0A 11 11|Y 11 11 0A 04 04 04 04
Z 1F 01 02 04 08 10 1F|0 0E 11 13 15 19 11 0E|1 04 0C 04 04 04 04 0E|2 0E 11 01 02 04 08 1F|3 1F 02 04 02 01 11 0E
4 02 06 0A 12 1F 02 02|5 1F 10 1E 01 01 11 0E|6 06 08 10 1E 11 11 0E|7 1F 01 02 04 08 08 08|8 0E 11 11 0E 11 11 0E
9 0E 11 11 0F 01 02 0C|. 00 00 00 00 00 0C 0C|, 00 00 00 00 0C 04 08|! 04 04 04 04 04 00 04|? 0E 11 01 02 04 00 04
: 00 0C 0C 00 0C 0C 00|; 00 0C 0C 00 0C 04 08|- 00 00 00 1F 00 00 00|+ 00 04 04 1F 04 04 00|/ 00 01 02 04 08 10 00
' 04 04 08 00 00 00 00|" 0A 0A 0A 00 00 00 00|( 02 04 08 08 08 04 02|) 08 04 02 02 02 04 08|$ 04 0F 14 0E 05 1E 04
% 18 19 02 04 08 13 03|& 0C 12 14 08 15 12 0D|@ 0E 11 01 0D 15 15 0E|# 0A 0A 1F 0A 1F 0A 0A|= 00 00 1F 00 1F 00 00
_ 00 00 00 00 00 00 1F|* 00 04 15 0E 15 04 00|> 08 04 02 01 02 04 08|< 02 04 08 10 08 04 02|£ 06 09 08 1C 08 08 1F
€ 06 09 1C 08 1C 09 06
"""
_WIDE, _HIGH, _LINE = 6, 7, 10
"""Dots of one character with its gap, of its height, and from one line to the next."""
_FONT = {row[0]: tuple(int(one, 16) for one in row[2:].split()) for line in _ROWS.strip().split("\n")
         for row in line.split("|")}
_BOX = (0x1F, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1F)


Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""


def picture(lines: Sequence[str], *, ink: Colour = (0, 0, 0), paper: Colour = (255, 255, 255), scale: int = 2) -> bytes:
    """Lines of text as a PNG of two colours, one bit a dot; scale: how many times each dot is drawn each way."""
    octets = ((max(map(len, lines), default=0) * _WIDE + 8) * scale + 7) // 8
    blank = b"\0" + bytes(octets)
    margin = "0" * (4 * scale)
    rows = [blank] * (4 * scale)
    for line in lines:
        shapes = [_shape(one, scale) for one in line]
        for at in range(_HIGH):
            dots = f"{margin}{''.join([shape[at] for shape in shapes])}".ljust(octets * 8, "0")
            rows += [b"\0" + int(dots, 2).to_bytes(octets, "big")] * scale
        rows += [blank] * ((_LINE - _HIGH) * scale)
    width = octets * 8
    return b"".join((b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", struct.pack(">IIBBBBB", width, len(rows), 1, 3, 0, 0, 0)),
                     _chunk(b"PLTE", bytes((*paper, *ink))), _chunk(b"IDAT", _packed(b"".join(rows))),
                     _chunk(b"IEND", b"")))


@lru_cache(maxsize=2048)
def _shape(character: str, scale: int) -> tuple[str, ...]:
    """The rows of a character, a digit 0 or 1 for each dot."""
    plain = normalize("NFKD", character)[0].upper()
    found = (0,) * _HIGH if character == " " else _FONT.get(character) or _FONT.get(plain, _BOX)
    return tuple("".join(one * scale for one in f"{row:05b}0") for row in found)


@lru_cache(maxsize=4096)
def logo(letters: str, colour: Colour) -> bytes:
    """A small sign with a firm's first letters."""
    return picture([letters], ink=(255, 255, 255), paper=colour, scale=4)


def _packed(data: bytes) -> bytes:
    """Deflated with a small window: for so little data, making room for a large one would take most of the time."""
    packer = compressobj(6, DEFLATED, 11, 2)
    return packer.compress(data) + packer.flush()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))
