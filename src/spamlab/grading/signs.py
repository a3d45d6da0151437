"""Text of a participant's without the signs that change how other text is shown: terminal commands, direction."""

from __future__ import annotations

import re
import unicodedata

# Colours (ECMA-48 8.3.117, SGR) stay: Python's own tracebacks hold them, and nbconvert turns them into colours.
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}m")
_TURNING = {chr(number) for number in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
"""Embeddings, overrides and isolates (Unicode UAX #9). The marks U+200E, U+200F and U+061C stay: Arabic needs them."""
STAND_IN = "\N{REPLACEMENT CHARACTER}"


def plain_signs(text: str) -> str:
    """The text with a stand-in for each control sign but line feed, tabulator and colours."""
    if text.isprintable():
        return text
    parts = _COLOUR.split(text)
    colours = _COLOUR.findall(text)
    clean = ["".join(STAND_IN if _is_odd(sign) else sign for sign in part.replace("\r\n", "\n")) for part in parts]
    return "".join(part + colour for part, colour in zip(clean, [*colours, ""], strict=True))


def _is_odd(sign: str) -> bool:
    return (unicodedata.category(sign) == "Cc" and sign not in "\n\t\r") or sign in _TURNING
