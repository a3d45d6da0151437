"""A figure of matplotlib in a notebook: with alt text, readable in grey, and with its numbers in a table below it."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

from spamlab.kit.errors import KitError
from spamlab.kit.markup import escape, visible
from spamlab.kit.session import session
from spamlab.kit.show import in_ipython, show
from spamlab.kit.words import say

MOST_ALT = 150
MOST_ROWS = 50
INK, QUIET = "#1a1a1a", "#5f6368"
"""Colours with enough contrast on white, also in grey."""


def new_axes(width: float = 7.0, height: float = 3.4) -> tuple[Any, Any]:
    """A figure of matplotlib and its axes, sized in inches, without a window and without a state that others share."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    return figure, axes


def show_figure(figure: Any, *, title: str, alt: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Show a figure under its title, and its numbers as a table below. In a graded run nothing is drawn.

    figure: of `new_axes`; None shows the table alone. alt: its message in at most 150 characters. heads, rows: the
    numbers. Raises KitError for a figure without alt text.

    >>> figure, axes = new_axes()
    >>> show_figure(figure, title="Found by month", alt="It falls in May.", heads=["month"], rows=[["May"]])
    """
    if figure is not None and not 0 < len(alt.strip()) <= MOST_ALT:
        raise KitError(say("figure-alt", most=MOST_ALT))
    if session().graded:
        return
    picture = picture_html(figure, alt) if figure is not None and in_ipython() else ""
    show(f"<h4>{escape(title)}</h4>{picture}{table_html(heads, rows)}", "\n".join([title, *_lines(heads, rows)]))


def table_html(heads: Sequence[str], rows: Sequence[Sequence[Any]], caption: str = "") -> str:
    """A table with header cells, everything escaped; the first cell of a row is its head."""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(
        "<tr>" + "".join(f'<th scope="row">{_cell(one)}</th>' if place == 0 else f"<td>{_cell(one)}</td>"
                         for place, one in enumerate(row)) + "</tr>" for row in rows[:MOST_ROWS])
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (f'<div class="spamlab-scroll"><table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
            "</div>")


def picture_html(figure: Any, alt: str) -> str:
    """HTML of a figure of `new_axes` with its alt text, as an SVG image."""
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    data = base64.b64encode(file.getvalue().encode()).decode("ascii")
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(alt)}" style="max-width:100%;background:#fff">'


def _cell(one: Any) -> str:
    return f"<bdi>{escape(one, most=300)}</bdi>"


def _lines(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    return ["; ".join(f"{head}: {visible(str(one), most=300)}" for head, one in zip(heads, row, strict=False))
            for row in rows[:MOST_ROWS]]
