"""Who writes, in whose name, with which words: drawn until the text is short and the checks find what the case needs.

Everything here is made of the parts that make all other mail; what stands in the DNS follows from each domain's name.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from spamlab.errors import ContentError
from spamlab.generate.draws import BITS, below, mixed, named, uniform
from spamlab.generate.mail.border import results_of
from spamlab.generate.mail.correspondents import KINDS as ROWS
from spamlab.generate.mail.correspondents import Ends, greeted, organisation, slug_of
from spamlab.generate.mail.domains import Practice, practice
from spamlab.generate.mail.journey import Clock, Journey
from spamlab.generate.mail.message import header_of, program_of
from spamlab.generate.mail.parts import body_of
from spamlab.generate.mail.received import zone
from spamlab.generate.mail.verdicts import Results
from spamlab.generate.mail.world import FAMILY, FORWARDERS, GIVEN, SERVICE_NAMES, SERVICES
from spamlab.generate.making import Making
from spamlab.generate.recipes import RouteRecipe
from spamlab.generate.routes.scenarios import NAMES, Claim, Scenario

MOST_DRAWS = 2000
"""Texts, and domains for a text, that are tried."""
LONGEST_BODY = 6000
"""Characters of a body with its MIME parts."""
_PERSONS = frozenset(GIVEN)
_WHO, _TYPE, _DAY, _MINUTE, _LOCAL, _GIVEN, _FAMILY, _SERVICE, _FORWARDER, _BOUNCE = (
    named("route who"), named("route type"), named("route day"), named("route minute"), named("route local"),
    named("route given"), named("route family"), named("route service"), named("route forwarder"),
    named("route bounce"))


@dataclass(frozen=True)
class Sent:
    """A message before its trace. firm: the domain in From. other, relay: domains that a sender of spam registered, and
    one more. own: what the domain has in the DNS whose host hands over. header: below the trace. type: of the text."""

    go: Journey
    results: Results
    firm: str
    other: str
    relay: str
    service: str
    forwarder: str
    own: Practice
    person: tuple[str, str]
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


def sent_of(recipe: RouteRecipe, key: int, name: str, scenario: Scenario, claim: Claim, free: Free) -> Sent:
    """The message called `name`, drawn from its key.

    Raises ContentError where no text of the recipe will do.
    """
    when = recipe.date - timedelta(days=uniform(key, _DAY, scenario.days), minutes=25 + uniform(key, _MINUTE, 265),
                                   seconds=uniform(key, _MINUTE + 1, 60))
    for turn in range(MOST_DRAWS):
        made = _attempt(recipe, mixed(below(key, _WHO) + turn), name, claim, when.astimezone(zone(0)), free)
        if made is not None:
            return made
    raise ContentError(f"{recipe.name}: no text of {claim.texts} is in ASCII, names its sender, has at most "
                       f"{recipe.most_words} words, and differs from the others; allow more words or types")


def _attempt(recipe: RouteRecipe, key: int, name: str, claim: Claim, when: datetime, free: Free,
             ) -> Sent | None:
    types = recipe.senders if claim.texts == "senders" else recipe.shops
    one = types[uniform(key, _TYPE, len(types))]
    give = recipe.language.document(one, key, when)
    firm, forwarder = give("from_name"), FORWARDERS[uniform(key, _FORWARDER, len(FORWARDERS))]
    if "@" in firm or not firm.isascii() or firm.partition(" ")[0].lower() in _PERSONS or (
            practice(forwarder).address in free.taken):
        return None
    subject = give("subject")
    if not subject.isascii() or not free.subject(subject):
        return None
    text = give("body")
    if firm not in subject + text or not text.isascii() or len(text.split()) > recipe.most_words:
        return None
    making = Making(key, name, recipe.language, one, when, give)
    found = _named(recipe, making, claim, firm, text, free.taken)
    if found is None:
        return None
    go, results, other, own, person = found
    program = program_of(key, go.ends)
    body = body_of(making, go.ends, subject, text, go.service, program.family)
    if len(body.text) > LONGEST_BODY or not body.text.isascii() or body.files or "\nContent-Type: image/" in body.text:
        return None
    header = header_of(making, go, results, body, program, subject, open_to=True)
    return Sent(go, results, go.domain, other, organisation(mixed(key + 1)), go.service, forwarder, own, person,
                subject, header, body.text, one.name)


def _named(recipe: RouteRecipe, making: Making, claim: Claim, firm: str, text: str, taken: Collection[str],
           ) -> tuple[Journey, Results, str, Practice, tuple[str, str]] | None:
    """Domains by whose DNS our checks find what the case needs, and all that follows from them; None where a few
    hundred will not do."""
    key, receiver = making.key, recipe.receiver
    given = (greeted(text) or GIVEN[below(key, _GIVEN) * len(GIVEN) >> BITS]).title()
    family = FAMILY[below(key, _FAMILY) * len(FAMILY) >> BITS].title()
    to = f"{given}.{family}@{receiver.domain}".lower()
    local = SERVICE_NAMES[uniform(key, _LOCAL, len(SERVICE_NAMES))]
    bounce = NAMES.expand("bounce", below(key, _BOUNCE))
    service = SERVICES[uniform(key, _SERVICE, len(SERVICES))] if claim.signer == "service" else ""
    start = slug_of(firm)
    for turn in range(MOST_DRAWS // 10 if start else 0):
        at = mixed(key + 2 + turn)
        domain, other = organisation(at, firm), organisation(mixed(at))
        own = practice(domain if claim.texts == "shops" else other)
        if not domain.startswith(start) or domain == other or (
                claim.way == "own" and (own.reverse != own.network.reverse(own.address) or own.address in taken)):
            continue
        ends = Ends(claim.way, ROWS.get(making.type.sender, "stranger"), firm, f"{local}@{domain}",
                    f"{local}@{domain}", f"{given} {family}", to, receiver, None, "")
        go = Journey(key, key, ends, domain, practice(domain), "", own.network, Clock(making.sent, key),
                     f"{bounce}@{claim.bounce.format(firm=domain, other=other)}", ("", None), "",
                     making.sent.astimezone(zone(receiver.zone)), service=service)
        signer = service or (domain if claim.signer else "")
        if signer:
            go.sign(signer, practice(signer).selector)
        results = results_of(go)
        if results.spf in claim.spf and (results.dkim, results.dmarc) == (claim.dkim, claim.dmarc):
            return go, results, other, own, (given, family)
    return None
