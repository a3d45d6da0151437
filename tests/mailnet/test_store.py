"""The mailbox's file."""

from pathlib import Path

import pytest

from spamlab.errors import MachineError
from spamlab.mailnet.query import parse
from spamlab.mailnet.store import MailboxFull, MailboxStore


def _raw(number: int) -> bytes:
    return b"From: a@b.example\r\nMessage-ID: <%d@b.example>\r\nSubject: number %d\r\n\r\nbody\r\n" % (number, number)


def test_what_was_added_is_there_after_opening_again(tmp_path: Path) -> None:
    """A closed mailbox opens again with its messages, their order, their marks and their bytes."""
    store = MailboxStore(tmp_path / "p01.sqlite")
    ids = [store.add(_raw(number), created=1000 + number) for number in range(3)]
    store.mark([ids[0]], read=True)
    store.close()
    again = MailboxStore(tmp_path / "p01.sqlite")
    assert [summary.id for summary in again.summaries()] == ids[::-1]
    assert again.count() == (3, 2)
    assert again.raw(ids[1]) == _raw(1)
    assert again.stored_bytes() == sum(len(_raw(number)) for number in range(3))
    again.close()


def test_only_its_owner_reads_the_file(tmp_path: Path) -> None:
    """The file is made with mode 0600."""
    store = MailboxStore(tmp_path / "p01.sqlite")
    assert (tmp_path / "p01.sqlite").stat().st_mode & 0o777 == 0o600
    store.close()


def test_deleting_counts_what_was_there(tmp_path: Path) -> None:
    """Deleting some, unknown, repeated or no IDs deletes exactly those that exist."""
    store = MailboxStore(tmp_path / "p01.sqlite")
    ids = [store.add(_raw(number), created=number) for number in range(3)]
    assert store.delete([]) == 0
    assert store.delete([ids[0], ids[0], "unknown"]) == 1
    assert store.raw(ids[0]) is None
    assert store.count() == (2, 2)
    assert store.stored_bytes() == len(_raw(1)) + len(_raw(2))
    assert store.delete_all() == 2
    assert store.stored_bytes() == 0
    store.close()


def test_a_full_mailbox_takes_nothing_and_loses_nothing(tmp_path: Path) -> None:
    """Beyond the most messages or bytes, adding raises and what is there stays."""
    few = MailboxStore(tmp_path / "few.sqlite", most_messages=1)
    few.add(_raw(1), created=1)
    with pytest.raises(MailboxFull):
        few.add(_raw(2), created=2)
    assert few.count() == (1, 1)
    few.close()
    small = MailboxStore(tmp_path / "small.sqlite", most_bytes=10)
    with pytest.raises(MailboxFull):
        small.add(_raw(1), created=1)
    small.close()


def test_envelope_recipients_that_no_field_names_are_bcc(tmp_path: Path) -> None:
    """A recipient of the envelope alone is listed as Bcc, and found as one, while the message stays as it came."""
    store = MailboxStore(tmp_path / "p01.sqlite")
    id_ = store.add(_raw(1), created=1, recipients=["p01@mailbox.test"])
    assert store.summaries(terms=parse("bcc:p01"))[0].facts["Bcc"] == [{"Name": "", "Address": "p01@mailbox.test"}]
    assert store.raw(id_) == _raw(1)
    store.close()


def test_a_file_that_is_no_mailbox_is_said_so(tmp_path: Path) -> None:
    """A file that SQLite can't open gives one sentence."""
    (tmp_path / "p01.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(MachineError, match="can't be opened"):
        MailboxStore(tmp_path / "p01.sqlite")
