"""The way of a message: its hops in order of travel, where it came from as far as can be believed, and what is odd.

>>> raw = b"Received: from a.example (a.example [192.0.2.9]) by mx.b.example; Tue, 15 Sep 2026 10:00:00 +0000"
>>> route = trace(raw, trusted=["mx.b.example"])
>>> route.origin.address, route.origin.how
('192.0.2.9', 'border')
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from spamlab.forensics.findings import Finding
from spamlab.forensics.header import Header, HeaderField, read_header
from spamlab.forensics.received import Received, read_received
from spamlab.forensics.results import WORDS, Results, read_results

How = Literal["border", "assumed", "inside", "none"]
_PRIVATE = tuple(ipaddress.ip_network(text) for text in (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10",
    "::1/128", "fc00::/7", "fe80::/10",
))  # fmt: skip
_SECOND_LEVEL = frozenset(("ac", "co", "com", "edu", "go", "gob", "gov", "gouv", "mil", "ne", "net", "or", "org"))
_SENDER_FIELDS = ("X-Originating-IP",)
_CLOCK_SLACK = timedelta(minutes=5)
_MOST_HOPS = 300


@dataclass(frozen=True)
class Hop:
    """One Received field. line: from the top, 1 = topmost, 0 = the line that the lab's mailbox added.

    side: "ours" (above or at the border), "border", or "theirs" (below it: not to be believed without more).
    seconds: since the hop before it in travel, None if a date is missing.
    """

    line: int
    received: Received
    side: Literal["ours", "border", "theirs"] = "theirs"
    seconds: float | None = None

    @property
    def private(self) -> bool:
        """Whether the peer's address has a meaning only inside its own network."""
        return is_private(self.received.from_address)


@dataclass(frozen=True)
class Origin:
    """Who handed the message over. how: "border" (a line of a trusted host), "assumed" (no trusted host was named),
    "inside" (a trusted host's own client), "none". line: the Received line that says so, -1 for none.

    claimed_line, claimed_name, claimed_address: the lowest line with a public address, which nobody vouches for.
    """

    how: How
    line: int = -1
    name: str = ""
    reverse: str = ""
    address: str = ""
    claimed_line: int = -1
    claimed_name: str = ""
    claimed_address: str = ""


@dataclass(frozen=True)
class Stamp:
    """One Authentication-Results field. line: 1 = topmost. ours: above the border's line, or with the border's id."""

    line: int
    results: Results
    ours: bool


@dataclass(frozen=True)
class Route:
    """hops: in order of travel, the sender's end first. from_domain: domain of the address that the reader sees."""

    hops: tuple[Hop, ...]
    origin: Origin
    findings: tuple[Finding, ...]
    stamps: tuple[Stamp, ...] = ()
    from_domain: str = ""


class Trusted:
    """Hosts and networks of ours: a name stands for itself and the hosts under it; addresses and CIDR blocks too."""

    def __init__(self, given: Sequence[str]) -> None:
        self.names: list[str] = []
        self.networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
        for one in given:
            try:
                self.networks.append(ipaddress.ip_network(one.strip("[]"), strict=False))
            except ValueError:
                self.names.append(one.strip().lower().lstrip(".").rstrip("."))

    def __bool__(self) -> bool:
        return bool(self.names or self.networks)

    def name(self, host: str) -> bool:
        """Whether `host` is one of ours by its name."""
        low = host.lower().rstrip(".")
        return any(low == name or low.endswith(f".{name}") for name in self.names if name)

    def address(self, text: str) -> bool:
        """Whether an address lies in a network of ours."""
        return bool(text) and _within(text, self.networks)

    def peer(self, line: Received) -> bool:
        """Whether the peer that `line` names was one of ours, judged by what our server saw and not by the greeting."""
        if not line.from_address:
            return self.name(line.from_name) and not line.from_reverse
        if self.address(line.from_address):
            return True
        if line.authenticated:
            # Somebody with a password: a customer's client, which is where our side ends.
            return False
        if line.from_reverse:
            return self.name(line.from_reverse) or (is_private(line.from_address) and self.name(line.from_name))
        # Exim, Dovecot and others leave the DNS name out where it equals the greeting.
        return self.name(line.from_name) or is_private(line.from_address)


