"""Pages of the docs with figures: the rows of a run, each run in its own place, and the machine that they are of."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from spamlab.bench.rows import Row

BEGIN, END = "<!-- figures: {name} -->", "<!-- end of figures: {name} -->"


def put_figures(page: Path, name: str, lines: Sequence[str]) -> None:
    """Put lines into the place called `name` in the page, which is otherwise left as it is."""
    begin, end = BEGIN.format(name=name), END.format(name=name)
    given = page.read_text(encoding="utf-8") if page.is_file() else f"# Figures\n\n{begin}\n{end}\n"
    if begin not in given or end not in given:
        given += f"\n{begin}\n{end}\n"
    body = "\n".join([begin, *lines, end])
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: body, given, flags=re.DOTALL),
                    encoding="utf-8")


def machine(*packages: str) -> Row:
    """Where it is measured: cores, versions of Python and of these packages, how busy it is beside the bench."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    names = ", ".join(f"{name} {version(name)}" for name in packages)
    return Row("machine", cores, "cores", f"Python {platform.python_version()}, {names}, {platform.machine()}, load "
               f"{os.getloadavg()[0]:.1f} at the start", None, "said with every figure", True)


def table(rows: Sequence[Row]) -> list[str]:
    """The rows as a table in markdown, the machine in a sentence above it."""
    lines = [f"Measured on {row.value:g} {row.unit}: {row.against}.\n" for row in rows if row.what == "machine"]
    lines += ["| what | value | against | ratio | goal | holds |", "| --- | ---: | --- | ---: | --- | --- |"]
    for row in rows:
        if row.what == "machine":
            continue
        ratio = "" if row.ratio is None else f"{row.ratio:g}"
        holds = "" if row.goal == "shown" else "yes" if row.holds else "**no**"
        lines.append(f"| {row.what} | {row.value:g} {row.unit} | {row.against} | {ratio} | {row.goal} | {holds} |")
    return lines
