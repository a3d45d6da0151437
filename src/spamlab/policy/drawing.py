"""How the figures of policies look: colours, axes, bars, intervals, legends, numbers, and how one goes to a file.

Colours are those of Okabe and Ito, which people with any colour vision can tell apart; a hatch, a dash or a marker says
the same again, for print in grey. Does not belong here: what a figure shows (figures.py).
"""

from __future__ import annotations

import errno
import html
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spamlab.errors import MachineError, UsageError

Array = NDArray[np.float64]
MOST_ALT = 150
WEEKS_A_YEAR = 52
INTERVAL = (5.0, 50.0, 95.0)
"""Percentiles of the draws: the ends of the 90 % interval, and the median between them."""
INK, QUIET, LINE = "#1a1a1a", "#5f6368", "#dddddd"
ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILLION = "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00"
"""Okabe and Ito, Color Universal Design (2008)."""
FORMS = (".svg", ".png", ".pdf")
_BETTER, _WORSE, _OPEN = (GREEN, ""), (VERMILLION, "///"), ("#ffffff", "...")
"""Colour and hatch of a bar whose interval is on the good side of 0, on the bad side, or on both."""


class Drawn(NamedTuple):
    """A figure and what stands beside it. alt: its message, at most 150 characters. heads, rows: its numbers."""

    figure: Any
    title: str
    alt: str
    heads: list[str]
    rows: list[list[str]]


def check_place(out: str | Path) -> Path:
    """Where a figure goes. Raises UsageError for another end than those in FORMS, a folder, or a folder not there."""
    path = Path(out)
    if path.suffix not in FORMS or path.name == path.suffix:
        raise UsageError(f"the name of the figure's file must end in {', '.join(FORMS)}: {out}")
    if path.is_dir():
        raise UsageError(f"{out} is a folder, not a file")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}")
    return path


def write_picture(drawn: Drawn, out: str | Path) -> Path:
    """Write a figure to a file with its alt text, whole or not at all; its end says the form: .svg, .png, .pdf.

    Text stays text in an SVG or PDF. Raises UsageError as `check_place` does, MachineError where it can't be written.
    """
    from matplotlib import rc_context

    path = check_place(out)
    # Beside a notebook's figure its title is text; in a file it stands over the legend, which keeps its room free.
    for legend in drawn.figure.legends[:1]:
        legend.set_title(drawn.title, prop={"size": 12, "weight": "bold"})
        legend.set_alignment("left")
    spare = path.with_name(f".{os.getpid()}{path.suffix}.new")
    try:
        with rc_context({"svg.fonttype": "none", "svg.hashsalt": "spamlab", "pdf.fonttype": 42}):
            drawn.figure.savefig(spare, format=path.suffix[1:], dpi=150, metadata=_metadata(drawn, path.suffix))
        if path.suffix == ".svg":
            named = f'<svg role="img" aria-label="{html.escape(drawn.alt, quote=True)}" '
            spare.write_text(spare.read_text(encoding="utf-8").replace("<svg ", named, 1), encoding="utf-8")
        os.replace(spare, path)
    except OSError as error:
        why = "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else error.strerror or str(error)
        raise MachineError(f"{out} can't be written: {why}; nothing was left behind") from None
    finally:
        with suppress(OSError):
            spare.unlink(missing_ok=True)
    return path


def _metadata(drawn: Drawn, suffix: str) -> dict[str, Any]:
    """Title and alt text under each form's names; no date and no program: the same figure is the same file."""
    return {".svg": {"Title": drawn.title, "Description": drawn.alt, "Date": None, "Creator": None},
            ".png": {"Title": drawn.title, "Description": drawn.alt, "Software": None},
            ".pdf": {"Title": drawn.title, "Subject": drawn.alt, "CreationDate": None, "Creator": None,
                     "Producer": None}}[suffix]


