"""A text as HTML, in the manner of several programs: webmail, office programs, newsletters, notices, old editors."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from spamlab.generate.draws import BITS, Weighted, below, mixed, named

_URL = re.compile(r"https?://[^\s<>\"]+")
TAG = re.compile(r"<[^>]+>")
"""A tag of HTML."""
_STYLE, _COLOUR, _FONT, _TOKEN, _LABEL = (
    named("html style"), named("html colour"), named("html font"), named("link token"),
    named("link label"))
STYLES = {
    "person": Weighted([("webmail", 42), ("office", 34), ("letter", 18), ("old", 6)]),
    "list": Weighted([("webmail", 48), ("letter", 40), ("office", 12)]),
    "stranger": Weighted([("webmail", 26), ("office", 14), ("letter", 30), ("old", 12), ("notice", 10),
                          ("newsletter", 8)]),
    "firm": Weighted([("newsletter", 44), ("notice", 26), ("letter", 18), ("old", 6), ("office", 6)]),
    "machine": Weighted([("notice", 50), ("newsletter", 20), ("letter", 26), ("old", 4)]),
}
"""Kind of sender -> styles; the same for wanted mail and spam."""
_COLOURS = ("1a73e8", "0b5394", "b22222", "2e7d32", "6a1b9a", "e65100", "00695c", "37474f", "ad1457", "283593",
            "333333", "005a9c")
_FONTS = ("Arial, Helvetica, sans-serif", "Verdana, Geneva, sans-serif", "Georgia, serif",
          "'Segoe UI', Arial, sans-serif", "Helvetica, Arial, sans-serif", "'Times New Roman', Times, serif",
          "Tahoma, sans-serif", "Calibri, sans-serif")


@dataclass(frozen=True, slots=True)
class Page:
    """html: the document, lines ended by "\\n". links: what is seen of a link, each stop
    on its way, where it ends; only those that lead elsewhere than they say. style: which it is."""

    html: str
    links: tuple[tuple[str, ...], ...]
    style: str


@dataclass(frozen=True, slots=True)
class Link:
    """How links are written. tracker: a host that counts clicks, "" for none. shown: a host that is seen in place of
    the one behind it, "" for none."""

    tracker: str = ""
    shown: str = ""


def page_of(key: int, kind: str, text: str, title: str, sender: str, language: str, direction: str, link: Link,
            picture: str = "", charset: str = "utf-8") -> Page:
    """A text as an HTML document. picture: the Content-ID of a sign to show, "" for none."""
    style = style_of(key, kind)
    links: list[tuple[str, ...]] = []
    colour = _COLOURS[below(key, _COLOUR) * len(_COLOURS) >> BITS]
    font = _FONTS[below(key, _FONT) * len(_FONTS) >> BITS]
    paragraphs = [_linked(key, one, link, links, colour if style in ("notice", "newsletter") else "")
                  for one in text.split("\n\n")]
    look = _Look(paragraphs, escape(title), escape(sender), colour, font, language, direction, picture, charset, key)
    return Page(_WRITERS[style](look), tuple(links), style)


def style_of(key: int, kind: str) -> str:
    """The style of a record's page, by its kind of sender."""
    return STYLES[kind].pick(key, _STYLE)


@dataclass(frozen=True, slots=True)
class _Look:
    paragraphs: list[str]
    title: str
    sender: str
    colour: str
    font: str
    language: str
    direction: str
    picture: str
    charset: str
    key: int


def _linked(key: int, text: str, link: Link, links: list[tuple[str, ...]], button: str) -> str:
    """A paragraph, escaped, with its links. A line that ends in a colon gives its words to a link alone on the next."""
    if "://" not in text:
        return escape(text, quote=False).replace("\n", "<br>\n")
    made = ""
    end = 0
    for found in _URL.finditer(text):
        seen = end_of_way = target = found.group().rstrip(".,;:!?)'*_")
        if link.tracker:
            target = f"https://{link.tracker}/c/{mixed(below(key, _TOKEN) + found.start()):016x}"
            links.append((seen, target, end_of_way))
        elif link.shown:
            seen = f"https://{link.shown}/{seen.split('/', 3)[3] if seen.count('/') > 2 else ''}".rstrip("/")
            links.append((seen, target))
        before = text[end:found.start()]
        words = before.rstrip()
        if words.endswith(":") and before.endswith("\n") and mixed(below(key, _LABEL) + found.start()) >> 60 < 10:
            # The words above the link become what is seen of it.
            cut = max(words.rfind("\n") + 1, words.rfind(". ") + 2 if ". " in words else 0)
            made += escape(words[:cut], quote=False).replace("\n", "<br>\n")
            seen = words[cut:-1].strip() or seen
        else:
            made += escape(before, quote=False).replace("\n", "<br>\n")
        shape = (f' style="background-color:#{button};color:#ffffff;padding:10px 18px;text-decoration:none;'
                 'border-radius:4px;display:inline-block"') if button and "://" not in seen else ""
        made += f'<a href="{escape(target)}"{shape}>{escape(seen, quote=False)}</a>'
        end = found.start() + len(end_of_way)
    return made + escape(text[end:], quote=False).replace("\n", "<br>\n")


