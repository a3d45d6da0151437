"""Finds what could reach a real host, mailbox or telephone: nothing that is generated may hold it.

An allow-list, not a validity test: only names and addresses that are reserved for documentation and numbers from ranges
that regulators keep for fiction may stand in a text. Private and loopback addresses may stand, as they do in real
headers.

>>> [one.found for one in unsafe("Pay at https://parcel.example/x or call 07700 900123")]
[]
>>> [one.found for one in unsafe("Pay at https://parcel-fee.com/x")]
['parcel-fee.com']
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass

RESERVED_SUFFIXES = (".example", ".test", ".invalid")
"""Top-level names that no real host has (RFC 2606 section 2, RFC 6761)."""
RESERVED_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"))
"""Addresses for documentation (RFC 5737, RFC 3849, RFC 9637)."""
RESERVED_HOSTS = ("localhost", "example.com", "example.net", "example.org")
"""Names beside the reserved suffixes (RFC 2606 section 3, RFC 6761 section 6.3)."""

FICTIONAL: tuple[tuple[str, str], ...] = (
    ("North America: NPA 555-0100 to 0199", r"(?:\+?1)?[2-9]\d{2}55501\d{2}"),
    ("United Kingdom, mobile (Ofcom)", r"(?:\+?44|0044|0)7700900\d{3}"),
    ("United Kingdom, no area (Ofcom)", r"(?:\+?44|0044|0)1632960\d{3}"),
    ("United Kingdom, London (Ofcom)", r"(?:\+?44|0044|0)2079460\d{3}"),
    ("United Kingdom, cities (Ofcom)", r"(?:\+?44|0044|0)(?:11[3-8]|1[2-6]1)4960\d{3}"),
    ("United Kingdom, freephone (Ofcom)", r"(?:\+?44|0044|0)808157\d{4}"),
    ("United Kingdom, premium rate (Ofcom)", r"(?:\+?44|0044|0)909879\d{4}"),
    ("Australia, land lines (ACMA)", r"(?:\+?61|0061|0)[2378](?:5550|7010)\d{4}"),
    ("Australia, mobile (ACMA)", r"(?:\+?61|0061|0)491570(?:156|157|158|159|110)"),
    ("Australia, freephone (ACMA)", r"1800(?:160401|975707)"),
    ("France (ARCEP)", r"(?:\+?33|0033|0)(?:19900|26191|35301|46571|53649|63998)\d{4}"),
    ("Germany (BNetzA)", r"(?:\+?49|0049|0)(?:3023125\d{3}|4066969\d{3}|6990009\d{3}|2214710\d{3}|8999998\d{3})"),
    ("Germany, mobile (BNetzA)", r"(?:\+?49|0049|0)15228817386"),
    ("Ireland (ComReg)", r"(?:\+?353|00353|0)2091\d{5}"),
    ("Sweden, mobile (PTS)", r"(?:\+?46|0046|0)701740(?:60[5-9]|6[1-9]\d)"),
)
"""Ranges for fiction: (whose, the digits as they are dialled). Sources: the regulators named."""

_DIALLED = re.compile("|".join(f"(?:{pattern})" for _, pattern in FICTIONAL))
# Names are looked for where they are meant as names: after a scheme, www. or @, or with an end that names firms bear.
_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,10}://(?:[^\s/@]{1,64}@)?|(?<![\w.-])(?=www\.))"
    r"([^\s/?#:\"'<>()\[\],;،؛؟。，、；«»“”]+)", re.IGNORECASE)
_MAILBOX = re.compile(r"[\w.+-]{1,64}@([\w-]+(?:\.[\w-]+)*)")
_BARE = re.compile(r"(?<![\w@.-])((?:[a-z0-9-]{1,63}\.){1,6}[a-z0-9-]{2,63})", re.IGNORECASE)
ENDS = frozenset(("com", "net", "org", "info", "biz", "xyz", "top", "online", "site", "shop", "store", "club", "app",
                  "dev", "io", "link", "live", "vip", "click", "gov", "edu", "mobi", "tel", "int"))
_SECOND = frozenset(("co", "com", "org", "net", "gov", "ac"))
"""The ends of names that stand without a scheme: firms' own, and a second level before a country's two letters."""
_QUAD = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?![\d.]*\d)")
_SIX = re.compile(r"(?<![\w:])((?:[0-9a-f]{1,4}:){2,7}[0-9a-f]{0,4}(?:::?[0-9a-f]{1,4})*)(?![\w:])", re.IGNORECASE)
_NUMBER = re.compile(
    # A clock's zone with a year after it (+0000 2026), as logs write dates, is no number.
    r"(?<![\w+.,/#:=-])(?!\+[01]\d{3} \d{4}(?!\d))"
    r"(\+\d[\d ().-]{6,18}\d|\(0?\d{2,4}\)[ -]?\d[\d -]{4,10}\d|0[1-9]\d(?:[ -]?\d){6,10}|"
    r"1[- ]?[2-9]\d{2}[- .]\d{3}[- .]\d{4}|[2-9]\d{2}[- .]\d{3}[- .]\d{4}|1800[ -]?\d{3}[ -]?\d{3})(?![\w/=-]|\.\d)")
_WORD_APART = re.compile(r" \d{1,2}$")


@dataclass(frozen=True)
class Unsafe:
    """What was found, and what it is taken for: "host", "address" or "number"."""

    what: str
    found: str


def unsafe(text: str) -> list[Unsafe]:
    """All that may be real, in the order of its kinds; empty where the text is safe."""
    return list(dict.fromkeys((*_hosts(text), *_addresses(text), *_numbers(text))))


def reserved_host(name: str) -> bool:
    """Whether a host name is reserved, so that nobody has it."""
    plain = name.rstrip(".").lower()
    return plain in RESERVED_HOSTS or plain.endswith((*RESERVED_SUFFIXES, *(f".{one}" for one in RESERVED_HOSTS)))


def fictional_number(digits: str) -> bool:
    """Whether a telephone number, of which all but digits and a first + may be taken away, is one for fiction."""
    plain = re.sub(r"[^\d+]", "", digits.replace("(0)", ""))
    return _DIALLED.fullmatch(plain) is not None


def _hosts(text: str) -> Iterator[Unsafe]:
    for pattern in (_LINK, _MAILBOX):
        for found in pattern.finditer(text):
            name = found.group(1).rstrip(".!?*_")
            if not (_is_address(name) or reserved_host(name) or ("." not in name and pattern is not _LINK)):
                yield Unsafe("host", name)
    for found in _BARE.finditer(text):
        name = _bare_host(found.group(1))
        if name:
            yield Unsafe("host", name)


def _bare_host(dotted: str) -> str:
    """The part of some words with dots between them that looks like a firm's name; "" for none, or a reserved one.

    A sentence may go on after a dot without a space, so a name may end before the last dot.
    """
    if reserved_host(dotted):
        return ""
    words = dotted.split(".")
    for count in range(len(words), 1, -1):
        last, before = words[count - 1].lower(), words[count - 2].lower()
        if last in ENDS or (count > 2 and len(last) == 2 and before in _SECOND):
            return ".".join(words[:count])
    return ""


def _addresses(text: str) -> Iterator[Unsafe]:
    for pattern in (_QUAD, _SIX):
        for found in pattern.finditer(text):
            try:
                address = ipaddress.ip_address(found.group(1))
            except ValueError:
                continue
            networks = (one for one in RESERVED_NETWORKS if one.version == address.version)
            if any(address in one for one in networks) or _harmless(address):
                continue
            yield Unsafe("address", found.group(1))


def _numbers(text: str) -> Iterator[Unsafe]:
    for found in _NUMBER.finditer(text):
        whole = found.group(1)
        # "call 0808 157 0123 2 claim": the last one or two digits are a word of their own.
        if not (fictional_number(whole) or fictional_number(_WORD_APART.sub("", whole))):
            yield Unsafe("number", whole)


def _harmless(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_private or address.is_loopback or address.is_unspecified or address.is_link_local


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
