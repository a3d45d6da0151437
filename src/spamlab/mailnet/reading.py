"""What Mailpit's API tells about a message, read from its bytes; nothing here raises on any bytes.

Headers by RFC 5322, encoded words by RFC 2047, parts by RFC 2045 and 2183. Part numbers follow Mailpit (enmime):
the root is "0", its children "1", "2", theirs "1.1" and so on.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message as EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from typing import TypeVar

from spamlab.mailnet.hypertext import html_to_text

HEADER_CHARACTERS = 20_000
MOST_BOUNDARIES = 50

MAIL_CHARSETS = re.compile(
    r"ascii|utf-8|utf-16(-[bl]e)?|iso8859-\d+|cp(125\d|874|932|949|950|866|437|850)|koi8-[rtu]|mac-\w+|tis-620"
    r"|gb2312|gbk|gb18030|hz|big5|big5hkscs|euc_(jp|kr|jis_2004)|shift_jis(_2004)?|iso2022_\w+|ptcp154"
)

T = TypeVar("T")


@dataclass(frozen=True)
class Address:
    """One address: display name (decoded) and addr-spec."""

    name: str
    address: str


@dataclass(frozen=True)
class Part:
    """A leaf of the message that is neither its text nor its HTML body; content is decoded."""

    part_id: str
    file_name: str
    content_type: str
    content_id: str
    content: bytes


@dataclass(frozen=True)
class Reading:
    """The message as a mailbox shows it. `date` is None if there is no valid Date; `html` is never made safe."""

    message_id: str = ""
    from_: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    return_path: str = ""
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    html: str = ""
    inline: tuple[Part, ...] = ()
    attachments: tuple[Part, ...] = ()
    list_unsubscribe: str = ""
    list_unsubscribe_post: str = ""


@dataclass
class _Bodies:
    text: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    inline: list[Part] = field(default_factory=list)
    attachments: list[Part] = field(default_factory=list)


def read_message(raw: bytes) -> Reading:
    """Read the whole message. A text is made from the HTML where there is no text part, as Mailpit does."""
    message = _parse(raw)
    bodies = _Bodies()
    for part_id, part in _leaves(message, ""):
        _sort_in(bodies, part_id or "0", part)
    html = "\r\n".join(bodies.html)
    text = "\r\n".join(bodies.text)
    return Reading(
        message_id=_header(message, "Message-ID").strip().strip("<>"),
        from_=_from(message),
        to=_addresses(message, "To"),
        cc=_addresses(message, "Cc"),
        bcc=_addresses(message, "Bcc"),
        reply_to=_addresses(message, "Reply-To"),
        return_path=_header(message, "Return-Path").strip().strip("<>"),
        subject=_header(message, "Subject"),
        date=_date(_header(message, "Date")),
        text=text or html_to_text(html, paragraphs=True),
        html=html,
        inline=tuple(bodies.inline),
        attachments=tuple(bodies.attachments),
        list_unsubscribe=_header(message, "List-Unsubscribe"),
        list_unsubscribe_post=_header(message, "List-Unsubscribe-Post"),
    )


def header_block(raw: bytes) -> str:
    """Everything above the first empty line, as text; bytes that are not UTF-8 are shown as U+FFFD."""
    return re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0].decode("utf-8", "replace")


def header_values(raw: bytes) -> dict[str, list[str]]:
    """Every header field by its canonical name (`Message-Id`), unfolded, not decoded, names sorted."""
    found: dict[str, list[str]] = {}
    for line in re.split(r"\r?\n", re.sub(r"\r?\n[ \t]+", " ", header_block(raw))):
        name, colon, value = line.partition(":")
        if colon and name.strip():
            found.setdefault(_canonical(name), []).append(value.strip())
    return dict(sorted(found.items()))


def decode_words(value: str) -> str:
    """A header value with its encoded words decoded (RFC 2047) and its folds undone; what can't be decoded stays."""
    value = re.sub(r"\r?\n[ \t]*", " ", value).encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value)
        return "".join(
            piece if isinstance(piece, str) else _decode(piece, charset or "ascii") for piece, charset in pieces
        ).strip()
    except Exception:  # the decoder raises many kinds on hostile words; the header is then shown as it came
        return value


