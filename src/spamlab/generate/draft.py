"""One message while it is being made: trace lines and fields from the top down, then the bytes and their truth."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from spamlab.generate.hosts import Cast, Host
from spamlab.generate.mail.received import Hop, identifier, mail_date, received
from spamlab.generate.mail.verdicts import Results as Verdicts
from spamlab.generate.mail.verdicts import authentication_results, dkim_signature, received_spf
from spamlab.generate.text import compose
from spamlab.records.message import Message
from spamlab.records.truth import HopTruth, Labelled, ResultTruth, RouteTruth
from spamlab.seeds import stream


def organizational(domain: str) -> str:
    """The domain that alignment compares: for the lab's names the last two labels (RFC 9989 section 4.10.2)."""
    return ".".join(domain.lower().rstrip(".").split(".")[-2:])


@dataclass
class Line:
    """A Received field to come."""

    hop: Hop
    role: str
    why_forged: str = ""
    looks_odd: tuple[str, ...] = ()


@dataclass
class Results:
    """An Authentication-Results field to come."""

    authserv_id: str
    ours: bool
    results: dict[str, tuple[str, str]]
    selector: str = ""


@dataclass
class Draft:
    """One message under construction; `streams` are named by the message, so no other message moves it.

    top: trace fields from the topmost down. notes: further facts for the truth. taken: the subjects of the messages
    made before in this set, to which this one's is added: the only thing that another message can move.
    """

    recipe: Mapping[str, Any]
    seed: bytes
    purpose: str
    draw: int
    name: str
    scenario: str
    top: list[Line | Results | str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.cast = Cast(self.recipe, self.stream("hosts"))
        self.operator = self.cast.operator
        self.choices = self.stream("choices")
        self._styles = self.stream("styles")
        people = self.recipe["people"]
        names = self.stream("people")
        self.person = (names.choice(people["first"]), names.choice(people["last"]))
        self.complainant = f"{self.person[0]}.{self.person[1]}@{self.operator.domain}".lower()
        clock = self.stream("dates")
        back = timedelta(minutes=clock.randrange(25, 290), seconds=clock.randrange(60))
        if self.scenario not in ("journey", "chain", "example", "border", "claim"):
            back += timedelta(days=clock.randrange(3))
        self.border_date: datetime = self.recipe["date"] - back
        self._clock = clock
        self.sender: Mapping[str, Any] = {}
        self.envelope = ""
        self.handover: Host | None = None

    def stream(self, decision: str) -> Random:
        """The random stream of one decision about this message."""
        return stream(self.seed, "routes", self.purpose, self.draw, self.name, decision)

    # -- who writes -------------------------------------------------------------------------------------------------

    def written_by(self, table: str) -> None:
        """Choose who stands in From: an entry of the recipe's `senders` or `shops`."""
        self.sender = self.stream("sender").choice(self.recipe[table])

    @property
    def from_domain(self) -> str:
        """The domain in the From field."""
        return str(self.sender["domain"])

    def bounces_to(self, domain: str) -> None:
        """Set the bounce address (the envelope's reverse-path) to one of `domain`."""
        number = self.stream("envelope").randrange(1000, 99_999)
        local = self.stream("envelope-form").choice((f"bounce-{number}", "no-reply", f"b{number}", "return"))
        self.envelope = f"{local}@{domain}"

    # -- trace fields -----------------------------------------------------------------------------------------------

    def before(self, seconds: tuple[int, int] = (2, 45), *, of: datetime | None = None) -> datetime:
        """A moment some seconds before `of` (default: when the border took the message)."""
        return (of or self.border_date) - timedelta(seconds=self._clock.randrange(*seconds))

    def style(self) -> str:
        """Software of a server that is not ours."""
        return self._styles.choice(("postfix", "postfix", "exim", "sendmail"))

    def inner(self, count: int, *, style: str = "postfix", below: Host | None = None) -> None:
        """Add `count` lines of our own inner hosts, topmost first; `below` is the border host under them."""
        hosts = list(self.operator.inner)
        stores = [host for host in hosts if host.name.startswith("store")]
        others = [host for host in hosts if not host.name.startswith("store")]
        self._styles.shuffle(others)
        chain = [self._styles.choice(stores), *others][:count]
        date = self.border_date
        made: list[Line] = []
        peer = below or self.operator.border[0]
        for place, host in enumerate(reversed(chain)):
            date = date + timedelta(seconds=self._clock.randrange(1, 4))
            last = place == count - 1
            look = "lmtp" if last and style == "postfix" else style
            made.append(
                Line(
                    Hop(
                        host.name,
                        peer.name,
                        peer.name,
                        peer.address,
                        date,
                        look,
                        "ESMTP",
                        self.complainant,
                        self.envelope,
                    ),
                    "inner",
                )
            )
            peer = host
        self.top.extend(reversed(made))

    def border(
        self,
        peer: Host,
        *,
        host: Host | None = None,
        style: str = "postfix",
        looks_odd: tuple[str, ...] = (),
        note: str = "",
    ) -> None:
        """Add the line that our border host wrote when `peer` handed the message over."""
        self.handover = peer
        writer = host or self.operator.border[0]
        hop = Hop(
            writer.name,
            peer.name,
            peer.reverse,
            peer.address,
            self.border_date,
            style,
            "ESMTPS",
            self.complainant,
            note=note,
        )
        self.top.append(Line(hop, "border", looks_odd=looks_odd))

    def outside(
        self,
        by: str,
        peer: Host,
        date: datetime,
        *,
        role: str = "outside",
        why_forged: str = "",
        looks_odd: tuple[str, ...] = (),
        style: str = "",
        protocol: str = "ESMTPS",
        weekday_shift: int = 0,
        recipient: str = "",
        user: str = "",
    ) -> None:
        """Add a line that did not come from our servers."""
        style = style or self.style()
        if style == "exim" and (peer.reverse != peer.name or user):
            style = "postfix"
        hop = Hop(
            by,
            peer.name,
            peer.reverse,
            peer.address,
            date,
            style,
            protocol,
            recipient,
            self.envelope,
            user,
            weekday_shift,
        )
        self.top.append(Line(hop, role, why_forged, looks_odd))

    def our_results(self, spf: tuple[str, str], dkim: tuple[str, str], dmarc: tuple[str, str]) -> None:
        """Add the results of our border; (result, domain) for each method. A passing DKIM gets its signature below."""
        selector = ""
        if dkim[1]:
            selector = self.stream("selector").choice(("s1", "k2", "mail", "dkim2026", "selector1"))
        self.top.append(Results(self.operator.authserv_id, True, {"spf": spf, "dkim": dkim, "dmarc": dmarc}, selector))
        self._signature = (dkim[1], selector)

    def foreign_results(
        self,
        authserv_id: str,
        domain: str,
        *,
        spf: str = "pass",
        dkim: str = "pass",
        dmarc: str = "pass",
        spf_domain: str = "",
    ) -> None:
        """Add results that came with the message: what its sender wants believed, or what a server before ours saw."""
        claims = {"spf": (spf, spf_domain or domain), "dkim": (dkim, domain), "dmarc": (dmarc, domain)}
        self.top.append(
            Results(authserv_id, False, claims, self._signature[1] if self._signature[0] == domain else "s1")
        )

    _signature: tuple[str, str] = ("", "")

    # -- the whole --------------------------------------------------------------------------------------------------

    def finish(self, link_domain: str, *, sent: datetime | None = None) -> Labelled:
        """The message with its truth. link_domain: where the body's link leads."""
        header: list[str] = []
        hops: list[HopTruth] = []
        results: list[ResultTruth] = []
        border_line = 0
        rng = self.stream("trace")
        for item in self.top:
            if isinstance(item, str):
                header.append(item)
            elif isinstance(item, Results):
                results.append(ResultTruth(len(results) + 1, item.authserv_id, item.ours, dict(item.results)))
                header.append(self._written(item))
            else:
                key = rng.getrandbits(64)
                header.append(received(item.hop, key))
                hops.append(_hop_truth(len(hops) + 1, item))
                if item.role == "border":
                    border_line = len(hops)
                    self.notes["border_id"] = identifier(item.hop.style, key)
                    self.notes["received_utc"] = item.hop.date.astimezone(UTC).isoformat()
                    self._maybe_received_spf(header, results)
        sent = sent or (
            self.before(
                (3, 90),
                of=min((item.hop.date for item in self.top if isinstance(item, Line)), default=self.border_date),
            )
        )
        text = compose(
            self.recipe,
            self._theme(),
            str(self.sender["name"]),
            self.person,
            link_domain,
            self.border_date,
            self.stream("text"),
            self.taken,
            with_reference=self.purpose == "twin",
        )
        self.taken.add(text.subject)
        header += self._fields(sent, text.subject, rng)
        raw = ("\r\n".join(header) + "\r\n\r\n" + text.body).encode("ascii")
        message = Message(self.name, raw, self.envelope, (self.complainant,))
        return Labelled(message, self._truth(hops, border_line, results, text.link_host))

    def _written(self, item: Results) -> str:
        (spf, _), (dkim, signer), (dmarc, from_domain) = (item.results[method] for method in ("spf", "dkim", "dmarc"))
        verdicts = Verdicts(spf, dkim, dmarc, self._claimed(item), signer, item.selector if signer else "", "none")
        return authentication_results(item.authserv_id, verdicts, from_domain)

    def _claimed(self, item: Results) -> str:
        spf_domain = item.results["spf"][1]
        if item.ours or spf_domain == self.envelope.partition("@")[2]:
            return self.envelope
        return f"bounce@{spf_domain}"

    def _maybe_received_spf(self, header: list[str], results: list[ResultTruth]) -> None:
        ours = next((result for result in results if result.ours), None)
        if ours is None or self.handover is None or self.stream("received-spf").random() < 0.5:
            return
        written = received_spf(
            ours.results["spf"][0],
            self.operator.border[0].name,
            self.handover.address,
            self.envelope,
            self.handover.name,
        )
        header.insert(len(header) - 1, written)

    def _theme(self) -> str:
        return str(self.sender.get("theme", "order"))

    def _fields(self, sent: datetime, subject: str, rng: Random) -> list[str]:
        local = self.stream("local").choice(self.sender["local"])
        address = f"{local}@{self.from_domain}"
        identity = self.stream("message-id")
        domain = self.from_domain if self._theme() == "order" else self.envelope.partition("@")[2]
        ident = f"{sent:%Y%m%d%H%M%S}.{identity.randrange(16**10):010X}@{domain}"
        self.notes.update(
            from_address=address, message_id=ident, theme=self._theme(), from_name=str(self.sender["name"])
        )
        fields = []
        signer, selector = self._signature
        if signer:
            fields.append(dkim_signature(signer, selector, sent, rng.getrandbits(64)))
        fields += [
            f"From: {self.sender['name']} <{address}>",
            f"To: {' '.join(self.person)} <{self.complainant}>",
            f"Subject: {subject}",
            f"Date: {mail_date(sent)}",
        ]
        fields.append(f"Message-ID: <{ident}>")
        fields += self.fields
        fields += ["MIME-Version: 1.0", 'Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: 7bit"]
        return fields

    def _truth(self, hops: list[HopTruth], border_line: int, results: list[ResultTruth], link_host: str) -> RouteTruth:
        ours = next((result.results for result in results if result.ours), {})
        passing = [ours[method][1] for method in ("spf", "dkim") if method in ours and ours[method][0] == "pass"]
        aligned = any(organizational(domain) == organizational(self.from_domain) for domain in passing)
        peer = self.handover
        network_domain = (
            organizational(peer.reverse)
            if peer and peer.reverse
            else (peer.network.domain if peer and peer.network else "")
        )
        self.notes.update(
            our_domain=self.operator.domain,
            border_hosts=" ".join(host.name for host in self.operator.border),
            our_hosts=" ".join(
                host.name for host in (*self.operator.border, *self.operator.inner, self.operator.submission)
            ),
            authserv_id=self.operator.authserv_id,
            complainant=self.complainant,
            complainant_name=" ".join(self.person),
            link_host=link_host,
        )
        if peer is not None:
            holder = peer.network.name if peer.network and peer.network.domain == network_domain else network_domain
            self.notes.update(handover_reverse=peer.reverse, network=holder, network_domain=network_domain)
        return RouteTruth(
            scenario=self.scenario,
            hops=tuple(hops),
            border_line=border_line,
            handover_address=peer.address if peer else "",
            handover_name=peer.name if peer else "",
            from_domain=self.from_domain,
            envelope_domain=self.envelope.partition("@")[2],
            results=tuple(results),
            aligned=aligned,
            report_to=f"abuse@{network_domain}" if peer else "",
            notes=dict(sorted(self.notes.items())),
        )


def _hop_truth(line: int, item: Line) -> HopTruth:
    hop = item.hop
    if hop.style == "qmail-local":
        return HopTruth(line, "", None, None, hop.date.isoformat(), item.role, item.why_forged, item.looks_odd)
    name, address = (None, None) if hop.style == "pickup" else (hop.name, hop.address)
    if address is not None:
        address = str(ipaddress.ip_address(address))
    return HopTruth(line, hop.by, name, address, hop.date.isoformat(), item.role, item.why_forged, item.looks_odd)
