"""HTML from strangers made harmless: an allow-list of tags, attributes and styles over a finished page's body.

bleach (which nbconvert brings) reads the markup as a browser does, so nothing hides in odd spelling. Around the body
stands a head of our own with a policy that forbids scripts and every request: a page needs no network and makes none.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from secrets import token_hex
from typing import Any

import bleach  # type: ignore[import-untyped]
import tinycss2  # type: ignore[import-untyped]
from bleach.css_sanitizer import CSSSanitizer  # type: ignore[import-untyped]

_TAGS = (
    "a abbr b blockquote br caption center code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 "
    "h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span strong sub summary sup table tbody td "
    "tfoot th thead tr tt u ul var wbr")
_GENERAL = "class dir lang title style align valign colspan rowspan scope headers start span"
_PROPERTIES = (
    "color background-color font-weight font-style font-family font-size text-align text-decoration vertical-align "
    "white-space line-height margin margin-top margin-bottom margin-left margin-right padding padding-top "
    "padding-bottom padding-left padding-right border border-top border-bottom border-left border-right border-color "
    "border-style border-width border-collapse border-radius width max-width height max-height list-style-type "
    "direction unicode-bidi overflow-wrap word-break")
TAGS = frozenset(_TAGS.split())
GENERAL = frozenset(_GENERAL.split())
PROPERTIES = frozenset(_PROPERTIES.split())
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "div")
PICTURE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+")
LINK = re.compile(r"(#[^\s]*|https?://[^\s]+|mailto:[^\s]+)", re.IGNORECASE)
MOST_BODY = 40_000_000
MOST_KEPT = 20_000
"""Characters of a cell that is kept cleaned, for the next page has the same."""
CELL = re.compile(r'(?=<div (?:id="[^"<>]*" )?class="cell border-box-sizing )')
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:0;color:#1b1b1b;background:#fff}
.container{max-width:62rem;margin:0 auto;padding:1rem}
a{color:#0b5394}h4{margin:.2rem 0}
pre,code,kbd,samp{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.3rem 0}
table{border-collapse:collapse;margin:.5rem 0}td,th{border:1px solid #bbb;padding:.2rem .5rem;text-align:start}
img{max-width:100%;height:auto}
.cell{margin:.7rem 0}.input_area,.output_area{overflow-x:auto}
.input_area{background:#f7f7f7;padding:.2rem .5rem}.prompt{display:none}
.panel{border:1px solid #9db4c8;border-radius:4px;margin:.6rem 0}.panel-body,.panel-footer{padding:.4rem .6rem}
.panel-heading{background:#e3edf5;padding:.4rem .6rem;overflow:hidden}.panel-footer{background:#f4f4f4}
.pull-right{float:right}.output_stderr,.output_error{background:#fdf0ee;padding:.2rem .5rem}
.late-penalty{color:#a52a1a}.anchor-link{display:none}
.highlight .k,.highlight .kn,.highlight .ow{color:#00612e;font-weight:600}
.highlight .c1,.highlight .cm{color:#5f5f5f;font-style:italic}
.highlight .s1,.highlight .s2,.highlight .sd{color:#8a2a0b}.highlight .mi,.highlight .mf{color:#33408a}
@media print{.cell,.panel{break-inside:avoid}}
"""
_SILENT = re.compile(r"<(script|style|template|noscript|title|svg|math|iframe|object)\b[^>]*>.*?</\1\s*>",
                     re.IGNORECASE | re.DOTALL)


class _Styles(CSSSanitizer):  # type: ignore[misc]
    """Known properties, and no value that holds a function: url(), image-set(), expression() fetch or run something."""

    def sanitize_css(self, style: str) -> str:
        kept = [one for one in tinycss2.parse_declaration_list(style, skip_comments=True, skip_whitespace=True)
                if one.type == "declaration" and one.lower_name in PROPERTIES and _plain(one.value)]
        return "; ".join(f"{one.lower_name}: {tinycss2.serialize(one.value).strip()}" for one in kept)


def clean(markup: str) -> str:
    """The markup with nothing in it that runs, fetches, sends or reaches beyond its own place on the page.

    Left are known tags without event handlers, links to anchors, web pages and mail, and pictures that stand in the
    page itself. What stood inside a tag that goes stays as text; of scripts and styles nothing stays.
    """
    # For the eye alone: bleach would leave a script's text standing as text.
    return str(_cleaner().clean(_SILENT.sub("", markup[:MOST_BODY])))


def clean_cells(markup: str) -> str:
    """As `clean`, each cell of a notebook by itself: none can reach over its end, and what all have is cleaned once."""
    start, *cells = re.split(CELL, markup[:MOST_BODY])
    if not cells:
        return clean(start)
    place = f"cells-{token_hex(16)}"
    around = clean(start + place)  # ends what the start has opened after the cells
    return around.replace(place, "\n".join(_clean_cell(cell) for cell in cells), 1)


def page(title: str, body: str, language: str = "en") -> str:
    """A whole page around a body, which is cleaned here; it makes no request and runs no script."""
    return (f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
            '<meta name="referrer" content="no-referrer">\n'
            f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{clean_cells(body)}\n</body>\n</html>\n")


def body_of(document: str) -> str:
    """What stands between <body> and </body>, the first and the last; the whole text where there is no body."""
    found = re.search(r"<body\b[^>]*>", document, re.IGNORECASE)
    inner = document[found.end():] if found else document
    end = inner.lower().rfind("</body")
    return inner[:end] if end >= 0 else inner


def _clean_cell(markup: str) -> str:
    return _clean_short(markup) if len(markup) <= MOST_KEPT else clean(markup)


@lru_cache(maxsize=1024)
def _clean_short(markup: str) -> str:
    return clean(markup)


def _plain(values: Any) -> bool:
    return all(one.type not in ("function", "url", "error", "() block", "[] block", "{} block") for one in values)


def _attribute(tag: str, name: str, value: str) -> bool:
    if name in GENERAL:
        return True
    if tag == "a":
        return (name == "href" and LINK.fullmatch(value.strip()) is not None) or name in ("name", "id")
    if tag == "img":
        return name in ("alt", "width", "height") or (name == "src" and PICTURE.fullmatch(value.strip()) is not None)
    return name == ("open" if tag == "details" else "id" if tag in HEADINGS else None)


@lru_cache(maxsize=1)
def _cleaner() -> Any:
    return bleach.Cleaner(tags=TAGS, attributes=_attribute, protocols=("http", "https", "mailto", "data"), strip=True,
                          strip_comments=True, css_sanitizer=_Styles())
