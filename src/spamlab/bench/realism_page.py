"""The page of the realism figures in the docs, with the curves of vocabulary drawn beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spamlab.bench.page import table
from spamlab.bench.rows import Row

_HEAD = """# How true to life the texts are

Written by `spamlab bench realism --markdown docs/bench/realism.md`, with real corpora that are not part of the project.
A filter is trained on generated texts and tested on real ones; the same kinds of filter, trained on the real corpus
itself and tested on what they were not trained on, are the ceiling. AUC is the chance that a spam is ranked above a
wanted message; F1 at the matched share calls as many messages spam as there are. What a figure is measured against
stands in its row. A figure that misses its goal is in the table too.

"""


@dataclass(frozen=True)
class Curve:
    """Different words after so many words of one source. at, grown: as long as one another."""

    channel: str
    language: str
    label: str
    source: str
    at: Sequence[int]
    grown: Sequence[int]


@dataclass
class Page:
    """What is told beside the rows. types: cells of a line for each type."""

    types: list[tuple[str, ...]] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)


def write_page(path: Path, rows: Sequence[Row], page: Page) -> None:
    """Write the page and, beside it, a figure for each channel and language that has curves."""
    lines = table(rows)
    lines += ["", "## By type", "", "Repeats: share of 500 texts half of whose runs of four words stood in an earlier "
              "one.", "", "| channel | language | label | type | texts | words in the median text | different words | "
              "repeats |", "| --- | --- | --- | --- | ---: | ---: | ---: | ---: |"]
    lines += [f"| {' | '.join(cells)} |" for cells in page.types]
    lines += ["", "## How the vocabulary grows", ""]
    for channel, language in dict.fromkeys((one.channel, one.language) for one in page.curves):
        curves = [one for one in page.curves if (one.channel, one.language) == (channel, language) and one.at]
        if curves:
            image = path.with_name(f"{path.stem}-{channel}-{language}.svg")
            _draw(image, curves)
            ends = "; ".join(f"{one.source} {one.label}: {one.grown[-1]} of {one.at[-1]}" for one in curves)
            lines += [f"![Different words against words read, {channel} ({language}). {ends}]({image.name})", ""]
    path.write_text(_HEAD + "\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _draw(path: Path, curves: Sequence[Curve]) -> None:
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams["svg.hashsalt"] = "spamlab"  # the same figures give the same file
    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.add_subplot()
    for curve in curves:
        axes.plot(curve.at, curve.grown, marker="o" if curve.label == "ham" else "s",
                  linestyle="-" if curve.source == "synthetic" else "--", label=f"{curve.source}, {curve.label}")
    axes.set(xscale="log", yscale="log", xlabel="words read", ylabel="different words",
             title=f"{curves[0].channel} ({curves[0].language})")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, metadata={"Date": None})
