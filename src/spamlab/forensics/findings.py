"""What can be found about a message's route: one table, as data that can be translated.

A finding has a code that stays, a level, a sentence with named places, and the section of a standard that it
rests on. The sentence is the English catalogue entry; another language brings its own for the same code and places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["note", "warning", "bad"]


@dataclass(frozen=True)
class Kind:
    """level: "note" (also found in honest mail), "warning" (look twice), "bad" (can't be true, or all is missing).

    sentence: one English sentence with {places}. source: the standard and its section.
    """

    level: Level
    sentence: str
    source: str


@dataclass(frozen=True)
class Finding:
    """One finding about one message. header: the field that it rests on, such as "Received 3"; "" for the whole."""

    code: str
    header: str = ""
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """Its row in the table."""
        return KINDS[self.code]

    @property
    def level(self) -> Level:
        """How much it matters."""
        return self.kind.level

    @property
    def what(self) -> str:
        """The sentence, its places filled."""
        return self.kind.sentence.format_map(self.places)

    @property
    def source(self) -> str:
        """The standard and section."""
        return self.kind.source


KINDS: dict[str, Kind] = {
    # The message as a whole
    "no-header": Kind("bad", "There is no header field, so this is no e-mail message.", "RFC 5322 section 3.6"),
    "header-cut": Kind(
        "warning", "The header is longer than this program reads; what follows was left out.", "RFC 5322 section 2.1.1"
    ),
    "strange-rows": Kind(
        "warning", "{count} row(s) of the header are no field and were skipped.", "RFC 5322 section 2.2; RFC 7103"
    ),
    "no-received": Kind(
        "bad",
        "No Received field is here, so nothing tells who handed it over; ask for the message as it was stored.",
        "RFC 5321 section 4.4",
    ),
    "many-received": Kind(
        "warning", "{count} Received fields are a sign of a loop or of padding.", "RFC 5321 section 6.3"
    ),
    "no-date-field": Kind("note", "The message has no Date field.", "RFC 5322 section 3.6"),
    "no-from-field": Kind("warning", "The message has no From field.", "RFC 5322 section 3.6"),
    "several-from": Kind(
        "warning", "{count} From fields are here; programs differ in which one they show.", "RFC 5322 section 3.6"
    ),
    # Whom to believe
    "border-assumed": Kind(
        "note",
        "No host of yours was named, so {host} and its neighbours are taken for your side.",
        "RFC 8601 section 1.2",
    ),
    "no-own-line": Kind(
        "bad", "No Received line was written by a host of yours, so no line can be believed.", "RFC 5321 section 4.4"
    ),
    "own-origin": Kind("note", "Your own side sent this; no host from outside handed it over.", "RFC 5321 section 4.4"),
    "no-address": Kind(
        "warning", "Line {line} is the handover, yet it names no address of the peer.", "RFC 5321 section 4.4"
    ),
    "below-border": Kind(
        "note",
        "{count} line(s) below line {line} came with the message, so its sender could have invented them.",
        "RFC 5321 section 4.4",
    ),
    "greeting-differs": Kind(
        "note",
        "In line {line} the peer called itself {name}, but its address belongs to {reverse}.",
        "RFC 5321 section 4.1.4",
    ),
    "no-reverse": Kind(
        "note", "In line {line} DNS has no name for the peer's address {address}.", "RFC 5321 section 4.1.4"
    ),
    "names-us": Kind(
        "warning",
        "In line {line} the peer calls itself {name}, a name of yours, from the address {address}.",
        "RFC 5321 section 7.1",
    ),
    "by-us-below": Kind(
        "bad",
        "Line {line} says that your host {name} wrote it, yet it stands below your border.",
        "RFC 5321 section 4.4",
    ),
    # The chain below the border
    "chain-break": Kind(
        "warning",
        "Line {line} was written by {by}, but line {above} says it received from {name}: the chain breaks here.",
        "RFC 5321 section 4.4",
    ),
    "no-by": Kind("note", "Line {line} does not say which host wrote it.", "RFC 5321 section 4.4"),
    "no-peer": Kind("note", "Line {line} does not say from whom the host received.", "RFC 5321 section 4.4"),
    "private-address": Kind(
        "note",
        "Line {line} has the private address {address}: true inside a network, no use outside it.",
        "RFC 1918 section 3",
    ),
    # Clocks
    "no-date": Kind("warning", "Line {line} has no date.", "RFC 5321 section 4.4"),
    "date-unreadable": Kind("warning", "The date in line {line} cannot be read: {date}.", "RFC 5322 section 3.3"),
    "date-weekday": Kind(
        "warning", "In line {line} the weekday does not fit the date: {date}.", "RFC 5322 section 3.3"
    ),
    "date-zone": Kind("note", "In line {line} the time zone is missing or unknown: {date}.", "RFC 5322 section 4.3"),
    "clock-back": Kind(
        "note",
        "The clock of line {line} is {minutes} minutes after that of the next hop: one of the two clocks is wrong.",
        "RFC 5321 section 4.4",
    ),
    "clock-far": Kind(
        "warning",
        "Line {line} is dated {days} days after your own server took the message.",
        "RFC 5321 section 4.4",
    ),
    # Results
    "foreign-results": Kind(
        "warning",
        "{field} by {id} came with the message and is no result of yours; do not believe it.",
        "RFC 8601 sections 5 and 7.1",
    ),
    "forged-results": Kind(
        "bad",
        "{field} names {id}, your own, but stands below your border; your border should have deleted it.",
        "RFC 8601 section 5",
    ),
    "no-results": Kind("note", "No Authentication-Results field of yours is here.", "RFC 8601 section 2.2"),
    "results-no-id": Kind("note", "{field} does not say who made it.", "RFC 8601 section 2.5"),
    "results-unreadable": Kind("note", "Part of {field} cannot be read as a result.", "RFC 8601 section 2.2"),
    "results-word": Kind(
        "note", "{field} uses a word for {method} that is not in its list: {value}.", "RFC 8601 section 2.7"
    ),
    "pass-unaligned": Kind(
        "note",
        "{method} passed for {domain}, but the reader sees {shown}: the pass says nothing about that name.",
        "RFC 9989, identifier alignment",
    ),
    "sender-address": Kind("note", "{name} is the sender's side's word alone: {address}.", "RFC 5321 section 4.4"),
}
"""Every finding by its code."""
