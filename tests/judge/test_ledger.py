"""The ledger: only added to, safe from several threads, and what it tells of the room."""

import sqlite3
import threading
from pathlib import Path

import pytest

from spamlab.errors import ServiceError
from spamlab.judge.ledger import Entry, Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """An empty ledger."""
    return Ledger(tmp_path / "ledger.sqlite")


def test_an_entry_comes_back_as_it_was(ledger: Ledger) -> None:
    """What is recorded is read back whole, with a time in UTC."""
    ledger.record(Entry("p01", "lab", "q1", "tried", '"ü"', "mistake", "bottom", 0.5))
    (entry,) = ledger.entries(participant="p01")
    assert (entry.answer, entry.code, entry.share) == ('"ü"', "bottom", 0.5)
    assert entry.at.endswith("+00:00")


def test_an_entry_can_be_neither_changed_nor_removed(ledger: Ledger) -> None:
    """The file itself refuses an update and a deletion."""
    ledger.record(Entry("p01", "lab", "q1", "tried"))
    with sqlite3.connect(ledger.path) as base:
        for sentence in ("UPDATE entries SET code = 'x'", "DELETE FROM entries"):
            with pytest.raises(sqlite3.Error, match="only added to"):
                base.execute(sentence)
    base.close()


def test_several_writers_lose_nothing(ledger: Ledger) -> None:
    """Eight threads with two connections each add every entry."""
    other = Ledger(ledger.path)

    def write(name: str) -> None:
        for number in range(40):
            (ledger if number % 2 else other).record(Entry(name, "lab", "q1", "tried", str(number), "wrong"))

    threads = [threading.Thread(target=write, args=(f"p{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.count() == 320
    assert [one.answer for one in other.entries(participant="p3")] == [str(n) for n in range(40)]


@pytest.mark.parametrize("values", [{"event": "stolen"}, {"answer": "x" * 70_000}, {"code": "x" * 81}])
def test_an_entry_is_bounded(values: dict[str, str]) -> None:
    """An unknown event or a value beyond its bound is refused."""
    with pytest.raises(ValueError, match=r"event|longer"):
        Entry(**({"participant": "p", "lab": "l", "question": "q", "event": "tried"} | values))  # type: ignore[arg-type]


def test_progress_counts_real_attempts_alone(ledger: Ledger) -> None:
    """An error of form is no attempt; right stays right."""
    for state in ("form", "wrong", "mistake", "right", "form", "wrong"):
        ledger.record(Entry("p01", "lab", "q1", "tried", "1", state))
    ledger.record(Entry("p01", "lab", "q1", "hint", code="1"))
    progress = ledger.progress("p01", "lab", "q1")
    assert (progress.state, progress.attempts, progress.wrong, progress.hints) == ("right", 4, 3, (1,))
    assert ledger.progress("p01", "lab", "q2").state == "new"


def test_the_last_readable_answer_is_the_saved_one(ledger: Ledger) -> None:
    """A form shows the last answer that could be read."""
    for answer, state in (("1", "wrong"), ("2", "right"), ("3", "form")):
        ledger.record(Entry("p01", "lab", "q1", "tried", answer, state))
    assert ledger.saved("p01", "lab", "q1") == "2"
    assert ledger.saved("p02", "lab", "q1") is None


def test_the_room_counts_mistakes_by_people(ledger: Ledger) -> None:
    """The mistake of most people comes first; everyone of the workshop is there; grades are the last ones."""
    for name, code in (("p01", "a"), ("p01", "a"), ("p01", "a"), ("p02", "b"), ("p03", "b")):
        ledger.record(Entry(name, "lab", "q1", "tried", "1", "mistake", code))
    ledger.record(Entry("p02", "lab", "q1-twin", "saved", "1", "saved"))
    ledger.record(Entry("p02", "lab", "q1", "graded", points=1))
    ledger.record(Entry("p02", "lab", "q1", "graded", points=2))
    room = ledger.room("lab", ["p01", "p02", "p03", "p04"])
    assert [(row["code"], row["count"], row["participants"]) for row in room["mistakes"]] == [
        ("b", 2, ["p02", "p03"]),
        ("a", 3, ["p01"]),
    ]
    seats = {seat["id"]: seat for seat in room["participants"]}
    assert seats["p02"]["questions"]["q1"] == {"state": "mistake", "twin": "saved", "attempts": 1, "hints": 0}
    assert seats["p04"] == {"id": "p04", "questions": {}, "last_seen": None}
    assert room["graded"] == {"p02": {"q1": 2}}


def test_a_file_that_is_no_ledger_is_told(tmp_path: Path) -> None:
    """Another file in its place gives one sentence."""
    (tmp_path / "x").write_text("this is no database, it is a text of some length")
    with pytest.raises(ServiceError, match="can't be opened"):
        Ledger(tmp_path / "x")
