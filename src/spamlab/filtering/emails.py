"""The readable text of a whole e-mail message: subject and body, whatever its encodings are worth."""

from __future__ import annotations

import re
from datetime import UTC
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

MOST_BYTES = 2_000_000
"""What is read of one message; the rest is attachments, and a hostile one costs no more time than this."""

_MOST_PARTS = 200
_UNSHOWN = frozenset({"script", "style", "head", "title", "template", "noscript"})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "td",
    "th", "tr", "ul",
})


def text_of_email(raw: bytes) -> str:
    """Subject, an empty line, and the body of a message (RFC 5322 with MIME, RFC 2045 to 2047), as a reader sees it.

    The plain part where there is one, else the HTML part as text with the address of each link behind it. Wrong or
    unknown encodings are read as far as they go; nothing is raised.
    """
    try:
        message = _parse(raw)
        subject, body = _subject(message), _body(message)
    except Exception:
        # Python's parser raises many kinds of errors on hostile mail; it is still to be read.
        subject, body = "", _decode(raw[:MOST_BYTES].replace(b"\r\n", b"\n").partition(b"\n\n")[2], None).strip()
    return f"{subject}\n\n{body}" if subject and body else subject or body


def time_of_email(raw: bytes) -> str:
    """The time in the Date field in UTC, as RFC 3339; "" if there is none that can be read."""
    try:
        moment = parsedate_to_datetime(str(_parse(raw[:MOST_BYTES]).get("Date", "")))
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except Exception:
        return ""


def _parse(raw: bytes) -> Message:
    return BytesParser(policy=compat32).parsebytes(raw[:MOST_BYTES])


def _subject(message: Message) -> str:
    written = message.get("Subject", "")
    parts = []
    try:
        for value, charset in decode_header(written):
            parts.append(value if isinstance(value, str) else _decode(value, charset))
    except (ValueError, LookupError, AttributeError):
        parts = [str(written)]
    return " ".join("".join(parts).split())


def _body(message: Message) -> str:
    plain: list[str] = []
    rich: list[str] = []
    for place, part in enumerate(message.walk()):
        if place >= _MOST_PARTS:
            break
        kind = part.get_content_type()
        attached = str(part.get("Content-Disposition", "")).lower().startswith("attachment")
        if part.is_multipart() or attached or kind not in ("text/plain", "text/html"):
            continue
        text = _content(part)
        if text.strip():
            (plain if kind == "text/plain" else rich).append(text)
    found = "\n\n".join(plain) if plain else "\n\n".join(text_of_html(one) for one in rich)
    return found.replace("\r\n", "\n").replace("\x00", "").strip()


def _content(part: Message) -> str:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        payload = None
    if not isinstance(payload, bytes):
        return str(part.get_payload() or "")
    try:
        charset = part.get_content_charset()
    except (ValueError, LookupError, TypeError, AttributeError):
        charset = None
    return _decode(payload, charset)


def _decode(value: bytes, charset: str | None) -> str:
    for one in (charset, "utf-8"):
        try:
            return value.decode(one or "utf-8")
        except (LookupError, ValueError):
            continue
    # Windows-1252 is what unlabelled mail mostly is; its few holes are shown as U+FFFD.
    return value.decode("cp1252", "replace")


def text_of_html(html: str) -> str:
    """HTML as text: no marks, scripts or styles; a line for each block; the address of a link behind its text."""
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except (AssertionError, RecursionError):
        # Declarations that are none stop the parser; what is left of the marks goes then.
        reader.parts = [re.sub(r"<[^<>]*>", " ", html)]
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unshown = 0
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSHOWN:
            self._unshown += 1
        elif tag == "body":
            # A head that is never closed hides nothing of the body.
            self._unshown = 0
        elif tag in _BLOCKS:
            self.parts.append("\n")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "").strip())

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSHOWN:
            self._unshown = max(0, self._unshown - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n")
        elif tag == "a" and self._links:
            target = self._links.pop()
            if target and not target.startswith(("#", "javascript:")) and not self._unshown:
                self.parts.append(f" ({target})")

    def handle_data(self, data: str) -> None:
        if not self._unshown:
            # White space in the source is one space; only blocks break lines.
            self.parts.append(re.sub(r"\s+", " ", data))
