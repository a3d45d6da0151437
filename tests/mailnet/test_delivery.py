"""Delivery into a mailbox."""

from pathlib import Path

import pytest

from spamlab.errors import ServiceError, UsageError
from spamlab.kit.mailbox import Mailbox
from spamlab.mailnet.delivery import deliver, is_loopback
from spamlab.mailnet.mailbox import recipient, start
from spamlab.records.message import Message

MESSAGE = Message(
    "M1", b"From: a@b.example\r\nMessage-ID: <m1@b.example>\r\n\r\nbody\r\n", "a@b.example", ("x@y.example",)
)


def test_messages_arrive_in_order(tmp_path: Path) -> None:
    """Every message arrives in the mailbox asked for, whatever its own recipients, and the count is returned."""
    messages = [
        Message(f"M{number}", b"Message-ID: <%d@b.example>\r\n\r\nx\r\n" % number, "", ("other@y.example",))
        for number in range(5)
    ]
    with start(tmp_path, {"p01": "one"}) as mailboxes:
        assert deliver(messages, "127.0.0.1", mailboxes.addresses.smtp_port, recipient("p01")) == 5
        found = Mailbox(mailboxes.base("p01")).messages()
        assert [summary.message_id for summary in found.messages] == [
            f"{number}@b.example" for number in (4, 3, 2, 1, 0)
        ]


@pytest.mark.parametrize("host", ["mail.example", "192.0.2.1", "localhost.example", "127.0.0.1.example", "0.0.0.0", ""])
def test_no_other_host_is_spoken_to(host: str) -> None:
    """A host that isn't this machine is refused before any connection."""
    with pytest.raises(UsageError, match="this machine only"):
        deliver([MESSAGE], host, 25, "p01@mailbox.test")


def test_loopback_by_address() -> None:
    """All of 127.0.0.0/8, ::1 and the name localhost are this machine."""
    assert all(is_loopback(host) for host in ("127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"))


def test_trouble_is_one_sentence(tmp_path: Path) -> None:
    """An unknown mailbox, a refused message and a server that isn't there each give one sentence."""
    with start(tmp_path, {"p01": "one"}) as mailboxes:
        port = mailboxes.addresses.smtp_port
        with pytest.raises(ServiceError, match=r"refused p09@mailbox\.test: 550"):
            deliver([MESSAGE], "127.0.0.1", port, "p09@mailbox.test")
        broken = Message("M2", b"no header\r\n\r\nx\r\n", "", ("x@y.example",))
        with pytest.raises(ServiceError, match="refused message M2: 554"):
            deliver([MESSAGE, broken], "127.0.0.1", port, "p01@mailbox.test")
        assert Mailbox(mailboxes.base("p01")).messages().total == 1
    with pytest.raises(ServiceError, match="can't be reached"):
        deliver([MESSAGE], "127.0.0.1", port, "p01@mailbox.test")
