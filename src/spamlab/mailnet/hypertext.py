"""HTML to text, for snippets, search and messages without a text part. Never executed, never loaded."""

from __future__ import annotations

import re
from html.parser import HTMLParser

MOST_CHARACTERS = 500_000
SILENT = frozenset({"script", "style", "head", "title", "noscript", "template"})
BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol"
        " p pre section table tr ul",
    )
)


def html_to_text(html: str, *, paragraphs: bool = False) -> str:
    """The text that a reader of the HTML sees.

    paragraphs: keep blocks as paragraphs and write each link's target behind it, "click ( http://... )", as Mailpit
    does for a message without a text part; otherwise everything is one line. Beyond 500,000 characters it is cut.
    """
    reader = _TextReader(paragraphs)
    try:
        reader.feed(html[:MOST_CHARACTERS])
        reader.close()
    except (AssertionError, RecursionError, ValueError):  # html.parser gives up on some broken declarations
        return " ".join(re.sub(r"<[^>]*>", " ", html[:MOST_CHARACTERS]).split())
    text = "".join(reader.pieces).replace("\ufeff", " ")
    if not paragraphs:
        return " ".join(text.split())
    blocks = (" ".join(block.split()) for block in text.split("\x00"))
    return "\n\n".join(block for block in blocks if block)


class _TextReader(HTMLParser):
    def __init__(self, paragraphs: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent = 0
        self.target = ""
        self.paragraphs = paragraphs

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag == "a" and self.paragraphs:
            self.target = dict(attrs).get("href") or ""
        elif tag in ("br", "img", "td", "th"):
            self.pieces.append(" ")
        elif tag in BLOCKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "a" and self.target:
            self.pieces.append(f" ( {self.target} )")
            self.target = ""
        elif tag in BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(data.replace("\x00", " "))

    def _break(self) -> None:
        self.pieces.append("\x00" if self.paragraphs else " ")
