"""The ledger of what was tried, saved, hinted and earned: SQLite, only ever added to.

Several threads and processes may write at once (write-ahead log, one transaction an entry). Triggers refuse
a change or removal of an entry. The ledger keeps codes and answers, never sentences and never truth.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from spamlab.errors import ServiceError

Event = Literal["asked", "tried", "hint", "saved", "graded", "note"]

MOST_ANSWER = 64 * 1024
COUNTED = ("right", "part", "mistake", "wrong", "error")
"""States that count as a real attempt; an error of form does not."""

_TWIN = "-twin"
_COLUMNS = "at, participant, lab, question, event, answer, state, code, share, points"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, participant TEXT NOT NULL, lab TEXT NOT NULL,
    question TEXT NOT NULL, event TEXT NOT NULL, answer TEXT NOT NULL, state TEXT NOT NULL, code TEXT NOT NULL,
    share REAL, points REAL
);
CREATE INDEX IF NOT EXISTS entries_where ON entries (lab, participant, question);
CREATE TRIGGER IF NOT EXISTS entries_stay BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER IF NOT EXISTS entries_remain BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
"""


def now() -> str:
    """This moment in UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True)
class Entry:
    """One line of the ledger.

    at: UTC, ISO 8601. question: "q3", or "q3-twin" for its silent sibling, or "" for the lab as a whole.
    answer: JSON text, "" where there is none. state, code: of the verdict. share: 0 to 1. points: of a grade.
    """

    participant: str
    lab: str
    question: str
    event: Event
    answer: str = ""
    state: str = ""
    code: str = ""
    share: float | None = None
    points: float | None = None
    at: str = ""

    def __post_init__(self) -> None:
        if self.event not in get_args(Event):
            raise ValueError(f"there is no event called {self.event!r}")
        for name, most in (("participant", 80), ("lab", 80), ("question", 80), ("state", 20), ("code", 80)):
            if len(getattr(self, name)) > most:
                raise ValueError(f"{name} is longer than {most} characters")
        if len(self.answer.encode("utf-8", "surrogatepass")) > MOST_ANSWER:
            raise ValueError("the answer is longer than 64 kB")
        if not self.at:
            object.__setattr__(self, "at", now())


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
    """The ledger in one SQLite file, made where it is missing."""

    def __init__(self, path: Path) -> None:
        """Raises ServiceError where the file can't be opened or is no ledger."""
        self.path = Path(path)
        self._lock = threading.RLock()
        try:
            self._base = sqlite3.connect(self.path, timeout=30, check_same_thread=False, isolation_level=None)
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=NORMAL")
            self._base.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise ServiceError(f"the ledger {self.path.name} can't be opened: {error}") from None

    def close(self) -> None:
        """Close the file; the ledger can't be used after."""
        with self._lock:
            self._base.close()

    def record(self, entry: Entry) -> int:
        """Add one entry; its number. Raises ServiceError where it can't be written (a full disk)."""
        values = (entry.at, entry.participant, entry.lab, entry.question, entry.event,
                  entry.answer.encode("utf-8", "replace").decode(), entry.state, entry.code, entry.share, entry.points)
        try:
            with self._lock:
                cursor = self._base.execute(
                    f"INSERT INTO entries ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)", values)
                return int(cursor.lastrowid or 0)
        except sqlite3.Error as error:
            raise ServiceError(f"the ledger {self.path.name} can't be written: {error}") from None

    def entries(
        self, *, participant: str | None = None, lab: str | None = None, question: str | None = None,
        event: Event | None = None, answers: bool = True,
    ) -> list[Entry]:
        """Entries in the order in which they were written, those that fit all that is given.

        answers: False leaves every answer "", which is far less to read.
        """
        asked = {"participant": participant, "lab": lab, "question": question, "event": event}
        given = {name: value for name, value in asked.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in given) or "1"
        columns = _COLUMNS if answers else _COLUMNS.replace("answer", "'' AS answer")
        with self._lock:
            rows = self._base.execute(f"SELECT {columns} FROM entries WHERE {where} ORDER BY id",
                                      tuple(given.values())).fetchall()
        return [_entry(row) for row in rows]

    def count(self) -> int:
        """How many entries there are."""
        with self._lock:
            return int(self._base.execute("SELECT COUNT(*) FROM entries").fetchone()[0])

    def saved(self, participant: str, lab: str, question: str, *, events: tuple[Event, ...] = ("tried", "saved"),
              ) -> str | None:
        """The JSON text of the last answer that could be read, or None."""
        found = [entry for entry in self.entries(participant=participant, lab=lab, question=question)
                 if entry.event in events and entry.state not in {"form", "missing"} and entry.answer]
        return found[-1].answer if found else None

    def last_answer(self, participant: str, lab: str, question: str) -> str | None:
        """The JSON text of the last answer given, whatever was said of it, or None."""
        with self._lock:
            row = self._base.execute(
                "SELECT answer FROM entries WHERE participant = ? AND lab = ? AND question = ? "
                "AND event IN ('tried', 'saved') ORDER BY id DESC LIMIT 1", (participant, lab, question)).fetchone()
        return None if row is None else str(row[0])

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