def _webmail(look: _Look) -> str:
    side = f' dir="{look.direction}"'
    return f"<div{side}>" + "<div><br></div>\n".join(f"<div>{one}</div>" for one in look.paragraphs) + "</div>\n"


def _office(look: _Look) -> str:
    rows = "\n<p class=\"OpNormal\"><o:p>&nbsp;</o:p></p>\n".join(
        f'<p class="OpNormal"><span style="font-size:11.0pt">{one}<o:p></o:p></span></p>' for one in look.paragraphs)
    font = look.font.replace("'", '"')
    return f"""<html xmlns:o="urn:schemas-officepost-example:office">
<head>
<meta name="Generator" content="Officepost 16 (filtered medium)">
<style><!--
p.OpNormal, li.OpNormal, div.OpNormal
\t{{margin:0cm;
\tfont-size:11.0pt;
\tfont-family:{font};}}
a:link
\t{{color:#{look.colour};
\ttext-decoration:underline;}}
--></style>
</head>
<body lang="{look.language}" link="#{look.colour}"{_side(look)}>
<div class="Section1">
{rows}
</div>
</body>
</html>
"""


def _letter(look: _Look) -> str:
    rows = "\n".join(f"<p>{one}</p>" for one in look.paragraphs)
    return f"""<html>
<head><title>{look.title}</title></head>
<body{_side(look)}>
{rows}
{_picture(look)}</body>
</html>
"""


def _old(look: _Look) -> str:
    rows = "\n<BR><BR>\n".join(look.paragraphs)
    face = look.font.split(",")[0].strip("'")
    return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0 Transitional//EN">
<HTML><HEAD>
<STYLE></STYLE>
</HEAD>
<BODY bgColor=#ffffff{_side(look)}>
<DIV><FONT face="{face}" color=#{look.colour} size={2 + look.key % 3}>{rows}</FONT></DIV>
{_picture(look)}</BODY></HTML>
"""


def _newsletter(look: _Look) -> str:
    # What a list of messages shows beside the subject: the first words, without a link that would be cut in two.
    preview = _URL.sub("", TAG.sub("", look.paragraphs[0]))[:90].rpartition(" ")[0].strip()
    rows = "\n".join(f'<tr><td style="padding:12px 24px;font-size:15px;line-height:22px;color:#333333">{one}</td></tr>'
                     for one in look.paragraphs[:-1] or look.paragraphs)
    foot = ""
    if len(look.paragraphs) > 1:
        foot = f"""<tr><td style="padding:16px 24px;font-size:11px;color:#888888;background-color:#f4f4f4"
 align="center">
{look.paragraphs[-1]}</td></tr>
"""
    return f"""<!DOCTYPE html>
<html lang="{look.language}"{_side(look)}>
<head>
<meta charset="{look.charset}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{look.title}</title>
</head>
<body style="margin:0;padding:0;background-color:#eeeeee">
<div style="display:none;max-height:0;overflow:hidden">{preview}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"
 style="background-color:#ffffff;font-family:{look.font}">
<tr><td style="background-color:#{look.colour};color:#ffffff;padding:20px 24px;font-size:22px">{_picture(look)}
{look.sender}</td></tr>
{rows}
{foot}</table>
</td></tr></table>
</body>
</html>
"""


def _notice(look: _Look) -> str:
    rows = "\n".join(f'<p style="margin:0 0 14px 0">{one}</p>' for one in look.paragraphs)
    return f"""<html{_side(look)}>
<head>
<meta http-equiv="Content-Type" content="text/html; charset={look.charset}"><title>{look.title}</title>
</head>
<body style="font-family:{look.font};font-size:14px;color:#222222">
<div style="max-width:560px;margin:0 auto;border:1px solid #dddddd;border-top:4px solid #{look.colour};padding:24px">
{_picture(look)}<h2 style="font-size:18px;color:#{look.colour}">{look.title}</h2>
{rows}
</div>
</body>
</html>
"""


def _side(look: _Look) -> str:
    return ' dir="rtl"' if look.direction == "rtl" else ""


def _picture(look: _Look) -> str:
    return f'<img src="cid:{look.picture}" alt="{look.sender}" border="0"><br>\n' if look.picture else ""


_WRITERS: dict[str, Callable[[_Look], str]] = {"webmail": _webmail, "office": _office, "letter": _letter, "old": _old,
                                               "newsletter": _newsletter, "notice": _notice}
PICTURED = frozenset(("letter", "old", "newsletter", "notice"))
"""Styles that can show a sign."""
