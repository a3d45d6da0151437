"""The gradebook's scores for the page and the CSV file, read anew only when the gradebook has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from spamlab.content.identity import Workshop
from spamlab.errors import SpamlabError


@dataclass(frozen=True)
class Line:
    """One participant's line: a text for each lab."""

    participant: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The table of scores; `sentence` says why there are no rows."""

    labs: tuple[str, ...] = ()
    rows: tuple[Line, ...] = ()
    sentence: str = "Nothing is graded yet."


@dataclass
class Scores:
    """What was read last: rows with `participant`, `lab`, `score`, `max`, `submitted` and `needs_manual_grade`."""

    stamp: tuple[int, ...] = ()
    rows: Sequence[dict[str, Any]] = field(default_factory=list)
    trouble: str = ""

    def table(self, workshop: Workshop) -> Table:
        """The scores of every participant of the workshop."""
        if self.trouble:
            return Table(sentence=self.trouble)
        graded = {(str(row["participant"]), str(row["lab"])): row for row in self.rows}
        labs = tuple(
            lab
            for lab in workshop.labs
            if any(one for key, one in graded.items() if key[1] == lab and one.get("submitted", True))
        )
        if not labs:
            return Table()
        rows = tuple(
            Line(participant, tuple(score_text(graded.get((participant, lab))) for lab in labs))
            for participant in workshop.participants
        )
        return Table(labs, rows)

    def csv_rows(self, workshop: Workshop) -> list[list[str]]:
        """Head and lines of the CSV file, with no text that a spreadsheet would take for a formula."""
        lines = [["participant", "lab", "score", "max", "waits for a person"]]
        for row in self.rows:
            waits = "yes" if row.get("needs_manual_grade") else "no"
            lines.append(
                [plain(row["participant"]), plain(row["lab"]), number(row["score"]), number(row["max"]), waits]
            )
        return lines


def read_scores(workshop: Workshop, known: Scores) -> Scores:
    """`known`, read anew from the gradebook if that has changed."""
    from spamlab.grading import steps
    from spamlab.grading.course import gradebook_stamp

    stamp = known.stamp
    try:
        stamp = gradebook_stamp(workshop)
        if not stamp or stamp == known.stamp:
            return known
        known.rows = steps.export_scores(workshop)
        known.trouble = ""
    except SpamlabError as error:
        known.trouble = f"The gradebook can't be read: {error}"
    known.stamp = stamp
    return known


def score_text(row: dict[str, Any] | None) -> str:
    """A score as it is shown."""
    if row is None or not row.get("submitted", True):
        return "–"
    return f"{number(row['score'])} of {number(row['max'])}" + (
        ", a part waits for a person" if row.get("needs_manual_grade") else ""
    )


def number(value: Any) -> str:
    """A number without needless zeros; "" for None."""
    return "" if value is None else f"{float(value):.2f}".rstrip("0").rstrip(".")


def plain(value: Any) -> str:
    """A text that no spreadsheet takes for a formula."""
    text = str(value)
    return "'" + text if text[:1] in "=+-@\t\r" else text
