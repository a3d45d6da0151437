"""The ledger's contract, kept by SQLite and by PostgreSQL alike."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from postgres.server import postgres
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from spamlab.content.identity import create_workshop
from spamlab.errors import ServiceError
from spamlab.judge.entries import Entry
from spamlab.judge.ledger import Ledger, has_ledger, open_ledger

__all__ = ["postgres"]

Opener = Callable[..., Ledger]


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    server = request.getfixturevalue("postgres")
    return str(server.url(server.database()))


@pytest.fixture
def opened(address: str) -> Iterator[Opener]:
    """Opens the ledger at the address, as often as asked; all are closed at the end."""
    found: list[Ledger] = []

    def again(**how: Any) -> Ledger:
        found.append(Ledger(address, **how))
        return found[-1]

    yield again
    for one in found:
        one.close()


@pytest.fixture
def ledger(opened: Opener) -> Ledger:
    """An empty ledger."""
    return opened()


def table(ledger: Ledger) -> str:
    """The table's name in SQL."""
    return "entries" if ledger.path else "spamlab_ledger.entries"


def test_an_entry_comes_back_as_it_was(ledger: Ledger) -> None:
    """What is recorded is read back whole, with a time in UTC."""
    assert ledger.record(Entry("p01", "lab", "q1", "tried", '"ü\U0001f600"', "mistake", "bottom", 0.1, 1 / 3)) == 1
    assert ledger.record(Entry("p02", "lab", "q1", "tried")) == 2
    (entry,) = ledger.entries(participant="p01")
    assert (entry.answer, entry.code, entry.share, entry.points) == ('"ü\U0001f600"', "bottom", 0.1, 1 / 3)
    assert entry.at.endswith("+00:00")
    assert ledger.entries(participant="p02")[0].share is None


@pytest.mark.parametrize(("given", "kept"), [
    ("a\0b", "a\ufffdb"), ("a\ud800b", "a?b"), ("%s %(x)s ? :y", "%s %(x)s ? :y"),
    ("'; DROP TABLE entries; --", "'; DROP TABLE entries; --"),
])
def test_any_text_is_kept_or_replaced(ledger: Ledger, given: str, kept: str) -> None:
    """NUL and half a surrogate pair are replaced; what looks like SQL is a text."""
    ledger.record(Entry("p01", given, "q1", "tried", given))
    ledger.record_all([Entry("p01", given, "q1", "tried", given)])
    assert [(one.lab, one.answer) for one in ledger.entries(lab=given)] == [(kept, kept)] * 2


def test_an_entry_can_be_neither_changed_nor_removed(ledger: Ledger, address: str) -> None:
    """The database itself refuses it, whoever asks."""
    ledger.record(Entry("p01", "lab", "q1", "tried"))
    engine = create_engine(address)
    changes = ["UPDATE {} SET code = 'x'", "DELETE FROM {}", *([] if ledger.path else ["TRUNCATE {}"])]
    for change in changes:
        with pytest.raises(DBAPIError, match="only added to"), engine.begin() as base:
            base.execute(text(change.format(table(ledger))))
    engine.dispose()
    assert ledger.entries()[0].code == ""


def test_the_guards_come_back(ledger: Ledger, opened: Opener, address: str) -> None:
    """A ledger whose triggers somebody dropped has them again when it is opened next."""
    engine = create_engine(address)
    on = "" if ledger.path else f" ON {table(ledger)}"
    with engine.begin() as base:
        base.execute(text(f"DROP TRIGGER entries_stay{on}"))
    opened().record(Entry("p01", "lab", "q1", "tried"))
    with pytest.raises(DBAPIError, match="only added to"), engine.begin() as base:
        base.execute(text(f"UPDATE {table(ledger)} SET code = 'x'"))
    engine.dispose()


def test_several_threads_lose_nothing(ledger: Ledger, opened: Opener) -> None:
    """Eight threads over two ledgers add every entry, each participant's in order."""
    other = opened()

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


WRITER = """
import sys
from spamlab.judge.entries import Entry
from spamlab.judge.ledger import Ledger
ledger = Ledger(sys.argv[1])
for number in range(60):
    ledger.record(Entry(sys.argv[2], "lab", "q1", "tried", str(number), "wrong"))
ledger.record_all([Entry(sys.argv[2], "lab", "q2", "graded", points=number) for number in range(60)])
"""


def test_several_processes_make_it_and_lose_nothing(address: str, opened: Opener) -> None:
    """Four processes open a ledger that is not there yet, all at once, and add every entry."""
    running = [subprocess.Popen([sys.executable, "-c", WRITER, address, f"p{n}"], stderr=subprocess.PIPE)
               for n in range(4)]
    for one in running:
        _, said = one.communicate(timeout=120)
        assert one.returncode == 0, said
    ledger = opened()
    assert ledger.count() == 480
    for n in range(4):
        assert [one.answer for one in ledger.entries(participant=f"p{n}", question="q1")] == [str(k) for k in range(60)]
        assert [one.points for one in ledger.entries(participant=f"p{n}", question="q2")] == list(range(60))


