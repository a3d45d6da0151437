"""Text from elsewhere made safe to show: visible control signs, escaped HTML, isolated code.

Header values come from senders. They may hold HTML, terminal escapes, and signs that turn the direction of
the text (UAX #9); each is shown as what it is, never obeyed.
"""

from __future__ import annotations

import html
import re
import unicodedata

_ODD = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_LONG_WORD = 28
_CODE = re.compile(r"`([^`\n]+)`")
_STRONG = re.compile(r"\*\*([^*\n]+)\*\*")
_STRESS = re.compile(r"(?<![\w*])\*([^*\s][^*\n]*)\*(?![\w*])")


def visible(text: str, *, lines: bool = False, joiners: bool = False, most: int = 4000) -> str:
    """`text` with every control, format and direction sign written as [U+202E]; at most `most` signs.

    lines: keep line ends and tabs. joiners: keep the two signs by which Persian and Indic words are written.
    Not for HTML: `escape` does that as well.
    """
    over = len(text) - most
    if over > 0:
        text = text[:most]
    keep = ("\n\t" if lines else "") + ("\u200c\u200d" if joiners else "")
    if not lines:
        text = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    shown = "".join(sign if sign in keep or unicodedata.category(sign) not in _ODD else f"[U+{ord(sign):04X}]"
                    for sign in text.replace("\r\n", "\n"))
    return shown if over <= 0 else f"{shown} ... (+{over})"


def escape(text: object, *, lines: bool = False, joiners: bool = False, most: int = 4000) -> str:
    """`text` made visible and escaped for HTML, in elements and in quoted attributes."""
    return html.escape(visible(str(text), lines=lines, joiners=joiners, most=most), quote=True)


def code(text: object, *, most: int = 4000) -> str:
    """HTML: `text` as code, from left to right and isolated from the text around it."""
    long = " long" if any(len(word) > _LONG_WORD for word in str(text)[:most].split()) else ""
    return f'<code class="spamlab-code{long}" dir="ltr">{escape(text, most=most)}</code>'


def rich(text: object, *, most: int = 8000) -> str:
    """HTML paragraphs of the workshop's words: `code`, **strong** and *stress* are known, all else is escaped."""
    shown = escape(text, lines=True, joiners=True, most=most)
    shown = _CODE.sub(r'<code class="spamlab-code" dir="ltr">\1</code>', shown)
    shown = _STRONG.sub(r"<strong>\1</strong>", shown)
    shown = _STRESS.sub(r"<em>\1</em>", shown)
    parts = [part.strip() for part in re.split(r"\n\s*\n", shown)]
    return "".join(f"<p>{part}</p>".replace("\n", "<br>") for part in parts if part)


def plain(text: object) -> str:
    """The same sentence for a screen that shows text only."""
    shown = visible(str(text), lines=True, joiners=True, most=8000)
    return _STRESS.sub(r"\1", _STRONG.sub(r"\1", _CODE.sub(r"\1", shown))).strip()
