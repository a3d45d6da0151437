"""The way of a message until it stands at the receiver's border: through whose hands, and what of it is not true.

What each way leaves behind follows from the way and from what the domains have in the DNS (`domains.Practice`). The
label plays no part in it, but for lines that only a forger writes and for whose name was used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from spamlab.generate.draws import BITS, Weighted, below, mixed, named, share, uniform
from spamlab.generate.mail.correspondents import Ends, organisation
from spamlab.generate.mail.domains import Practice, practice
from spamlab.generate.mail.received import STYLES, Hop, letters, zone
from spamlab.generate.mail.world import ACCESS, FORWARDERS, HOSTING, SERVICES, Network
from spamlab.generate.making import Making

_SERVICE, _ALIGNED, _OWN_KEY, _SRS, _FORWARDER = (
    named("service"), named("bounces aligned"), named("own key"), named("rewritten"), named("forwarder"))
_CLIENT_NET, _CLIENT, _CLIENT_SEEN, _SIX = named("client network"), named("client"), named("client seen"), named("v6")
_STYLE, _STEP, _SLOW, _SLOW_FOR = named("style"), named("step"), named("slow"), named("slow for")
_FOR, _BOUNCE, _BROKEN, _EXTRA, _FORGE, _OFFICE = (
    named("for clause"), named("bounce"), named("broken"), named("extra hop"), named("forge"), named("office address"))
_PART, _MACHINE, _HOST, _PASSES, _SIGNS, _CLEAR = (
    named("part"), named("machine name"), named("rented host"), named("passes"), named("list signs"), named("in clear"))
_ACTOR = named("actor")
_ACTORS = {
    "provider": Weighted([("free mailbox", 70), ("taken account", 30)]),
    "own": Weighted([("own domain", 65), ("taken account", 35)]),
    "service": Weighted([("own domain", 60), ("taken account", 40)]),
    "list": Weighted([("free mailbox", 60), ("forged sender", 40)]),
    "forwarded": Weighted([("own domain", 60), ("free mailbox", 40)]),
    "direct": Weighted([("forged sender", 100)]),
    "web": Weighted([("taken web server", 80), ("own domain", 20)]),
    "inside": Weighted([("taken account", 100)]),
}
"""Way -> whose name or machine stands behind spam that came by it."""


class Clock:
    """When each hop took the message: some seconds after the one before; now and then it lay in a queue."""

    def __init__(self, sent: datetime, key: int) -> None:
        self._now, self._key = sent, below(key, _STEP)
        self._waits = 60 + uniform(key, _SLOW_FOR, 9000) if share(key, _SLOW) < 0.05 else 0

    def step(self, minutes: int, *, border: bool = False) -> datetime:
        """The next moment, on a clock so many minutes from UTC."""
        self._key = mixed(self._key)
        seconds = 1 + (self._key >> 60) + (self._waits if border else 0)
        self._now += timedelta(seconds=seconds)
        return self._now.astimezone(zone(minutes))


@dataclass(frozen=True, slots=True)
class Peer:
    """The host that hands the message to the border: its name in HELO and in the DNS, its address, whether by TLS."""

    name: str
    reverse: str
    address: str
    secure: bool = True


@dataclass(slots=True)
class Journey:
    """One message under way.

    machine: the key that the sending machine is drawn from. domain, own: of the author, and what it has in the DNS.
    client, network: the machine that it was written on.
    envelope_from: without brackets, "" for the null path (RFC 5321 section 4.5.5). hops: from the first that took it
    to the last before the border. peer: who hands it over. signatures: (domain, selector, whether what was signed is
    still whole). origin, host: address, network and name of the machine that the sender used. written: its Date.
    actor: whose name or machine was used for spam. forged: what is not true in it.
    """

    key: int
    machine: int
    ends: Ends
    domain: str
    own: Practice
    client: str
    network: Network
    clock: Clock
    envelope_from: str
    origin: tuple[str, Network | None]
    host: str
    written: datetime
    hops: list[Hop] = field(default_factory=list)
    peer: Peer = Peer("", "", "")
    signatures: list[tuple[str, str, bool]] = field(default_factory=list)
    service: str = ""
    actor: str = ""
    forged: list[str] = field(default_factory=list)

    def sign(self, domain: str, selector: str, *, whole: bool = True) -> None:
        """Sign for a domain that has a key."""
        if selector:
            self.signatures.append((domain, selector, whole))

    def began(self, address: str, network: Network | None, host: str, minutes: int) -> None:
        """Say which machine the sender used, and the zone of its clock."""
        self.origin, self.host = (address, network), host
        self.written = self.written.astimezone(zone(minutes))


def journey_of(making: Making, ends: Ends, *, null_sender: bool = False) -> Journey:
    """The way of one message, drawn from the record's key. null_sender: a report, which bounces to nobody."""
    key = making.key
    domain = ends.author[ends.author.rindex("@") + 1:]
    machine = making.origin_key
    network = ACCESS[below(machine, _CLIENT_NET) * len(ACCESS) >> BITS]
    client = address_in(machine, network)
    made = Journey(key, machine, ends, domain, practice(domain), client, network, Clock(making.sent, key), ends.author,
                   (client, network), network.reverse(client), making.sent.astimezone(zone(network.zone)))
    made.peer = _WAYS[ends.way](made)
    if null_sender:
        made.envelope_from = ""
    if making.type.label == "spam":
        made.actor = _ACTORS[ends.way].pick(key, _ACTOR)
        if made.actor == "forged sender":
            made.forged += ["from", "envelope"]
        _forge(made)
    return made


