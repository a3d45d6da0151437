"""Received fields in the manner of several servers' software; what is random in them comes from a key.

Styles: postfix, exim, sendmail, qmail, outlook (an office's mail server), caplus (a large provider), http (webmail),
lmtp (into a mailbox); for readers of headers also row (all but the date in one row), folded (torn at every clause),
comments (much in brackets), pickup (no from clause) and qmail-local (neither from nor by).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from hashlib import blake2b

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_CONSONANTS = "BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789"
_HEX = "0123456789ABCDEF"
_TLS = ("\r\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"
        "\r\n\t key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256)"
        "\r\n\t(No client certificate requested)")


@dataclass(frozen=True, slots=True)
class Hop:
    """What one Received field says. name: what the peer called itself, "" for no from clause. reverse: its name in the
    DNS, "" for none. date: with the clock's zone. user: who authenticated, "" for nobody. weekday_shift: days by which
    the written day of the week is wrong. note: of a certificate, for the style comments."""

    by: str
    name: str
    reverse: str
    address: str
    date: datetime
    style: str
    protocol: str = "ESMTPS"
    recipient: str = ""
    sender: str = ""
    user: str = ""
    weekday_shift: int = 0
    note: str = ""


@lru_cache(maxsize=256)
def zone(minutes: int) -> timezone:
    """A clock's zone, minutes from UTC."""
    return timezone(timedelta(minutes=minutes))


def mail_date(date: datetime, weekday_shift: int = 0) -> str:
    """A date as RFC 5322 section 3.3 writes it, whatever the machine's language; a shift makes the weekday wrong."""
    offset = date.utcoffset() or timedelta(0)
    minutes = offset.days * 1440 + offset.seconds // 60
    sign, ahead = ("-", -minutes) if minutes < 0 else ("+", minutes)
    day = _DAYS[(date.weekday() + weekday_shift) % 7]
    clock = f"{date.hour:02d}:{date.minute:02d}:{date.second:02d} {sign}{ahead // 60:02d}{ahead % 60:02d}"
    return f"{day}, {date.day} {_MONTHS[date.month - 1]} {date.year} {clock}"


def letters(key: int, count: int, among: str = _LETTERS) -> str:
    """Some characters, at most 64, from a digest of the key; some may be a little more frequent than others."""
    return blake2b(key.to_bytes(8, "big"), digest_size=count).digest().translate(_table(among)).decode("ascii")


@lru_cache(maxsize=16)
def _table(among: str) -> bytes:
    return bytes(ord(among[one * len(among) >> 8]) for one in range(256))


def literal(address: str) -> str:
    """An address literal (RFC 5321 section 4.1.3)."""
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def received(hop: Hop, key: int) -> str:
    """A Received field with its folding, without the final CRLF (RFC 5321 section 4.4)."""
    date = mail_date(hop.date, hop.weekday_shift)
    return f"Received: {_WRITERS[hop.style](hop, key, identifier(hop.style, key), date)}"


def identifier(style: str, key: int) -> str:
    """The queue identifier that stands in the field which `received` writes in this style from this key."""
    if style == "exim":
        made = letters(key, 14)
        return f"1{made[:5]}-000000{made[5:10]}-{made[10:]}"
    if style == "sendmail":
        return f"5{letters(key, 7, _HEX)}{key % 900000 + 100000:06d}"
    if style == "lmtp":
        return letters(key, 20)
    if style == "caplus":
        return f"{letters(key, 2).lower()}{letters(key, 20, '0123456789abcdef')}.{key % 90 + 10}"
    # An identifier of digits alone that begins with 0 or 1 might be dialled.
    if key & 4:
        return f"{'456789ABCDEF'[key % 12]}{letters(key, 9 + key % 2, _HEX)}"
    made = letters(key, 9, _CONSONANTS)
    return f"4{made[:5]}z{made[5:]}"


def _secure(hop: Hop) -> bool:
    """Whether the peer spoke TLS (RFC 3848)."""
    return hop.protocol.endswith(("SMTPS", "SMTPSA"))


def _peer(hop: Hop) -> str:
    return f"from {hop.name} ({hop.reverse or 'unknown'} {literal(hop.address)})"


def _tail(hop: Hop, date: str) -> str:
    """The last clauses: with a recipient it shares its row with the date; without one the date stands alone."""
    return f"\r\n\tfor <{hop.recipient}>; {date}" if hop.recipient else f";\r\n\t{date}"


def _postfix(hop: Hop, key: int, ident: str, date: str) -> str:
    tls = _TLS if _secure(hop) and key & 24 else ""
    user = f"\r\n\t(Authenticated sender: {hop.user})" if hop.user else ""
    begin = f"{_peer(hop)}{tls}{user}\r\n\t" if hop.name else ""
    utc = " (UTC)" if date.endswith("+0000") else ""
    return f"{begin}by {hop.by} (Postfix) with {hop.protocol} id {ident}{_tail(hop, date)}{utc}"


