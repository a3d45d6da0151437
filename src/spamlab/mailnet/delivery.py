"""Delivery into a mailbox over SMTP. It leaves this machine only when asked."""

from __future__ import annotations

import ipaddress
import smtplib
from collections.abc import Iterable

from spamlab.errors import ServiceError, UsageError
from spamlab.records.message import Message

GREETING = "delivery.mailbox.test"
SECONDS = 30.0


def deliver(messages: Iterable[Message], host: str, port: int, mailbox: str, *, allow_other_hosts: bool = False) -> int:
    """Send every message to one mailbox (`p01@mailbox.test`) over one connection; returns how many were accepted.

    The envelope's sender is the message's own, its recipient is `mailbox`. Messages already there are sent again:
    leaving them out is the caller's matter. Raises UsageError for a host beyond loopback (unless
    `allow_other_hosts`), ServiceError when the server can't be reached or refuses; what was accepted before stays.
    """
    if not allow_other_hosts and not is_loopback(host):
        raise UsageError(f"Mail is delivered on this machine only, and {host} isn't on it.")
    accepted = 0
    try:
        with smtplib.SMTP(host, port, local_hostname=GREETING, timeout=SECONDS) as connection:
            for message in messages:
                _send(connection, message, mailbox)
                accepted += 1
    except (OSError, smtplib.SMTPException) as error:
        reason = str(error) or type(error).__name__
        raise ServiceError(f"The mail server at {host}:{port} can't be reached or broke off: {reason}.") from error
    return accepted


def is_loopback(host: str) -> bool:
    """Whether the host is this machine's loopback by its address, or is called localhost."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _send(connection: smtplib.SMTP, message: Message, mailbox: str) -> None:
    try:
        connection.sendmail(message.envelope_from, [mailbox], message.raw)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = error.recipients[mailbox]
        raise ServiceError(f"The mail server refused {mailbox}: {code} {_text(text)}.") from error
    except smtplib.SMTPResponseException as error:
        reply = f"{error.smtp_code} {_text(error.smtp_error)}"
        raise ServiceError(f"The mail server refused message {message.name}: {reply}.") from error
    except (UnicodeError, ValueError) as error:
        raise ServiceError(f"Message {message.name} has an envelope address that SMTP can't carry.") from error


def _text(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