def address_in(key: int, network: Network, name: int = _CLIENT) -> str:
    """An address of a network, one in eight of version 6."""
    number = below(key, name)
    if below(key, _SIX ^ name) % 8 == 0:
        return six(number, network)
    return network.v4(1 + number % 30)


def six(number: int, network: Network) -> str:
    """An address of version 6 in a network, in its shortest form (RFC 5952)."""
    groups = (number & 0xFFF | 0x1000, number >> 12 & 0xFFF | 0x1000)
    return f"{network.v6}:{groups[0]:x}:{groups[1]:x}::{number >> 24 & 0xFFFF | 1:x}"


def machine_name(key: int) -> str:
    """What a computer calls itself."""
    number = below(key, _MACHINE)
    form = number % 5
    if form > 2:
        return "localhost" if form == 3 else f"pc{number % 97}"
    return f"{('DESKTOP', 'LAPTOP', 'WIN')[form]}-{letters(number, 7, 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789')}"


def style_of(key: int, domain: str) -> str:
    """Software of a domain's servers."""
    return STYLES[below(key, _STYLE ^ named(domain[:3])) * len(STYLES) >> BITS]


def _server(own: Practice) -> Peer:
    return Peer(own.host, own.reverse, own.address)


def _submit(go: Journey) -> None:
    """The first hop: a program in an office or at home hands over to the domain's server, or a script on it does."""
    own, key = go.own, go.key
    style = style_of(key, go.domain)
    seen = below(key, _CLIENT_SEEN) % 10
    if go.ends.kind in ("firm", "machine") and seen < 6:
        go.began(own.address, own.network, own.host, own.network.zone)
        if seen < 3:
            go.hops.append(Hop(own.host, "", "", "", go.clock.step(own.network.zone), style, "ESMTP", user="www-data"))
        return
    in_office = seen % 2 == 1
    if in_office:
        # Who reads the header sees the office's own numbers alone.
        go.began(own.address, own.network, own.host, own.network.zone)
    if seen == 9:
        return
    inner = below(go.machine, _OFFICE)
    if style == "outlook":
        inside = f"fe80::{inner & 0xFFF | 0x1000:x}:{inner >> 12 & 0xFFF:x}"
        go.hops.append(Hop(own.host, own.host, own.host, inside, go.clock.step(own.network.zone), style, "ESMTPS"))
        return
    address = f"192.168.{inner % 8}.{inner >> 8 & 127 | 16}" if in_office else go.client
    name = f"[{address}]" if seen < 3 and ":" not in address else machine_name(go.machine)
    go.hops.append(Hop(own.host, name, "" if in_office else go.network.reverse(go.client), address,
                       go.clock.step(own.network.zone), style, "ESMTPSA",
                       go.ends.to if below(key, _FOR) & 1 else "", go.ends.author, go.ends.author))


