"""What the instructor's page shows, as plain data: functions of the judge's room, no server, no files.

A state is shown by a shape and a word; colour comes third.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

STUCK_AFTER = 3
MOST_ANSWER = 400
NOT_STARTED = "not started"
NOT_HANDED_IN = (NOT_STARTED, "working")
VOTED_RIGHT = "right"
"""The code under which the ledger counts the right choice of a vote; it is no mistake."""


@dataclass(frozen=True)
class Sign:
    """A state as it is shown: a shape, a word, and the name of its style."""

    shape: str
    word: str
    style: str


SIGNS = {
    "new": Sign("·", "not yet", "new"),
    "asked": Sign("○", "reading", "asked"),
    "form": Sign("□", "form open", "form"),
    "missing": Sign("▫", "not filled", "form"),
    "saved": Sign("■", "saved", "right"),
    "right": Sign("●", "right", "right"),
    "part": Sign("◐", "part", "part"),
    "mistake": Sign("▲", "mistake", "mistake"),
    "wrong": Sign("△", "wrong", "mistake"),
    "error": Sign("✕", "fails", "mistake"),
}
UNKNOWN = Sign("?", "unknown", "new")
LEGEND = (
    ("·", "not yet", "never opened"),
    ("○", "reading", "opened, nothing tried"),
    ("□", "form open", "an answer was not complete and did not count"),
    ("◐", "part", "partly right"),
    ("▲", "mistake", "a known mistake, counted below"),
    ("△", "wrong", "a mistake that the lab does not know"),
    ("✕", "fails", "the participant's code fails"),
    ("●", "right", "the practice item is right"),
    ("■", "twin", "the silent item that earns the points is saved"),
    ("!", "may need help", "three tries or more in vain"),
)


@dataclass(frozen=True)
class Cell:
    """One participant at one question.

    notes: short words below the sign, such as "3 tries". stuck: so many tries in vain that somebody should look.
    """

    sign: Sign
    twin: str
    notes: str
    stuck: bool


@dataclass(frozen=True)
class Row:
    """One participant: the cells in the order of the questions, when last seen, how far the work has gone."""

    participant: str
    cells: tuple[Cell, ...]
    seen: str
    work: str


@dataclass(frozen=True)
class Column:
    """One question: its name, and how many of the room are right and have saved the twin.

    right: of a vote, which is only saved, those whose last choice is right. saved: answers that nobody has judged yet,
    such as reports.
    """

    id: str
    title: str
    points: float
    right: int
    saved: int
    twins: int
    hints: int

    @property
    def told(self) -> str:
        """How many are right, as the table tells it: "3", or "2 saved" where only a person can say."""
        parts = [str(self.right)] if self.right or not self.saved else []
        return ", ".join([*parts, *([f"{self.saved} saved"] if self.saved else [])])


@dataclass(frozen=True)
class MistakeLine:
    """One known mistake: how many of the room made it, and the trainer's sentence."""

    question: str
    code: str
    trainer: str
    count: int
    of: int
    participants: tuple[str, ...]

    @property
    def share(self) -> int:
        """Per cent of the room."""
        return round(100 * self.count / self.of) if self.of else 0


@dataclass(frozen=True)
class Board:
    """The whole room in one lab."""

    lab: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    mistakes: tuple[MistakeLine, ...]
    active: int
    handed_in: int

    @property
    def room(self) -> int:
        """How many participants there are."""
        return len(self.rows)

    @property
    def stuck(self) -> list[str]:
        """Who may need somebody, with the questions."""
        found = []
        for row in self.rows:
            where = [column.id for column, cell in zip(self.columns, row.cells, strict=True) if cell.stuck]
            if where:
                found.append(f"{row.participant} at {', '.join(where)}")
        return found


def board(seen: Mapping[str, Any], work: Mapping[str, str], now: datetime | None = None) -> Board:
    """The room as it is shown.

    seen: what `spamlab.judge.room.Room.room` gives. work: participant -> "handed in", "collected", "graded" ...; who is
    missing there has not handed in. now: this moment in UTC.
    """
    moment = now or datetime.now(UTC)
    questions = [str(question["id"]) for question in seen["questions"]]
    rows = tuple(row(one, questions, work, moment) for one in seen["participants"])
    voted = {str(line["question"]): len(line["participants"])
             for line in seen["mistakes"] if line["code"] == VOTED_RIGHT}
    columns = tuple(column(question, seen["participants"], voted.get(str(question["id"]), 0))
                    for question in seen["questions"])
    mistakes = tuple(mistake_line(line, len(rows)) for line in seen["mistakes"] if line["code"] != VOTED_RIGHT)
    return Board(
        str(seen["lab"]),
        str(seen["title"]),
        columns,
        rows,
        mistakes,
        active=sum(1 for one in rows if one.work != NOT_STARTED),
        handed_in=sum(1 for one in rows if one.work not in NOT_HANDED_IN),
    )


