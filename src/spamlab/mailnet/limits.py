"""How much the mailbox server takes: every queue, body and connection is bounded."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of one server; the defaults suit a class of some thirty people on one laptop.

    message_bytes: largest message, told to senders by SIZE (RFC 1870).
    line_bytes: longest line in DATA. RFC 5321 section 4.5.3.1.6 names 1000; real receivers take longer ones.
    recipients: most RCPT commands of one message (RFC 5321 section 4.5.3.1.8 asks for at least 100).
    smtp_connections, http_connections: open at the same time; one more is refused politely.
    idle_seconds: a connection without a whole command or request for so long is closed.
    mailbox_messages, mailbox_bytes: a full mailbox answers 452 and loses nothing that it has accepted.
    request_bytes: largest body of an HTTP request.
    """

    message_bytes: int = 10 * MIB
    line_bytes: int = 64 * 1024
    recipients: int = 100
    smtp_connections: int = 64
    http_connections: int = 256
    idle_seconds: float = 60.0
    mailbox_messages: int = 5000
    mailbox_bytes: int = 500 * MIB
    request_bytes: int = MIB
