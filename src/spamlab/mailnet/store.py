"""One participant's mailbox in one SQLite file; a message is on disk before it is acknowledged.

Write-ahead log with synchronous=FULL: neither kill -9 nor a power cut loses what `add` has returned for. One file for
each participant, so that no query can reach another's mail.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spamlab.errors import MachineError
from spamlab.mailnet.hypertext import html_to_text
from spamlab.mailnet.query import Term, clean, to_sql
from spamlab.mailnet.reading import Address, Reading, read_message

SNIPPET_CHARACTERS = 200
SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
    message_id TEXT NOT NULL, read INTEGER NOT NULL DEFAULT 0, size INTEGER NOT NULL,
    attachments INTEGER NOT NULL, inlines INTEGER NOT NULL, facts TEXT NOT NULL,
    search_from TEXT NOT NULL, search_to TEXT NOT NULL, search_cc TEXT NOT NULL, search_bcc TEXT NOT NULL,
    search_reply_to TEXT NOT NULL, search_subject TEXT NOT NULL, search_message_id TEXT NOT NULL,
    search_text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS unread ON messages (read);
CREATE TABLE IF NOT EXISTS sources (id TEXT PRIMARY KEY, raw BLOB NOT NULL) WITHOUT ROWID;
"""
_SUMMARY = "id, message_id, read, created, size, attachments, facts"


class MailboxFull(Exception):  # noqa: N818 - a state, told to the sender as 452
    """The mailbox holds as much as it may; the sender is asked to try again."""


@dataclass(frozen=True)
class Summary:
    """A message in a list. created: milliseconds since 1970, UTC; size: bytes as stored; facts: addresses, subject,
    snippet, in Mailpit's form."""

    id: str
    message_id: str
    read: bool
    created: int
    size: int
    attachments: int
    facts: dict[str, Any]


