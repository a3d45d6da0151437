"""Trace fields in the manner of several servers' software; letters of identifiers come from a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from spamlab.generate.draws import mixed

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
    DNS, "" for none. date: with the clock's zone. user: who authenticated, "" for nobody."""

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


@lru_cache(maxsize=256)
def zone(minutes: int) -> timezone:
    """A clock's zone, minutes from UTC."""
    return timezone(timedelta(minutes=minutes))


def mail_date(date: datetime) -> str:
    """A date as RFC 5322 section 3.3 writes it, whatever the machine's language."""
    offset = date.utcoffset() or timedelta(0)
    minutes = offset.days * 1440 + offset.seconds // 60
    sign, ahead = ("-", -minutes) if minutes < 0 else ("+", minutes)
    return (f"{_DAYS[date.weekday()]}, {date.day} {_MONTHS[date.month - 1]} {date.year} {date.hour:02d}:"
            f"{date.minute:02d}:{date.second:02d} {sign}{ahead // 60:02d}{ahead % 60:02d}")


def letters(key: int, count: int, among: str = _LETTERS) -> str:
    """Some characters, eight of a key, and then it is mixed again. Some may be a little more frequent."""
    drawn = b""
    while len(drawn) < count:
        key = mixed(key + 1)
        drawn += key.to_bytes(8, "big")
    return drawn[:count].translate(_table(among)).decode("ascii")


@lru_cache(maxsize=16)
def _table(among: str) -> bytes:
    return bytes(ord(among[one * len(among) >> 8]) for one in range(256))


def literal(address: str) -> str:
    """An address literal (RFC 5321 section 4.1.3)."""
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def received(hop: Hop, key: int) -> str:
    """A Received field with its folding, without the final CRLF (RFC 5321 section 4.4)."""
    return f"Received: {_WRITERS[hop.style](hop, key, mail_date(hop.date))}"


def _for(hop: Hop) -> str:
    return f"\r\n\tfor <{hop.recipient}>" if hop.recipient else ""


def _postfix(hop: Hop, key: int, date: str) -> str:
    # An identifier of digits alone that begins with 0 or 1 might be dialled.
    ident = f"{'456789ABCDEF'[key % 12]}{letters(key, 9 + key % 2, _HEX)}" if key & 4 else (
        f"4{letters(key, 5, _CONSONANTS)}z{letters(key >> 9, 4, _CONSONANTS)}")
    tls = _TLS if hop.protocol.endswith(("S", "SA")) and key & 24 else ""
    user = f"\r\n\t(Authenticated sender: {hop.user})" if hop.user and key & 32 else ""
    begin = f"from {hop.name} ({hop.reverse or 'unknown'} {literal(hop.address)}){tls}{user}\r\n\t" if hop.name else ""
    return f"{begin}by {hop.by} (Postfix) with {hop.protocol} id {ident}{_for(hop)};\r\n\t{date}"


def _exim(hop: Hop, key: int, date: str) -> str:
    ident = f"1{letters(key, 5)}-000000{letters(key >> 3, 5)}-{letters(key >> 5, 4)}"
    tls = "  (TLS1.3) tls TLS_AES_256_GCM_SHA384" if hop.protocol.endswith(("S", "SA")) else ""
    if not hop.name:
        return f"from {hop.user or 'mail'} by {hop.by} with local (Exim 4.97.1)\r\n\tid {ident}{_for(hop)};\r\n\t{date}"
    helo = f"helo={hop.name}" if hop.reverse != hop.name else ""
    start = f"from {hop.reverse} ([{hop.address}]{' ' if helo else ''}{helo})" if hop.reverse else (
        f"from [{hop.address}] (helo={hop.name})")
    envelope = f"\r\n\t(envelope-from <{hop.sender}>)" if hop.sender and key & 8 else ""
    return (f"{start}\r\n\tby {hop.by} with {hop.protocol.lower()}{tls}\r\n\t(Exim 4.97.1){envelope}"
            f"\r\n\tid {ident}{_for(hop)};\r\n\t{date}")


def _sendmail(hop: Hop, key: int, date: str) -> str:
    ident = f"5{letters(key, 2, _HEX)}{letters(key >> 2, 5, _HEX)}{key % 900000 + 100000:06d}"
    reverse = f"{hop.reverse} " if hop.reverse else ""
    begin = f"from {hop.name} ({reverse}{literal(hop.address)})\r\n\t" if hop.name else ""
    user = "(authenticated bits=0)\r\n\t" if hop.user and hop.name else ""
    tls = ("\r\n\t(version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NO)"
           if hop.protocol.endswith(("S", "SA")) and key & 12 else "")
    return f"{begin}{user}by {hop.by} (8.17.1/8.17.1) with {hop.protocol} id {ident}{tls}{_for(hop)};\r\n\t{date}"


def _outlook(hop: Hop, key: int, date: str) -> str:
    begin = f"from {hop.name} ({hop.address})" if hop.name else f"from {hop.by} ({hop.address or '127.0.0.1'})"
    return (f"{begin} by\r\n {hop.by} with Officepost SMTP Server\r\n (version=TLS1_2, "
            f"cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.{key % 3}.{key % 2000 + 400}.{key % 60};\r\n {date}")


def _lmtp(hop: Hop, key: int, date: str) -> str:
    return (f"from {hop.name} ([{hop.address}])\r\n\tby {hop.by} with LMTP\r\n\tid {letters(key, 20)}"
            f"\r\n\t(envelope-from <{hop.sender}>){_for(hop)};\r\n\t{date}")


def _caplus(hop: Hop, key: int, date: str) -> str:
    ident = f"{letters(key, 2).lower()}{letters(key >> 4, 20, _HEX).lower()}.{key % 90 + 10}"
    begin = f"from {hop.name} ({hop.reverse or hop.name}. {literal(hop.address)})\r\n        " if hop.name else ""
    return f"{begin}by {hop.by} with {hop.protocol} id {ident}{_for(hop).replace(chr(9), ' ' * 8)};\r\n        {date}"


def _http(hop: Hop, key: int, date: str) -> str:
    if key & 1:
        return f"from [{hop.address}] by {hop.by} with HTTP;\r\n\t{date}"
    return (f"from [{hop.address}] ({hop.name} {literal(hop.address)})\r\n\t"
            f"by {hop.by} (Horizon Framework) with HTTPS;\r\n\t{date}")


def _qmail(hop: Hop, key: int, date: str) -> str:
    if not hop.name:
        return f"(qmail {key % 31000 + 900} invoked by uid {key % 600 + 500}); {date}"
    return f"from {hop.reverse or 'unknown'} (HELO {hop.name}) ({hop.address})\r\n  by {hop.by} with SMTP; {date}"


_WRITERS = {"postfix": _postfix, "exim": _exim, "sendmail": _sendmail, "outlook": _outlook, "lmtp": _lmtp,
            "caplus": _caplus, "http": _http, "qmail": _qmail}
STYLES = ("postfix", "postfix", "postfix", "exim", "exim", "sendmail", "outlook", "qmail")
"""Software of servers that are not the receiver's, the common ones more often."""