def _by_provider(go: Journey) -> Peer:
    own, key, client = go.own, go.key, go.client
    seen = below(key, _CLIENT_SEEN) % 4
    reverse = go.network.reverse(client)
    if go.ends.provider is not None and go.ends.provider.ident == "caplus":
        go.hops.append(Hop(own.host, "", "", "", go.clock.step(-480), "caplus", "SMTP", user=go.ends.author))
    elif seen == 0:
        go.hops.append(Hop(f"webmail.{go.domain}", reverse, reverse, client, go.clock.step(own.network.zone), "http"))
    elif seen < 3:
        server = f"submit{below(go.machine, _HOST) % 9 + 1}.{go.domain}"
        go.hops.append(Hop(server, machine_name(go.machine), reverse, client, go.clock.step(own.network.zone),
                           "postfix", "ESMTPSA", "", go.ends.author, go.ends.author))
    go.sign(go.domain, own.selector)
    return _server(own)


def _by_own(go: Journey) -> Peer:
    own, key = go.own, go.key
    _submit(go)
    if go.ends.kind in ("firm", "machine") and share(key, _BOUNCE) < 0.5:
        go.envelope_from = f"bounce-{below(key, _BOUNCE) % 99999}@{go.domain}"
    go.sign(go.domain, own.selector)
    if share(key, _EXTRA) < 0.25:
        go.hops.append(Hop(f"gw.{go.domain}", own.host, own.host, own.address, go.clock.step(own.network.zone),
                           style_of(key, go.domain), "ESMTPS", "", go.ends.author))
    return _server(own)


def _by_service(go: Journey) -> Peer:
    key = go.key
    go.service = SERVICES[below(key, _SERVICE) * len(SERVICES) >> BITS]
    host = practice(go.service)
    go.began(host.address, host.network, host.host, 0)
    go.envelope_from = _verp(key, go.ends.to, f"em.{go.domain}" if share(key, _ALIGNED) < 0.45 else go.service)
    if share(key, _OWN_KEY) < 0.85:
        go.sign(go.domain, go.own.selector)
    go.sign(go.service, host.selector)
    if below(key, _CLIENT_SEEN) & 1:
        inside = f"10.{key % 60}.{key >> 8 & 127}.{key >> 16 & 127 | 2}"
        name = f"api-{below(go.machine, _HOST) % 30}"
        go.hops.append(Hop(host.host, name, "", inside, go.clock.step(0), "postfix", "ESMTPA"))
    return _server(host)


def _verp(key: int, to: str, domain: str) -> str:
    """A bounce address that names the recipient, as senders in bulk make it."""
    number = below(key, _BOUNCE)
    if number & 1:
        return f"bounces+{number % 9999999}-{letters(number, 4, '0123456789abcdef')}-{to.replace('@', '=')}@{domain}"
    return f"b.{letters(number, 14, '0123456789abcdefghjkmnpqrstvwxyz')}@{domain}"


def _by_list(go: Journey) -> Peer:
    own, key, author = go.own, go.key, go.ends.author
    name, _, list_host = go.ends.group.partition("@")
    host = practice(list_host)
    minutes = host.network.zone
    _submit(go)
    go.hops.append(Hop(list_host, own.host, own.reverse, own.address, go.clock.step(minutes), "postfix", "ESMTPS",
                       go.ends.group, author))
    if below(key, _PASSES) & 1:
        go.hops.append(Hop(list_host, "localhost", "localhost", "127.0.0.1", go.clock.step(minutes), "postfix", "ESMTP",
                           "", author))
    go.envelope_from = f"{name}-bounces@{list_host}"
    if share(key, _OWN_KEY) < 0.85:
        # The list's changes break what the author signed (RFC 6377 section 3.3).
        go.sign(go.domain, own.selector, whole=False)
    if share(key, _SIGNS) < 0.55:
        go.sign(list_host, host.selector or "list")
    return Peer(list_host, list_host, host.address)


