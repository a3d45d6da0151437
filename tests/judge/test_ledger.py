"""The ledger in its SQLite file; what every ledger keeps to is in tests/contracts/test_ledger.py."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from spamlab.content.identity import create_workshop
from spamlab.errors import ServiceError
from spamlab.judge.entries import Entry
from spamlab.judge.ledger import Ledger, has_ledger, open_ledger


@pytest.mark.parametrize("values", [{"event": "stolen"}, {"answer": "x" * 70_000}, {"code": "x" * 81}])
def test_an_entry_is_bounded(values: dict[str, str]) -> None:
    """An unknown event or a value beyond its bound is refused."""
    with pytest.raises(ValueError, match=r"event|longer"):
        Entry(**({"participant": "p", "lab": "l", "question": "q", "event": "tried"} | values))  # type: ignore[arg-type]


def test_a_file_that_is_no_ledger_is_told(tmp_path: Path) -> None:
    """Another file in its place, or no folder, gives one sentence."""
    (tmp_path / "x").write_text("this is no database, it is a text of some length")
    for path in (tmp_path / "x", tmp_path / "none" / "y"):
        with pytest.raises(ServiceError, match=r"^the ledger . can't be opened: \w"):
            Ledger(path)


@pytest.mark.parametrize("name", ["a b", "what?", "100%41", "ü#1", "x@y:z"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    """A path is a path and never read as an address."""
    workshop = create_workshop(tmp_path / name, title="T", labs=["01-x"])
    assert not has_ledger(workshop)
    ledger = open_ledger(workshop)
    ledger.record(Entry("p01", "lab", "q1", "tried"))
    assert has_ledger(workshop)
    assert ledger.path == workshop.ledger_file
    ledger.close()


FULL = """
import resource, sys
from spamlab.errors import ServiceError
from spamlab.judge.entries import Entry
from spamlab.judge.ledger import Ledger
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
ledger = Ledger(sys.argv[1])
ledger.record(Entry("p01", "lab", "q1", "tried", "first"))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
big = [Entry("p01", "lab", "q1", "tried", "x" * 60_000)] * 20
try:
    ledger.record_all(big)
except ServiceError as error:
    print(error)
print(ledger.count())
written = 0
try:
    for one in big:
        ledger.record(one)
        written += 1
except ServiceError as error:
    print(error)
print(ledger.count() == 1 + written)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(ledger.record_all(big), ledger.count() == 21 + written)
"""


def test_a_full_disk_is_told_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    """Where the file can't grow, entries are refused whole, those before stay, and later ones are written again."""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)
    done = subprocess.run([sys.executable, "-c", FULL, str(tmp_path / "ledger.sqlite")], capture_output=True, text=True,
                          timeout=60, check=True)
    said = done.stdout.splitlines()
    assert said[1] == "1"
    assert said[3:] == ["True", "20 True"]
    assert all(line.startswith("the ledger ledger.sqlite can't be written: ") for line in (said[0], said[2]))


def test_a_ledger_of_before_is_read_on(tmp_path: Path) -> None:
    """A file written by an earlier version of the project opens and grows."""
    import sqlite3

    with sqlite3.connect(tmp_path / "l.sqlite") as base:
        base.executescript(
            "CREATE TABLE entries (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, participant TEXT NOT NULL, "
            "lab TEXT NOT NULL, question TEXT NOT NULL, event TEXT NOT NULL, answer TEXT NOT NULL, "
            "state TEXT NOT NULL, code TEXT NOT NULL, share REAL, points REAL);"
            "INSERT INTO entries VALUES (7, '2026-01-01T00:00:00+00:00', 'p', 'l', 'q', 'tried', '1', '', '', 1, 2)")
    base.close()
    ledger = Ledger(tmp_path / "l.sqlite")
    assert ledger.record(Entry("p", "l", "q", "tried")) == 8
    assert [one.points for one in ledger.entries()] == [2.0, None]
    ledger.close()


def test_no_message_holds_a_password() -> None:
    """A server that is not there is named without the password of its address."""
    with pytest.raises(ServiceError) as told:
        Ledger("postgresql+psycopg://someone:hunter2@127.0.0.1:1/none")
    assert "hunter2" not in str(told.value)
    assert "someone:***@127.0.0.1" in str(told.value)
    assert "\n" not in str(told.value)
    assert told.value.__cause__ is None
