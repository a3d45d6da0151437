"""Receiving, as dialogues over real SMTP."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator

import pytest

from spamlab.kit.mailbox import Mailbox
from spamlab.mailnet.limits import Limits
from spamlab.mailnet.mailbox import RunningMailboxes, start
from spamlab.mailnet.receiving import fault_of, stamp

MESSAGE = b"From: a@b.example\r\nSubject: x\r\n\r\nbody\r\n"
LIMITS = Limits(
    message_bytes=20_000, line_bytes=4096, recipients=2, smtp_connections=3, idle_seconds=5, mailbox_messages=50
)


@pytest.fixture(scope="module")
def mailboxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMailboxes]:
    with start(tmp_path_factory.mktemp("mail"), {"p01": "one", "p02": "two"}, limits=LIMITS) as running:
        yield running


@pytest.fixture
def mailbox(mailboxes: RunningMailboxes) -> Mailbox:
    found = Mailbox(mailboxes.base("p01"))
    found.delete_all()
    return found


@pytest.fixture
def connection(mailboxes: RunningMailboxes) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", mailboxes.addresses.smtp_port, "sender.example", timeout=10) as found:
        yield found


def _say(connection: smtplib.SMTP, line: bytes) -> int:
    connection.send(line + b"\r\n")
    return connection.getreply()[0]


HELLO = (b"EHLO x.example", 250)
SENDER = (b"MAIL FROM:<a@b.example>", 250)


@pytest.mark.parametrize(
    "turns",
    [
        [(b"MAIL FROM:<a@b.example>", 503)],
        [HELLO, (b"RCPT TO:<p01@mailbox.test>", 503), (b"DATA", 503)],
        [HELLO, (b"MAIL FROM:<a@", 553), (b"MAIL TO:<a@b.example>", 501), SENDER, (b"DATA", 503), (b"QUIT", 221)],
        [HELLO, (b"MAIL FROM:<>", 250), (b"RCPT TO:<p01@mailbox.test>", 250), (b"RSET", 250), (b"DATA", 503)],
        [HELLO, (b"MAIL FROM:<a@b.example> SIZE=20001", 552), (b"MAIL FROM:<a@b.example> SIZE=x", 501)],
        [(b"\xff\xfe", 500), (b"NONSENSE", 500), (b"X" * 600, 500), (b"X" * 100_000, 500), HELLO],
        [(b"EHLO \xc3\xa9.example", 500), HELLO, (b"VRFY p01@mailbox.test", 252), (b"EXPN list", 502)],
        [HELLO, SENDER, (b"RCPT TO:<p01@mailbox.test>", 250), (b"RCPT TO:<p02@mailbox.test>", 250),
         (b"RCPT TO:<p01@mailbox.test>", 452)],
    ],
)  # fmt: skip
def test_dialogues(connection: smtplib.SMTP, turns: list[tuple[bytes, int]]) -> None:
    """Each command gets the reply code of RFC 5321, wrong ones a 5xx, and the connection goes on."""
    for line, code in turns:
        assert _say(connection, line) == code, line


@pytest.mark.parametrize(
    "recipient",
    [
        "p03@mailbox.test",
        "p01@elsewhere.example",
        "p01@mailbox.test.example",
        "p01",
        "@mailbox.test",
        "p01%x@mailbox.test",
    ],
)
def test_nothing_is_relayed(connection: smtplib.SMTP, mailbox: Mailbox, recipient: str) -> None:
    """Any recipient but a participant's mailbox gets a 5xx, 550 where the address is well formed."""
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        connection.sendmail("a@b.example", [recipient], MESSAGE)
    assert refusal.value.recipients[recipient][0] == (553 if recipient == "@mailbox.test" else 550)
    assert mailbox.messages().total == 0