def trace(raw: bytes, trusted: Sequence[str] = ()) -> Route:
    """The route of one message. Never raises; a message without a route gets a finding that says what is missing.

    trusted: names, addresses or networks of the hosts whose lines are believed. With none, the topmost line's
    organisation is taken for ours, and a finding says so.
    """
    header = read_header(raw)
    findings = list(_whole(header))
    fields = header.all("received")
    lines = _numbered(fields[:_MOST_HOPS])
    if not fields:
        return Route((), Origin("none"), tuple(findings), (), _from_domain(header))
    ours = Trusted(trusted)
    assumed = not ours
    if assumed:
        host = next((line.by for _, line in lines if line.by and not line.mailbox), "")
        ours = Trusted([organisation(host)] if host and not _literal_or_bare(host) else [])
        if host:
            findings.append(Finding("border-assumed", "Received 1", {"host": host}))
    border, inside = _border(lines, ours)
    origin = _origin(lines, border, inside, assumed)
    findings += _about_border(lines, border, inside, ours, assumed)
    findings += _about_chain(lines, border)
    findings += _about_clocks(lines, border)
    place = fields[border].place if border is not None else 0
    stamps = _stamps(header, place)
    from_domain = _from_domain(header)
    findings += _about_results(stamps, from_domain)
    findings += _sender_fields(header, place)
    return Route(_hops(lines, border), origin, tuple(findings), stamps, from_domain)


def is_private(address: str) -> bool:
    """Whether `address` has a meaning only inside a network (RFC 1918, 6598, 4193, loopback, link-local)."""
    return bool(address) and _within(address, _PRIVATE)


def organisation(host: str) -> str:
    """The name under which a host's owner registered, by a rule of thumb (last two labels, three under co.uk and such).

    Enough to compare two names of one header; alignment in earnest asks DNS (RFC 9989 section 4.10).
    """
    labels = host.lower().strip(".").split(".")
    keep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-keep:])


