"""The body of a message as MIME has it: its form, charset, transfer encodings, and what hangs on it (RFC 2045, 2046).

`text` as a reader sees it goes in; the parts hold the same words, wrapped, dressed or drawn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from spamlab.generate.draws import BITS, Weighted, below, mixed, named, share
from spamlab.generate.evasion import LINK, Evaded, html_hiding
from spamlab.generate.mail.correspondents import Ends, organisation, plain_letters
from spamlab.generate.mail.encoding import LONGEST, base64_rows, encoded_words, parameter, quoted_printable, wrapped
from spamlab.generate.mail.files import File, file_of
from spamlab.generate.mail.html import PICTURED, TAG, Link, page_of, style_of
from spamlab.generate.mail.pixels import logo, picture
from spamlab.generate.mail.received import letters
from spamlab.generate.making import Making
from spamlab.generate.rewording import Rewording

FORMS: Mapping[str, Weighted[str]] = {
    "person": Weighted([("plain", 54), ("alternative", 40), ("html", 6)]),
    "list": Weighted([("plain", 80), ("alternative", 18), ("html", 2)]),
    "stranger": Weighted([("plain", 50), ("alternative", 30), ("html", 20)]),
    "firm": Weighted([("plain", 22), ("alternative", 52), ("html", 26)]),
    "machine": Weighted([("plain", 36), ("alternative", 38), ("html", 26)]),
}
"""Kind of sender -> how its text is dressed."""
LEGACY: Mapping[str, tuple[str, ...]] = {
    "en": ("iso-8859-1", "windows-1252", "iso-8859-15"), "fr": ("iso-8859-1", "windows-1252", "iso-8859-15"),
    "es": ("iso-8859-1", "windows-1252", "iso-8859-15"), "ru": ("koi8-r", "windows-1251"),
    "zh": ("gb2312", "gbk", "gb18030"), "ar": ("windows-1256", "iso-8859-6"),
}
"""Language -> charsets of older programs (names of the IANA registry)."""
LURE_TYPES = frozenset(("malware_lure",))
PICTURE_TYPES = frozenset(("image_only",))
"""Types that hang a lure on the message, and types whose offer is a picture."""
_ATTACHED = ("attach", "enclos", "the file below", "pièce jointe", "ci-joint", "adjunt", "влож", "прикреп", "прилага",
             "附件", "مرفق")
"""What texts that speak of a file on the message say, in small letters."""
_BY_ADDRESS = re.compile(r"https?://\d{1,3}(?:\.\d{1,3}){3}[^\s<>\"]*")
_FORM, _CHARSET, _OLD, _CODING, _HTML_CODING, _WIDTH, _BOUNDARY = (
    named("mail form"), named("charset"), named("old charset"), named("coding"), named("html coding"), named("width"),
    named("boundary"))
_HANGS, _FILE, _SECOND_FILE, _PICTURE, _SIGN, _SIGN_COLOUR, _SHOWN, _CID, _INK, _NAMES = (
    named("hangs"), named("file"), named("second file"), named("as picture"), named("sign"), named("sign colour"),
    named("link shown"), named("content id"), named("ink"), named("file name form"))
_COLOURS = ((26, 115, 232), (178, 34, 34), (46, 125, 50), (55, 71, 79), (106, 27, 154), (230, 81, 0))


@dataclass(slots=True)
class Body:
    """head: fields of the whole (Content-Type and so on), without CRLF. text: what follows the empty row. links: those
    that lead elsewhere than they say (`html.Page`), and those that name an address in place of a host. charset, base64:
    how the header's words are written. techniques, files: for the truth."""

    head: list[str]
    text: str
    links: list[tuple[str, ...]] = field(default_factory=list)
    charset: str = "utf-8"
    base64: bool = False
    techniques: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)


def body_of(making: Making, ends: Ends, title: str, text: str, service: str, boundary_style: int) -> Body:
    """The MIME parts of one message, drawn from the record's key. service: a bulk service that counts its clicks."""
    key, kind, spam = making.key, ends.kind, making.type.label == "spam"
    charset = _charset(key, making.language.code, text)
    made = Body([], "", [], charset if charset != "us-ascii" else "utf-8", below(key, _CODING) % 3 == 0)
    if "://1" in text or "://2" in text:
        made.links += [(found.rstrip(".,;:!?)'*_"),) for found in _BY_ADDRESS.findall(text)]
    drawn = ("text_in_image" in making.techniques or share(key, _PICTURE) < (
        0.03 if kind in ("stranger", "firm") else 0.004)) and len(text) < 1200 and text.isascii()
    offer = making.type.name in PICTURE_TYPES
    form = "html" if drawn or offer else FORMS[kind].pick(key, _FORM)
    if form == "plain" and "html_hiding" in making.techniques:
        form = "alternative"
    images: list[tuple[str, str, bytes]] = []
    if offer:
        html = _offer(making, ends, title, text, images, made)
    elif drawn:
        html = _drawn(making, ends, text, images, made)
    elif form != "plain":
        html = _html(making, ends, title, text, service, charset, images, made)
        if "html_hiding" in making.techniques:
            rules = making.give.rules if isinstance(making.give, Evaded) else Rewording()
            html, told = html_hiding(html, key, rules)
            made.techniques += ["html_hiding"] if told.changed else []
    else:
        html = ""
    if html and images:
        html_part = _related(key, _part("html", html, charset, key, _HTML_CODING), images, boundary_style)
    elif html:
        html_part = _part("html", html, charset, key, _HTML_CODING)
    width = (72, 76, 0, 0, 78, 0)[below(key, _WIDTH) * 6 >> BITS]
    if form == "html":
        part = html_part
    else:
        part = _part("plain", wrapped(text, width) if width else text, charset, key, _CODING)
        if form == "alternative":
            part = _multipart("alternative", [part, html_part], key, 1, boundary_style)
    _hang(making, ends, title, text, made, spam)
    if made.files:
        part = _multipart("mixed", [part, *(_attached(one, key) for one in made.files)], key, 2, boundary_style)
    made.head, made.text = part
    return made


