"""The cases and the kinds of input of a lab on message routes, as data.

A line below the border is written by the host that the line above it names in `from`, unless `by` says whose work it
is made to look. What the questions need of each case is said here in a sentence and held by tests over many seeds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from spamlab.generate.grammar import Grammar

FACTS = ("firm", "other", "side", "relay", "provider", "forwarder", "us", "one_of_us", "peer", "foreign", "machine")
"""Names that stand in NAMES and in `by`: domains of the firm in From, of a sender of spam, of whose servers they are,
of a third party, of a network and of a forwarder; our border host, and any one of ours; the host that handed over; who
wrote results below the border; a computer."""

NAMES = Grammar({
    "label": ["{mail|smtp|out|mta|relay|mx-out|post|smtp-relay|gw}", "9* {mail|smtp|out|mta|relay|post|gw}{#1-19}"],
    "machine_at_work": ["{machine}"],
    "queue": ["{app|web|queue|node|job}{#1-29}.{other}"],
    "inside": ["{label}.{side}"],
    "provider_relay": ["{label}.{provider}"],
    "node": ["{node|in|spool|front}{#2-39}.{provider}"],
    "hub": ["hub{#1-8}.{provider}"],
    "client": ["{www|web|shop|cp}{#1-8}.{other}"],
    "app": ["app{#1-59}.{firm}"],
    "greets_as_us": ["{one_of_us}"],
    "bounce": ["bounce-{#1000-99998}", "no-reply", "b{#1000-99998}", "return"],
    "ours": ["{us}"],
    "own_mx": ["mx1.{firm}"],
    "any_mx": ["mx{#1-3}.{firm}"],
    "gate": ["gate.{firm}"],
    "strange_gate": ["gate.{relay}"],
    "relay_of_sender": ["relay.{other}"],
    "mx_of_sender": ["mx.{side}"],
    "mx_of_firm": ["mx.{firm}"],
    "handed_over": ["{peer}"],
    "believed": ["{foreign}"],
    "forwards": ["mx.{forwarder}"],
}, FACTS)
"""How hosts are named."""


@dataclass(frozen=True)
class Claim:
    """What our side's checks find: domains are drawn until what stands in their DNS gives these results.

    texts: "senders", who pass for a firm, or "shops", who are what they say. way: as in `mail.correspondents.WAYS`;
    by "own" the message came from the host that its domain names. bounce: the domain of the bounce address. signer:
    "", "service" or "firm". spf: the results that will do. dkim, dmarc: the result.
    """

    texts: str
    way: str
    bounce: str
    signer: str
    spf: tuple[str, ...]
    dkim: str
    dmarc: str


UNALIGNED = Claim("senders", "own", "{other}", "", ("pass",), "none", "fail")
THIRD = Claim("senders", "own", "{other}", "service", ("pass",), "pass", "none")
NOTHING = Claim("senders", "direct", "{other}", "", ("none", "softfail"), "none", "fail")
BY_DKIM = Claim("shops", "forwarded", "{other}", "firm", ("softfail",), "pass", "pass")
BY_SPF = Claim("shops", "own", "bounce.{firm}", "", ("pass",), "none", "pass")
UNCHECKED = Claim("shops", "inside", "{firm}", "", ("none",), "none", "none")


@dataclass(frozen=True)
class Line:
    """A Received line below the border.

    peer: a rule of NAMES, or "firm" for the firm's own host. stands: where the peer does: "private"; "abroad", without
    a name in the DNS; "rented", with its network's; "provider", with its own; "beside" the host that handed over;
    "dns", as the DNS says. by: a rule of NAMES for a line that breaks the chain. forged: "", or what proves it:
    "break" or "date". far: on a clock of another zone. six: by IPv6. told: it names the reader.
    """

    peer: str
    stands: str = "private"
    by: str = ""
    forged: str = ""
    protocol: str = "ESMTP"
    far: bool = False
    six: bool = False
    told: bool = False
    style: str = ""


@dataclass(frozen=True)
class Shape:
    """inner: number of our own lines above the border. below: the lines below it, from the top. six: the border saw an
    address of IPv6."""

    inner: int
    below: tuple[Line, ...]
    six: bool = False


@dataclass(frozen=True)
class Scenario:
    """One case or kind of input.

    claims, shapes: one of each is drawn. short: the shapes of a twin. peer: who hands over: "sender", "provider",
    "forwarder", or "" where nobody from outside did. foreign: rules of NAMES for who wrote results below the border,
    one of which is drawn; foreign_often: in what share. clock: one clock below the border is wrong. originating: a
    field names another address as the origin. style: of all lines, "" for that of their servers. odd: what else is
    special, as `case` reads it. days: it came on one of so many days.
    """

    claims: tuple[Claim, ...]
    shapes: tuple[Shape, ...]
    short: tuple[Shape, ...] = ()
    peer: str = "sender"
    foreign: tuple[str, ...] = ()
    foreign_often: float = 1.0
    clock: bool = False
    originating: bool = False
    style: str = ""
    odd: str = ""
    days: int = 1


_MACHINE = Line("machine_at_work", protocol="ESMTPA")
_QUEUE = Line("queue")
_FIRM = Line("firm", "dns", forged="break", protocol="ESMTPS", told=True)
_BORDER_TAIL = (
    replace(_MACHINE, protocol="ESMTP"),
    Line("greets_as_us", "abroad", "strange_gate", "break"),
    replace(_FIRM, by="gate"),
)
_CHAIN_TAIL = (replace(_FIRM, by="believed"), Line("app", "abroad", forged="date"))
_BY_SIX = (Line("node"), Line("client", "rented", protocol="ESMTPS", far=True), *_CHAIN_TAIL)
_FROM_SIX = (Line("hub", "provider", far=True), Line("node"), Line("client", "rented", protocol="ESMTPS", six=True),
             *_CHAIN_TAIL)
_TRUE_FIRM = replace(_FIRM, forged="")

CASES: Mapping[str, Scenario] = {
    # Our store, the border in line 2, the sender's computer; the bottom line says that the firm in From sent it, and
    # its `by` meets nothing above. SPF passes for another domain.
    "example": Scenario((replace(UNALIGNED, bounce="bounce.{other}"),),
                        (Shape(1, (_MACHINE, replace(_FIRM, by="own_mx"))),)),
    # All lines are true, and one clock on the sender's side is wrong; order by place, by clock and from the top differ
    # pairwise. Results below the border claim a pass for the firm; ours have SPF for the bounce domain, DKIM for a
    # third one, neither aligned.
    "journey": Scenario((replace(THIRD, bounce="bounce.{other}"),),
                        (Shape(1, (_QUEUE, _QUEUE, _MACHINE)), Shape(2, (_QUEUE, _MACHINE))),
                        (Shape(1, (_QUEUE, _MACHINE)),),
                        foreign=("relay_of_sender", "handed_over", "mx_of_firm"), clock=True),
    # Four lines and five addresses or names to mistake for the right one: our inner line on top, below the border a
    # private host, a forged line whose `from` greets as our border host, a forged line from the firm in From.
    "border": Scenario((NOTHING,),
                       tuple(Shape(inner, (*more, *_BORDER_TAIL)) for inner in (1, 2)
                             for more in ((), (Line("inside", "beside"),))),
                       tuple(Shape(inner, _BORDER_TAIL) for inner in (1, 2)), originating=True),
    # Two forged lines at the bottom: the upper one breaks the chain, the lower one has a wrong weekday. Three true
    # lines look odd, one each: another zone, IPv6, a private address. Results below the border claim a pass; ours have
    # nothing to check.
    "chain": Scenario((replace(NOTHING, spf=("none",)),),
                      tuple(shape for inner in (1, 2) for shape in (Shape(inner, _BY_SIX, True),
                                                                    Shape(inner, _FROM_SIX))),
                      (Shape(1, _BY_SIX, True), Shape(1, _FROM_SIX)), peer="provider", foreign=("any_mx",)),
    # Honest, and forwarded for the reader: SPF softfails, a signature of the domain in From passes. The forwarder's
    # results say that SPF passed when it took the message; they are not ours.
    "claim": Scenario((replace(BY_DKIM, bounce="bounce.{firm}"),),
                      tuple(Shape(inner, (_TRUE_FIRM, Line("app"))) for inner in (1, 2)),
                      (Shape(1, (_TRUE_FIRM,)),), peer="forwarder", foreign=("forwards",)),
}
"""By name, in the order M0 to M4; a twin is the same case with a shorter chain."""

_PLAIN = Scenario((UNALIGNED, THIRD, NOTHING, BY_DKIM, BY_SPF), (Shape(1, (_MACHINE,)),
                                                                   Shape(1, (Line("inside"), _MACHINE))),
                  foreign=("mx_of_sender",), foreign_often=0.3, style="row", days=3)
_NOT_FROM_OUTSIDE = replace(_PLAIN, claims=(UNCHECKED,), peer="", foreign=())

KINDS: Mapping[str, Scenario] = {
    "plain": _PLAIN,
    "folded": replace(_PLAIN, style="folded"),
    "ipv6": replace(_PLAIN, shapes=tuple(replace(one, six=True) for one in _PLAIN.shapes)),
    "no-received": replace(_NOT_FROM_OUTSIDE, shapes=(Shape(0, ()),)),
    "border-elsewhere": replace(_PLAIN, shapes=tuple(replace(one, inner=inner) for one in _PLAIN.shapes
                                                     for inner in (0, 2))),
    "forged-names-us": replace(_PLAIN, shapes=(Shape(1, (replace(_MACHINE, protocol="ESMTP"),
                                                         replace(_FIRM, by="ours"))),)),
    "greeting-literal": replace(_PLAIN, odd="greets with an address"),
    "two-borders": replace(_PLAIN, odd="two borders"),
    "comments": replace(_PLAIN, style="comments", odd="quotes a certificate"),
    "odd-names": replace(_PLAIN, odd="field names"),
    "own-submission": replace(_NOT_FROM_OUTSIDE, shapes=(Shape(1, ()),), odd="submitted"),
    "no-from": replace(_PLAIN, shapes=(Shape(1, (replace(_MACHINE, style="qmail-local"),)),), odd="no from"),
}
"""Kinds of input for a rule that reads routes, in the order P1 to P12; each differs from the plain one in the respect
that it is named after, so that a rule that fails, fails for that reason. In all others our border's line is the second
from the top and stands in one row up to its date."""