def test_each_recipient_gets_an_own_copy(
    connection: smtplib.SMTP, mailboxes: RunningMailboxes, mailbox: Mailbox
) -> None:
    """A message to two participants is in both mailboxes, each naming its own; letter case does not matter."""
    other = Mailbox(mailboxes.base("p02"))
    other.delete_all()
    connection.sendmail("a@b.example", ["P01@Mailbox.Test", "p02@mailbox.test"], MESSAGE)
    assert "for <P01@Mailbox.Test>" in mailbox.headers("latest")["Received"][0]
    assert "for <p02@mailbox.test>" in other.headers("latest")["Received"][0]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"From: a@b.example\nbare LF\r\n\r\nx\r\n", 554),
        (b"From: a@b.example\r\n\r\nsmuggled\n.\r\nMAIL FROM:<x@y.example>\r\n", 554),
        (b"From: a@b.example\r\n\r\nbare\rCR\r\n", 554),
        (b"From: a@b.example\r\n\r\nNUL\x00\r\n", 554),
        (b" folded: first\r\n\r\nx\r\n", 554),
        (b"no header\r\n\r\nx\r\n", 554),
        (b"From: a@b.example\r\n\r\n" + b"x" * 5000 + b"\r\n", 500),
        (b"From: a@b.example\r\n\r\n" + b"x\r\n" * 7000, 552),
    ],
)
def test_what_is_no_message_gets_5xx(connection: smtplib.SMTP, mailbox: Mailbox, raw: bytes, code: int) -> None:
    """Bare line ends, NUL, broken headers, long lines and too much data are refused; the next message is taken."""
    connection.helo()  # without ESMTP, so that no SIZE is told before
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        connection.sendmail("a@b.example", ["p01@mailbox.test"], raw)
    assert refusal.value.smtp_code == code
    connection.sendmail("a@b.example", ["p01@mailbox.test"], MESSAGE)
    assert mailbox.messages().total == 1


def test_dots_and_bytes_arrive_as_sent(connection: smtplib.SMTP, mailbox: Mailbox) -> None:
    """Lines that begin with dots and bytes above 127 arrive unchanged."""
    raw = b"From: a@b.example\r\nSubject: caf\xe9\r\n\r\n.\r\n..two\r\n. x\r\n\xff\xfe\r\n"
    connection.sendmail("a@b.example", ["p01@mailbox.test"], raw)
    assert mailbox.raw("latest").endswith(raw)


def test_an_endless_line_ends_the_connection(mailboxes: RunningMailboxes, mailbox: Mailbox) -> None:
    """Data without any line end is cut off at twice the largest message, and the server goes on."""
    with socket.create_connection(("127.0.0.1", mailboxes.addresses.smtp_port), timeout=10) as wire:
        for line in (b"EHLO x\r\n", b"MAIL FROM:<a@b.example>\r\n", b"RCPT TO:<p01@mailbox.test>\r\n", b"DATA\r\n"):
            wire.sendall(line)
            wire.recv(1000)
        heard = b""
        try:
            for _ in range(100):
                wire.sendall(b"x" * 10_000)
            while piece := wire.recv(1000):
                heard += piece
        except OSError:
            pass
        assert not heard or b"552" in heard or b"354" in heard
    assert mailbox.messages().total == 0


def test_too_many_connections_are_told_so(mailboxes: RunningMailboxes) -> None:
    """One connection more than the most gets 421; when one ends, its place is free again."""
    port = mailboxes.addresses.smtp_port
    held = [smtplib.SMTP("127.0.0.1", port, "x.example", timeout=10) for _ in range(LIMITS.smtp_connections)]
    with pytest.raises(smtplib.SMTPConnectError) as refusal:
        smtplib.SMTP("127.0.0.1", port, "x.example", timeout=10)
    assert refusal.value.smtp_code == 421
    for connection in held:
        connection.quit()
    with smtplib.SMTP("127.0.0.1", port, "x.example", timeout=10) as free:
        assert free.noop()[0] == 250


def test_a_full_mailbox_says_452(connection: smtplib.SMTP, mailbox: Mailbox) -> None:
    """Beyond the most messages the sender is told to try again, and what is there stays."""
    for _ in range(LIMITS.mailbox_messages):
        connection.sendmail("a@b.example", ["p01@mailbox.test"], MESSAGE)
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        connection.sendmail("a@b.example", ["p01@mailbox.test"], MESSAGE)
    assert refusal.value.smtp_code == 452
    assert mailbox.messages().total == LIMITS.mailbox_messages


def test_the_stamp_only_puts_on_top() -> None:
    """Return-Path and Received stand on top, in this order; a greeting can't bring lines of its own."""
    stamped = stamp(MESSAGE, "a@b.example", "p01@mailbox.test", "evil\r\nX-Forged: 1 (spamlab)", "127.0.0.1")
    assert stamped.endswith(MESSAGE)
    lines = stamped[: -len(MESSAGE)].decode().split("\r\n")
    assert lines[0] == "Return-Path: <a@b.example>"
    assert lines[1] == "Received: from evilX-Forged:1spamlab ([127.0.0.1])"
    assert lines[2] == "\tby mailbox.test (spamlab) with SMTP"
    assert lines[3].startswith("\tfor <p01@mailbox.test>; ")
    assert lines[4:] == [""]


def test_a_message_without_header_is_a_message() -> None:
    """Nothing above the first empty line is allowed, as is an empty message."""
    assert fault_of(b"\r\nbody\r\n") is None
    assert fault_of(b"") is None