_Part = tuple[list[str], str]
"""Fields of a part without CRLF, and its text."""


def _charset(key: int, language: str, text: str) -> str:
    draw = below(key, _CHARSET) >> 57
    if text.isascii():
        return "us-ascii" if draw < 52 else "utf-8" if draw < 104 else "iso-8859-1"
    old = LEGACY.get(language, ())
    if draw < 76 or not old:
        return "utf-8"
    chosen = old[below(key, _OLD) * len(old) >> BITS]
    try:
        text.encode(chosen)
    except UnicodeEncodeError:
        return "utf-8"
    return chosen


def _part(kind: str, text: str, charset: str, key: int, coding: int) -> _Part:
    """One part of text in a transfer encoding that can carry it."""
    draw = below(key, coding) >> 57
    quote = "" if draw & 1 else '"'
    content = f"Content-Type: text/{kind}; charset={quote}{charset}{quote}"
    if not text.endswith("\n"):
        text += "\n"
    if not text.isascii():
        try:
            text.encode(charset)
        except UnicodeEncodeError:
            charset = "utf-8"
            content = f'Content-Type: text/{kind}; charset="utf-8"'
        way = "8bit" if draw < 6 and charset == "utf-8" and _short(text.encode()) else "base64" if draw > 84 else (
            "quoted-printable")
    elif draw < 88 and _short(text):
        way = "7bit"
    else:
        way = "base64" if draw > 120 else "quoted-printable"
    if way == "base64":
        data = text.replace("\n", "\r\n").encode(charset)
        return [content, "Content-Transfer-Encoding: base64"], base64_rows(data) + "\r\n"
    if way == "quoted-printable":
        return [content, "Content-Transfer-Encoding: quoted-printable"], quoted_printable(text, charset)
    if way == "7bit" and draw % 3 == 0:
        return [content], text.replace("\n", "\r\n")
    return [content, f"Content-Transfer-Encoding: {way}"], text.replace("\n", "\r\n")


def _short(text: str | bytes) -> bool:
    return max(map(len, text.splitlines()), default=0) <= LONGEST - 100


def boundary(key: int, number: int, style: int) -> str:
    """A boundary in the manner of a family of programs (RFC 2046 section 5.1.1)."""
    seed = mixed(below(key, _BOUNDARY) + number)
    if style == 0:
        return f"----=_Part_{seed % 900000}_{seed >> 30 & 0xFFFFFFF}.{seed >> 8 & 0xFFFFFFFF}"
    if style == 1:
        return f"{seed:016x}{letters(seed, 12, '0123456789abcdef')}"
    if style == 2:
        return f"------------{letters(seed, 24)}"
    if style == 3:
        return f"----=_NextPart_{number:03d}_{seed & 0xFFFF:04X}_01D{seed >> 20 & 0xFFFFF:05X}.{seed >> 32:08X}"
    if style == 4:
        return f"=_{letters(seed, 32, '0123456789abcdef')}"
    tail = letters(seed, 12, "0123456789ABCDEF")
    middle = f"{seed & 0xFFFF:04X}-4{seed >> 16 & 0xFFF:03X}-9{seed >> 28 & 0xFFF:03X}"
    return f"Pebble-Mail=_{seed >> 32:08X}-{middle}-{tail}"


def _multipart(kind: str, parts: list[_Part], key: int, number: int, style: int, more: str = "") -> _Part:
    between = boundary(key, number, style)
    rows = []
    for head, text in parts:
        rows.append(f"--{between}\r\n" + "\r\n".join(head) + f"\r\n\r\n{text}")
        if not text.endswith("\r\n"):
            rows[-1] += "\r\n"
    return [f'Content-Type: multipart/{kind};{more}\r\n\tboundary="{between}"'], (
        "".join(rows) + f"--{between}--\r\n")


