"""Displays of a message: its numbered header lines, and its route as the lines claim it.

A display repeats what is written. It never marks what is forged or where the border is, unless the caller says so
for the worked example.
"""

from __future__ import annotations

from spamlab.kit.inbox import inbox
from spamlab.kit.markup import code, escape, visible
from spamlab.kit.message import LabMessage, Line
from spamlab.kit.show import show
from spamlab.kit.words import say

MOST_ROWS = 50
MOST_HOPS = 9
MOST_ALT = 150
_MOST_TEXT = 1500
_MOST_LETTER = 20_000


def lines(message: str | LabMessage) -> None:
    """Show the header of a message as a table of numbered lines.

    >>> lines("M1")
    """
    shown = _message(message)
    show(lines_html(shown), lines_text(shown))


def lines_html(message: LabMessage) -> str:
    """The table of header lines: number, field, text; header cells, code isolated, everything escaped."""
    heads = "".join(f'<th scope="col">{escape(say(key))}</th>' for key in ("lines-number", "lines-field", "lines-text"))
    rows = "".join(
        f'<tr><th scope="row">{escape(line.number)}</th><td>{code(line.name, most=80)}</td>'
        f'<td>{code(line.text, most=_MOST_TEXT)}</td></tr>' for line in message.fields[:MOST_ROWS])
    table = (f'<table><caption>{escape(say("lines-title", name=message.name))}</caption>'
             f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>")
    return table + "".join(f'<p class="spamlab-quiet">{escape(note)}</p>' for note in _notes(message))


def lines_text(message: LabMessage) -> str:
    """The same as text."""
    rows = [f"{line.number:>3}  {visible(line.name, most=80)}: {visible(line.text, most=_MOST_TEXT)}"
            for line in message.fields[:MOST_ROWS]]
    return "\n".join([say("lines-title", name=message.name), *rows, *_notes(message)])


def show_route(message: str | LabMessage, *, border: int | None = None) -> None:
    """Show the way that the Received lines of a message claim, as a figure and as a table.

    border: only for a worked example: the number of the last line that our own servers wrote; a rule is drawn
    under it.

    >>> show_route("M0")
    """
    shown = _message(message)
    show(route_html(shown, border), route_text(shown, border))


def route_html(message: LabMessage, border: int | None = None) -> str:
    """The figure (SVG with title and description) and, below it, the table with header cells."""
    hops = list(message.received)
    if not hops:
        return f"<p>{escape(say('route-none', name=message.name))}</p>"
    more = f"<p>{escape(say('route-more', shown=MOST_HOPS))}</p>" if len(hops) > MOST_HOPS else ""
    return _svg(message, hops[:MOST_HOPS], border) + more + _route_table(message, hops, border)


def route_text(message: LabMessage, border: int | None = None) -> str:
    """The same as text, newest line on top."""
    hops = list(message.received)
    if not hops:
        return say("route-none", name=message.name)
    rows = [say("route-title", name=message.name)]
    for hop in hops[:MOST_ROWS]:
        name, address, by, time, utc = _claimed(hop)
        rows.append(f"{say('route-line', number=hop.number)}: {name} [{address}] -> {by}; {time}; {utc}")
        if border is not None and hop.number == str(border):
            rows.append(f"--- {say('route-border')} ---")
    return "\n".join([*rows, say("route-note")])


def show_text(text: str) -> None:
    """Show plain text, such as a letter, in a box that breaks its lines between words.

    >>> show_text("To: abuse@sender.example")
    """
    shown = str(text)
    show(f'<pre class="spamlab-text" dir="auto">{escape(shown, lines=True, joiners=True, most=_MOST_LETTER)}</pre>',
         visible(shown, lines=True, joiners=True, most=_MOST_LETTER))


def alt_text(message: LabMessage) -> str:
    """What the figure says in at most 150 characters, control signs made visible."""
    hops = list(message.received)
    if not hops:
        return say("route-alt-none", name=visible(message.name, most=20))[:MOST_ALT]
    first, last = hops[-1].claims, hops[0].claims
    for length in (40, 24, 12, 6):
        origin, end = first.from_name or first.from_address or "-", last.by or "-"
        text = say("route-alt", n=len(hops), name=_short(message.name, 12), first=_short(origin, length),
                   last=_short(end, length))
        if len(text) <= MOST_ALT:
            return text
    return text[:MOST_ALT]


def _message(message: str | LabMessage) -> LabMessage:
    return message if isinstance(message, LabMessage) else inbox().message(message)


def _notes(message: LabMessage) -> list[str]:
    notes = [say("lines-zero")] if message.received.zero is not None else []
    left = len(message.fields) - MOST_ROWS
    return notes + ([say("lines-cut", n=left)] if left > 0 else [])


def _claimed(hop: Line) -> tuple[str, str, str, str, str]:
    """Name, address, by, time as written, time in UTC: visible, "not said" where the line is silent."""
    claims, nothing = hop.claims, say("route-nothing")
    utc = claims.utc.strftime("%Y-%m-%d %H:%M:%S") if claims.utc is not None else nothing
    return (visible(claims.from_name, most=200) or nothing, visible(claims.from_address, most=60) or nothing,
            visible(claims.by, most=200) or nothing, visible(claims.date_text, most=100) or nothing, utc)


def _short(text: str, most: int) -> str:
    text = visible(text, most=400)
    return text if len(text) <= most else text[: most - 1] + "…"


def _route_table(message: LabMessage, hops: list[Line], border: int | None) -> str:
    heads = "".join(f'<th scope="col">{escape(say(key))}</th>'
                    for key in ("lines-number", "route-col-name", "route-col-address", "route-col-by",
                                "route-col-time", "route-col-utc"))
    rows = ""
    for hop in hops[:MOST_ROWS]:
        cells = "".join(f"<td>{code(cell)}</td>" for cell in _claimed(hop))
        rows += f'<tr><th scope="row">{escape(hop.number)}</th>{cells}</tr>'
        if border is not None and hop.number == str(border):
            rows += f'<tr><td colspan="6"><strong>{escape(say("route-border"))}</strong></td></tr>'
    caption = escape(say("route-title", name=message.name))
    return (f'<div class="spamlab-scroll"><table><caption>{caption}</caption><thead><tr>{heads}</tr></thead>'
            f'<tbody>{rows}</tbody></table></div><p class="spamlab-quiet">{escape(say("route-note"))}</p>')


_WIDTH, _ROW, _TOP, _GAP = 820, 64, 40, 34


def _svg(message: LabMessage, hops: list[Line], border: int | None) -> str:
    """One row a line, newest on top: what it says the message came from, an arrow, what it says took it."""
    gap = _GAP if border is not None and any(hop.number == str(border) for hop in hops) else 0
    height = _TOP + _ROW * len(hops) + gap + 12
    key = "".join(sign for sign in message.name if sign.isascii() and sign.isalnum()) or "m"
    parts = [
        f'<svg role="img" aria-labelledby="route-{key}-t route-{key}-d" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" xmlns="http://www.w3.org/2000/svg" direction="ltr" '
        f'font-family="sans-serif" font-size="14" fill="#111">',
        f'<title id="route-{key}-t">{escape(say("route-title", name=message.name))}</title>',
        f'<desc id="route-{key}-d">{escape(alt_text(message))}</desc>',
        f'<text x="130" y="24" font-size="13" fill="#444">{escape(say("route-from"))}</text>',
        f'<text x="500" y="24" font-size="13" fill="#444">{escape(say("route-by"))}</text>',
        f'<path d="M24 {height - 14} V{_TOP + 6} M18 {_TOP + 16} L24 {_TOP + 4} L30 {_TOP + 16}" '
        'fill="none" stroke="#444" stroke-width="2"/>',
        f'<text transform="translate(16 {height - 18}) rotate(-90)" font-size="12" fill="#444">'
        f'{escape(say("route-travel")) if len(hops) > 1 else ""}</text>',
    ]
    below = 0
    for place, hop in enumerate(hops):
        name, address, by, _time, utc = _claimed(hop)
        y = _TOP + place * _ROW + below
        parts += [
            f'<text x="44" y="{y + 31}" font-weight="bold">{escape(say("route-line", number=hop.number))}</text>',
            _rect(130, y + 4, 300), _text(142, y + 22, _short(name, 34)),
            _text(142, y + 42, f"[{_short(address, 36)}]"),
            f'<path d="M434 {y + 28} H490 M482 {y + 22} L492 {y + 28} L482 {y + 34}" fill="none" stroke="#111" '
            'stroke-width="2"/>',
            _rect(500, y + 4, 300), _text(512, y + 22, _short(by, 34)),
            _text(512, y + 42, f"{utc} UTC" if utc != say("route-nothing") else utc),
        ]
        if border is not None and hop.number == str(border):
            below = _GAP
            parts += [f'<path d="M44 {y + _ROW + 2} H800" stroke="#111" stroke-width="4" stroke-dasharray="12 5" '
                      'fill="none"/>',
                      f'<text x="44" y="{y + _ROW + 20}" font-weight="bold">{escape(say("route-border"))}</text>']
    return "".join([*parts, "</svg>"])


def _rect(x: int, y: int, width: int) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="48" rx="4" fill="#f4f4f4" stroke="#333" stroke-width="1.5"/>'


def _text(x: int, y: int, text: str) -> str:
    return (f'<text x="{x}" y="{y}" font-family="monospace" font-size="13" direction="ltr" '
            f'unicode-bidi="isolate">{escape(text)}</text>')
