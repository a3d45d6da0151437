"""Receiving over SMTP (RFC 5321): what comes for a participant is stored, everything else is refused.

Nothing is relayed: a recipient outside mailbox.test, or unknown there, gets 550. aiosmtpd speaks the protocol; this
module puts bounds on connections and lines, and refuses what a strict receiver refuses.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from spamlab.mailnet.limits import Limits
from spamlab.mailnet.store import MailboxFull, MailboxStore

DOMAIN = "mailbox.test"
COMMENT = "(spamlab)"
_FIELD_NAME = re.compile(rb"[!-9;-~]+[ \t]*:")  # ftext of RFC 5322, blanks before the colon as in its obsolete syntax
_PATH = re.compile(r'(?:"[^"\x00-\x1f]*"|[^\s<>"\x00-\x1f]+)(?:@[^\s<>"@\x00-\x1f]+)?')
_log = logging.getLogger(__name__)


@dataclass
class Counters:
    """What the server has received since it started."""

    accepted: int = 0
    accepted_bytes: int = 0
    rejected: int = 0
    deleted: int = 0
    started: float = field(default_factory=time.monotonic)
    connections: int = 0


class Receiver:
    """aiosmtpd's hooks: which recipients exist, and where a whole message goes."""

    def __init__(self, stores: Mapping[str, MailboxStore], counters: Counters, limits: Limits) -> None:
        self.stores = stores
        self.counters = counters
        self.limits = limits

    async def handle_MAIL(  # noqa: N802 - aiosmtpd finds the hook by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Any sender that is an address; aiosmtpd itself lets blanks pass that a Return-Path can't hold."""
        del server, session
        if address != "<>" and not _PATH.fullmatch(address):
            return "553 5.1.7 Error: malformed sender address"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """550 for anybody but a participant; 452 beyond the most recipients."""
        del server, session
        if len(envelope.rcpt_tos) >= self.limits.recipients:
            return "452 4.5.3 Too many recipients"
        name, _, domain = address.rpartition("@")
        if domain.lower() != DOMAIN:
            self.counters.rejected += 1
            return f"550 5.7.1 This server relays nothing; it takes mail for {DOMAIN} only"
        if name.lower() not in self.stores:
            self.counters.rejected += 1
            return "550 5.1.1 There is no such mailbox here"
        if address not in envelope.rcpt_tos:
            envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Store the message for each recipient; 250 is said only when all copies are on disk."""
        del server
        raw = bytes(envelope.content)
        if fault := fault_of(raw):
            self.counters.rejected += 1
            return fault
        sender = "" if envelope.mail_from in (None, "<>") else str(envelope.mail_from)
        try:
            for recipient in envelope.rcpt_tos:
                stamped = stamp(raw, sender, recipient, session.host_name or "", str(session.peer[0]))
                store = self.stores[recipient.rpartition("@")[0].lower()]
                store.add(stamped, created=int(time.time() * 1000), recipients=[recipient])
        except MailboxFull:
            self.counters.rejected += 1
            return "452 4.2.2 The mailbox is full; delete messages and send again"
        self.counters.accepted += 1
        self.counters.accepted_bytes += len(raw)
        return "250 2.0.0 Ok"

    async def handle_exception(self, error: Exception) -> str:
        """Trouble of our own: the sender is asked to try again, and learns nothing of the inside."""
        _log.error("mailbox: %s: %s", type(error).__name__, error)
        return "451 4.3.0 Local error in processing"


def fault_of(raw: bytes) -> str | None:
    """The 5xx reply for what isn't a message of RFC 5322, None for what is.

    Each line above the first empty one must be a header field or the continuation of one.
    """
    if b"\x00" in raw:
        return "554 5.6.0 The message contains a NUL byte"
    if raw.startswith((b" ", b"\t")):
        return "554 5.6.0 The message begins with a continuation line"
    for line in (b"\r\n" + raw).partition(b"\r\n\r\n")[0].split(b"\r\n"):
        if line and not line.startswith((b" ", b"\t")) and not _FIELD_NAME.match(line):
            return "554 5.6.0 A line above the first empty line is not a header field"
    return None


def stamp(raw: bytes, sender: str, recipient: str, greeting: str, address: str) -> bytes:
    """Return-Path and one Received field on top (RFC 5321 section 4.4); no byte below them is changed."""
    name = re.sub(r"[^A-Za-z0-9.:\[\]_-]", "", greeting)[:255] or "unknown"
    trace = (
        f"Return-Path: <{sender}>\r\n"
        f"Received: from {name} ([{address}])\r\n"
        f"\tby {DOMAIN} {COMMENT} with SMTP\r\n"
        f"\tfor <{recipient}>; {formatdate(localtime=True)}\r\n"
    )
    return trace.encode("ascii", "replace") + raw


class ReceivingServer(SMTP):  # type: ignore[misc]
    """aiosmtpd's server with our bounds: connections, line lengths, bytes of an endless message."""

    def __init__(self, receiver: Receiver) -> None:
        limits = receiver.limits
        # The stream's own limit is taken from this attribute while the server is made.
        self.line_length_limit = limits.line_bytes
        super().__init__(
            receiver,
            data_size_limit=limits.message_bytes,
            enable_SMTPUTF8=False,
            hostname=DOMAIN,
            ident=f"{COMMENT} ESMTP",
            timeout=limits.idle_seconds,
            loop=asyncio.get_running_loop(),
        )
        self._counters = receiver.counters
        self._most_connections = limits.smtp_connections
        self._is_refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet, or refuse with 421 when too many are connected."""
        if self._counters.connections >= self._most_connections and isinstance(transport, asyncio.Transport):
            self._is_refused = True
            transport.write(b"421 4.3.2 Too many connections, try again later\r\n")
            transport.close()
            return
        self._counters.connections += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Free the place of the connection."""
        if self._is_refused:
            return
        self._counters.connections -= 1
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """Hand on what came, unless the connection was refused."""
        if not self._is_refused:
            super().data_received(data)

    def eof_received(self) -> bool | None:
        """The other side is done."""
        return False if self._is_refused else super().eof_received()

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        # The address parser of the standard library stumbles over some half addresses, as in "<a@".
        try:
            address, rest = super()._getaddr(arg)
        except (IndexError, ValueError, AttributeError, RecursionError):
            return None, None
        return address, rest

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        """Take the message (RFC 5321 section 4.1.1.4); in aiosmtpd's own, one endless line fills the memory."""
        if await self.check_helo_needed():
            return
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
        elif arg:
            await self.push("501 5.5.4 Syntax: DATA")
        else:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            await self._take(await _read_data(self._reader, self.data_size_limit))

    async def _take(self, taken: bytes | str | None) -> None:
        if taken is None:
            await self.push("552 5.3.4 Error: far too much data, goodbye")
            self.transport.close()
            return
        if isinstance(taken, str):
            self._counters.rejected += 1
            reply: Any = taken
        else:
            self.envelope.content = self.envelope.original_content = taken
            reply = await self._call_handler_hook("DATA")
        self._set_post_data_state()
        await self.push(reply)


async def _read_data(reader: asyncio.StreamReader, limit: int) -> bytes | str | None:
    """The message without the final dot and with dots unstuffed; or a 5xx reply; or None, when it has no end.

    A bare CR or LF is refused: receivers that disagree about it let one message smuggle in another
    (RFC 5321 section 2.3.8).
    """
    lines: list[bytes] = []
    size = 0
    fault: str | None = None
    is_line_start = True
    while size <= 2 * limit:
        try:
            line = await reader.readuntil(b"\r\n")
        except asyncio.LimitOverrunError as overrun:
            size += len(await reader.read(overrun.consumed))
            fault = fault or "500 5.5.2 Line too long (RFC 5321 section 4.5.3.1.6)"
            is_line_start = False
            continue
        if is_line_start and line == b".\r\n":
            return fault or b"".join(lines)
        size += len(line)
        is_line_start = True
        if size > limit:
            fault = fault or "552 5.3.4 Error: too much mail data"
        elif b"\r" in line[:-2] or b"\n" in line[:-2]:
            fault = fault or "554 5.6.0 Error: bare CR or LF; lines must end in CRLF (RFC 5321 section 2.3.8)"
        if fault:
            lines.clear()
        else:
            lines.append(line[1:] if line.startswith(b".") else line)
    return None


def server_factory(
    stores: Mapping[str, MailboxStore], counters: Counters, limits: Limits
) -> Callable[[], ReceivingServer]:
    """For loop.create_server: one protocol for each connection."""
    receiver = Receiver(stores, counters, limits)
    return lambda: ReceivingServer(receiver)