def _within(text: str, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return any(address.version == network.version and address in network for network in networks)


def _numbered(fields: Sequence[HeaderField]) -> list[tuple[int, Received]]:
    lines = [read_received(one.value) for one in fields]
    first = 0 if lines and lines[0].mailbox else 1
    return list(enumerate(lines, first))


def _border(lines: list[tuple[int, Received]], ours: Trusted) -> tuple[int | None, bool]:
    """Place of the line in which one of ours names a peer that is not; and whether that peer is our own client.

    From the top down, as long as our own hosts wrote the lines: below the first that names a stranger, nobody of
    ours has written anything, whatever a line says about itself.
    """
    last: int | None = None
    for place, (_, line) in enumerate(lines):
        if line.mailbox and place == 0:
            continue
        if last is not None and not line.by and not line.from_name:
            last = place  # such as qmail's "invoked by uid": a note that our host made for itself
            continue
        # Our host names a peer of ours by its address: then that peer wrote the next line, under whatever name.
        followed = last is not None and line.by_address != "" and line.by_address == lines[last][1].from_address
        if not followed and not ours.name(line.by) and not ours.address(line.by.strip("[]")):
            break
        last = place
        if line.authenticated:
            return place, True
        if line.from_name and not ours.peer(line):
            return place, False
    return last, last is not None


def _origin(lines: list[tuple[int, Received]], border: int | None, inside: bool, assumed: bool) -> Origin:
    claimed = next(
        ((number, line) for number, line in reversed(lines) if line.from_address and not is_private(line.from_address)),
        None,
    )
    told = (claimed[0], claimed[1].from_name, claimed[1].from_address) if claimed else (-1, "", "")
    if border is None:
        return Origin("none", -1, "", "", "", *told)
    number, line = lines[border]
    how: How = "inside" if inside else "assumed" if assumed else "border"
    return Origin(how, number, line.from_name, line.from_reverse, line.from_address, *told)


def _hops(lines: list[tuple[int, Received]], border: int | None) -> tuple[Hop, ...]:
    hops: list[Hop] = []
    before: Received | None = None
    for place in range(len(lines) - 1, -1, -1):
        number, line = lines[place]
        side: Literal["ours", "border", "theirs"] = "theirs"
        if border is not None and place <= border:
            side = "border" if place == border else "ours"
        seconds = None
        if before is not None and before.date is not None and line.date is not None:
            seconds = (line.date - before.date).total_seconds()
        hops.append(Hop(number, line, side, seconds))
        before = line
    return tuple(hops)


def _stamps(header: Header, border_place: int) -> tuple[Stamp, ...]:
    stamps = []
    for number, one in enumerate(header.all("authentication-results")[:100], 1):
        results = read_results(one.value)
        stamps.append(Stamp(number, results, one.place < border_place))
    return tuple(stamps)


def _from_domain(header: Header) -> str:
    found = re.search(r"@([A-Za-z0-9.-]{1,255})[>\s,;]*(?:\(|$)", header.first("from")[-600:])
    return found[1].rstrip(".").lower() if found else ""


# -- findings, part by part --------------------------------------------------------------------------------------------


def _whole(header: Header) -> Iterator[Finding]:
    if not header.fields:
        yield Finding("no-header")
    if header.cut:
        yield Finding("header-cut")
    if header.strange:
        yield Finding("strange-rows", "", {"count": str(header.strange)})
    count = len(header.all("received"))
    if header.fields and not count:
        yield Finding("no-received", "Received")
    if count >= 100:
        yield Finding("many-received", "Received", {"count": str(count)})
    senders = len(header.all("from"))
    if header.fields and not senders:
        yield Finding("no-from-field", "From")
    if senders > 1:
        yield Finding("several-from", "From", {"count": str(senders)})
    if header.fields and not header.all("date"):
        yield Finding("no-date-field", "Date")


def _about_border(
    lines: list[tuple[int, Received]], border: int | None, inside: bool, ours: Trusted, assumed: bool
) -> Iterator[Finding]:
    if border is None:
        if not assumed:
            yield Finding("no-own-line", "Received")
        return
    number, line = lines[border]
    where = f"Received {number}"
    if inside:
        yield Finding("own-origin", where)
    elif not line.from_address:
        yield Finding("no-address", where, {"line": str(number)})
    if not inside and line.from_reverse and line.from_address:
        if line.from_reverse.lower() in ("unknown", "unverified"):
            yield Finding("no-reverse", where, {"line": str(number), "address": line.from_address})
        elif line.from_reverse.lower() != line.from_name.lower():
            places = {"line": str(number), "name": line.from_name, "reverse": line.from_reverse}
            yield Finding("greeting-differs", where, places)
    below = len(lines) - border - 1
    if below:
        yield Finding("below-border", where, {"count": str(below), "line": str(number)})
    if assumed:
        return
    for place, (at, one) in enumerate(lines):
        if place >= border and ours.name(one.from_name) and one.from_address and not ours.peer(one):
            yield Finding(
                "names-us", f"Received {at}", {"line": str(at), "name": one.from_name, "address": one.from_address}
            )
        if place > border and ours.name(one.by):
            yield Finding("by-us-below", f"Received {at}", {"line": str(at), "name": one.by})


def _about_chain(lines: list[tuple[int, Received]], border: int | None) -> Iterator[Finding]:
    for place, (number, line) in enumerate(lines):
        where = f"Received {number}"
        if not line.by:
            yield Finding("no-by", where, {"line": str(number)})
        elif not line.from_name and not line.from_address:
            yield Finding("no-peer", where, {"line": str(number)})
        if is_private(line.from_address) and (border is None or place >= border):
            yield Finding("private-address", where, {"line": str(number), "address": line.from_address})
        if place and (border is None or place > border):
            above_number, above = lines[place - 1]
            if not meets(line, above):
                places = {"line": str(number), "by": line.by, "above": str(above_number), "name": above.from_name}
                yield Finding("chain-break", where, places)


def meets(below: Received, above: Received) -> bool:
    """Whether the host that wrote `below` can be the peer that `above` names; True where the header can't tell.

    The same address, the same first label, or names of one organisation are taken for the same host's, since a farm
    sends with other names than it receives with.
    """
    if not below.by or not (above.from_name or above.from_reverse) or above.protocol[:4].upper() in ("POP3", "IMAP"):
        return True
    if "." not in below.by or _literal_or_bare(below.by) or below.by.lower().startswith("localhost"):
        return True
    if below.by_address and below.by_address in (above.from_address, above.by_address):
        return True
    names = [name for name in (above.from_name, above.from_reverse) if "." in name and not _literal_or_bare(name)]
    mine = organisation(below.by)
    if any(organisation(name) == mine or _label(name) == _label(below.by) for name in names):
        return True
    return organisation(above.by) == mine or not (names or above.from_address)


def _label(host: str) -> str:
    label = host.lower().partition(".")[0]
    return label if len(label) > 5 else host.lower()


def _literal_or_bare(host: str) -> bool:
    return host.startswith("[") or re.fullmatch(r"[\d.]+|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*", host) is not None


def _about_clocks(lines: list[tuple[int, Received]], border: int | None) -> Iterator[Finding]:
    own = lines[border][1].date if border is not None else None
    for place, (number, line) in enumerate(lines):
        where, at = f"Received {number}", str(number)
        if "no-date" in line.faults:
            yield Finding("no-date", where, {"line": at})
        if "date-unreadable" in line.faults:
            yield Finding("date-unreadable", where, {"line": at, "date": line.date_text})
        if "date-weekday" in line.faults:
            yield Finding("date-weekday", where, {"line": at, "date": line.date_text})
        if "date-no-zone" in line.faults or "date-zone-unknown" in line.faults:
            yield Finding("date-zone", where, {"line": at, "date": line.date_text})
        if line.date is None:
            continue
        if own is not None and border is not None and place > border and line.date - own > timedelta(days=1):
            yield Finding("clock-far", where, {"line": at, "days": str((line.date - own).days)})
            continue
        after = lines[place - 1][1].date if place else None
        if after is not None and line.date - after > _CLOCK_SLACK:
            yield Finding(
                "clock-back", where, {"line": at, "minutes": str(int((line.date - after).total_seconds() // 60))}
            )


def _about_results(stamps: Sequence[Stamp], from_domain: str) -> Iterator[Finding]:
    own_ids = {stamp.results.authserv_id.lower() for stamp in stamps if stamp.ours}
    if not own_ids:
        yield Finding("no-results", "Authentication-Results")
    for stamp in stamps:
        where = f"Authentication-Results {stamp.line}"
        name = stamp.results.authserv_id or "nobody"
        if not stamp.ours:
            code = "forged-results" if name.lower() in own_ids else "foreign-results"
            yield Finding(code, where, {"field": where, "id": name})
        if "no-authserv-id" in stamp.results.faults:
            yield Finding("results-no-id", where, {"field": where})
        if "unreadable" in stamp.results.faults:
            yield Finding("results-unreadable", where, {"field": where})
        for result in stamp.results.results:
            if "word" in stamp.results.faults and not _known(result.method, result.value):
                yield Finding("results-word", where, {"field": where, "method": result.method, "value": result.value})
            if (
                not stamp.ours
                or result.method not in ("spf", "dkim")
                or result.value != "pass"
                or not result.domain
                or not from_domain
            ):
                continue
            if organisation(result.domain) != organisation(from_domain):
                places = {"method": result.method.upper(), "domain": result.domain, "shown": from_domain}
                yield Finding("pass-unaligned", where, places)


def _known(method: str, value: str) -> bool:
    return method not in WORDS or value in WORDS[method]


def _sender_fields(header: Header, border_place: int) -> Iterator[Finding]:
    for name in _SENDER_FIELDS:
        for one in header.all(name)[:3]:
            if one.place < border_place:
                continue
            yield Finding("sender-address", name, {"name": name, "address": one.value[:100]})
