"""Text of a participant's without the signs that change how other text is shown: terminal commands, direction."""

from __future__ import annotations

import re

STAND_IN = "\N{REPLACEMENT CHARACTER}"

# Control signs (category Cc) but tabulator and line ends, and the embeddings, overrides and isolates of UAX #9. The
# marks U+200E, U+200F and U+061C stay: Arabic needs them. Colours (ECMA-48 8.3.117, SGR) stay too: Python's own
# tracebacks hold them, and nbconvert turns them into colours.
_ODD = re.compile(r"\r\n|\x1b\[[0-9;]{0,20}m|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain_signs(text: str) -> str:
    """The text with a stand-in for each control sign but line feed, tabulator and colours."""
    return _ODD.sub(_stand_in, text)


def _stand_in(found: re.Match[str]) -> str:
    if found[0] == "\r\n":
        return "\n"
    return found[0] if len(found[0]) > 1 else STAND_IN