class MailboxStore:
    """A mailbox: add, list, search, mark, delete. To be used from the thread that made it."""

    def __init__(self, path: Path, *, most_messages: int = 5000, most_bytes: int = 500 * 1024 * 1024) -> None:
        self.path = path
        self.most_messages = most_messages
        self.most_bytes = most_bytes
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600, exist_ok=True)
            self._connection = sqlite3.connect(path, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA busy_timeout = 5000")
            self._connection.executescript(SCHEMA)
            # Kept as numbers, since summing them at each delivery would read the whole table.
            self._messages, self._bytes = self._connection.execute(
                "SELECT COUNT(*), COALESCE(SUM(size), 0) FROM messages"
            ).fetchone()
        except (OSError, sqlite3.Error) as error:
            raise MachineError(f"The mailbox file {path} can't be opened: {error}.") from error

    def close(self) -> None:
        """Close the file; the store can't be used afterwards."""
        self._connection.close()

    def add(self, raw: bytes, *, created: int, recipients: Sequence[str] = ()) -> str:
        """Store a message as it stands and return its ID (22 characters); on disk when this returns.

        recipients: the envelope's; those that no address header names are shown as Bcc, as Mailpit does.
        Raises MailboxFull.
        """
        if self._messages >= self.most_messages or self._bytes + len(raw) > self.most_bytes:
            raise MailboxFull
        reading = read_message(raw)
        bcc = reading.bcc + _unnamed(reading, recipients)
        id_ = secrets.token_hex(11)
        row = {
            "id": id_,
            "created": created,
            "message_id": _storable(reading.message_id),
            "size": len(raw),
            "attachments": len(reading.attachments),
            "inlines": len(reading.inline),
            "facts": json.dumps(_facts(reading, bcc)),
            "search_from": _search(reading.from_),
            "search_to": _search(reading.to),
            "search_cc": _search(reading.cc),
            "search_bcc": _search(bcc),
            "search_reply_to": _search(reading.reply_to),
            "search_subject": clean(_storable(reading.subject)),
            "search_message_id": clean(_storable(reading.message_id)),
            "search_text": _search_text(reading, bcc),
        }
        columns = ", ".join(row)
        marks = ", ".join("?" * len(row))
        with self._transaction():
            self._connection.execute(f"INSERT INTO messages ({columns}) VALUES ({marks})", list(row.values()))
            self._connection.execute("INSERT INTO sources (id, raw) VALUES (?, ?)", (id_, raw))
        self._messages += 1
        self._bytes += len(raw)
        return id_

    def summaries(self, limit: int = 50, start: int = 0, terms: Sequence[Term] = ()) -> list[Summary]:
        """Summaries from newest to oldest; a negative limit means all."""
        where, parameters = to_sql(terms)
        rows = self._connection.execute(
            f"SELECT {_SUMMARY} FROM messages WHERE {where} ORDER BY place DESC LIMIT ? OFFSET ?",
            [*parameters, limit, start],
        )
        return [_summary(row) for row in rows]

    def summary(self, id_: str) -> Summary | None:
        """One message's summary, None if there is no such message."""
        row = self._connection.execute(f"SELECT {_SUMMARY} FROM messages WHERE id = ?", (id_,)).fetchone()
        return None if row is None else _summary(row)

    def count(self, terms: Sequence[Term] = ()) -> tuple[int, int]:
        """How many messages match, and how many of them are unread."""
        where, parameters = to_sql(terms)
        total, unread = self._connection.execute(
            f"SELECT COUNT(*), COALESCE(SUM(read = 0), 0) FROM messages WHERE {where}", parameters
        ).fetchone()
        return int(total), int(unread)

    def stored_bytes(self) -> int:
        """Bytes of all messages together."""
        return int(self._bytes)

    def file_bytes(self) -> int:
        """Size of the database, without its log."""
        pages, size = (self._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
        return int(pages) * int(size)

    def raw(self, id_: str) -> bytes | None:
        """The whole message as stored, None if there is no such message."""
        row = self._connection.execute("SELECT raw FROM sources WHERE id = ?", (id_,)).fetchone()
        return None if row is None else bytes(row[0])

    def mark(self, ids: Sequence[str] | None, *, read: bool, terms: Sequence[Term] = ()) -> None:
        """Mark as read or unread: these messages, or with None all that match the terms."""
        with self._transaction():
            if ids is None:
                where, parameters = to_sql(terms)
                self._connection.execute(f"UPDATE messages SET read = ? WHERE {where}", [int(read), *parameters])
            else:
                self._connection.executemany(
                    "UPDATE messages SET read = ? WHERE id = ?", [(int(read), id_) for id_ in ids]
                )

    def delete(self, ids: Sequence[str]) -> int:
        """Delete these messages; returns how many there were. An empty list deletes none."""
        found = [summary for id_ in dict.fromkeys(ids) if (summary := self.summary(id_)) is not None]
        with self._transaction():
            for table in ("messages", "sources"):
                self._connection.executemany(f"DELETE FROM {table} WHERE id = ?", [(known.id,) for known in found])
        self._messages -= len(found)
        self._bytes -= sum(known.size for known in found)
        return len(found)

    def delete_all(self) -> int:
        """Delete every message; returns how many there were."""
        with self._transaction():
            deleted = self._connection.execute("DELETE FROM messages").rowcount
            self._connection.execute("DELETE FROM sources")
        self._messages = self._bytes = 0
        return deleted

    def _transaction(self) -> _Transaction:
        return _Transaction(self._connection)


class _Transaction:
    """BEGIN IMMEDIATE ... COMMIT, rolled back when anything raises."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __enter__(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.connection.execute("COMMIT" if kind is None else "ROLLBACK")


def _summary(row: tuple[str, str, int, int, int, int, str]) -> Summary:
    id_, message_id, read, created, size, attachments, facts = row
    return Summary(id_, message_id, bool(read), created, size, attachments, json.loads(facts))


def snippet(text: str, html: str) -> str:
    """The first 200 characters of what the message says, of the HTML if there is one, as Mailpit does."""
    line = html_to_text(html) if html.strip() else " ".join(text.replace("\ufeff", " ").split())
    return line if len(line) <= SNIPPET_CHARACTERS else line[:SNIPPET_CHARACTERS] + "..."


def _unnamed(reading: Reading, recipients: Sequence[str]) -> tuple[Address, ...]:
    named = {address.address.lower() for address in (*reading.to, *reading.cc, *reading.bcc)}
    return tuple(Address("", recipient) for recipient in recipients if recipient.lower() not in named)


def _facts(reading: Reading, bcc: Sequence[Address]) -> dict[str, Any]:
    return {
        "From": _form(reading.from_)[0] if reading.from_ else {"Name": "", "Address": ""},
        "To": _form(reading.to),
        "Cc": _form(reading.cc),
        "Bcc": _form(bcc),
        "ReplyTo": _form(reading.reply_to),
        "Subject": reading.subject,
        "Snippet": snippet(reading.text, reading.html),
    }


def _form(addresses: Sequence[Address]) -> list[dict[str, str]]:
    return [{"Name": address.name, "Address": address.address} for address in addresses]


def _search(addresses: Sequence[Address]) -> str:
    return clean(_storable(" ".join(f"{address.name} {address.address}" for address in addresses)))


def _search_text(reading: Reading, bcc: Sequence[Address]) -> str:
    people = (*reading.from_, *reading.to, *reading.cc, *bcc, *reading.reply_to)
    body = html_to_text(reading.html, paragraphs=True) if reading.html else reading.text
    names = " ".join(part.file_name for part in reading.attachments)
    return clean(_storable(f"{reading.subject} {_search(people)} {reading.return_path} {body} {names}"))


def _storable(text: str) -> str:
    """SQLite takes neither lone surrogates nor, in text, NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")
