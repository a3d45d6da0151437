"""Files that hang on messages: small, made by code, and harmless, those of malware lures too.

What stands for a payload is a text that says what it is (`MARKER`), whatever the file's name ends in.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from zlib import crc32

from spamlab.generate.draws import Weighted, below, named
from spamlab.generate.mail.pixels import picture

MARKER = ("SPAMLAB HARMLESS MARKER\r\nThis file stands where a malicious one would be. It holds this text and nothing "
          "else.\r\n")
"""The whole of a lure's file."""
_KIND, _NAME, _CONTENT = named("file kind"), named("file name"), named("file content")
KINDS = Weighted([("pdf", 46), ("png", 14), ("csv", 10), ("txt", 8), ("ics", 6), ("zip", 8), ("doc", 7), ("html", 1)])
"""Files of wanted mail and of spam alike."""
LURES = Weighted([("zip", 40), ("doc", 30), ("html", 14), ("pdf", 10), ("iso", 6)])
TYPES = {"pdf": "application/pdf", "png": "image/png", "csv": "text/csv", "txt": "text/plain", "ics": "text/calendar",
         "zip": "application/zip", "doc": "application/octet-stream", "html": "text/html",
         "iso": "application/octet-stream"}
_STEMS = ("document", "scan{n4}", "file", "copy", "{n6}", "form", "doc_{n4}", "IMG_{n4}", "attachment", "report",
          "invoice_{n4}", "details", "page1", "{n4}-{n2}", "statement", "minutes", "draft v{n1}", "order {n4}", "list",
          "final")
_ITEMS = ("A", "B", "C", "D", "E", "F")


@dataclass(frozen=True, slots=True)
class File:
    """name: as its sender called it. media: type and subtype. lure: whether it stands for a payload."""

    name: str
    media: str
    data: bytes
    lure: bool = False


def file_of(key: int, title: str, sent: datetime, owner: str, *, lure: bool) -> File:
    """A file, drawn from a key. title: words for its content and sometimes its name; owner: the sender's address."""
    kind = (LURES if lure else KINDS).pick(key, _KIND)
    number = below(key, _NAME)
    stem = _STEMS[number % len(_STEMS)]
    for digits in (1, 2, 4, 6):
        stem = stem.replace(f"{{n{digits}}}", f"{number >> 20 & 0xFFFFF:0{digits}d}"[-digits:])
    if number >> 60 < 5:
        stem = "".join(one for one in title if one.isalnum() or one in " -_")[:40].strip() or stem
    data = below(key, _CONTENT)
    made = MARKER.encode() if lure and kind != "zip" else _MAKERS[kind](data, title, sent, owner, lure)
    name = f"{stem}.{kind}"
    if lure and number >> 56 & 15 < 4 and kind != "zip":
        name = f"{stem}.pdf.{kind}"
    return File(name, TYPES[kind], made, lure)


def _short(title: str, most: int) -> str:
    """The first words of a title: a name of a host is not cut in two."""
    return title if len(title) <= most else title[:most].rpartition(" ")[0]


def _pdf(number: int, title: str, sent: datetime, _owner: str, _lure: bool) -> bytes:
    """One page with a few lines (ISO 32000-1 section 7.5, the smallest whole file)."""
    plain = title.encode("ascii", "replace").decode().replace("\\", "").replace("(", "").replace(")", "")
    rows = [_short(plain, 70), f"No. {number % 90000 + 10000}    {sent:%Y-%m-%d}",
            *(f"{_ITEMS[row]}    {number >> row * 7 & 127}    {(number >> row * 9 & 0x3FFF) / 100:.2f}"
              for row in range(2 + number % 4))]
    text = " T* ".join(f"({row}) Tj" for row in rows)
    stream = f"BT /F1 11 Tf 60 760 Td 16 TL {text} ET"
    objects = ("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
               "/Resources << /Font << /F1 5 0 R >> >> >>", f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    made = "%PDF-1.4\n"
    places = []
    for place, one in enumerate(objects, 1):
        places.append(len(made))
        made += f"{place} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    made += (f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
             f"<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF\n")
    return made.encode("ascii")


