"""Who writes, in whose name, with which words: drawn until the text is short and the checks find what the case needs.

Everything here is made of the parts that make all other mail; what stands in the DNS follows from each domain's name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from zlib import crc32

from spamlab.errors import ContentError
from spamlab.generate.draws import BITS, below, mixed, named, uniform
from spamlab.generate.mail.border import results_of
from spamlab.generate.mail.correspondents import KINDS as ROWS
from spamlab.generate.mail.correspondents import Ends, organisation, slug_of
from spamlab.generate.mail.domains import Practice, practice
from spamlab.generate.mail.journey import Clock, Journey
from spamlab.generate.mail.message import header_of, program_of
from spamlab.generate.mail.parts import body_of
from spamlab.generate.mail.received import zone
from spamlab.generate.mail.verdicts import Results
from spamlab.generate.mail.world import FAMILY, FORWARDERS, GIVEN, SERVICE_NAMES, SERVICES, Receiver
from spamlab.generate.making import Making
from spamlab.generate.recipes import RouteRecipe
from spamlab.generate.routes.scenarios import NAMES, Claim, Scenario

MOST_TEXTS, MOST_DOMAINS = 3000, 12
"""Texts that are tried, and domains for each."""
LONGEST_BODY = 6000
"""Characters of a body with its MIME parts."""
_PERSONS = frozenset(GIVEN)
_GREETS = re.compile(r"^(?:Dear|Hello|Hi|Hey|Good \w+|Greetings),? ([A-Z][a-z]+)(?: ([A-Z][a-z]+))?[,!.:]?$",
                     re.MULTILINE)
_WHO, _TYPE, _DAY, _MINUTE, _LOCAL, _GIVEN, _FAMILY, _SERVICE, _FORWARDER, _BOUNCE = (
    named("route who"), named("route type"), named("route day"), named("route minute"), named("route local"),
    named("route given"), named("route family"), named("route service"), named("route forwarder"),
    named("route bounce"))


@dataclass(frozen=True)
class Sent:
    """A message before its trace.

    firm: the domain in From. other: one that a sender of spam registered. side: of the two, that of the servers on the
    way. relay: one of a third party. service: of who signs in bulk, "" for none. own: what the domain of the host that
    hands over has in the DNS. reader: first and family name. header: the fields below the trace. type: of the text.
    """

    go: Journey
    results: Results
    firm: str
    other: str
    side: str
    relay: str
    service: str
    forwarder: str
    own: Practice
    reader: tuple[str, str]
    subject: str
    header: list[str]
    body: str
    type: str


@dataclass(frozen=True)
class Free:
    """What a message may have. taken: subjects and handover addresses of others. half: 0 or 1 for one half of all
    subjects, so that two sets that one reader has differ in them; None for any."""

    taken: Collection[str]
    half: int | None

    def subject(self, subject: str) -> bool:
        """Whether a subject may be had."""
        return subject not in self.taken and (self.half is None or crc32(subject.encode()) & 1 == self.half)

    def host(self, own: Practice, receiver: Receiver) -> bool:
        """Whether a domain's host may hand over: it stands far from ours, which people know by three numbers."""
        return own.address not in self.taken and own.network.block != receiver.network.block


def sent_of(recipe: RouteRecipe, key: int, name: str, scenario: Scenario, claim: Claim, free: Free) -> Sent:
    """The message called `name`, drawn from its key.

    Raises ContentError where no text of the recipe will do. Sender and subject are in ASCII; the body may be encoded.
    """
    when = recipe.date - timedelta(days=uniform(key, _DAY, scenario.days), minutes=25 + uniform(key, _MINUTE, 265),
                                   seconds=uniform(key, _MINUTE + 1, 60))
    forwarders = [one for one in FORWARDERS if free.host(practice(one), recipe.receiver)] or FORWARDERS
    forwarder = forwarders[uniform(key, _FORWARDER, len(forwarders))]
    for turn in range(MOST_TEXTS):
        made = _attempt(recipe, mixed(below(key, _WHO) + turn), name, claim, when.astimezone(zone(0)), free, forwarder)
        if made is not None:
            return made
    raise ContentError(f"{recipe.name}: in {MOST_TEXTS} draws no text of {claim.texts} named its sender, had at most "
                       f"{recipe.most_words} words, and a subject of its own; allow more words or types")