def _parse(raw: bytes) -> EmailMessage:
    # Deeply nested parts cost time by depth; a message with so many boundaries is shown unparsed.
    if raw.lower().count(b"boundary") > MOST_BOUNDARIES:
        return BytesHeaderParser().parsebytes(raw)
    try:
        return BytesParser().parsebytes(raw)
    except (RecursionError, ValueError, LookupError, AttributeError, IndexError, TypeError):
        return BytesHeaderParser().parsebytes(raw)


def _leaves(message: EmailMessage, prefix: str) -> Iterator[tuple[str, EmailMessage]]:
    payload = message.get_payload()
    if isinstance(payload, list) and message.get_content_maintype() == "multipart":
        for number, part in enumerate(payload, start=1):
            if isinstance(part, EmailMessage):
                yield from _leaves(part, f"{prefix}.{number}" if prefix else str(number))
    else:
        yield prefix, message


def _sort_in(bodies: _Bodies, part_id: str, part: EmailMessage) -> None:
    kind = part.get_content_type()
    disposition = _quietly(part.get_content_disposition) or ""
    name = decode_words(_quietly(lambda: part.get_filename()) or "")
    content = _content(part)
    if kind in ("text/plain", "text/html") and disposition != "attachment" and not name:
        text = _decode(content, _quietly(lambda: part.get_content_charset()) or "utf-8")
        (bodies.html if kind == "text/html" else bodies.text).append(text)
        return
    content_id = _header(part, "Content-ID").strip().strip("<>")
    leaf = Part(part_id, name or content_id, kind, content_id, content)
    is_file = not disposition and not content_id and kind.startswith("application/")
    (bodies.attachments if disposition == "attachment" or is_file else bodies.inline).append(leaf)


def _content(part: EmailMessage) -> bytes:
    payload = _quietly(lambda: part.get_payload(decode=True))
    if isinstance(payload, bytes):
        return payload
    try:
        return part.as_bytes()
    except Exception:  # an attached message whose own headers can't be written again
        return b""


def _decode(content: bytes, charset: str) -> str:
    # Only the charsets of real mail: others of Python's codecs are slow on hostile bytes or make lone surrogates.
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        name = "utf-8"
    return content.decode(name if MAIL_CHARSETS.fullmatch(name) else "utf-8", "replace")


def _quietly(read: Callable[[], T | None]) -> T | None:
    try:
        return read()
    except Exception:  # email's accessors raise many kinds on hostile parameters (RFC 2231)
        return None


def _header(message: EmailMessage, name: str) -> str:
    wanted = name.lower()
    for found, value in message.raw_items():
        if found.lower() == wanted:
            return decode_words(str(value)[:HEADER_CHARACTERS])
    return ""


def _addresses(message: EmailMessage, name: str) -> tuple[Address, ...]:
    wanted = name.lower()
    values = [str(value)[:HEADER_CHARACTERS] for found, value in message.raw_items() if found.lower() == wanted]
    try:
        pairs = getaddresses([re.sub(r"\r?\n[ \t]*", " ", value) for value in values])
    except Exception:  # deep nests of comments
        return ()
    return tuple(Address(decode_words(shown), decode_words(address)) for shown, address in pairs if "@" in address)


def _from(message: EmailMessage) -> tuple[Address, ...]:
    found = _addresses(message, "From")
    text = _header(message, "From")
    return found or ((Address(text, ""),) if text else ())


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _canonical(name: str) -> str:
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
        return name
    return "-".join(word[:1].upper() + word[1:].lower() for word in name.split("-"))