def new_axes(deep: int, wide: int, *, width: float = 8.6, height: float = 3.4,
             width_ratios: Sequence[float] | None = None, height_ratios: Sequence[float] | None = None,
             sharex: bool = False, sharey: bool = False) -> tuple[Any, Any]:
    """A figure in inches and its axes, without a window and without a state that others share."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    made = figure.subplots(deep, wide, sharex=sharex, sharey=sharey, squeeze=True,
                           gridspec_kw={"width_ratios": width_ratios, "height_ratios": height_ratios})
    for axes in np.atleast_1d(made).ravel():
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(color=LINE, linewidth=0.8)
        axes.set_axisbelow(True)
    return figure, made


def draw_intervals(axes: Any, spread: Array) -> None:
    """Median and interval of each place, by colour and mark: better, worse, or open."""
    for place, (low, middle, high) in enumerate(spread.T):
        colour, mark = (GREEN, "o") if low > 0 else (VERMILLION, "s") if high < 0 else (INK, "D")
        axes.plot([low, high], [place, place], color=colour, linewidth=2.4, solid_capstyle="butt")
        axes.plot([middle], [place], marker=mark, color=colour, markersize=7, markeredgecolor="#ffffff")


def draw_bars(axes: Any, spread: Array, *, better_is_less: bool = False) -> None:
    """Bars of the medians with the interval as a line; colour and hatch say better, worse or open."""
    for place, (low, middle, high) in enumerate(spread.T):
        up, down = (_WORSE, _BETTER) if better_is_less else (_BETTER, _WORSE)
        colour, hatch = up if low > 0 else down if high < 0 else _OPEN
        axes.barh(place, middle, height=0.6, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.6)
        axes.plot([low, high], [place, place], color=INK, linewidth=1.2)
        axes.plot([low, high], [place, place], color=INK, marker="|", markersize=8, linestyle="none")
    axes.axvline(0, color=INK, linewidth=1)


def bar_legend(figure: Any, better: str, worse: str) -> None:
    from matplotlib.patches import Patch

    kinds = ((_BETTER, better), (_WORSE, worse), (_OPEN, "open: may be either"))
    patches = [Patch(facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.6, label=label)
               for (colour, hatch), label in kinds]
    figure.legend(handles=patches, loc="outside upper left", ncols=3, frameon=False, fontsize=9)


def top_legend(figure: Any, axes: Any, columns: int) -> None:
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper left", ncols=columns, frameon=False, fontsize=9)


def source_line(figure: Any, draws: int | None, seed: int | str | None, note: str) -> None:
    """The line below a figure: what is shown, and that nothing of it was measured in a country."""
    parts = ["simulated, spamlab model", *([f"{draws} draws"] if draws else []),
             *([] if seed is None else [f"seed {seed}"])]
    text = f"{note[:1].upper()}{note[1:]}.\nSource: {', '.join(parts)}." if draws else f"Source: {note}."
    figure.supxlabel(text, x=0.01, ha="left", fontsize=8, color=QUIET)


def year_ticks() -> Any:
    from matplotlib.ticker import MultipleLocator

    return MultipleLocator(WEEKS_A_YEAR)


def money_unit(values: Array) -> tuple[float, str]:
    """A factor from million US dollars to a unit in which the largest value is easy to read, and that unit."""
    most = float(np.abs(values).max(initial=0))
    if most >= 1000:
        return 1e-3, "billion US dollars"
    return (1e3, "thousand US dollars") if 0 < most < 1 else (1.0, "million US dollars")


def in_digits(value: float) -> str:
    """Three digits that count, in plain writing: 1,234 and 12.3 and 0.0123."""
    if not np.isfinite(value):
        return "-"
    digits = 2 - int(np.floor(np.log10(abs(value)))) if value else 0
    text = f"{value:,.{min(max(digits, 0), 9)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_words(spread: Array) -> str:
    """Median and interval: 12 (3 to 20)."""
    low, middle, high = (in_digits(float(one)) for one in spread)
    return f"{middle} ({low} to {high})"


def in_percent(spread: Array) -> str:
    """Median and interval of changes in per cent: -12 (-20 to +3)."""
    low, middle, high = (signed(float(one)) for one in spread)
    return f"{middle} ({low} to {high})"


def signed(value: float) -> str:
    """A change in per cent with its sign; none where it rounds to 0."""
    return "0" if round(value) == 0 else f"{value:+,.0f}"


def alt_text(text: str) -> str:
    """The text as one sentence of at most 150 characters, cut at a word where it is longer."""
    if len(text) >= MOST_ALT:
        text = text[:MOST_ALT - 5].rsplit(" ", 1)[0].rstrip(" ,;(") + " ..."
    return text if text.endswith(".") else f"{text}."
