"""What one Received line claims, in the five words a display needs (RFC 5321 section 4.4). Never raises.

Reading for display only: the comment after the name given is where the writing server put the address that it
saw. Whether a line tells the truth is the participant's question, not this module's.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MOST = 2000
_ADDRESS = re.compile(r"(?:IPv6:)?([0-9A-Fa-f:.]{3,45})")
_WORDS = ("from", "by", "via", "with", "id", "for")
_OWN = re.compile(r"(?:^|\s)by\s+\S{1,255}\s+\((?:Mailpit|spamlab)\)", re.IGNORECASE)


@dataclass(frozen=True)
class Claims:
    """name: the name the sender gave for itself. address: the IP address in the comment after it.
    by: the server that says it wrote the line. time: as written. utc: the same instant, None if unreadable.
    Each text is "" where the line does not say it.
    """

    name: str
    address: str
    by: str
    time: str
    utc: datetime | None


def read_claims(value: str) -> Claims:
    """The claims of one unfolded Received value."""
    value = " ".join(value[:_MOST].split())
    body, _semicolon, time = value.rpartition(";")
    if not _semicolon:
        body, time = value, ""
    found: dict[str, list[str]] = {}
    current = ""
    for token in _tokens(body):
        if token.lower() in _WORDS and token.lower() not in found:
            current = token.lower()
            found[current] = []
        elif current:
            found[current].append(token)
    given = found.get("from", [])
    name = given[0] if given else ""
    address = _first_address(given[1:]) or _first_address(given[:1], literal=True)
    by = found.get("by", [])
    return Claims(name, address, by[0] if by else "", time.strip(), _utc(time))


def is_own(value: str) -> bool:
    """Whether a Received value is the one that our mailbox wrote when it stored the message."""
    return bool(_OWN.search(" ".join(value[:_MOST].split())))


def _tokens(text: str) -> list[str]:
    """Words and whole comments; nested comments count as one (RFC 5322 section 3.2.2)."""
    tokens, word, depth = [], "", 0
    for sign in text:
        if sign == "(":
            if not depth and word:
                tokens.append(word)
                word = ""
            depth += 1
            word += sign
        elif sign == ")" and depth:
            depth -= 1
            word += sign
            if not depth:
                tokens.append(word)
                word = ""
        elif sign == " " and not depth:
            if word:
                tokens.append(word)
            word = ""
        else:
            word += sign
    return [*tokens, word] if word else tokens


def _first_address(tokens: list[str], literal: bool = False) -> str:
    for token in tokens:
        if not literal and not token.startswith(("(", "[")):
            continue
        inside = token if "[" in token else ("" if literal else token)
        for found in _ADDRESS.finditer(inside[inside.find("[") + 1 :] if "[" in inside else inside):
            try:
                return str(ipaddress.ip_address(found.group(1)))
            except ValueError:
                continue
    return ""


def _utc(time: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(time.strip())
        return read.astimezone(UTC) if read.tzinfo is not None else read.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
