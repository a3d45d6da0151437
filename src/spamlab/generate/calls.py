"""Calls as an operator's records hold them, and what was said in them.

A type's kind of sender may name, after a colon, how its calls go: "mobile:talk", "landline:recorded", "mobile" (a
message on an answering machine).

| manner | how the call goes |
| --- | --- |
| (none) | it rings until an answering machine takes it, and the caller speaks |
| recorded | a machine calls: half of the calls are answered, the others reach an answering machine |
| talk | it is answered and both speak |
| unanswered | nobody answers, the line is busy, or the call is rejected: no words |
| one-ring | it rings for a moment and ends before anybody can answer: no words ("wangiri") |
| silent | it is answered and nobody speaks |

Whoever calls without a right to the number that is shown is `spoofed` in the truth; there stand also the true origin
and the attestation that an honest operator would give (ATIS-1000074: A for a known customer with a right to the number,
B for a known customer, C for a call from a gateway).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from spamlab.generate.draws import Weighted, mixed, named, share, uniform
from spamlab.generate.ends import home, recipient_number, sender_number
from spamlab.generate.making import Making
from spamlab.generate.numbers import LANDLINES, MOBILES, country_of, landline, mobile, neighbour, premium

MANNERS = ("", "recorded", "talk", "unanswered", "one-ring", "silent")
CAUSES: Mapping[int, str] = {
    16: "normal call clearing", 17: "user busy", 19: "no answer from user (user alerted)", 21: "call rejected",
    31: "normal, unspecified", 41: "temporary failure"}
"""Cause values of ITU-T Q.850 section 2.2.7 that records here hold."""
NO_ANSWER_TIMER = 60
"""Seconds after which the network gives a ringing call up; then the cause is 19, before it the caller's own 16."""


@dataclass(frozen=True)
class Trunk:
    """A group of lines over which calls come in.

    carrier: "ip", "tdm" or "international". first, then: billed seconds begin with `first` and go on in steps of
    `then`, as the contract with the operator says.
    """

    name: str
    operator: str
    carrier: str
    first: int
    then: int


TRUNKS: tuple[Trunk, ...] = (
    Trunk("ic-101", "Cedar Mobile", "ip", 1, 1), Trunk("ic-102", "Cedar Mobile", "ip", 1, 1),
    Trunk("ic-110", "Lakeside Telecom", "ip", 1, 1), Trunk("ic-120", "Riverbend Broadband", "ip", 30, 6),
    Trunk("ic-131", "Copperhill Voice", "ip", 60, 60), Trunk("ic-140", "Highveld Exchange", "tdm", 60, 60),
    Trunk("ic-141", "Old Harbour Telephone", "tdm", 60, 60), Trunk("gw-201", "Monsoon Carrier", "international", 1, 1),
    Trunk("gw-202", "Pinewood Transit", "international", 30, 6),
    Trunk("gw-203", "Savanna Gate", "international", 60, 60),
)
"""All operators are invented."""
_BY_NAME = {trunk.name: trunk for trunk in TRUNKS}
_NATIONAL = Weighted([("ic-101", 24), ("ic-102", 18), ("ic-110", 20), ("ic-120", 12), ("ic-131", 10), ("ic-140", 9),
                      ("ic-141", 7)])
_GATEWAYS = Weighted([("gw-201", 40), ("gw-202", 35), ("gw-203", 25)])
_WITHOUT_ANSWER = Weighted([("no answer", 62), ("busy", 23), ("rejected", 15)])
_ENDINGS = Weighted([("16", 965), ("31", 25), ("41", 10)])
# What a caller who means ill shows, by the kind of sender.
_SHOWN = {
    "mobile": Weighted([("", 45), ("neighbour", 32), ("borrowed", 23)]),
    "landline": Weighted([("", 38), ("neighbour", 12), ("borrowed", 50)]),
    "neighbour": Weighted([("neighbour", 1)]),
}
_COUNTRIES = tuple(dict.fromkeys((*MOBILES, *LANDLINES)))
_SPOOF, _ORIGIN, _ORIGIN_NUMBER, _NEAR, _FAR = (
    named("spoofed"), named("origin"), named("origin number"), named("neighbour"), named("far number"))
