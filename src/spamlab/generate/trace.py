"""Writes trace fields the way that mail software writes them: Received, Received-SPF, Authentication-Results."""

from __future__ import annotations

import base64
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def mail_date(date: datetime, *, weekday_shift: int = 0) -> str:
    """`date` as RFC 5322 section 3.3 writes it, whatever the machine's language; a shift makes the weekday wrong."""
    day = _DAYS[(date.weekday() + weekday_shift) % 7]
    return f"{day}, {date.day} {_MONTHS[date.month - 1]} {date.year} {date:%H:%M:%S} {date:%z}"


def bracketed(address: str) -> str:
    """An address literal (RFC 5321 section 4.1.3)."""
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


@dataclass(frozen=True)
class Hop:
    """What one Received field says, before it is written in some software's style.

    name: what the peer said (None: no from clause). reverse: the name of DNS, "" where there is none.
    """

    by: str
    name: str | None
    reverse: str
    address: str | None
    date: datetime
    style: str
    protocol: str = "ESMTPS"
    recipient: str = ""
    sender: str = ""
    user: str = ""
    weekday_shift: int = 0
    note: str = ""


def queue_id(rng: Random, style: str) -> str:
    """A queue identifier as `style` makes them."""
    letters = string.ascii_letters + string.digits

    def some(alphabet: str, count: int) -> str:
        return "".join(rng.choice(alphabet) for _ in range(count))

    if style == "exim":
        return f"1{some(letters, 5)}-000000{some(letters, 5)}-{some(letters, 4)}"
    if style == "sendmail":
        return f"58F{some(string.ascii_uppercase + string.digits, 5)}{rng.randrange(100_000, 999_999)}"
    if style == "lmtp":
        return some(letters, 18) + "==" if rng.random() < 0.3 else some(letters, 20)
    consonants = "BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789"
    return f"4{some(consonants, 5)}z{some(consonants, rng.choice((3, 4)))}"


_TLS = (
    "(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)",
    " key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256)",
    "(No client certificate requested)",
)


def received(hop: Hop, rng: Random) -> tuple[str, str]:
    """One Received field with its folding, without the final CRLF, and the queue id in it.

    Styles: postfix, exim, sendmail, lmtp (our store), row (all but the date in one row), folded (torn at every
    clause), comments (much in brackets), pickup (Postfix gives it to itself, no from), qmail-local (no from, no by).
    """
    ident = queue_id(rng, hop.style)
    date = mail_date(hop.date, weekday_shift=hop.weekday_shift)
    rows = _WRITERS[hop.style](hop, ident, date, rng)
    return "Received: " + "\r\n".join(rows), ident


def _for(hop: Hop) -> str:
    return f" for <{hop.recipient}>" if hop.recipient else ""


def _peer(hop: Hop) -> str:
    assert hop.name is not None
    assert hop.address is not None
    return f"from {hop.name} ({hop.reverse or 'unknown'} {bracketed(hop.address)})"


def _tail(hop: Hop, row: str, date: str) -> list[str]:
    """The last rows: with a for clause it shares its row with the date; without one the date stands alone."""
    return [row, f"\t{_for(hop).strip()}; {date}"] if hop.recipient else [row + ";", f"\t{date}"]


def _postfix(hop: Hop, ident: str, date: str, rng: Random) -> list[str]:
    rows = [_peer(hop)]
    if "S" in hop.protocol[5:] and rng.random() < 0.7:
        rows += ["\t" + row for row in _TLS]
    if hop.user:
        rows.append(f"\t(Authenticated sender: {hop.user})")
    utc = " (UTC)" if hop.date.utcoffset() == timedelta(0) else ""
    return [*rows, *_tail(hop, f"\tby {hop.by} (Postfix) with {hop.protocol} id {ident}", date + utc)]


def _exim(hop: Hop, ident: str, date: str, rng: Random) -> list[str]:
    secure = " (TLS1.3) tls TLS_AES_256_GCM_SHA384" if "S" in hop.protocol[5:] else ""
    rows = [
        f"from {hop.name} ([{hop.address}])",
        f"\tby {hop.by} with {hop.protocol.lower()}{secure}",
        "\t(Exim 4.97.1)",
    ]
    if hop.sender and rng.random() < 0.8:
        rows.append(f"\t(envelope-from <{hop.sender}>)")
    if hop.recipient:
        return [*rows, f"\tid {ident}", f"\tfor {hop.recipient}; {date}"]
    return [*rows, f"\tid {ident};", f"\t{date}"]


def _sendmail(hop: Hop, ident: str, date: str, rng: Random) -> list[str]:
    assert hop.address is not None
    rows = [f"from {hop.name} ({f'{hop.reverse} ' if hop.reverse else ''}{bracketed(hop.address)})"]
    if hop.user:
        rows.append("\t(authenticated bits=0)")
    row = f"\tby {hop.by} (8.17.1/8.17.1) with {hop.protocol} id {ident}"
    if "S" in hop.protocol[5:] and rng.random() < 0.6:
        rows.append(row)
        row = "\t(version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NO)"
    return [*rows, *_tail(hop, row, date)]