def test_many_at_once_are_all_or_none(ledger: Ledger) -> None:
    """A transaction that breaks in its midst leaves nothing, and the next one works."""
    many = [Entry("p01", "lab", "q1", "tried", str(number)) for number in range(5000)]
    broken = Entry("p01", "lab", "q1", "tried")
    object.__setattr__(broken, "share", object())
    with pytest.raises(ServiceError, match=r"^the ledger .* can't be written: ") as told:
        ledger.record_all([*many[:50], broken, *many[50:]])
    assert "INSERT" not in str(told.value)
    assert ledger.count() == 0
    assert ledger.record_all([]) == 0
    assert ledger.record_all(many) == 5000
    assert [one.answer for one in ledger.entries()] == [str(number) for number in range(5000)]


def test_a_locked_database_is_told_and_then_written(ledger: Ledger, opened: Opener, address: str) -> None:
    """Who waits too long for a lock gets one sentence; nothing is written, and all is well once the lock is gone."""
    hasty = opened(timeout=0.3)
    engine = create_engine(address)
    with engine.connect() as base:
        if ledger.path:
            base.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            base.exec_driver_sql("LOCK TABLE spamlab_ledger.entries IN ACCESS EXCLUSIVE MODE")
        for tried in (lambda: hasty.record(Entry("p01", "lab", "q1", "tried")),
                      lambda: hasty.record_all([Entry("p01", "lab", "q1", "tried")] * 3)):
            with pytest.raises(ServiceError, match=r"can't be written: .*(locked|lock timeout)"):
                tried()
        base.rollback()
    engine.dispose()
    assert ledger.count() == 0
    assert hasty.record(Entry("p01", "lab", "q1", "tried")) > 0
    assert hasty.record_all([Entry("p01", "lab", "q1", "tried")] * 3) == 3
    assert ledger.count() == 4


def test_a_fault_while_reading_is_told(ledger: Ledger, address: str) -> None:
    """A table that is gone gives one sentence too."""
    engine = create_engine(address)
    with engine.begin() as base:
        base.execute(text(f"DROP TABLE {table(ledger)}"))
    engine.dispose()
    for tried in (ledger.count, ledger.entries, lambda: ledger.progress("p01", "lab", "q1")):
        with pytest.raises(ServiceError, match="can't be read"):
            tried()


def test_entries_are_found_by_all_that_is_given(ledger: Ledger) -> None:
    """Each combination of what is asked for finds its entries, with or without answers."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ledger.record, [Entry(p, lab, q, "saved", "1") for p in ("a", "b") for lab in ("x", "y")
                                      for q in ("q1", "q2")]))
    ledger.record(Entry("a", "x", "q1", "graded", "2", points=1.5))
    assert len(ledger.entries(participant="a")) == 5
    assert len(ledger.entries(lab="x", question="q1", event="saved")) == 2
    assert [one.points for one in ledger.entries(event="graded", answers=False)] == [1.5]
    assert {one.answer for one in ledger.entries(participant="a", lab="x", answers=False)} == {""}


def test_progress_counts_real_attempts_alone(ledger: Ledger) -> None:
    """An error of form is no attempt; right stays right."""
    for state in ("form", "wrong", "mistake", "right", "form", "wrong"):
        ledger.record(Entry("p01", "lab", "q1", "tried", "1", state))
    ledger.record(Entry("p01", "lab", "q1", "hint", code="1"))
    progress = ledger.progress("p01", "lab", "q1")
    assert (progress.state, progress.attempts, progress.wrong, progress.hints) == ("right", 4, 3, (1,))
    assert ledger.progress("p01", "lab", "q2").state == "new"


def test_the_last_readable_answer_is_the_saved_one(ledger: Ledger) -> None:
    """A form shows the last answer that could be read; the last answer of all is known too."""
    for answer, state in (("1", "wrong"), ("2", "right"), ("3", "form")):
        ledger.record(Entry("p01", "lab", "q1", "tried", answer, state))
    ledger.record(Entry("p01", "lab", "q1", "graded", "4", "right"))
    assert ledger.saved("p01", "lab", "q1") == "2"
    assert ledger.saved("p02", "lab", "q1") is None
    assert ledger.last_answer("p01", "lab", "q1") == "3"
    assert ledger.last_answer("p01", "lab", "q2") is None


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


def test_a_workshop_names_its_ledger(address: str, tmp_path: Path) -> None:
    """workshop.toml's ledger_url is where the workshop's ledger lies; no other file appears."""
    workshop = create_workshop(tmp_path / "w", title="T", labs=["01-x"], ledger_url=address)
    assert has_ledger(workshop)
    ledger = open_ledger(workshop)
    ledger.record(Entry("p01", "lab", "q1", "tried"))
    ledger.close()
    assert not workshop.ledger_file.exists()
    again = Ledger(address)
    assert again.count() == 1
    again.close()
