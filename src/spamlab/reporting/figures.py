"""Small figures as SVG: a bar or a point for each row with its interval, readable in grey and by a screen reader.

Inline SVG with attributes alone, so that a page with a strict content policy can show it. The same figures always
stand in a table too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LEFT, RIGHT, ROW, TOP, BOTTOM = 560, 58, 152, 26, 8, 34
Across = Callable[[float], float]
"""A value's place on the axis, in the figure's units from the left."""
INK, BAR, LINE, SOFT = "#1b1f24", "#7f9cc0", "#b9c1ca", "#4d5661"


@dataclass(frozen=True)
class Mark:
    """One row: its label, its value with interval, and what is written at its end; value None for "no figure"."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""


def interval_chart(
    name: str, title: str, text: str, marks: Sequence[Mark], *, low: float, high: float, step: float, per_cent: bool,
) -> str:
    """A chart of bars from zero with their intervals, as an <svg> element.

    name: unique on the page, for ids. title, text: what it is and what it shows, for who can't see it. low, high,
    step: the axis. Values outside the axis are drawn at its end.
    """
    height = TOP + ROW * len(marks) + BOTTOM

    def across(value: float) -> float:
        kept = min(high, max(low, value))
        return round(LEFT + (kept - low) / (high - low) * (WIDTH - LEFT - RIGHT), 1)

    parts = [
        f'<svg class="figure" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="{escape(name)}-title {escape(name)}-text" xmlns="http://www.w3.org/2000/svg" '
        'font-family="system-ui, Noto Sans, DejaVu Sans, sans-serif" font-size="13">',
        f'<title id="{escape(name)}-title">{escape(title)}</title><desc id="{escape(name)}-text">{escape(text)}</desc>']
    bottom = TOP + ROW * len(marks)
    for count in range(round((high - low) / step) + 1):
        at = low + count * step
        parts.append(f'<line x1="{across(at)}" y1="{TOP}" x2="{across(at)}" y2="{bottom}" stroke="{LINE}"/>')
        shown = f"{at * 100:.0f} %" if per_cent else f"{at:g}".replace("-", "−")
        parts.append(f'<text x="{across(at)}" y="{bottom + 18}" fill="{SOFT}" text-anchor="middle">{shown}</text>')
    zero = across(0)
    parts.append(f'<line x1="{zero}" y1="{TOP}" x2="{zero}" y2="{bottom}" stroke="{INK}" stroke-width="1.5"/>')
    for index, mark in enumerate(marks):
        parts += _row(mark, TOP + ROW * index + ROW / 2, across)
    parts.append("</svg>")
    return "".join(parts)


def _row(mark: Mark, middle: float, across: Across) -> list[str]:
    parts = [f'<text x="{LEFT - 8}" y="{middle + 4.5}" fill="{INK}" text-anchor="end">{escape(mark.label[:12])}</text>']
    note = mark.note
    if mark.value is None:
        note = note or "no figure yet"
    else:
        begin, end = sorted((across(0), across(mark.value)))
        parts.append(f'<rect x="{begin}" y="{middle - 7}" width="{round(end - begin, 1)}" height="14" fill="{BAR}"/>')
        if mark.low is not None and mark.high is not None:
            first, last = across(mark.low), across(mark.high)
            parts.append(f'<path d="M{first} {middle}H{last}M{first} {middle - 5}v10M{last} {middle - 5}v10" '
                         f'stroke="{INK}" stroke-width="1.5" fill="none"/>')
        parts.append(f'<circle cx="{across(mark.value)}" cy="{middle}" r="3.5" fill="{INK}"/>')
    parts.append(f'<text x="{WIDTH - RIGHT + 10}" y="{middle + 4.5}" fill="{INK}">{escape(note)}</text>')
    return parts
