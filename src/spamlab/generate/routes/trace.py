"""The Received lines of one message and the results between them: which are true, which are forged, what looks odd."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from spamlab.generate.draws import below, mixed, named, share, uniform
from spamlab.generate.mail.border import own_results
from spamlab.generate.mail.domains import practice
from spamlab.generate.mail.journey import machine_name, six
from spamlab.generate.mail.received import Hop, received
from spamlab.generate.mail.verdicts import Results, authentication_results, received_spf
from spamlab.generate.mail.world import ACCESS, HOSTING, Network, Receiver
from spamlab.generate.routes.scenarios import NAMES, Line, Scenario, Shape
from spamlab.generate.routes.sender import Sent

_PLACE, _PROVIDER, _PEER, _GREETING, _NOTE, _CUSTOMER, _ORIGIN, _ONE_OF_US, _FOREIGN, _FOREIGN_WHO = (
    named("route place"), named("route provider"), named("route peer"), named("route greeting"), named("route note"),
    named("route customer"), named("route originating"), named("route one of us"), named("route foreign"),
    named("route foreign who"))
_STYLE, _WEEKDAY, _FAR, _BEHIND, _MINUTES, _CLOCK, _SPF_FIELD, _IDENT = (
    named("route style"), named("route weekday"), named("route far zone"), named("route clock behind"),
    named("route clock minutes"), named("route clock place"), named("route received-spf"), named("route ident"))
_SOFTWARE = ("postfix", "postfix", "exim", "sendmail")
"""Of servers that are not ours: their lines have an id, and the address that was seen in square brackets."""
_FAR_ZONES = (330, 345, 420, 480, 540, -180, -300, -360, -480)
"""Zones far from ours, in minutes from UTC, in which a server may stand."""
_CUSTOMERS = (16, 15)
"""Where the receiver's own customers stand in its network, and how many."""
_USERS = ("office", "info", "sales", "desk")


@dataclass(frozen=True)
class Peer:
    """A host: the name it gives, its name in the DNS ("" for none), its address, its network (None for ours)."""

    name: str
    reverse: str
    address: str
    network: Network | None = None


@dataclass(frozen=True)
class Written:
    """A Received line with its truth. role: "inner", "border", "outside" or "forged". forged: what proves it. odd: what
    looks odd in it and is true."""

    hop: Hop
    role: str
    forged: str = ""
    odd: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stamp:
    """Results, and who wrote them."""

    by: str
    ours: bool
    results: Results


@dataclass(frozen=True)
class Trace:
    """fields: from the top, each with its folding but without the final CRLF. lines: the Received lines among them.
    peer: who handed the message over, None where nobody from outside did. origin: what X-Originating-IP claims, "" for
    none. minutes: by which a clock is wrong, 0 for none."""

    fields: list[str]
    lines: list[Written]
    stamps: list[Stamp]
    peer: Peer | None
    origin: str
    minutes: int


def our_hosts(receiver: Receiver) -> dict[str, str]:
    """Our hosts with their addresses: those at the border, the inner ones, and the one that takes customers' mail."""
    names = (*receiver.border, *receiver.inner, f"submit.{receiver.domain}")
    return {name: receiver.network.v4(receiver.place + number) for number, name in enumerate(names)}


