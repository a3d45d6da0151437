"""The database under the ledger: SQLite in a file, or PostgreSQL by its address. It decides nothing.

SQLite: one connection, held, one thread at a time. PostgreSQL: a pool, each connection tried before it is used, so
that a server which went away and came back is met by a new one. On both, triggers refuse a change or a removal.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from sqlalchemy import (
    DOUBLE_PRECISION,
    REAL,
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.types import TypeEngine

from spamlab.content.database import normal, reason_of, shown
from spamlab.errors import ServiceError

COLUMNS = ("at", "participant", "lab", "question", "event", "answer", "state", "code", "share", "points")
SCHEMA = "spamlab_ledger"
"""PostgreSQL's schema of the ledger, apart from nbgrader's tables in the same database; named as no account is, for an
account's own schema is where nbgrader would put its tables."""

_SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS entries_stay BEFORE UPDATE ON entries "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END",
    "CREATE TRIGGER IF NOT EXISTS entries_remain BEFORE DELETE ON entries "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END",
)
_POSTGRESQL = (
    f"CREATE OR REPLACE FUNCTION {SCHEMA}.entries_stay() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the ledger is only added to'; END $$",
    f"CREATE OR REPLACE TRIGGER entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.entries "
    f"FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.entries_stay()",
)
_GUARDED = f"SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass('{SCHEMA}.entries') AND tgname = 'entries_stay'"
_MAKING = "SELECT pg_advisory_xact_lock(7726522)"


class Base:
    """One open database with the table of entries, made where it is missing."""

    def __init__(self, where: Path | str, timeout: float) -> None:
        """where: a file, or an address. timeout: seconds to wait for a lock. Raises ServiceError."""
        self.path: Path | None = None
        self.name = shown(str(where)) if "://" in str(where) else Path(where).name
        self._lock = threading.RLock()
        self._password = ""
        self._held: Connection | None = None
        try:
            url = make_url(normal(str(where))) if "://" in str(where) else URL.create("sqlite", database=str(where))
            self._password = str(url.password or "")
            if url.drivername == "sqlite":
                self.path = Path(str(url.database))
                self.name = self.path.name
            self.table = _table(None if self.path else SCHEMA)
            self.engine = self._sqlite(url, timeout) if self.path else self._postgresql(url, timeout)
        except (SQLAlchemyError, ImportError, ValueError) as error:
            self.fail("opened", error)

    @property
    def is_file(self) -> bool:
        """Whether this is SQLite."""
        return self._held is not None

    @contextmanager
    def single(self, what: str) -> Iterator[Connection]:
        """A connection on which each statement is a transaction of its own; `what` was tried, for the sentence."""
        try:
            if self._held is not None:
                with self._lock:
                    yield self._held
            else:
                with self._alone.connect() as connection:
                    yield connection
        except SQLAlchemyError as error:
            self.fail(what, error)

    @contextmanager
    def whole(self) -> Iterator[Connection]:
        """A connection in one transaction: all that is written within stays, or nothing of it."""
        try:
            if self._held is None:
                with self.engine.begin() as connection:
                    yield connection
                return
            with self._lock:
                self._held.exec_driver_sql("BEGIN IMMEDIATE")
                try:
                    yield self._held
                    self._held.exec_driver_sql("COMMIT")
                except BaseException:
                    raw = self._held.connection.driver_connection
                    if raw is not None and raw.in_transaction:  # a full disk may have ended it already
                        raw.rollback()
                    raise
        except SQLAlchemyError as error:
            self.fail("written", error)

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            if self._held is not None:
                self._held.close()
            self.engine.dispose()

    def fail(self, what: str, error: Exception) -> NoReturn:
        """Raise the one sentence for a fault of the database: no statement, no values, no password."""
        if isinstance(error, ImportError):
            reason = "PostgreSQL's driver is not installed; install spamlab[postgres]"
        else:
            reason = reason_of(error)
        if self._password:
            reason = reason.replace(self._password, "***")
        raise ServiceError(f"the ledger {self.name} can't be {what}: {reason}") from None

    def _sqlite(self, url: URL, timeout: float) -> Engine:
        engine = create_engine(url, isolation_level="AUTOCOMMIT", hide_parameters=True,
                               connect_args={"timeout": timeout, "check_same_thread": False})
        held = engine.connect()
        try:
            held.exec_driver_sql("PRAGMA journal_mode=WAL")
            held.exec_driver_sql("PRAGMA synchronous=NORMAL")
            self._make(held, _SQLITE)
        except BaseException:
            held.close()
            engine.dispose()
            raise
        self._held = held
        return engine

    def _postgresql(self, url: URL, timeout: float) -> Engine:
        settings: dict[str, object] = {"connect_timeout": 10}
        if "options" not in url.query:
            settings["options"] = f"-c lock_timeout={round(timeout * 1000)} -c application_name=spamlab"
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=settings)
        try:
            with engine.begin() as connection:
                if connection.exec_driver_sql(_GUARDED).first() is None:
                    connection.exec_driver_sql(_MAKING)
                    connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
                    self._make(connection, _POSTGRESQL)
        except BaseException:
            engine.dispose()
            raise
        self._alone = engine.execution_options(isolation_level="AUTOCOMMIT")
        return engine

    def _make(self, connection: Connection, guards: tuple[str, ...]) -> None:
        connection.execute(CreateTable(self.table, if_not_exists=True))
        for index in self.table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))
        for sentence in guards:
            connection.exec_driver_sql(sentence)


def _table(schema: str | None) -> Table:
    number: TypeEngine[float] = REAL().with_variant(DOUBLE_PRECISION(), "postgresql")
    return Table(
        "entries", MetaData(schema=schema),
        Column("id", Integer().with_variant(BigInteger(), "postgresql"), primary_key=True),
        *(Column(name, Text, nullable=False) for name in COLUMNS[:8]),
        *(Column(name, number) for name in COLUMNS[8:]),
        Index("entries_where", "lab", "participant", "question"),
        sqlite_autoincrement=True)
