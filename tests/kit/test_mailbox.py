"""The notebook's mailbox client; what it shares with the real Mailpit is in tests/contracts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from spamlab.errors import ServiceError
from spamlab.kit.mailbox import Mailbox
from spamlab.mailnet.delivery import deliver
from spamlab.mailnet.mailbox import RunningMailboxes, start
from spamlab.records.message import Message

TOKEN = "to:k@en/?#%"


@pytest.fixture(scope="module")
def mailboxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMailboxes]:
    with start(tmp_path_factory.mktemp("mail"), {"p01": TOKEN}) as running:
        yield running


@pytest.fixture
def mailbox(mailboxes: RunningMailboxes) -> Mailbox:
    found = Mailbox(mailboxes.base("p01"))
    found.delete_all()
    return found


def _deliver(mailboxes: RunningMailboxes, *message_ids: str) -> None:
    messages = [
        Message(
            f"M{place}",
            f"From: a@b.example\r\nMessage-ID: <{message_id}>\r\n\r\nbody {place}\r\n".encode(),
            "",
            ("x@y.example",),
        )
        for place, message_id in enumerate(message_ids)
    ]
    deliver(messages, "127.0.0.1", mailboxes.addresses.smtp_port, "p01@mailbox.test")


@pytest.mark.parametrize(
    "message_id", ["a@b.example", "a_b%c@b.example", 'q"u(o)te,;@b.example', "()@,;", "A@B.example"]
)
def test_find_is_exact(mailboxes: RunningMailboxes, mailbox: Mailbox, message_id: str) -> None:
    """A message is found by its whole Message-ID, with or without angle brackets, whatever characters it holds."""
    _deliver(mailboxes, f"x{message_id}", message_id, f"{message_id}x")
    found = mailbox.find(message_id)
    assert found is not None
    assert b"body 1" in mailbox.raw(found)
    assert mailbox.find(f"<{message_id}>") == found
    assert mailbox.find("not-there@b.example") is None
    assert mailbox.find("") is None


def test_find_looks_beyond_the_first_page(mailboxes: RunningMailboxes, mailbox: Mailbox) -> None:
    """The oldest of many messages that look alike is found too."""
    _deliver(mailboxes, *(f"n{number}@b.example" for number in range(105)), "b@b.example")
    found = mailbox.find("n0@b.example")
    assert found is not None
    assert mailbox.message(found).message_id == "n0@b.example"


def test_deleting_and_marking_are_exact(mailboxes: RunningMailboxes, mailbox: Mailbox) -> None:
    """delete and mark_read touch what is named and nothing else; delete_all is a call of its own."""
    _deliver(mailboxes, "one@b.example", "two@b.example", "three@b.example")
    one, two = mailbox.find("one@b.example"), mailbox.find("two@b.example")
    assert one is not None
    assert two is not None
    mailbox.mark_read([one, two])
    assert mailbox.messages().unread == 1
    mailbox.delete(one)
    assert mailbox.messages().total == 2
    for none in ([], iter(()), ""):
        with pytest.raises(ServiceError, match="nothing was done"):
            mailbox.delete(none)
        with pytest.raises(ServiceError, match="nothing was done"):
            mailbox.mark_read(none)
    assert mailbox.messages().total == 2
    mailbox.delete_all()
    assert mailbox.messages().total == 0


@pytest.mark.parametrize("id_", ["", "..", "x/raw", "x?y", "unknown"])
def test_an_unknown_id_is_one_sentence(mailbox: Mailbox, id_: str) -> None:
    """What is no ID is never sent, and an unknown one is answered: both say that there is no such message."""
    for read in (mailbox.message, mailbox.raw, mailbox.headers):
        with pytest.raises(ServiceError, match="There is no such message in your mailbox"):
            read(id_)


@pytest.mark.parametrize("url", ["", "p01", "ftp://127.0.0.1/", "http://", "http://[", "http://127.0.0.1:1/p01"])
def test_no_mailbox_is_one_sentence(url: str) -> None:
    """A wrong address and a mailbox that isn't there each give one sentence."""
    with pytest.raises(ServiceError) as trouble:
        Mailbox(url, seconds=2).messages()
    assert str(trouble.value).endswith(".")


def test_the_token_is_in_no_text(mailboxes: RunningMailboxes, mailbox: Mailbox) -> None:
    """Neither the address nor any error shows the token, and it is sent as it is, whatever characters it holds."""
    assert mailbox.url == f"http://127.0.0.1:{mailboxes.addresses.http_port}/p01"
    wrong = Mailbox(mailboxes.base("p01").replace("%25", "%26"))
    with pytest.raises(ServiceError) as trouble:
        wrong.messages()
    assert trouble.value.__suppress_context__ or trouble.value.__context__ is None
    assert "to:k@en" not in str(trouble.value)


def test_a_proxy_is_never_asked(monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox, mailboxes: RunningMailboxes) -> None:
    """Proxy variables of the machine don't stand between a notebook and its mailbox."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert Mailbox(mailboxes.base("p01")).messages().total == mailbox.messages().total


def test_the_client_does_not_bring_the_server() -> None:
    """Importing the client imports nothing of the server's room."""
    code = "import sys, spamlab.kit.mailbox; sys.exit(any(name.startswith('spamlab.mailnet') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
