"""The fields of each channel's records: their order, type, unit and meaning, for tables with columns and for cards.

A record may leave out a field; it holds no field that is not listed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "whole", "number", "yes/no", "time", "json"]
"""Types of values: str, int, float, bool, a time of ISO 8601 in UTC as str, and lists or tables of these."""


@dataclass(frozen=True)
class Field:
    """One field. unit: of a number, or the form of a text; "" where there is none to tell."""

    name: str
    kind: Kind
    unit: str
    about: str


_ID = Field("id", "text", "channel-number", "names the record; the truth is joined by it")
_CHANNEL = Field("channel", "text", "", "email, sms, voice, chat or social; in campaigns also report")
_LANGUAGE = Field("language", "text", "BCP 47", "the language that the text is written in")
_SENT = Field("sent", "time", "UTC, to the second", "when it was sent")
_TEXT = Field("text", "text", "", "what a reader reads")
_LABEL = Field("label", "text", "", "spam or ham; missing with --no-labels")
_NUMBERS = (
    Field("sender", "text", "E.164, a short code or a word", "who it seems to come from; empty where withheld"),
    Field("recipient", "text", "E.164", "who gets it"))
_NETWORK = Field("network", "text", "", "the recipient's network, invented; where a profile is asked for")

_CONTENT: Mapping[str, tuple[Field, ...]] = {
    "email": (
        Field("from", "text", "RFC 5322", "the From field: a name and an address"),
        Field("to", "text", "RFC 5322", "the To field"),
        Field("subject", "text", "", "the subject as it is read"),
        Field("text", "text", "", "subject and body as they are read"),
        Field("raw", "text", "RFC 5322", "the whole message, head and all; lines end in CR LF"),
        Field("envelope_from", "text", "RFC 5321", "who the envelope names; empty for a report of failure"),
        Field("envelope_to", "json", "list, RFC 5321", "whom it was delivered to"),
    ),
    "sms": (
        *_NUMBERS,
        Field("bearer", "text", "", "sms, rcs, or ott for an application over the internet"),
        Field("encoding", "text", "3GPP TS 23.038", "gsm7 or ucs2; utf-8 where the bearer is not sms"),
        Field("segments", "whole", "messages (3GPP TS 23.040)", "how many messages it goes out in"),
        _TEXT,
        _NETWORK,
    ),
    "voice": (
        _NUMBERS[0],
        Field("asserted", "text", "E.164", "what the operator of entry vouches for (RFC 3325); empty for nothing"),
        _NUMBERS[1],
        Field("country", "text", "ISO 3166", "of the number that is shown or asserted"),
        Field("operator", "text", "", "from whom the call came in; invented"),
        Field("trunk", "text", "", "the group of lines over which it came in"),
        Field("attestation", "text", "RFC 8588", "A, B or C; empty for a call that is not signed"),
        Field("outcome", "text", "", "answered, voicemail, no answer, busy or rejected"),
        Field("cause", "whole", "ITU-T Q.850", "why it ended"),
        Field("ring_seconds", "whole", "seconds", "how long it rang"),
        Field("answered", "time", "UTC, to the second", "when it was answered; empty where it was not"),
        Field("duration_seconds", "whole", "seconds", "from its answer to its end"),
        Field("ended", "time", "UTC, to the second", "when it ended"),
        Field("billed_seconds", "whole", "seconds", "what the contract counts"),
        Field("text", "text", "", "what was said, as a speech recogniser writes it down; a note for no words"),
        _NETWORK,
        Field("invite", "text", "RFC 3261", "the SIP INVITE, lines ended by CR LF; where the recipe asks for it"),
    ),
    "chat": (
        Field("sender", "text", "", "the sender's handle"),
        Field("app", "text", "", "the kind of application: messenger, game, market, work or community"),
        Field("conversation", "text", "", "names the chat that it belongs to"),
        Field("reply_to", "text", "", "the message that it quotes; empty for none"),
        _TEXT,
    ),
    "social": (
        Field("sender", "text", "", "the author's handle"),
        Field("platform", "text", "", "the kind of platform: microblog, video, photos, groups or forum"),
        Field("thread", "text", "", "names the discussion that it belongs to"),
        Field("reply_to", "text", "", "the comment that it answers; empty for none"),
        Field("likes", "whole", "", "how many it had when it was taken down"),
        _TEXT,
    ),
}

_CONTENT_OF_ALL: Mapping[str, tuple[Field, ...]] = {
    **_CONTENT,
    # What somebody who got a message of a campaign tells of it.
    "report": (
        Field("reporter", "text", "E.164", "who reports"),
        Field("line", "text", "", "where to: 7726, abuse mailbox or report button"),
        Field("about", "text", "channel-number", "the id of the record that is reported"),
        Field("about_channel", "text", "", "the channel of what is told of"),
        Field("sender", "text", "", "who that seemed to come from"),
        _TEXT,
    ),
    # A row of an economy's statistics.
    "volume": (
        Field("profile", "text", "", "the economy"),
        Field("month", "text", "year-month", "what the row counts"),
        Field("about_channel", "text", "", "the channel of what is told of"),
        Field("type", "text", "", "what is counted"),
        Field("route", "text", "", "the way that it takes"),
        Field("source", "text", "", "where it comes from"),
        Field("messages", "whole", "messages", "how many"),
        Field("cost_usd", "number", "US dollars", "what they cost whoever sends them"),
        Field("handling_hours", "number", "hours", "what they take of their recipients' time"),
        _TEXT,
    ),
}
"""Beside the channels: "report" and "volume", whose records stand for themselves."""


def fields(channel: str, labels: bool = True) -> tuple[Field, ...]:
    """All fields of the channel's records in their order; of "campaign", whose records are of several channels, those
    of all. KeyError for an unknown channel."""
    if channel == "campaign":
        content = tuple({one.name: one for name in (*_CONTENT, "report") for one in _CONTENT_OF_ALL[name]}.values())
    else:
        content = _CONTENT_OF_ALL[channel]
    return (_ID, _CHANNEL, _LANGUAGE, _SENT, *content, *((_LABEL,) if labels else ()))
