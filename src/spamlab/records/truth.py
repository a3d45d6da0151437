"""The truth about a synthetic message, kept apart from the message.

Nothing that a participant's process imports may import this module; the import contract forbids it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spamlab.records.message import Message


@dataclass(frozen=True)
class HopTruth:
    """One Received field as it was made.

    line: its place, 1 for the topmost Received field of the message as generated.
    by, from_name, from_address: host names and the address in brackets; None where the field has none.
    date: RFC 3339 with offset, as written in the field.
    role: "inner" (our side, above the border), "border" (written by our border server), "outside"
      (written by a server on the sender's side and true), "forged" (invented by the sender).
    why_forged: "" or the reason code, such as "break" (by and from of neighbours do not meet).
    looks_odd: codes of harmless oddities: "time-zone", "ipv6", "private", "clock".
    """

    line: int
    by: str
    from_name: str | None
    from_address: str | None
    date: str
    role: str
    why_forged: str = ""
    looks_odd: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResultTruth:
    """One Authentication-Results field: place (1 = topmost), authserv-id, and the results it claims.

    ours: whether our border wrote it. results: method -> (result, domain the result is about).
    """

    line: int
    authserv_id: str
    ours: bool
    results: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class RouteTruth:
    """All that the lab knows about one message's way.

    hops: top first. border_line: the Received field that our border wrote. handover_address: the address
    that the border saw. handover_name: the name that the peer gave (HELO/EHLO). from_domain: domain in From.
    envelope_domain: domain of the bounce address. aligned: whether a passing SPF or DKIM domain of our own
    results aligns with from_domain (RFC 9989). report_to: the abuse address of the network that handed the
    message over (RFC 2142 section 4). scenario: the name of the generator's scenario. notes: further facts by name.
    """

    scenario: str
    hops: tuple[HopTruth, ...]
    border_line: int
    handover_address: str
    handover_name: str
    from_domain: str
    envelope_domain: str
    results: tuple[ResultTruth, ...]
    aligned: bool
    report_to: str
    notes: dict[str, str] = field(default_factory=dict)


NO_ROUTE = RouteTruth("", (), 0, "", "", "", "", (), False, "")
"""The way of what came no way that the lab knows: a text message, a post, a row of a table."""


@dataclass(frozen=True)
class Labelled:
    """A message and its truth.

    Of a record of generated traffic: record is what is handed out of it, its label only where the lab hands out labels,
    and message.raw is the same as one line of JSON; facts is the generator's truth ("label", "type", ...). Both are
    empty for a message with a route alone.
    """

    message: Message
    truth: RouteTruth = NO_ROUTE
    record: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
