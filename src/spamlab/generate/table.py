"""The table of what can be made: each channel, type and language with one sample.

`python -m spamlab.generate.table [FILE]` writes it, as Markdown, to docs/datasets.md of the source tree, or to FILE.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from spamlab.generate.languages import CHANNELS, LABELS, Language, Type, read_language
from spamlab.generate.page import write_page
from spamlab.generate.traffic import Traffic
from spamlab.generate.traffic_recipe import read_traffic_recipe
from spamlab.shipped import default_folder

TITLES = {"email": "E-mail", "sms": "Text messages", "voice": "Calls", "social": "Posts and comments",
          "chat": "Chats and applications"}
LONGEST = 280
"""Characters of a sample that are shown."""
_MARKS = re.compile(r"[\\`*_{}\[\]|<>~&$@#]|:(?=//)|(?<=www)\.", re.IGNORECASE)
"""What Markdown, or a page that shows it, makes more of than its character: marks, links, formulas, people."""


def table(datasets: Path) -> Iterator[str]:
    """The page, line by line."""
    languages = sorted(path.parent for path in (datasets / "languages").glob("*/language.toml"))
    yield "# What can be made"
    yield ""
    yield ("Each type of traffic in each language, with one sample: the first record of seed 1. Written by `python -m "
           "spamlab.generate.table`; a type is a file in `datasets/languages/LANGUAGE/CHANNEL`. Sentences are ours; "
           "names, addresses and numbers are reserved for examples or fiction.")
    for channel in CHANNELS:
        rows = [row for folder in languages for row in _rows(datasets, channel, read_language(folder, channel))]
        if rows:
            yield from ("", f"## {TITLES.get(channel, channel)}", "")
            yield from ("| language | label | type | what it is | sample |", "|---|---|---|---|---|", *rows)


def escaped(text: str) -> str:
    """A text as a cell of a table in Markdown shows it: nothing in it is a mark, and all of it is one line.

    >>> escaped("a|b <b> *c*")
    'a&#124;b &#60;b&#62; &#42;c&#42;'
    """
    plain = " ".join(text.split())
    short = plain if len(plain) <= LONGEST else f"{plain[:LONGEST].rsplit(' ', 1)[0]} …"
    return _MARKS.sub(lambda found: f"&#{ord(found[0])};", short)


def _rows(datasets: Path, channel: str, language: Language) -> Iterator[str]:
    for label in LABELS:
        for one in language.types.get(channel, ()):
            if one.label == label:
                yield (f"| {language.code} | {label} | {one.name} | {escaped(one.about)} | "
                       f"<bdi>{escaped(_sample(datasets, language, one))}</bdi> |")


def _sample(datasets: Path, language: Language, one: Type) -> str:
    recipe = read_traffic_recipe(datasets / "recipes" / f"{one.channel}.toml")
    alone = replace(recipe, languages={language.code: 1.0}, types={one.name: 1.0},
                    spam=float(one.label == "spam"))
    return str(Traffic(alone, {language.code: language}, 1).made(0).record["text"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; the exit status, and a sentence where that can't be."""
    datasets = default_folder("datasets")
    return write_page(lambda out: _write(datasets, out), datasets.parent / "docs" / "datasets.md", arguments)


def _write(datasets: Path, out: Path) -> None:
    out.write_text("\n".join(table(datasets)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