def _png(number: int, title: str, sent: datetime, _owner: str, _lure: bool) -> bytes:
    ink = (number & 127, number >> 8 & 127, number >> 16 & 127)
    return picture([_short(title, 28), f"{sent:%d.%m.%Y}", f"{number % 9999:04d}"], ink=ink, scale=1 + number % 2)


def _csv(number: int, _title: str, sent: datetime, _owner: str, _lure: bool) -> bytes:
    rows = ["id,date,amount"]
    for row in range(4 + number % 8):
        day = sent - timedelta(days=row + (number >> row & 3))
        rows.append(f"{1000 + (number >> 5 & 4095) + row},{day:%Y-%m-%d},{(number >> row * 3 & 0xFFFF) / 100:.2f}")
    return ("\r\n".join(rows) + "\r\n").encode("ascii")


def _txt(number: int, title: str, sent: datetime, _owner: str, _lure: bool) -> bytes:
    rows = [title, f"{sent:%Y-%m-%d}", "", *(f"{row + 1}. {number >> row * 6 & 1023}" for row in range(3 + number % 5))]
    return ("\r\n".join(rows) + "\r\n").encode()


def _ics(number: int, title: str, sent: datetime, owner: str, _lure: bool) -> bytes:
    """One event (RFC 5545 section 3.6.1)."""
    day = sent + timedelta(days=1 + number % 20)
    begin = day.replace(hour=8 + number % 9, minute=0 if number & 64 else 30, second=0)
    end = begin + timedelta(minutes=30 + number % 3 * 30)
    plain = title.replace("\\", "").replace(";", "\\;").replace(",", "\\,")
    rows = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Larkspur//Calendar 5//EN", "METHOD:PUBLISH", "BEGIN:VEVENT",
            f"UID:{number:016x}@{owner.rpartition('@')[2]}", f"DTSTAMP:{sent:%Y%m%dT%H%M%SZ}",
            f"DTSTART:{begin:%Y%m%dT%H%M%SZ}", f"DTEND:{end:%Y%m%dT%H%M%SZ}",
            f"SUMMARY:{_short(plain, 40)}", f"ORGANIZER:mailto:{owner}", "END:VEVENT", "END:VCALENDAR")
    return ("\r\n".join(rows) + "\r\n").encode()


def _zip(number: int, title: str, sent: datetime, owner: str, lure: bool) -> bytes:
    """An archive with one stored file (PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.16)."""
    data = MARKER.encode() if lure else _txt(number, title, sent, owner, lure)
    name = (b"document.txt", b"readme.txt", b"notes.txt", b"data.txt")[number & 3]
    day = (sent.year - 1980) << 9 | sent.month << 5 | sent.day
    head = struct.pack("<HHHHHIIIHH", 20, 0, 0, sent.hour << 11 | sent.minute << 5, day, crc32(data), len(data),
                       len(data), len(name), 0)
    first = b"PK\x03\x04" + head + name + data
    central = b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    return first + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(first), 0)


def _doc(_number: int, title: str, sent: datetime, _owner: str, _lure: bool) -> bytes:
    """Rich text under a name that ends in .doc, as many programs write it."""
    plain = "".join(one if one.isascii() and one not in "\\{}" else f"\\u{ord(one)}?" if ord(one) < 32768 else "?"
                    for one in title)
    return f"{{\\rtf1\\ansi {plain}\\par {sent:%Y-%m-%d}\\par}}\r\n".encode("ascii")


def _page(_number: int, title: str, sent: datetime, _owner: str, _lure: bool) -> bytes:
    return f"<html><body><p>{escape(title)}</p><p>{sent:%Y-%m-%d}</p></body></html>\r\n".encode()


_MAKERS = {"html": _page, "pdf": _pdf, "png": _png, "csv": _csv, "txt": _txt, "ics": _ics, "zip": _zip, "doc": _doc}