def row(one: Mapping[str, Any], questions: Sequence[str], work: Mapping[str, str], now: datetime) -> Row:
    """One participant's row."""
    cells = tuple(cell(one["questions"].get(question)) for question in questions)
    begun = "working" if one["last_seen"] else NOT_STARTED
    return Row(str(one["id"]), cells, ago(one["last_seen"], now), work.get(str(one["id"]), begun))


def cell(state: Mapping[str, Any] | None) -> Cell:
    """One cell from {"state", "twin", "attempts", "hints"}; None where the question was never looked at."""
    if state is None:
        return Cell(SIGNS["new"], "", "", False)
    sign = SIGNS.get(str(state["state"]), UNKNOWN)
    attempts, hints = int(state["attempts"]), int(state["hints"])
    notes = [counted(attempts, "try", "tries")] if attempts > 1 or (attempts and state["state"] != "right") else []
    if hints:
        notes.append(counted(hints, "hint", "hints"))
    twin = "twin" if state["twin"] == "saved" else ""
    stuck = attempts >= STUCK_AFTER and state["state"] not in ("right", "saved") and not twin
    return Cell(sign, twin, ", ".join(notes), stuck)


def column(question: Mapping[str, Any], participants: Iterable[Mapping[str, Any]], voted_right: int = 0) -> Column:
    """One question's column; voted_right: of a vote, how many chose rightly."""
    states = [one["questions"].get(question["id"], {}) for one in participants]
    return Column(
        str(question["id"]),
        str(question["title"]),
        float(question["points"]),
        right=sum(1 for state in states if state.get("state") == "right") + voted_right,
        saved=sum(1 for state in states if state.get("state") == "saved") if question["points"] else 0,
        twins=sum(1 for state in states if state.get("twin") == "saved"),
        hints=sum(int(state.get("hints", 0)) for state in states),
    )


def mistake_line(line: Mapping[str, Any], room: int) -> MistakeLine:
    """One mistake of the room."""
    people = tuple(str(name) for name in line["participants"])
    return MistakeLine(
        str(line["question"]), str(line["code"]), str(line.get("trainer") or line["code"]), len(people), room, people
    )


def counted(number: int, one: str, many: str) -> str:
    """A number with its word."""
    return f"{number} {one if number == 1 else many}"


def ago(at: str | None, now: datetime) -> str:
    """How long ago a moment was, in words; "never" for None."""
    if not at:
        return "never"
    try:
        seconds = (now - datetime.fromisoformat(at)).total_seconds()
    except (TypeError, ValueError):
        return "at an unknown time"
    if seconds < 45:
        return "now"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min ago"
    hours = round(minutes / 60)
    return f"{counted(hours, 'hour', 'hours')} ago" if hours < 48 else f"{hours // 24} days ago"


@dataclass(frozen=True)
class HistoryLine:
    """One entry of the ledger as it is shown on a participant's page."""

    at: str
    question: str
    what: str
    code: str
    answer: str


EVENTS = {
    "asked": "opened the question",
    "hint": "opened a hint",
    "saved": "saved an answer",
    "tried": "tried",
    "graded": "was graded",
    "note": "note",
}


def history(entries: Iterable[Any]) -> list[HistoryLine]:
    """What one participant did in a lab, latest first; entries as `spamlab.judge.ledger.Entry`."""
    lines = []
    for entry in entries:
        what = EVENTS.get(entry.event, entry.event)
        if entry.event == "tried":
            what = f"tried: {SIGNS.get(entry.state, UNKNOWN).word}"
        elif entry.event == "hint":
            what = f"opened hint {entry.code}"
        elif entry.event == "graded" and entry.points is not None:
            what = f"was graded: {entry.points:g} points"
        code = "" if entry.event == "hint" else entry.code
        lines.append(
            HistoryLine(str(entry.at)[:19].replace("T", " "), entry.question, what, code, shown_answer(entry.answer))
        )
    return lines[::-1]


def shown_answer(answer: str) -> str:
    """An answer's JSON as one readable text without braces, cut where it is long."""
    if not answer:
        return ""
    try:
        text = told_value(json.loads(answer))
    except (ValueError, RecursionError):  # no JSON, or nested so deeply that nobody could read it
        text = answer
    return text if len(text) <= MOST_ANSWER else text[:MOST_ANSWER] + " …"


def told_value(value: Any) -> str:
    """Plain JSON in words: fields as "name: value; name: value", the names alone where nothing is said of them.

    A field that holds one field, as each row of a form with one column does, is told as that.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(told_value(one) for one in value)
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    parts = []
    for name, inner in value.items():
        told = told_value(next(iter(inner.values())) if isinstance(inner, dict) and len(inner) == 1 else inner)
        parts.append(f"{name}: {told}" if told else str(name))
    return "; ".join(parts)