@dataclass
class _Places:
    """Gives out networks and addresses, each once, and none in our own block. taken: addresses that are given out."""

    key: int
    ours: str
    taken: set[str]
    _networks: Iterator[Network] = field(init=False)

    def __post_init__(self) -> None:
        every = sorted((*ACCESS, *HOSTING), key=lambda one: below(self.key, named(one.name)))
        held = {(address.rpartition(".")[0], int(address.rpartition(".")[2]) // 32 * 32) for address in self.taken}
        self._networks = iter([one for one in every if (one.block, one.first) not in held and one.block != self.ours])

    def network(self) -> Network:
        """One of which no address was given out."""
        return next(self._networks)

    def address(self, network: Network, *, version6: bool = False) -> str:
        """An address of a network."""
        number = below(self.key, _PLACE ^ named(network.name))
        while (made := six(number, network) if version6 else network.v4(1 + number % 30)) in self.taken:
            number = mixed(number)
        self.taken.add(made)
        return made


def _private(number: int) -> str:
    """An address that means nothing outside its own network (RFC 1918)."""
    first, second, third, form = number >> 8 & 31, number >> 16 & 127 | 2, number >> 24 & 127 | 16, number % 3
    if form == 0:
        return f"192.168.{first}.{third}"
    return f"10.{first}.{second}.{third}" if form == 1 else f"172.{16 + first % 16}.{second}.{third}"


@dataclass
class _Scene:
    """What the lines of one message are drawn from. facts: for NAMES. given: names of hosts that were given out."""

    key: int
    sent: Sent
    scenario: Scenario
    shape: Shape
    places: _Places
    provider: Network
    facts: dict[str, str]
    given: set[str] = field(default_factory=set)

    def name(self, rule: str, number: int = 0) -> str:
        """A name by a rule of NAMES; number: of the line it stands in."""
        return NAMES.expand(rule, mixed(self.key + number), self.facts)


def trace_of(key: int, sent: Sent, scenario: Scenario, shape: Shape, taken: Collection[str]) -> Trace:
    """The trace of a message, drawn from its key. taken: addresses that handed others over."""
    ends, own = sent.go.ends, sent.own
    hosts, border = our_hosts(ends.receiver), ends.receiver.border
    places = _Places(below(key, _PEER), ends.receiver.network.block, {own.address, practice(sent.firm).address})
    places.taken.update(taken)
    provider = places.network()
    go = _Scene(key, sent, scenario, shape, places, provider, {
        "firm": sent.firm, "other": sent.other, "side": sent.side, "relay": sent.relay, "provider": provider.domain,
        "forwarder": sent.forwarder, "us": border[0], "one_of_us": border[uniform(key, _ONE_OF_US, len(border))],
        "peer": "", "foreign": "", "machine": ""})
    peer = _handing_over(go)
    if peer is not None:
        go.facts["peer"] = peer.name
        go.given.add(peer.name)
    stamps = [Stamp(ends.receiver.authserv_id, True, sent.results)] if peer else []
    if scenario.foreign and share(key, _FOREIGN) < scenario.foreign_often:
        go.facts["foreign"] = go.name(scenario.foreign[uniform(key, _FOREIGN_WHO, len(scenario.foreign))], 50)
        stamps.append(Stamp(go.facts["foreign"], False, _claimed(go)))
    lines, minutes = _clock_fault(go, _below(go, peer))
    at_border = len(lines)
    if peer is not None:
        lines += _at_border(go, peer, hosts)
    elif scenario.odd == "submitted":
        lines.append(_submitted(go, hosts))
    lines += _inner(go, hosts, lines[-1].hop.by if lines else "")
    lines.reverse()
    origin = places.address(places.network()) if scenario.originating else ""
    return Trace(_fields(go, lines, stamps, len(lines) - 1 - at_border if peer else -1), lines, stamps, peer, origin,
                 minutes)


def _handing_over(go: _Scene) -> Peer | None:
    """The host that our border takes the message from."""
    who, own, odd = go.scenario.peer, go.sent.own, go.scenario.odd
    if not who:
        return None
    if who == "provider":
        name = go.name("provider_relay")
        return Peer(name, name, go.places.address(go.provider, version6=go.shape.six), go.provider)
    if who == "forwarder":
        there = practice(go.sent.forwarder)
        name = go.name("forwards")
        return Peer(name, name, there.address, there.network)
    # By "own" the host is the one that the DNS names, and so SPF passes; by another way it only says that name.
    listed = go.sent.go.ends.way == "own"
    network = own.network if listed else go.places.network()
    address = own.address if listed and not go.shape.six else go.places.address(network, version6=go.shape.six)
    name = f"[{go.places.address(go.places.network())}]" if odd == "greets with an address" else own.host
    return Peer(name, "" if odd == "no from" else network.reverse(address), address, network)


def _claimed(go: _Scene) -> Results:
    """Results that came with the message: what its sender wants believed, or what a server before ours saw."""
    journey, firm = go.sent.go, go.sent.firm
    mail_from = journey.envelope_from if go.scenario.peer == "forwarder" else f"bounce@{firm}"
    own = practice(firm)
    return Results("pass", "pass", "pass", mail_from, firm, own.selector or "s1", own.policy or "none")


def _below(go: _Scene, peer: Peer | None) -> list[Written]:
    """The lines below the border, from the oldest."""
    found: list[tuple[str, Peer, Line]] = []
    if peer is not None:
        meets = peer.reverse if peer.name.startswith("[") else peer.name
        for number, line in enumerate(go.shape.below, 1):
            host = _host(go, line, number, peer)
            found.append((go.name(line.by, number) if line.by else meets, host, line))
            meets = host.name
    return [_line(go, *one, len(found) - turn) for turn, one in enumerate(reversed(found))]


def _host(go: _Scene, line: Line, number: int, peer: Peer) -> Peer:
    """Who handed over by a line below the border, as it says."""
    at = mixed(below(go.key, _PEER) + number)
    go.facts["machine"] = machine_name(at)
    if line.stands == "dns":
        own = practice(go.sent.firm)
        return Peer(own.host, own.host, own.address, own.network)
    name, turn = go.name(line.peer, number), 0
    while name in go.given:
        turn += 100
        name = go.name(line.peer, number + turn)
    go.given.add(name)
    if line.stands == "private":
        return Peer(name, "", _private(at))
    beside = {"provider": go.provider, "beside": peer.network}.get(line.stands)
    network = beside or go.places.network()
    address = go.places.address(network, version6=line.six)
    reverse = {"provider": name, "rented": network.reverse(address)}.get(line.stands, "")
    return Peer(name, reverse, address, network)


def _line(go: _Scene, by: str, host: Peer, line: Line, number: int) -> Written:
    at = mixed(below(go.key, _STYLE) + number)
    journey, reader = go.sent.go, go.sent.go.ends.to
    style = line.style or go.scenario.style or _SOFTWARE[uniform(at, _STYLE, len(_SOFTWARE))]
    if style == "exim" and host.reverse != host.name:
        style = "postfix"
    if go.scenario.peer == "forwarder":
        given, family = go.sent.reader
        reader = f"{given[0]}.{family}@{go.sent.forwarder}".lower()
    minutes = _FAR_ZONES[uniform(at, _FAR, len(_FAR_ZONES))] if line.far else journey.ends.receiver.zone
    hop = Hop(by, host.name, host.reverse, host.address, journey.clock.step(minutes), style, line.protocol,
              reader if line.told else "", journey.envelope_from,
              weekday_shift=1 + uniform(at, _WEEKDAY, 6) if line.forged == "date" else 0)
    odd = [word for word, is_so in (("private", line.stands == "private" and style != "qmail-local"),
                                    ("ipv6", line.six), ("time-zone", line.far)) if is_so]
    return Written(hop, "forged" if line.forged else "outside", line.forged, tuple(odd))


def _clock_fault(go: _Scene, lines: list[Written]) -> tuple[list[Written], int]:
    """The lines with one clock wrong, where the case has one: any but the oldest line is behind, and then seems the
    first, or any is ahead, and then seems the last."""
    if not go.scenario.clock:
        return lines, 0
    behind = len(lines) > 1 and share(go.key, _BEHIND) < 0.6
    place = uniform(go.key, _CLOCK, len(lines) - 1) + 1 if behind else uniform(go.key, _CLOCK, len(lines))
    minutes = (24 + uniform(go.key, _MINUTES, 34)) * (-1 if behind else 1)
    one = lines[place]
    wrong = replace(one, hop=replace(one.hop, date=one.hop.date + timedelta(minutes=minutes)), odd=(*one.odd, "clock"))
    return [*lines[:place], wrong, *lines[place + 1:]], minutes


def _at_border(go: _Scene, peer: Peer, hosts: Mapping[str, str]) -> list[Written]:
    """The line that our border wrote; above it that of its other host, where the message passed through both."""
    journey, odd = go.sent.go, go.scenario.odd
    receiver, reader = journey.ends.receiver, journey.ends.to
    first, second = receiver.border[0], receiver.border[1]
    style, writer, note = go.scenario.style or receiver.style, second if odd == "two borders" else first, ""
    if odd == "quotes a certificate":
        # The sender chose what its certificate says, so our own true line quotes it.
        claimed = f"sent by {go.name('inside', 60)} [{go.places.address(go.places.network())}]"
        note = f'Client CN "{claimed}", Issuer "Lab CA" (not verified)'
    seen = ("ipv6",) if ":" in peer.address else ()
    lines = [Written(Hop(writer, peer.name, peer.reverse, peer.address, journey.clock.step(receiver.zone), style,
                         "ESMTPS", reader, journey.envelope_from, note=note), "border", odd=seen)]
    if writer == second:
        lines.append(Written(Hop(first, second, second, hosts[second], journey.clock.step(receiver.zone), style,
                                 "ESMTPS", reader, journey.envelope_from), "inner"))
    return lines


def _submitted(go: _Scene, hosts: Mapping[str, str]) -> Written:
    """A customer of ours sent it: no border host took it from outside, so there is no handover to report."""
    journey = go.sent.go
    receiver = journey.ends.receiver
    server = list(hosts)[-1]
    address = receiver.network.v4(_CUSTOMERS[0] + uniform(go.key, _CUSTOMER, _CUSTOMERS[1]))
    user = f"{_USERS[uniform(go.key, _NOTE, len(_USERS))]}@{go.sent.firm}"
    return Written(Hop(server, machine_name(go.key), f"cust-{address.replace('.', '-')}.{receiver.domain}", address,
                       journey.clock.step(receiver.zone), go.scenario.style, "ESMTPSA", journey.ends.to,
                       journey.envelope_from, user), "inner")


def _inner(go: _Scene, hosts: Mapping[str, str], before: str) -> list[Written]:
    """The lines of our inner hosts, from the oldest; the last of them is the reader's mail store."""
    journey, style, lines = go.sent.go, go.scenario.style, []
    receiver, chain = journey.ends.receiver, journey.ends.receiver.inner[-go.shape.inner:] if go.shape.inner else ()
    for place, host in enumerate(chain):
        look = style or ("lmtp" if receiver.style == "postfix" and place == len(chain) - 1 else receiver.style)
        look = "pickup" if go.scenario.odd == "no from" else look
        lines.append(Written(Hop(host, before, before, hosts[before], journey.clock.step(receiver.zone), look, "ESMTP",
                                 journey.ends.to, journey.envelope_from), "inner"))
        before = host
    return lines


def _fields(go: _Scene, lines: list[Written], stamps: list[Stamp], border: int) -> list[str]:
    """The lines as fields, our results above that of the border, results that came with the message below it."""
    journey, results = go.sent.go, go.sent.results
    found = []
    for number, line in enumerate(lines):
        if number == border:
            found.append(own_results(journey, results))
            if below(go.key, _SPF_FIELD) & 1:
                found.append(received_spf(results.spf, line.hop.by, line.hop.address, journey.envelope_from,
                                          line.hop.name))
        found.append(received(line.hop, mixed(below(go.key, _IDENT) + number)))
        if number == border:
            found += [authentication_results(one.by, one.results, go.sent.firm) for one in stamps if not one.ours]
    return found