def _exim(hop: Hop, key: int, ident: str, date: str) -> str:
    to = f"\r\n\tfor {hop.recipient}" if hop.recipient else ""
    if not hop.name:
        return f"from {hop.user or 'mail'} by {hop.by} with local (Exim 4.97.1)\r\n\tid {ident}{to};\r\n\t{date}"
    tls = "  (TLS1.3) tls TLS_AES_256_GCM_SHA384" if _secure(hop) else ""
    helo = f" helo={hop.name}" if hop.reverse != hop.name else ""
    start = f"from {hop.reverse} ([{hop.address}]{helo})" if hop.reverse else f"from [{hop.address}] ({helo[1:]})"
    envelope = f"\r\n\t(envelope-from <{hop.sender}>)" if hop.sender and key & 8 else ""
    return (f"{start}\r\n\tby {hop.by} with {hop.protocol.lower()}{tls}\r\n\t(Exim 4.97.1){envelope}"
            f"\r\n\tid {ident}{to};\r\n\t{date}")


def _sendmail(hop: Hop, key: int, ident: str, date: str) -> str:
    reverse = f"{hop.reverse} " if hop.reverse else ""
    begin = f"from {hop.name} ({reverse}{literal(hop.address)})\r\n\t" if hop.name else ""
    user = "(authenticated bits=0)\r\n\t" if hop.user and hop.name else ""
    tls = ("\r\n\t(version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NO)"
           if _secure(hop) and key & 12 else "")
    return f"{begin}{user}by {hop.by} (8.17.1/8.17.1) with {hop.protocol} id {ident}{tls}{_tail(hop, date)}"


def _outlook(hop: Hop, key: int, _ident: str, date: str) -> str:
    begin = f"from {hop.name} ({hop.address})" if hop.name else f"from {hop.by} ({hop.address or '127.0.0.1'})"
    return (f"{begin} by\r\n {hop.by} with Officepost SMTP Server\r\n (version=TLS1_2, "
            f"cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.{key % 3}.{key % 2000 + 400}.{key % 60};\r\n {date}")


def _lmtp(hop: Hop, _key: int, ident: str, date: str) -> str:
    return (f"from {hop.name} ([{hop.address}])\r\n\tby {hop.by} with LMTP\r\n\tid {ident}"
            f"\r\n\t(envelope-from <{hop.sender}>){_tail(hop, date)}")


def _caplus(hop: Hop, _key: int, ident: str, date: str) -> str:
    begin = f"from {hop.name} ({hop.reverse or hop.name}. {literal(hop.address)})\r\n        " if hop.name else ""
    to = f"\r\n        for <{hop.recipient}>" if hop.recipient else ""
    return f"{begin}by {hop.by} with {hop.protocol} id {ident}{to};\r\n        {date}"


def _http(hop: Hop, key: int, _ident: str, date: str) -> str:
    if key & 1:
        return f"from [{hop.address}] by {hop.by} with HTTP;\r\n\t{date}"
    return (f"from [{hop.address}] ({hop.name} {literal(hop.address)})\r\n\t"
            f"by {hop.by} (Horizon Framework) with HTTPS;\r\n\t{date}")


def _qmail(hop: Hop, key: int, ident: str, date: str) -> str:
    if not hop.name:
        return _qmail_local(hop, key, ident, date)
    return f"from {hop.reverse or 'unknown'} (HELO {hop.name}) ({hop.address})\r\n  by {hop.by} with SMTP; {date}"


def _qmail_local(_hop: Hop, key: int, _ident: str, date: str) -> str:
    return f"(qmail {key % 31000 + 900} invoked by uid {key % 600 + 500});\r\n\t{date}"


def _pickup(hop: Hop, key: int, ident: str, date: str) -> str:
    return f"by {hop.by} (Postfix, from userid {key % 30 + 100}) id {ident};\r\n\t{date}"


def _row(hop: Hop, _key: int, ident: str, date: str) -> str:
    user = f" (Authenticated sender: {hop.user})" if hop.user else ""
    return (f"{_peer(hop)}{user} by {hop.by} (Postfix) with {hop.protocol} id {ident}"
            f"{f' for <{hop.recipient}>' if hop.recipient else ''};\r\n\t{date}")


def _folded(hop: Hop, key: int, ident: str, date: str) -> str:
    to = f" for <{hop.recipient}>" if hop.recipient else ""
    rows = (f"from {hop.name}", f"({hop.reverse or 'unknown'}", f"{literal(hop.address)})", "by", f"{hop.by} (Postfix)",
            f"with {hop.protocol}", f"id {ident}{to};", date)
    space = ("\t", " " * 8, " ")[key % 3]
    return f"\r\n{space}".join(rows)


def _comments(hop: Hop, _key: int, ident: str, date: str) -> str:
    to = f" for <{hop.recipient}>" if hop.recipient else ""
    return (f"{_peer(hop)} (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)) "
            f"({hop.note or 'No client certificate requested'}) by {hop.by} (Postfix (Linux)) with {hop.protocol} "
            f"id {ident}{to};\r\n\t{date} (UTC{date[-5:]})")


_WRITERS = {"postfix": _postfix, "exim": _exim, "sendmail": _sendmail, "outlook": _outlook, "lmtp": _lmtp,
            "caplus": _caplus, "http": _http, "qmail": _qmail, "qmail-local": _qmail_local, "pickup": _pickup,
            "row": _row, "folded": _folded, "comments": _comments}
STYLES = ("postfix", "postfix", "postfix", "exim", "exim", "sendmail", "outlook", "qmail")
"""Software of servers that are not the receiver's, the common ones more often."""
