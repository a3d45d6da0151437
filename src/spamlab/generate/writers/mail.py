"""E-mails as mail programs keep them: an mbox (RFC 4155), a Maildir.

In an mbox a body's line that begins with "From ", or with that after any number of ">", has one ">" more ("mboxrd"), so
that it can be taken away again; line ends are LF. A Maildir's names are time.id.host, and its files' times are when the
message was sent: neither tells more than the message.
"""

from __future__ import annotations

import os
import pickle
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from spamlab.generate.writers import Columns, Put, Record

HOST = "spamlab.example"
_NO_TIME = 315_532_800
"""1 January 1980: a time of the folders that tells nothing; with none at all Python's mailbox takes them for empty."""
_FROM = re.compile(rb"^(>*From )", re.MULTILINE)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_MESSAGE_ID = re.compile(r"^Message-ID:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def source(record: Record) -> bytes:
    """A message as it is kept on a disk: lines end in LF."""
    return str(record["raw"]).replace("\r\n", "\n").encode("utf-8", "surrogateescape")


def message_id(record: Record) -> str:
    """What the message says of itself; "" where it says nothing. The truth of a message in an mbox is joined by it."""
    found = _MESSAGE_ID.search(_head(record))
    return found[1] if found else ""


def encode_mbox(records: Sequence[Record], _columns: Columns) -> bytes:
    """Messages one after the other, each with its "From " line before it and an empty one after it."""
    return b"".join(
        b"From %s %s\n%s\n" % (_sender(one).encode(), _asctime(_sent(one)), _ended(_quoted(source(one))))
        for one in records)


def unquoted(message: bytes) -> bytes:
    """A message out of an mbox as it was before its "From " lines were quoted."""
    return _QUOTED.sub(rb"\1", message)


def encode_maildir(records: Sequence[Record], _columns: Columns) -> bytes:
    """Messages with their names and times, packed for `open_maildir`."""
    return pickle.dumps([(f"{int(_sent(record).timestamp())}.{record['id']}.{HOST}", int(_sent(record).timestamp()),
                          source(record)) for record in records])


@contextmanager
def open_maildir(path: Path, _columns: Columns) -> Iterator[Put]:
    """A folder with cur, new and tmp; all messages are new."""
    for name in ("cur", "new", "tmp"):
        (path / name).mkdir(parents=True)
    new = path / "new"

    def put(block: bytes) -> None:
        for name, seconds, message in pickle.loads(block):
            file = new / name
            with file.open("xb") as writing:
                writing.write(message)
            os.utime(file, (seconds, seconds))

    yield put
    for name in ("cur", "new", "tmp"):
        os.utime(path / name, (_NO_TIME, _NO_TIME))


def _sent(record: Record) -> datetime:
    return datetime.fromisoformat(str(record["sent"]))


def _sender(record: Record) -> str:
    """The address in the envelope; as is the custom, MAILER-DAEMON where it is empty (RFC 5321 section 4.5.5)."""
    return str(record.get("envelope_from", "")) or "MAILER-DAEMON"


def _head(record: Record) -> str:
    return re.split(r"\r?\n\r?\n", str(record["raw"]), maxsplit=1)[0]


def _asctime(when: datetime) -> bytes:
    """As `asctime` writes it in the C locale, in UTC (RFC 4155, appendix A)."""
    return (f"{_DAYS[when.weekday()]} {_MONTHS[when.month - 1]} {when.day:2d} {when:%H:%M:%S} {when.year:04d}").encode()


def _quoted(message: bytes) -> bytes:
    return _FROM.sub(rb">\1", message) if b"From " in message else message


def _ended(message: bytes) -> bytes:
    return message if message.endswith(b"\n") else message + b"\n"