def _attempt(recipe: RouteRecipe, key: int, name: str, claim: Claim, when: datetime, free: Free,
             forwarder: str) -> Sent | None:
    """One draw of a text and of domains; None where it will not do. What costs least is looked at first."""
    types = recipe.senders if claim.texts == "senders" else recipe.shops
    one = types[uniform(key, _TYPE, len(types))]
    give = recipe.language.document(one, key, when)
    shown = give("from_name")
    if "@" in shown or not shown.isascii() or shown.partition(" ")[0].lower() in _PERSONS:
        return None
    short = shown.rpartition(" ")[0]
    # The firm of "Aldwen Bank Alerts" is Aldwen Bank where the text names it so.
    firms = {firm: _domains(recipe, claim, firm) for firm in (shown, short) if firm == shown or " " in firm}
    if not any(firms.values()):
        return None
    subject = give("subject")
    if not subject.isascii() or not free.subject(subject):
        return None
    text = give("body")
    named_firm = next((firm for firm in firms if firm in subject or firm in text), "")
    reader = _reader(key, subject, text)
    if not named_firm or reader is None or len(text.split()) > recipe.most_words:
        return None
    making = Making(key, name, recipe.language, one, when, give)
    found = _checked(recipe, making, claim, shown, firms[named_firm], free)
    if found is None:
        return None
    go, results, other, own = found
    go.ends = replace(go.ends, to_name=" ".join(reader), to=f"{'.'.join(reader)}@{recipe.receiver.domain}".lower())
    program = program_of(key, go.ends)
    body = body_of(making, go.ends, subject, text, go.service, program.family)
    if len(body.text) > LONGEST_BODY or not body.text.isascii() or body.files or "\nContent-Type: image/" in body.text:
        return None
    header = header_of(making, go, results, body, program, subject, open_to=True)
    side, relay = go.domain if claim.texts == "shops" else other, organisation(mixed(key + MOST_DOMAINS))
    return Sent(go, results, go.domain, other, side, relay, go.service, forwarder, own, reader, subject, header,
                body.text, one.name)


def _domains(recipe: RouteRecipe, claim: Claim, firm: str) -> list[str]:
    """The domains of a firm by which the case may come out: its own name, with a policy where DMARC has a result."""
    slug, policy = slug_of(firm), claim.dmarc != "none"
    found = [f"{slug}.{end}" for end in ("example", "test")] if slug else []
    return [one for one in found if practice(one).network.block != recipe.receiver.network.block
            and (claim.way == "inside" or bool(practice(one).policy) == policy)]


def _checked(recipe: RouteRecipe, making: Making, claim: Claim, shown: str, domains: Sequence[str],
             free: Free) -> tuple[Journey, Results, str, Practice] | None:
    """Domains in whose DNS stands what gives the results that the case needs, and all that follows from them; None
    where none of a few will do."""
    key, receiver, kind = making.key, recipe.receiver, ROWS.get(making.type.sender, "stranger")
    local = SERVICE_NAMES[uniform(key, _LOCAL, len(SERVICE_NAMES))]
    bounce = NAMES.expand("bounce", below(key, _BOUNCE))
    service = SERVICES[uniform(key, _SERVICE, len(SERVICES))] if claim.signer == "service" else ""
    for domain, turn in product(domains, range(MOST_DOMAINS if "{other}" in claim.bounce else 1)):
        other = organisation(mixed(key + turn))
        own = practice(domain if claim.texts == "shops" else other)
        if domain == other or not free.host(own, receiver) or (
                claim.way == "own" and own.reverse != own.network.reverse(own.address)):
            continue
        address = f"{local}@{domain}"
        go = Journey(key, key, Ends(claim.way, kind, shown, address, address, "", "", receiver, None, ""), domain,
                     practice(domain), "", own.network, Clock(making.sent, key),
                     f"{bounce}@{claim.bounce.format(firm=domain, other=other)}", ("", None), "",
                     making.sent.astimezone(zone(receiver.zone)), service=service)
        signer = service or (domain if claim.signer else "")
        if signer:
            go.sign(signer, practice(signer).selector)
        results = results_of(go)
        if results.spf in claim.spf and (results.dkim, results.dmarc) == (claim.dkim, claim.dmarc):
            return go, results, other, own
    return None


def _reader(key: int, subject: str, text: str) -> tuple[str, str] | None:
    """The reader's first and family name, as the text greets them; None where the subject names somebody else."""
    found = _GREETS.search(text)
    given, family = (found.group(1), found.group(2)) if found and found.group(1).lower() in _PERSONS else ("", "")
    given = given or GIVEN[below(key, _GIVEN) * len(GIVEN) >> BITS].title()
    family = family or FAMILY[below(key, _FAMILY) * len(FAMILY) >> BITS].title()
    first = subject.partition(" ")[0].rstrip(",:!")
    return None if first.lower() in _PERSONS and first != given else (given, family)
