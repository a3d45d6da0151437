"""The ledger of what was tried, saved, hinted and earned: only ever added to, in SQLite or in PostgreSQL.

Several threads and processes may write at once (one transaction an entry; SQLite with a write-ahead log). Triggers
refuse a change or removal of an entry. The ledger keeps codes and answers, never sentences and never truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, literal, select

from spamlab.content.identity import Workshop
from spamlab.judge.base import COLUMNS, Base
from spamlab.judge.entries import Entry, Event

COUNTED = ("right", "part", "mistake", "wrong", "error")
"""States that count as a real attempt; an error of form does not."""

_TWIN = "-twin"


@dataclass(frozen=True)
class Progress:
    """Where one participant stands with one question.

    state: "new", "asked", "right" once right, else that of the last try or save. attempts: real ones.
    wrong: real attempts that were not right. hints: steps opened. first_asked, last_attempt, last_hint: UTC or "".
    """

    state: str = "new"
    attempts: int = 0
    wrong: int = 0
    hints: tuple[int, ...] = ()
    first_asked: str = ""
    first_attempt: str = ""
    last_hint: str = ""


class Ledger:
    """The ledger in one SQLite file or one PostgreSQL database, made where it is missing; safe from several threads."""

    def __init__(self, where: Path | str, *, timeout: float = 30) -> None:
        """Open it.

        where: the file, or a database's address (sqlite:////..., postgresql+psycopg://...). timeout: seconds for which
        a lock of another writer is waited for. Raises ServiceError where it can't be opened or is no ledger.
        """
        self._base = Base(where, timeout)
        self._table = self._base.table
        self._insert = insert(self._table)
        self._text = str(self._insert.compile(self._base.engine, column_keys=COLUMNS)) if self._base.is_file else ""
        self._asked: dict[tuple[tuple[str, ...], bool], Select[Any]] = {}
        self._last: Select[Any] | None = None

    @property
    def path(self) -> Path | None:
        """The SQLite file; None for PostgreSQL."""
        return self._base.path

    def close(self) -> None:
        """Close the database; the ledger can't be used after."""
        self._base.close()

    def record(self, entry: Entry) -> int:
        """Add one entry; its number. Raises ServiceError where it can't be written (a full disk)."""
        values = _values(entry)
        with self._base.single("written") as base:
            if self._text:  # the statement as text: SQLAlchemy's own way to it takes as long as SQLite's whole work
                return int(base.exec_driver_sql(self._text, values).lastrowid or 0)
            written = base.execute(self._insert.returning(self._table.c.id), _named(values))
            return int(written.scalar_one())

    def record_all(self, entries: Iterable[Entry]) -> int:
        """Add entries in one transaction, all or none; how many. Raises ServiceError as `record` does."""
        rows = [_values(entry) for entry in entries]
        if rows:
            with self._base.whole() as base:
                if self._text:
                    base.exec_driver_sql(self._text, rows)
                else:
                    base.execute(self._insert, [_named(row) for row in rows])
        return len(rows)

    def entries(
        self, *, participant: str | None = None, lab: str | None = None, question: str | None = None,
        event: Event | None = None, answers: bool = True,
    ) -> list[Entry]:
        """Entries in the order in which they were written, those that fit all that is given.

        answers: False leaves every answer "", which is far less to read.
        """
        asked = {"participant": participant, "lab": lab, "question": question, "event": event}
        given = {name: value for name, value in asked.items() if value is not None}
        return [_entry(row) for row in self._read(self._select(tuple(given), answers), given)]

    def count(self) -> int:
        """How many entries there are."""
        return int(self._read(select(func.count()).select_from(self._table), {})[0][0])

    def saved(self, participant: str, lab: str, question: str, *, events: tuple[Event, ...] = ("tried", "saved"),
              ) -> str | None:
        """The JSON text of the last answer that could be read, or None."""
        found = [entry for entry in self.entries(participant=participant, lab=lab, question=question)
                 if entry.event in events and entry.state not in {"form", "missing"} and entry.answer]
        return found[-1].answer if found else None

    def last_answer(self, participant: str, lab: str, question: str) -> str | None:
        """The JSON text of the last answer given, whatever was said of it, or None."""
        given = {"participant": participant, "lab": lab, "question": question}
        if self._last is None:  # made once, for making it takes longer than reading
            self._last = (self._select(tuple(given), True).where(self._table.c.event.in_(("tried", "saved")))
                          .order_by(None).order_by(self._table.c.id.desc()).limit(1))
        rows = self._read(self._last, given)
        return _entry(rows[0]).answer if rows else None

    def progress(self, participant: str, lab: str, question: str) -> Progress:
        """Where one participant stands with one question."""
        return progress_of(self.entries(participant=participant, lab=lab, question=question, answers=False))

    def room(self, lab: str, participants: Iterable[str] = ()) -> dict[str, Any]:
        """The room in one lab: each participant's questions, the known mistakes counted, the points graded.

        {"lab", "participants": [{"id", "questions": {q: {"state", "twin", "attempts", "hints"}}, "last_seen"}],
        "mistakes": [{"question", "code", "count", "participants"}], "graded": {participant: {question: points}}};
        `participants` come first, also those of whom nothing is known; mistakes with most participants first.
        """
        by_one: dict[str, list[Entry]] = {name: [] for name in participants}
        for entry in self.entries(lab=lab, answers=False):
            by_one.setdefault(entry.participant, []).append(entry)
        return {"lab": lab, "participants": [_seat(name, entries) for name, entries in by_one.items()],
                "mistakes": _mistakes(by_one), "graded": _graded(by_one)}

    def _read(self, wanted: Select[Any], given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        with self._base.single("read") as base:
            found = base.execute(wanted, {name: _plain(value) for name, value in given.items()})
            return [tuple(row) for row in found]

    def _select(self, names: tuple[str, ...], answers: bool) -> Select[Any]:
        """The statement that reads entries by these columns, made once."""
        found = self._asked.get((names, answers))
        if found is None:
            columns = [literal("").label(name) if name == "answer" and not answers else self._table.c[name]
                       for name in COLUMNS]
            found = select(*columns).order_by(self._table.c.id)
            for name in names:
                found = found.where(self._table.c[name] == bindparam(name))
            self._asked[names, answers] = found
        return found


def open_ledger(workshop: Workshop) -> Ledger:
    """The workshop's ledger, at the address that workshop.toml names, else in its own file; made where it is missing.

    Raises ServiceError where it can't be opened.
    """
    return Ledger(workshop.ledger_url or workshop.ledger_file)


def has_ledger(workshop: Workshop) -> bool:
    """Whether there is a ledger to write into: one by address, or the workshop's own file."""
    return bool(workshop.ledger_url) or workshop.ledger_file.is_file()


def progress_of(entries: list[Entry]) -> Progress:
    """Where these entries of one participant and one question stand."""
    tried = [entry for entry in entries if entry.event == "tried" and entry.state in COUNTED]
    hints = [entry for entry in entries if entry.event == "hint"]
    looked = [entry for entry in entries if entry.event in {"asked", "tried", "saved", "hint"}]
    stated = [entry.state for entry in entries if entry.event in {"tried", "saved"}]
    settled = [state for state in stated if state not in {"form", "missing"}] or stated
    state = "right" if "right" in stated else settled[-1] if settled else "asked" if looked else "new"
    return Progress(
        state=state, attempts=len(tried), wrong=sum(1 for entry in tried if entry.state != "right"),
        hints=tuple(sorted({int(entry.code) for entry in hints if entry.code.isdigit()})),
        first_asked=looked[0].at if looked else "", first_attempt=tried[0].at if tried else "",
        last_hint=hints[-1].at if hints else "")


def _values(entry: Entry) -> tuple[Any, ...]:
    return (*(_plain(getattr(entry, name)) for name in COLUMNS[:8]), entry.share, entry.points)


def _named(values: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(COLUMNS, values, strict=True))


def _plain(text: str) -> str:
    """A text that both databases keep: no half of a surrogate pair, and no NUL, which PostgreSQL does not hold."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _entry(row: tuple[Any, ...]) -> Entry:
    at, participant, lab, question, event, answer, state, code, share, points = row
    return Entry(participant, lab, question, event, answer, state, code, share, points, at)


def _seat(name: str, entries: list[Entry]) -> dict[str, Any]:
    by_question: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.question and entry.event != "graded":
            by_question.setdefault(entry.question, []).append(entry)
    questions: dict[str, dict[str, Any]] = {}
    for question in by_question:
        plain = question.removesuffix(_TWIN)
        if plain in questions:
            continue
        practice = progress_of(by_question.get(plain, []))
        questions[plain] = {"state": practice.state, "twin": progress_of(by_question.get(plain + _TWIN, [])).state,
                            "attempts": practice.attempts, "hints": len(practice.hints)}
    seen = [entry.at for entry in entries if entry.event != "graded"]
    return {"id": name, "questions": questions, "last_seen": max(seen) if seen else None}


def _mistakes(by_one: dict[str, list[Entry]]) -> list[dict[str, Any]]:
    """Known mistakes counted: every try, and of a vote, which is only saved, each participant's last choice."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, entries in by_one.items():
        last_saved = {entry.question: entry for entry in entries if entry.event == "saved"}
        for entry in [*(entry for entry in entries if entry.event == "tried"), *last_saved.values()]:
            if entry.code:
                found.setdefault((entry.question, entry.code), []).append(name)
    rows = [{"question": question, "code": code, "count": len(names), "participants": sorted(set(names))}
            for (question, code), names in found.items()]
    return sorted(rows, key=lambda row: (-len(row["participants"]), -row["count"], row["question"], row["code"]))


def _graded(by_one: dict[str, list[Entry]]) -> dict[str, dict[str, float | None]]:
    graded: dict[str, dict[str, float | None]] = {}
    for name, entries in by_one.items():
        for entry in entries:
            if entry.event == "graded":
                graded.setdefault(name, {})[entry.question] = entry.points
    return graded