def _by_forwarder(go: Journey) -> Peer:
    own, key, author = go.own, go.key, go.ends.author
    forwarder = FORWARDERS[below(key, _FORWARDER) * len(FORWARDERS) >> BITS]
    host = practice(forwarder)
    _submit(go)
    go.hops.append(Hop(f"mx.{forwarder}", own.host, own.reverse, own.address, go.clock.step(host.network.zone),
                       "postfix", "ESMTPS", f"{go.ends.to.partition('@')[0]}@{forwarder}", author))
    go.sign(go.domain, own.selector)
    if share(key, _SRS) < 0.4:
        mark = f"{letters(below(key, _SRS), 4)}={letters(below(key, _BOUNCE), 2).upper()}"
        go.envelope_from = f"SRS0={mark}={go.domain}={author.partition('@')[0]}@{forwarder}"
    return Peer(f"mx.{forwarder}", f"mx.{forwarder}", host.address)


def _by_direct(go: Journey) -> Peer:
    key = go.key
    network, client = go.network, go.client
    if below(go.machine, _HOST) % 10 < 3:
        network = HOSTING[below(go.machine, _CLIENT_NET) % len(HOSTING)]
        client = address_in(go.machine, network)
    reverse = network.reverse(client)
    go.began(client, network, reverse, network.zone)
    name = (go.own.host, machine_name(go.machine), reverse, go.domain)[below(go.machine, _MACHINE) % 4]
    if below(key, _CLIENT_SEEN) % 3 == 0:
        inner = below(go.machine, _OFFICE)
        go.hops.append(Hop(name, machine_name(go.machine), "", f"192.168.{inner % 4}.{inner >> 8 & 127 | 2}",
                           go.clock.step(network.zone), style_of(key, go.domain), "ESMTP", go.ends.to, go.ends.author))
    if share(key, _BROKEN) < 0.08:
        go.sign(go.domain, go.own.selector, whole=False)
    known = below(go.machine, _PART) % 5 > 0
    return Peer(name, reverse if known else "", client, secure=below(go.machine, _CLEAR) % 3 == 0)


def _by_web(go: Journey) -> Peer:
    key = go.key
    rented = HOSTING[below(go.machine, _HOST) * len(HOSTING) >> BITS]
    address = rented.v4(1 + below(go.machine, _PART) % 30)
    host = rented.reverse(address)
    go.began(address, rented, host, rented.zone)
    users = ("www-data", "apache", f"web{below(go.machine, _OFFICE) % 400}", "nobody", "site")
    user = users[below(go.machine, _MACHINE) % 5]
    if below(key, _ALIGNED) % 3:
        go.envelope_from = f"{user}@{host}"
    style = ("exim", "postfix", "qmail", "sendmail")[below(key, _STYLE) % 4]
    go.hops.append(Hop(host, "", "", "", go.clock.step(rented.zone), style, "ESMTP",
                       go.ends.to if below(key, _FOR) & 1 else "", user=user))
    return Peer(host, host, address)


def _by_inside(go: Journey) -> Peer:
    inner = below(go.machine, _OFFICE)
    address = f"10.{inner % 40}.{inner >> 8 & 127}.{inner >> 16 & 127 | 2}"
    name = machine_name(go.machine)
    go.began(address, None, name, go.ends.receiver.zone)
    return Peer(name, "", address)


_WAYS = {"provider": _by_provider, "own": _by_own, "service": _by_service, "list": _by_list,
         "forwarded": _by_forwarder, "direct": _by_direct, "web": _by_web, "inside": _by_inside}


def _forge(go: Journey) -> None:
    """Lines below the border that were never written by those whom they name."""
    key, ends = go.key, go.ends
    if ends.way not in ("direct", "own", "web") or share(key, _FORGE) > (0.4 if ends.way == "direct" else 0.08):
        return
    number = below(key, _FORGE)
    domain = ends.domain if number & 64 else organisation(key ^ _FORGE)
    address = address_in(key, HOSTING[number % len(HOSTING)], _FORGE)
    go.hops.insert(0, Hop(practice(domain).host, f"mail.{domain}", f"mail.{domain}", address,
                          go.written, style_of(key, domain), "ESMTPS", ends.to, ends.author))
    go.forged.append("received")
