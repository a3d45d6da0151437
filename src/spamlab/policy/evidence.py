"""What is known: the rows of evidence that the simulator and the labs cite by id, and their page in the docs.

Does not belong here: what the simulator makes of them (facts.py).
`python -m spamlab.policy.evidence [FILE]` writes docs/policy/evidence.md of the source tree, or FILE.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from spamlab.errors import ContentError, UsageError
from spamlab.policy.pages import table, write_page
from spamlab.shipped import default_folder

TOPICS: Mapping[str, str] = {
    "email": "E-mail: what spamming earns and costs",
    "takedown": "Takedowns",
    "networks": "Providers, bots and outbound port 25",
    "law": "Law and enforcement",
    "sms": "Text messages",
    "voice": "Calls",
    "people": "People",
    "costs": "What measures cost",
}
"""Topic -> title on the page."""
SEEN: Mapping[str, str] = {
    "text": "read in the source's text or abstract", "report": "read in a report that quotes the source",
    "memory": "from memory, not re-read"}
"""How a figure was seen -> what the page says."""
CONFIDENCE = ("high", "medium", "low")
_TEXTS = ("id", "topic", "figure", "source", "confidence")
_ID = re.compile(r"[A-Z][1-9][0-9]?")


@dataclass(frozen=True)
class Evidence:
    """One row. id: a letter and a number. topic: of `TOPICS`. figure: one sentence of ours with its numbers.

    source: author, title, year and section where given. seen: of `SEEN`. from_memory: which part of the figure is from
    memory although the rest was read, else empty. confidence: of `CONFIDENCE`, for the number. caution: what a reader
    must know before using it, else empty.
    """

    id: str
    topic: str
    figure: str
    source: str
    seen: tuple[str, ...]
    confidence: str
    from_memory: str = ""
    caution: str = ""

    @property
    def provenance(self) -> str:
        """How it was seen, in words; "from memory, not re-read" wherever memory has a part in it."""
        told = ", ".join(SEEN[way] for way in self.seen)
        return f"{told}; {SEEN['memory']}: {self.from_memory}" if self.from_memory else told


def read_evidence(folder: Path | None = None) -> Mapping[str, Evidence]:
    """Every row of evidence.toml in `folder` (else of datasets/policy), by id, in the order of the file.

    Raises UsageError where the file can't be read, ContentError with all its faults, one a line.
    """
    return _read(folder or default_folder("datasets") / "policy")


@cache
def _read(folder: Path) -> Mapping[str, Evidence]:
    path = folder / "evidence.toml"
    read = read_table(path)
    faults = list(_faults(read))
    if faults:
        raise ContentError("\n".join(f"{path.name}: {fault}" for fault in faults))
    rows = (Evidence(**{**row, "seen": tuple(row["seen"])}) for row in read["evidence"])
    return MappingProxyType({row.id: row for row in rows})


def read_table(path: Path) -> dict[str, Any]:
    """The TOML file `path`. Raises UsageError where it can't be read, ContentError where it is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} can't be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path.name}: this is not TOML: {error}") from None


def _faults(read: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(set(read) - {"evidence"}):
        yield f"the key {key} has no meaning; allowed: [[evidence]]"
    rows = read.get("evidence")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        yield "there is no [[evidence]]"
        return
    known: set[str] = set()
    for number, row in enumerate(rows, 1):
        name = row.get("id", f"row {number}")
        yield from (f"{name}: {fault}" for fault in _row_faults(row))
        if name in known:
            yield f"{name}: the id stands twice"
        known.add(name)


def _row_faults(row: Mapping[str, Any]) -> Iterator[str]:
    allowed = (*_TEXTS, "seen", "from_memory", "caution")
    for key in sorted(set(row) - set(allowed)):
        yield f"the key {key} has no meaning; allowed: {', '.join(allowed)}"
    for key in (*_TEXTS, *({"from_memory", "caution"} & set(row))):
        if not isinstance(row.get(key), str) or not row[key]:
            yield f"{key} must be a text"
    if isinstance(row.get("id"), str) and not _ID.fullmatch(row["id"]):
        yield "id must be a capital letter and a number, such as E1"
    for key, choices in (("topic", tuple(TOPICS)), ("confidence", CONFIDENCE)):
        if isinstance(row.get(key), str) and row[key] and row[key] not in choices:
            yield f"{key} is {row[key]!r}; allowed: {', '.join(choices)}"
    seen = row.get("seen")
    if not isinstance(seen, list) or not seen or not all(way in SEEN for way in seen):
        yield f"seen must be a list of: {', '.join(SEEN)}"
    elif "memory" in seen and row.get("from_memory"):
        yield "from_memory has no meaning where all is from memory"


def page(rows: Mapping[str, Evidence]) -> str:
    """The page of all rows, a table for each topic."""
    memory = sum("memory" in row.seen for row in rows.values())
    part = sum(bool(row.from_memory) for row in rows.values())
    lines = [
        "# What is known", "",
        "Written by `python -m spamlab.policy.evidence` from `datasets/policy/evidence.toml`. Labs and the simulator "
        "cite a row by its id. Counts of complaints, of blocked messages and of calls as firms estimate them are not "
        "counts of spam received: never set one from another.", "",
        f"{len(rows)} rows; {memory} are from memory and were not re-read, {part} more are so in a part. Check those "
        "in the source before you print them. Confidence is that of the number, not of the author."]
    for topic, title in TOPICS.items():
        body = [(row.id, row.figure, row.source, row.provenance, row.confidence, row.caution)
                for row in rows.values() if row.topic == topic]
        lines += ["", f"## {title}", "",
                  *table(("Row", "What was found", "Source", "How it was seen", "Confidence", "Caution"), body)]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page; the exit status, and a sentence where it can't be."""
    return write_page(lambda path: path.write_text(page(read_evidence()), encoding="utf-8"),
                      default_folder("datasets").parent / "docs" / "policy" / "evidence.md", arguments)


if __name__ == "__main__":
    sys.exit(main())
