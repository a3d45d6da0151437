"""Reads a Received field (RFC 5321 section 4.4; the words of "with": RFC 3848) as real servers write it.

>>> line = read_received("from mail.a.example (b.example [192.0.2.7]) by mx.c.example with ESMTP id 1; "
...                      "Tue, 15 Sep 2026 10:00:00 +0300")
>>> line.from_name, line.from_reverse, line.from_address, line.by
('mail.a.example', 'b.example', '192.0.2.7', 'mx.c.example')
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from spamlab.forensics.dates import MailDate, read_date
from spamlab.forensics.tokens import Token, tokens

_WORDS = ("from", "by", "via", "with", "id", "for")
_LITERAL = re.compile(r"(?<![=\w])\[(?:IPv6:)?([0-9A-Fa-f:.]{2,45})(?:%[\w.]{1,20})?\]", re.IGNORECASE)
_BARE = re.compile(r"(?:IPv6:)?\[?([0-9A-Fa-f:.]{2,45})\]?(?::\d{1,5})?", re.IGNORECASE)
_GREETING = re.compile(r"\b(?:HELO|EHLO)[=\s]\s?\[?([^\s\]\[,;()]{1,255})", re.IGNORECASE)
_OWN = re.compile(r"(?:Mailpit|spamlab)", re.IGNORECASE)


@dataclass(frozen=True)
class Received:
    """What one Received field claims; "" or None where it says nothing.

    from_name: the name that the peer gave for itself. from_reverse: the name that the writing server found in DNS
    ("unknown" where it says so). from_address: the peer's address as the server saw it, in canonical form (RFC 5952).
    by: the host that says it wrote the field. protocol: the words after "with". comments: all that stood in brackets.
    mailbox: written by the lab's own mailbox at the end (shown as line 0).
    faults: "no-from", "no-by", "no-date" and those of `dates.MailDate` with "date-" before them.
    """

    text: str
    from_name: str = ""
    from_reverse: str = ""
    from_address: str = ""
    by: str = ""
    by_address: str = ""
    via: str = ""
    protocol: str = ""
    id: str = ""
    recipient: str = ""
    date_text: str = ""
    date: datetime | None = None
    comments: tuple[str, ...] = ()
    mailbox: bool = False
    faults: tuple[str, ...] = ()

    @property
    def utc(self) -> datetime | None:
        """The same moment in UTC."""
        return None if self.date is None else self.date.astimezone(UTC)

    @property
    def authenticated(self) -> bool:
        """Whether the peer is said to have given a password (ESMTPA, ESMTPSA; RFC 3848)."""
        word = self.protocol.split(" ", 1)[0].upper()
        return word in ("ESMTPA", "ESMTPSA", "LMTPA", "LMTPSA", "UTF8SMTPA", "UTF8SMTPSA", "ASMTP")


def read_received(value: str) -> Received:
    """What the field with this (folded or unfolded) value claims. Never raises, whatever the value is."""
    text = " ".join(value[:20_000].split())
    found = tokens(text)
    body, date = _split_date(text, found)
    clauses = _clauses(body)
    faults: list[str] = []
    name, reverse, address = _peer(clauses.get("from", []))
    by = clauses.get("by", [])
    by_words = [token.text for token in by if token.kind == "word"]
    if not clauses.get("from"):
        faults.append("no-from")
    if not by_words:
        faults.append("no-by")
    if date is None:
        faults.append("no-date")
    else:
        faults += [f"date-{fault}" for fault in date.faults]
    return Received(
        text=text,
        from_name=name,
        from_reverse=reverse,
        from_address=address,
        by=_host(by_words[0]) if by_words else "",
        by_address=next((seen for seen in map(_whole_address, (token.text for token in by[1:2])) if seen), ""),
        via=_words(clauses.get("via", [])),
        protocol=_words(clauses.get("with", [])),
        id=_words(clauses.get("id", [])[:1]).strip("<>"),
        recipient=_words(clauses.get("for", [])[:1]).strip("<>"),
        date_text=date.text if date else "",
        date=date.moment if date else None,
        comments=tuple(token.text for token in found if token.kind == "comment"),
        mailbox=any(token.kind == "comment" and _OWN.fullmatch(token.text.strip()) for token in by),
        faults=tuple(faults),
    )


def _split_date(text: str, found: list[Token]) -> tuple[list[Token], MailDate | None]:
    """The tokens before the date, and the date: after the last semicolon or, where a server forgot it, at the end."""
    last = next(
        (place for place in range(len(found) - 1, -1, -1) if found[place].text == ";" and found[place].kind == "sign"),
        None,
    )
    if last is not None:
        date = text[found[last].start + 1 :].strip()
        if date:
            return found[:last], read_date(date)
        found = found[:last]
    tail = read_date(text[-80:])
    return found, tail if tail.moment is not None else None


def _clauses(found: list[Token]) -> dict[str, list[Token]]:
    """Tokens by the word that begins their clause; the first of each word counts, "from" only at the very start."""
    clauses: dict[str, list[Token]] = {}
    current: list[Token] | None = None
    seen_word = False
    for token in found:
        word = token.text.lower() if token.kind == "word" else ""
        if (
            word in _WORDS
            and word not in clauses
            and (word != "from" or not seen_word)
            and (current is None or current)
        ):
            current = clauses[word] = []
        elif current is not None and token.kind != "sign":
            current.append(token)
        seen_word = seen_word or bool(word)
    return clauses


def _peer(clause: list[Token]) -> tuple[str, str, str]:
    """Name given, name found in DNS, address seen. Postfix, sendmail, Exim, qmail and others differ; see the tests."""
    words = [token.text for token in clause if token.kind == "word"]
    comments = [token.text for token in clause if token.kind == "comment"]
    name = words[0][:300] if words else ""
    reverse = address = greeting = ""
    for comment in comments:
        told = _GREETING.search(comment)
        if told and not greeting:
            greeting = told[1].rstrip(".")
        # An address inside the greeting is the peer's own word, not what the server saw.
        seen = _GREETING.sub(" ", comment) if told else comment
        if not address:
            address = _address_in(seen)
            if address:
                first = seen.split(maxsplit=1)[0].rpartition("@")[2]
                if not _literal(first) and not _whole_address(first) and "=" not in first and first.strip("[]:"):
                    reverse = first
    if not address:
        address = _literal(name) or _whole_address(name)
    if not address:
        address = next((seen for seen in map(_literal, words[1:4]) if seen), "")
    if greeting and greeting.lower() != name.lower():
        # qmail and Exim put the DNS name or the address first and the greeting in the comment.
        reverse = reverse or ("" if _literal(name) or _whole_address(name) else name)
        name = greeting
    return _host(name), _host(reverse), address


def _address_in(comment: str) -> str:
    for match in _LITERAL.finditer(comment):
        seen = _address(match[1])
        if seen:
            return seen
    for part in comment.split()[:6]:
        whole = _whole_address(part)
        if whole:
            return whole
    return ""


def _literal(text: str) -> str:
    match = _LITERAL.match(text)
    return _address(match[1]) if match else ""


def _whole_address(text: str) -> str:
    match = _BARE.fullmatch(text.strip())
    return _address(match[1]) if match else ""


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""


def _host(text: str) -> str:
    return text if text.startswith("[") else text.rstrip(".,")


def _words(clause: list[Token]) -> str:
    return " ".join(token.text for token in clause if token.kind == "word")
