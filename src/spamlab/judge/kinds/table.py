"""Table: cells filled by choice or by a short text, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from spamlab.judge.catalogue import say
from spamlab.judge.kinds.base import Plain
from spamlab.judge.kinds.choices import Offer, as_options, find, named, offered
from spamlab.judge.kinds.reading import address_of, key_of, plain
from spamlab.judge.question import FormError, Item

_MOST_SIGNS = 300
Column = tuple[str, str, Offer | None]


@dataclass(frozen=True)
class Table(Plain):
    """{row: {column: value}}; a row may also be named by its label.

    rows: Item -> pairs of key and label. columns: triples of key, label and choices (None: a short text,
    compared without case, outer quotes and a full stop at its end).

    Share: the mean over rows of the share of right cells.
    """

    name: ClassVar[str] = "table"
    rows: Offer
    columns: Sequence[Column]

    def parse(self, given: Any, item: Item) -> dict[str, dict[str, Any]]:
        """Every cell of every row. FormError: no table, unknown row or column, an empty cell, no such choice."""
        rows = [str(key) for key, _label in offered(self.rows, item)]
        columns = [str(column[0]) for column in self.columns]
        if not isinstance(given, Mapping) or not all(isinstance(row, Mapping | None) for row in given.values()):
            raise FormError(say("form-table"))
        labels = self.row_labels(item)
        table = _named(given, rows, labels)
        read: dict[str, dict[str, Any]] = {}
        empty: FormError | None = None
        for row in rows:
            cells = _named(table.get(row) or {}, columns)
            read[row] = {}
            for column in self.columns:
                value = cells.get(column[0])
                if value is None or value == "":
                    empty = empty or FormError(say("form-cell", row=labels[row], column=column[1]))
                else:
                    read[row][column[0]] = _cell(value, labels[row], column, item)
        if empty is not None:
            empty.partial = read
            raise empty
        return read

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """The share of right cells; the sentence counts them and names the rows that are complete."""
        if self.same(right, given):
            return 1.0, ""
        shares, good, cells, complete = [], 0, 0, []
        for row, wanted in right.items():
            hits = sum(1 for column, value in wanted.items()
                       if column in given.get(row, {}) and self.same(value, given[row][column]))
            good, cells = good + hits, cells + len(wanted)
            shares.append(hits / len(wanted))
            if hits == len(wanted):
                complete.append(row)
        share = min(sum(shares) / len(shares), 0.99)
        if complete:
            labels = self.row_labels(item)
            whole = ", ".join(labels.get(row, row) for row in complete)
            return share, say("part-table-rows", right=good, cells=cells, rows=whole)
        return share, say("part-table", right=good, cells=cells)

    def row_labels(self, item: Item) -> dict[str, str]:
        """What a participant reads at the head of each row."""
        return {str(row): str(label) for row, label in offered(self.rows, item)}

    def form(self, item: Item) -> dict[str, Any]:
        """One field for each cell, with its row and column."""
        fields = []
        for row, row_label in offered(self.rows, item):
            for column, label, choices in self.columns:
                fields.append({
                    "name": f"{row}.{column}", "label": f"{row_label}: {label}", "row": str(row), "column": column,
                    "row_label": row_label, "column_label": label,
                    "widget": "text" if choices is None else "choice",
                    "options": [] if choices is None else as_options(offered(choices, item))})
        return {"shape": "table", "fields": fields}


def _named(given: Mapping[Any, Any], names: list[str], labels: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The mapping by the names (or labels) asked for, whatever their case; FormError for one not asked for."""
    by_key = {key_of(label): name for name, label in (labels or {}).items()} | {key_of(name): name for name in names}
    read = {}
    for name, value in given.items():
        if key_of(name) not in by_key:
            raise FormError(say("form-unknown", name=str(name)[:40]))
        read[by_key[key_of(name)]] = value
    return read


def _cell(value: Any, row: str, column: Column, item: Item) -> Any:
    _key, label, choices = column
    if choices is None:
        if isinstance(value, list | dict) or len(str(value)) > _MOST_SIGNS:
            raise FormError(say("form-single"))
        return address_of(str(value)) or plain(str(value)) if not isinstance(value, bool) else key_of(value)
    pairs = offered(choices, item)
    found = find(value, pairs)
    if found is None:
        raise FormError(say("form-cell-choice", row=row, column=label, choices=named(pairs)))
    return found
