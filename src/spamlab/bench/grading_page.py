"""docs/bench/grading.md, from the rows of a run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from spamlab.bench.rows import Row

BEGIN, END = "<!-- figures: {name} -->", "<!-- end of figures: {name} -->"
COMMANDS = {"compare": "spamlab bench grading --markdown docs/bench/grading.md",
            "many": "spamlab bench grading --many 1000 --markdown docs/bench/grading.md"}


def write_page(page: Path, rows: Sequence[Row], many: int) -> None:
    """Put the figures of a run into their place in the page, which is otherwise left as it is."""
    name = "many" if many else "compare"
    begin, end = BEGIN.format(name=name), END.format(name=name)
    given = page.read_text(encoding="utf-8") if page.is_file() else f"# Grading\n\n{begin}\n{end}\n"
    if begin not in given or end not in given:
        given += f"\n{begin}\n{end}\n"
    body = "\n".join([begin, *table(rows), end])
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: body, given, flags=re.DOTALL),
                    encoding="utf-8")


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
