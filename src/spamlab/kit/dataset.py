"""The participant's sets of records, such as messages to train a filter on: from the judge or a graded run's folder.

A set is a list of plain records with "id", "text" and, where the lab hands labels out, "label". Every tool that takes
a list of records takes it as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

from spamlab.kit import session as where
from spamlab.kit.errors import KitError
from spamlab.kit.http import judge
from spamlab.kit.markup import code, escape, visible
from spamlab.kit.show import framed
from spamlab.kit.words import say

MOST_ROWS = 8
MOST_COLUMNS = 6
_FIRST = ("id", "label", "text")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
_remembered: dict[tuple[str, str, str], list[dict[str, Any]]] = {}


class Records(Sequence[dict[str, Any]]):
    """Records in order. In a notebook a set shows its first rows as a table.

    >>> dataset("train").texts[0]
    >>> dataset("train") + dataset("later")
    """

    def __init__(self, name: str, records: Sequence[Mapping[str, Any]]) -> None:
        self.name = name
        self._records = [dict(one) for one in records]

    @property
    def texts(self) -> list[str]:
        """The text of each record."""
        return [str(one.get("text", "")) for one in self._records]

    @property
    def labels(self) -> list[str]:
        """The label of each record, "spam" or "ham"; KitError for a set that is handed out without."""
        if not all("label" in one for one in self._records):
            raise KitError(say("set-unlabelled", name=visible(self.name, most=40)))
        return [str(one["label"]) for one in self._records]

    def column(self, name: str) -> list[Any]:
        """One field of each record, None where it has none."""
        return [one.get(name) for one in self._records]

    def frame(self) -> Any:
        """The set as a table of pandas."""
        import pandas

        return pandas.DataFrame(self._records)

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, place: slice) -> Records: ...

    def __getitem__(self, place: int | slice) -> dict[str, Any] | Records:
        return Records(self.name, self._records[place]) if isinstance(place, slice) else self._records[place]

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._records)

    def __add__(self, other: Records) -> Records:
        """Both sets, one after the other."""
        return Records(f"{self.name} + {other.name}", [*self._records, *other])

    def _columns(self) -> list[str]:
        found = list(dict.fromkeys(key for one in self._records[:MOST_ROWS] for key in one))
        first = [name for name in _FIRST if name in found]
        return [*first, *(name for name in found if name not in first)][:MOST_COLUMNS]

    def _title(self) -> str:
        title = say("set-title", n=len(self._records), name=visible(self.name, most=80))
        return f"{title} {say('set-cut', shown=MOST_ROWS)}" if len(self._records) > MOST_ROWS else title

    def _repr_html_(self) -> str:
        columns = self._columns()
        heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
        rows = ""
        for one in self._records[:MOST_ROWS]:
            cells = "".join(f"<td>{_cell(name, one.get(name))}</td>" for name in columns[1:])
            rows += f'<tr><th scope="row">{_cell(columns[0], one.get(columns[0]))}</th>{cells}</tr>'
        return framed(f'<div class="spamlab-scroll"><table><caption>{escape(self._title())}</caption>'
                      f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>")

    def __repr__(self) -> str:
        columns = self._columns()
        rows = ["; ".join(f"{name}: {visible(str(one.get(name, '-')), most=100)}" for name in columns)
                for one in self._records[:MOST_ROWS]]
        return "\n".join([self._title(), *rows])


def dataset(name: str) -> Records:
    """The participant's set called `name`. Raises KitError for an unknown one, ServiceAway without a judge.

    >>> dataset("train")
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise KitError(say("set-name"))
    now = where.session()
    if now.graded:
        return Records(name, _from_folder(now.data, name))
    lab = where.lab()
    key = (now.judge_url, lab, name)
    if key not in _remembered:
        given = judge(now).records(lab, name).get("records")
        _remembered[key] = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    return Records(name, _remembered[key])


def _from_folder(folder: Path | None, name: str) -> list[dict[str, Any]]:
    """The set out of a graded run's folder."""
    if folder is None:
        raise KitError(say("data-away"))
    try:
        names = [str(one) for one in json.loads((folder / "items.json").read_text("utf-8")).get("sets", [])]
        if name not in names:
            raise KitError(say("set-unknown", name=name, names=", ".join(names) or "-"))
        with (folder / f"{name}.jsonl").open(encoding="utf-8") as file:
            return [json.loads(line) for line in file]
    except (OSError, ValueError, AttributeError):
        raise KitError(say("data-away")) from None


def _cell(name: str, value: Any) -> str:
    if name in ("text", "id"):
        return f"<bdi>{escape(value, most=300)}</bdi>"
    return "" if value is None else code(value, most=60)