def _html(making: Making, ends: Ends, title: str, text: str, service: str, charset: str,
          images: list[tuple[str, str, bytes]], made: Body) -> str:
    key, kind = making.key, ends.kind
    shown = ""
    if "://" in text and not service and making.type.label == "spam" and share(key, _SHOWN) < 0.12:
        shown = organisation(key ^ _SHOWN, ends.name if kind in ("firm", "machine") else "")
    sign = ""
    if kind in ("firm", "machine") and style_of(key, kind) in PICTURED and share(key, _SIGN) < 0.3:
        initials = "".join(word[0] for word in (ends.name or ends.domain).split()[:3]).upper()
        sign = f"{letters(below(key, _CID), 10)}@{ends.domain}"
        images.append((sign, "logo.png", logo(initials, _COLOURS[below(key, _SIGN_COLOUR) * len(_COLOURS) >> BITS])))
    page = page_of(key, kind, text, title, ends.name or ends.domain, making.language.code, making.language.direction,
                   Link(f"click.{service}" if service else "", shown), sign, charset)
    made.links += dict.fromkeys(page.links)
    if shown and page.links:
        made.techniques.append("link_mismatch")
    return page.html


def _drawn(making: Making, ends: Ends, text: str, images: list[tuple[str, str, bytes]], made: Body) -> str:
    """The text as a picture; its first link leads from the picture."""
    key = making.key
    number = below(key, _INK)
    rows = wrapped(TAG.sub("", text).strip() or text, 46).split("\n")
    drawn = picture(rows, ink=(number & 127, number >> 7 & 127, number >> 14 & 127),
                    paper=(255, 255, 235 + (number >> 21) % 20))
    images.append((f"{letters(below(key, _CID), 12)}@{ends.domain}", f"image{number % 900:03d}.png", drawn))
    if making.type.label == "spam":
        made.techniques.append("text_in_image")
    shown = f'<img src="cid:{images[0][0]}" alt="">'
    link = LINK.search(text)
    if link is not None and "://" in link.group():
        shown = f'<a href="{link.group().replace("&", "&amp;")}">{shown}</a>'
    return f"<html>\n<body>\n<p>{shown}</p>\n</body>\n</html>\n"


def _offer(making: Making, ends: Ends, title: str, text: str, images: list[tuple[str, str, bytes]], made: Body) -> str:
    """A few words round a picture that holds the offer and the name of its site."""
    key = making.key
    number = below(key, _INK)
    host = f"www.{organisation(key ^ _INK)}"
    page = f"http://{host}/"
    shown = picture([*wrapped(plain_letters(title).strip() or host, 22).split("\n"), "", host],
                    ink=(number & 127, number >> 7 & 127, number >> 14 & 127), paper=(255, 255, 235), scale=3)
    images.append((f"{letters(below(key, _CID), 12)}@{ends.domain}", f"image{number % 900:03d}.png", shown))
    made.techniques.append("text_in_image")
    made.links.append((host, page))
    words = escape(TAG.sub("", text), quote=False).replace("\n", "<br>\n")
    shown_so = f'<a href="{page}"><img src="cid:{images[0][0]}" alt=""></a>'
    return f"<html>\n<body>\n<p>{words}</p>\n<p>{shown_so}</p>\n</body>\n</html>\n"


def _related(key: int, html: _Part, images: list[tuple[str, str, bytes]], style: int) -> _Part:
    """HTML with the pictures it shows (RFC 2387)."""
    parts = [html]
    for ident, name, data in images:
        parts.append(([f'Content-Type: image/png; name="{name}"', "Content-Transfer-Encoding: base64",
                       f"Content-ID: <{ident}>", f'Content-Disposition: inline; filename="{name}"'], base64_rows(data)))
    return _multipart("related", parts, key, 3, style, ' type="text/html";')


def _hang(making: Making, ends: Ends, title: str, text: str, made: Body, spam: bool) -> None:
    """Files: mostly where the text speaks of one."""
    key = making.key
    lure = making.type.name in LURE_TYPES
    small = text.lower()
    speaks = any(one in small for one in _ATTACHED)
    chance = 0.92 if lure else 0.62 if speaks and ends.kind != "list" else 0.12 if speaks else 0.025
    if share(key, _HANGS) >= chance:
        return
    made.files.append(file_of(key ^ _FILE, title, making.sent, ends.author, lure=lure))
    if not lure and below(key, _SECOND_FILE) % 10 == 0:
        made.files.append(file_of(key ^ _SECOND_FILE, title, making.sent, ends.author, lure=False))
    if lure and spam:
        made.techniques.append("attached_lure")


def _attached(file: File, key: int) -> _Part:
    draw = below(key, _NAMES)
    plain = file.name.isascii()
    if plain or draw & 1:
        named_so = parameter("filename", file.name, extended=plain and draw % 40 == 0)
        head = [f"Content-Type: {file.media}" + (f'; name="{file.name}"' if plain and draw & 2 else ""),
                f"Content-Disposition: attachment;\r\n\t{named_so}"]
    else:
        # Older programs put encoded words where RFC 2047 section 5 forbids them; not these.
        head = [f"Content-Type: {file.media}", f"Content-Disposition: attachment; {parameter('filename', file.name)}",
                f"Content-Description: {encoded_words(file.name, 'utf-8', base64=True, first=22)}"]
    head.append("Content-Transfer-Encoding: base64")
    return head, base64_rows(file.data) + "\r\n"