_ENTRY, _TRUNK, _SIGNED, _ASSERTED, _BEHALF = (
    named("entry"), named("trunk"), named("signed"), named("asserted"), named("on behalf"))
_OUTCOME, _RING, _TALK, _END, _GREETING = (
    named("outcome"), named("ring"), named("talk"), named("ending"), named("greeting"))


@dataclass(frozen=True)
class _Caller:
    """Who calls. shown, asserted: numbers, "" where there is none. origin_number: "" where the line has none."""

    shown: str
    asserted: str
    origin_country: str
    origin_number: str
    spoofing: str
    on_behalf: bool
    trunk: Trunk


def build(making: Making) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A call.

    "sent" is the time of its first ring. sender: the number shown (From), "" where withheld; asserted: what the
    operator of entry vouches for (P-Asserted-Identity, RFC 3325), "" where it says nothing. trunk, operator: over which
    and from whom it came in. country: of the number that is shown or asserted. attestation: "A", "B", "C", or "" for an
    unsigned call (RFC 8588). outcome: "answered", "voicemail", "no answer", "busy", "rejected". cause: ITU-T Q.850.
    answered: when, "" where it was not; ended: when. text: what was said, as a speech recogniser writes it down.
    """
    text = making.give("transcript")
    recipient = recipient_number(making)
    caller = _caller(making, recipient)
    right = _attestation(caller)
    manner = making.type.sender.partition(":")[2]
    outcome, ring, cause = _course(making.key, manner)
    talk = _seconds(making, manner, outcome, text)
    start = making.sent
    answered = start + timedelta(seconds=ring) if outcome in ("answered", "voicemail") else None
    ended = (answered or start + timedelta(seconds=ring)) + timedelta(seconds=talk)
    record = {
        "sender": caller.shown, "asserted": caller.asserted, "recipient": recipient,
        "country": country_of(caller.shown or caller.asserted), "operator": caller.trunk.operator,
        "trunk": caller.trunk.name, "attestation": right if _signed(making.key, caller.trunk) else "",
        "outcome": outcome, "cause": cause, "ring_seconds": ring, "answered": _written(answered),
        "duration_seconds": talk, "ended": _written(ended), "billed_seconds": billed(talk, caller.trunk.name),
        "text": text}
    return record, {
        "origin_country": caller.origin_country, "origin_number": caller.origin_number,
        "spoofed": bool(caller.spoofing), "spoofing": caller.spoofing, "right_attestation": right}


def billed(seconds: int, trunk: str) -> int:
    """The seconds that are billed for a call of so many over a trunk; none for a call that was not answered.

    >>> billed(61, "ic-131"), billed(61, "gw-202"), billed(0, "ic-131")
    (120, 66, 0)
    """
    contract = _BY_NAME[trunk]
    if not seconds:
        return 0
    return contract.first + max(0, -(-(seconds - contract.first) // contract.then)) * contract.then


@dataclass(frozen=True)
class Total:
    """What one trunk carried: calls, those that a person or a machine answered, seconds of talk, seconds billed."""

    calls: int = 0
    answered: int = 0
    seconds: int = 0
    billed: int = 0


def by_trunk(records: Iterable[Mapping[str, Any]]) -> dict[str, Total]:
    """Sums of calls by the trunk over which they came in."""
    totals: dict[str, Total] = {}
    for one in records:
        before = totals.get(one["trunk"], Total())
        totals[one["trunk"]] = Total(before.calls + 1, before.answered + bool(one["answered"]),
                                     before.seconds + one["duration_seconds"], before.billed + one["billed_seconds"])
    return totals


def _caller(making: Making, recipient: str) -> _Caller:
    key = making.origin_key
    kind, _, manner = making.type.sender.partition(":")
    shown, where = sender_number(making), home(making)
    if manner == "one-ring":
        shown = _call_back_number(key, where)
    real = shown or mobile(key ^ _ORIGIN_NUMBER, where)
    spoofing = ""
    if making.type.label == "spam" and kind in _SHOWN and manner != "one-ring":
        spoofing = _SHOWN[kind].pick(key, _SPOOF)
    if spoofing:
        shown = neighbour(key ^ _NEAR, recipient) if spoofing == "neighbour" else landline(
            key ^ _NEAR, where) if kind == "landline" and where in LANDLINES else mobile(key ^ _NEAR, where)
        # Half of these calls come from abroad; some lines there have no number of their own.
        origin = where if share(key, _ORIGIN) < 0.45 else _COUNTRIES[uniform(key, _ORIGIN_NUMBER, len(_COUNTRIES))]
        ranges = mobile if origin in MOBILES else landline
        real = ranges(key ^ _ORIGIN_NUMBER, origin) if share(key, _FAR) < 0.6 else ""
        abroad = origin != where
        asserted = ("", real, shown, shown)[uniform(key, _ASSERTED, 4)]
        return _Caller(shown, asserted, origin, real, spoofing, False, _entry(key, abroad))
    origin = country_of(real) or where
    abroad = origin != where
    # A firm's call may leave from a line of another number than the one that it has a right to show.
    on_behalf = kind in ("landline", "freephone") and share(key, _BEHALF) < 0.12
    if on_behalf:
        real = landline(key ^ _ORIGIN_NUMBER, where) if where in LANDLINES else mobile(key ^ _ORIGIN_NUMBER, where)
    asserted = real if not abroad or share(key, _ASSERTED) < 0.8 else ""
    # A customer who travels calls home over a gateway.
    return _Caller(shown, asserted, origin, real, "", on_behalf, _entry(key, abroad or share(key, _ENTRY) < 0.03))


def _call_back_number(key: int, where: str) -> str:
    """A number that is dear to ring back: of another country or, where there are some, of premium rate."""
    if where == "GB" and share(key, _FAR) < 0.2:
        return premium(key ^ _NEAR)
    far = [country for country in MOBILES if country != where]
    return mobile(key ^ _NEAR, far[uniform(key, _FAR, len(far))])


def _entry(key: int, abroad: bool) -> Trunk:
    return _BY_NAME[(_GATEWAYS if abroad else _NATIONAL).pick(key, _TRUNK)]


def _attestation(caller: _Caller) -> str:
    if caller.trunk.carrier != "ip":
        return "C"
    return "B" if caller.spoofing or caller.on_behalf else "A"


def _signed(key: int, trunk: Trunk) -> bool:
    """Whether the call came with a signature: over IP mostly, from gateways often, over circuits never."""
    return share(key, _SIGNED) < {"ip": 0.85, "international": 0.55, "tdm": 0.0}[trunk.carrier]


def _course(key: int, manner: str) -> tuple[str, int, int]:
    """Outcome, seconds of ringing, cause."""
    if manner == "one-ring":
        return "no answer", 1 + uniform(key, _RING, 3), 16
    if manner == "unanswered":
        outcome = _WITHOUT_ANSWER.pick(key, _OUTCOME)
        if outcome == "busy":
            return outcome, 0, 17
        if outcome == "rejected":
            return outcome, 2 + uniform(key, _RING, 9), 21
        # Some callers think again at once, some wait for the network to end it.
        ring = 1 + int(share(key, _RING) ** 0.8 * 75)
        return outcome, min(ring, NO_ANSWER_TIMER), 19 if ring >= NO_ANSWER_TIMER else 16
    cause = int(_ENDINGS.pick(key, _END))
    if manner == "" or (manner == "recorded" and share(key, _OUTCOME) < 0.5):
        return "voicemail", 15 + uniform(key, _RING, 16), cause
    return "answered", 2 + int(20 * share(key, _RING) * share(mixed(key), _RING)), cause


def _seconds(making: Making, manner: str, outcome: str, text: str) -> int:
    """How long the line was open: what was said at a speaker's pace, and the greeting of an answering machine."""
    if outcome not in ("answered", "voicemail"):
        return 0
    if manner == "silent":
        return 2 + uniform(making.key, _TALK, 12)
    # 2.2 to 3 words a second; where words are not written apart, 4 characters a second.
    words = len(text.split())
    spoken = max(words / 2.6, len(text) / 4 if words * 12 < len(text) else 0.0)
    pauses = uniform(making.key, _GREETING, 9) + (5 if outcome == "voicemail" else 1)
    return round(spoken * (0.85 + 0.3 * share(making.key, _TALK))) + pauses


def _written(moment: Any) -> str:
    return moment.isoformat().replace("+00:00", "Z") if moment is not None else ""
