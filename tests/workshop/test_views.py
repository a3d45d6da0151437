"""What the instructor's page shows, from plain data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from spamlab.judge.entries import Entry
from spamlab.workshop import views

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
QUESTIONS = [{"id": "q1", "title": "Border", "points": 2.0}, {"id": "q2", "title": "Handover", "points": 3.0}]


def room(*participants: dict[str, Any], mistakes: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A room as the judge gives it."""
    return {
        "lab": "02",
        "title": "Header forensics",
        "questions": QUESTIONS,
        "participants": list(participants),
        "mistakes": mistakes or [],
        "graded": {},
    }


def one(name: str, seen: str | None = None, **questions: dict[str, Any]) -> dict[str, Any]:
    """One participant as the judge gives it."""
    return {"id": name, "questions": questions, "last_seen": seen}


def state(state: str, twin: str = "new", attempts: int = 0, hints: int = 0) -> dict[str, Any]:
    """One question's state."""
    return {"state": state, "twin": twin, "attempts": attempts, "hints": hints}


def test_each_state_has_a_shape_and_a_word_of_its_own() -> None:
    """No two states that differ in meaning look alike without colour."""
    shown = {(sign.shape, sign.word) for sign in views.SIGNS.values()}
    assert len({word for _, word in shown}) == len(shown)
    assert len({shape for shape, _ in shown}) == len(shown)


def test_who_was_never_there_is_not_started() -> None:
    """A participant of whom nothing is known has a row that says so; who was seen is working."""
    board = views.board(room(one("p01"), one("p02", "2026-11-24T11:59:50.000+00:00")), {}, NOW)
    assert (board.rows[1].work, board.handed_in) == ("working", 0)
    assert [cell.sign.word for cell in board.rows[0].cells] == ["not yet", "not yet"]
    assert board.rows[0].seen == "never"
    assert board.rows[0].work == "not started"
    assert board.active == 1


def test_three_tries_in_vain_ask_for_help_unless_the_twin_is_saved() -> None:
    """Who tried three times without success is named, and who went on to the twin is not."""
    stuck = one("p01", "2026-11-24T11:59:50.000+00:00", q1=state("mistake", attempts=3))
    went_on = one("p02", "2026-11-24T11:00:00.000+00:00", q1=state("wrong", "saved", attempts=5))
    board = views.board(room(stuck, went_on), {"p02": "handed in"}, NOW)
    assert board.stuck == ["p01 at q1"]
    assert board.handed_in == 1
    assert board.rows[1].seen == "1 hour ago"


def test_mistakes_are_counted_by_person() -> None:
    """ "2 of 3" counts people, not tries, and keeps the trainer's sentence."""
    mistakes = [
        {
            "question": "q2",
            "code": "bottom-line",
            "count": 7,
            "participants": ["p01", "p02"],
            "trainer": "took the bottom line",
        }
    ]
    line = views.board(room(one("p01"), one("p02"), one("p03"), mistakes=mistakes), {}, NOW).mistakes[0]
    assert (line.count, line.of, line.share) == (2, 3, 67)
    assert line.trainer == "took the bottom line"


def test_columns_count_the_room() -> None:
    """A question's column counts who is right, who saved the twin and the hints opened."""
    board = views.board(
        room(one("p01", None, q1=state("right", "saved", 1, 2)), one("p02", None, q1=state("part"))), {}, NOW
    )
    assert (board.columns[0].right, board.columns[0].twins, board.columns[0].hints) == (1, 1, 2)
    assert (board.columns[1].right, board.columns[1].twins) == (0, 0)


@pytest.mark.parametrize(("answer", "told"), [
    ('{"0": {"verdict": "few"}, "20": {"verdict": "fits"}}', "0: few; 20: fits"),
    ('{"check": "", "number": ""}', "check; number"),
    ('{"learns": "both", "rows": [1, "b"]}', "learns: both; rows: 1, b"),
    ('{"M1": {"who": "us", "why": "border"}}', "M1: who: us; why: border"),
    ("3.9", "3.9"), ('"text"', "text"), ("no JSON {", "no JSON {"), ("", ""), ("{}", ""), ("null", "null"),
])
def test_an_answer_is_told_without_braces(answer: str, told: str) -> None:
    """A trainer reads what a participant's form holds in words, not as a program's data."""
    assert views.shown_answer(answer) == told


@pytest.mark.parametrize("depth", [400, 900, 5000])
def test_an_answer_nested_without_end_is_cut(depth: int) -> None:
    """Whoever nests an answer a thousand times does not break the trainer's page."""
    for opening, closing in (("[", "]"), ('{"a": ', "}")):
        assert len(views.shown_answer(opening * depth + "1" + closing * depth)) <= views.MOST_ANSWER + 2


def test_a_right_vote_is_no_mistake() -> None:
    """Of a vote the last right choices are counted as right, whatever is saved; a report is told as saved."""
    vote = {"id": "v1", "title": "Vote", "points": 0.0}
    seen = room(*(one(name, None, v1=state("saved"), q2=state("saved")) for name in ("p01", "p02", "p03")), mistakes=[
        {"question": "v1", "code": "right", "count": 2, "participants": ["p01", "p03"], "trainer": "The right answer."},
        {"question": "v1", "code": "bait", "count": 1, "participants": ["p02"], "trainer": "Took the bait."}])
    board = views.board({**seen, "questions": [*QUESTIONS, vote]}, {}, NOW)
    assert [line.code for line in board.mistakes] == ["bait"]
    assert [column.told for column in board.columns] == ["0", "3 saved", "2"]


def test_who_handed_in_has_started() -> None:
    """Who hands in without opening a question is counted among those who have started."""
    board = views.board(room(one("p01"), one("p02")), {"p01": "handed in"}, NOW)
    assert (board.active, board.handed_in) == (1, 1)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-24T11:59:40+00:00", "now"),
        ("2026-11-24T11:55:00+00:00", "5 min ago"),
        ("2026-11-20T12:00:00+00:00", "4 days ago"),
        ("nonsense", "at an unknown time"),
        (None, "never"),
    ],
)
def test_moments_are_told_in_words(at: str | None, said: str) -> None:
    """How long ago somebody was seen is told in words, whatever the ledger holds."""
    assert views.ago(at, NOW) == said


def test_history_shows_answers_shortened_and_latest_first() -> None:
    """A participant's history has the latest entry first and cuts a long answer."""
    entries = [
        Entry("p01", "02", "q1", "tried", '"192.0.2.7"', "mistake", "bottom-line"),
        Entry("p01", "02", "q1", "tried", '"' + "x" * 2000 + '"', "right"),
    ]
    lines = views.history(entries)
    assert lines[1].answer == "192.0.2.7"
    assert lines[1].what == "tried: mistake"
    assert len(lines[0].answer) < 500