def _lmtp(hop: Hop, ident: str, date: str, _rng: Random) -> list[str]:
    return [
        f"from {hop.name} ([{hop.address}])",
        f"\tby {hop.by} with LMTP",
        f"\tid {ident}",
        f"\t(envelope-from <{hop.sender}>)",
        f"\t{_for(hop).strip()}; {date}",
    ]


def _row(hop: Hop, ident: str, date: str, _rng: Random) -> list[str]:
    user = f" (Authenticated sender: {hop.user})" if hop.user else ""
    return [f"{_peer(hop)}{user} by {hop.by} (Postfix) with {hop.protocol} id {ident}{_for(hop)};", f"\t{date}"]


def _folded(hop: Hop, ident: str, date: str, rng: Random) -> list[str]:
    space = rng.choice(("\t", "        ", " "))
    assert hop.address is not None
    return [
        f"from {hop.name}",
        f"{space}({hop.reverse or 'unknown'}",
        f"{space}{bracketed(hop.address)})",
        f"{space}by",
        f"{space}{hop.by} (Postfix)",
        f"{space}with {hop.protocol}",
        f"{space}id {ident}{_for(hop)};",
        f"{space}{date}",
    ]


def _comments(hop: Hop, ident: str, date: str, _rng: Random) -> list[str]:
    certificate = hop.note or "No client certificate requested"
    return [
        f"{_peer(hop)} (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)) "
        f"({certificate}) by {hop.by} (Postfix (Linux)) with {hop.protocol} id {ident}{_for(hop)};",
        f"\t{date} (UTC{hop.date:%z})",
    ]


def _pickup(hop: Hop, ident: str, date: str, rng: Random) -> list[str]:
    return [f"by {hop.by} (Postfix, from userid {rng.randrange(100, 130)}) id {ident};", f"\t{date}"]


def _qmail_local(_hop: Hop, _ident: str, date: str, rng: Random) -> list[str]:
    return [f"(qmail {rng.randrange(1000, 32000)} invoked by uid {rng.randrange(500, 1100)});", f"\t{date}"]


_WRITERS = {
    "postfix": _postfix, "exim": _exim, "sendmail": _sendmail, "lmtp": _lmtp, "row": _row, "folded": _folded,
    "comments": _comments, "pickup": _pickup, "qmail-local": _qmail_local,
}  # fmt: skip


def authentication_results(
    authserv_id: str, results: Mapping[str, tuple[str, str]], *, envelope: str, selector: str = "", note: str = ""
) -> str:
    """An Authentication-Results field (RFC 8601 section 2.2), without the final CRLF.

    results: method -> (result, domain); envelope: the whole bounce address; selector: header.s of a DKIM result.
    """
    parts = []
    for method, (result, domain) in results.items():
        if method == "spf":
            parts.append(
                f"spf={result}{f' ({note})' if note else ''} smtp.mailfrom={envelope if '@' in envelope else domain}"
            )
        elif method == "dkim":
            signed = (
                f" header.d={domain}" + (f" header.s={selector}" if selector else "")
                if domain
                else " (message not signed)"
            )
            parts.append(f"dkim={result}{signed}")
        else:
            policy = " (p=none dis=none)" if result in ("pass", "fail") else ""
            parts.append(f"dmarc={result}{policy} header.from={domain}")
    return f"Authentication-Results: {authserv_id};\r\n\t" + ";\r\n\t".join(parts)


def received_spf(result: str, host: str, address: str, envelope: str, helo: str) -> str:
    """A Received-SPF field (RFC 7208 section 9.1), without the final CRLF."""
    says = {
        "pass": f"domain of {envelope} designates {address} as permitted sender",
        "softfail": f"transitioning domain of {envelope} does not designate {address} as permitted sender",
        "none": f"domain of {envelope} has no record",
        "fail": f"domain of {envelope} does not designate {address} as permitted sender",
    }
    return (
        f"Received-SPF: {result.capitalize()} ({host}: {says.get(result, result)})\r\n"
        f'\tclient-ip={address}; envelope-from="{envelope}"; helo={helo};'
    )


def dkim_signature(domain: str, selector: str, identity: str, date: datetime, rng: Random) -> str:
    """The text of a DKIM-Signature field (RFC 6376 section 3.5) around random bytes, without the final CRLF."""
    digest = base64.b64encode(rng.randbytes(32)).decode()
    signature = base64.b64encode(rng.randbytes(256)).decode()
    rows = "\r\n\t ".join(signature[start : start + 66] for start in range(0, len(signature), 66))
    return (
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={selector};\r\n"
        f"\tt={int(date.timestamp())}; i={identity};\r\n"
        f"\th=From:To:Subject:Date:Message-ID:MIME-Version:Content-Type;\r\n"
        f"\tbh={digest};\r\n\tb={rows}"
    )
