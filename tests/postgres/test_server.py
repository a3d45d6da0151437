"""A ledger on a server that goes away and comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from spamlab.errors import ServiceError
from spamlab.judge.entries import Entry
from spamlab.judge.ledger import Ledger

from .server import PASSWORD, QUOTED, Server


def test_a_server_that_goes_away_is_told_and_met_again(postgres: Server) -> None:
    """While it is gone each call gets one sentence; then the same ledger works on, and nothing is half-written."""
    ledger = Ledger(postgres.url(postgres.database()))
    ledger.record(Entry("p01", "lab", "q1", "tried", "1"))
    postgres.stop()
    try:
        for tried in (lambda: ledger.record(Entry("p01", "lab", "q1", "tried", "2")),
                      lambda: ledger.record_all([Entry("p01", "lab", "q1", "tried", "2")] * 9), ledger.count):
            with pytest.raises(ServiceError, match=r"^the ledger postgresql.* can't be (written|read): ") as told:
                tried()
            assert PASSWORD not in str(told.value)
            assert QUOTED not in str(told.value)
    finally:
        postgres.start()
    assert ledger.count() == 1
    ledger.record(Entry("p01", "lab", "q1", "tried", "3"))
    assert [one.answer for one in ledger.entries()] == ["1", "3"]
    ledger.close()


def test_a_server_that_was_restarted_in_between_is_not_noticed(postgres: Server) -> None:
    """Connections that died while nobody used them are replaced without a word."""
    ledger = Ledger(postgres.url(postgres.database()))
    ledger.record(Entry("p01", "lab", "q1", "tried", "1"))
    postgres.stop()
    postgres.start()
    ledger.record(Entry("p01", "lab", "q1", "tried", "2"))
    assert ledger.record_all([Entry("p01", "lab", "q1", "tried", "3")]) == 1
    assert ledger.count() == 3
    ledger.close()


def test_a_connection_cut_in_the_midst_leaves_nothing(postgres: Server) -> None:
    """A server that ends the connection between two entries of one transaction keeps neither."""
    database = postgres.database()
    ledger = Ledger(postgres.url(database))

    def cut() -> None:
        with ledger._base.whole() as base:
            base.execute(ledger._insert, ledger_row("1"))
            postgres.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")
            base.execute(ledger._insert, ledger_row("2"))

    with pytest.raises(ServiceError, match="can't be written"):
        cut()
    assert ledger.count() == 0
    assert ledger.record_all([Entry("p01", "lab", "q1", "tried")] * 2) == 2
    ledger.close()


def test_a_wrong_password_is_told_without_it(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names the account, never the password; the right one may come from the environment."""
    database = postgres.database()
    with pytest.raises(ServiceError, match="password authentication failed") as told:
        Ledger(postgres.url(database).replace(QUOTED, "open-sesame"))
    assert "open-sesame" not in str(told.value)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    Ledger(postgres.url(database, password=False)).close()


def test_a_password_file_does(postgres: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """libpq's file of passwords is read."""
    database = postgres.database()
    file = tmp_path / "passwords"
    file.write_text(f"*:*:*:spamlab:{PASSWORD.replace(':', chr(92) + ':')}\n")
    file.chmod(0o600)
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", str(file))
    Ledger(postgres.url(database, password=False)).close()


def test_the_ledger_stands_apart_from_the_gradebook(postgres: Server) -> None:
    """In one database with nbgrader's tables, the ledger has a schema of its own, so that nbgrader sees none of it."""
    database = postgres.database()
    Ledger(postgres.url(database)).close()
    found = postgres.sql("SELECT table_schema FROM information_schema.tables WHERE table_name = 'entries'", database)
    assert found.strip() not in {"", "public", "spamlab"}  # an account's own schema comes first where nbgrader looks


def ledger_row(answer: str) -> dict[str, object]:
    """One row as the ledger writes it."""
    return {"at": "", "participant": "p01", "lab": "lab", "question": "q1", "event": "tried", "answer": answer,
            "state": "", "code": "", "share": None, "points": None}
