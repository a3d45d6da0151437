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
_CHANNEL = Field("channel", "text", "", "email, sms, voice, chat or social")
_LANGUAGE = Field("language", "text", "BCP 47", "the language that the text is written in")
_SENT = Field("sent", "time", "UTC, to the second", "when it was sent")
_TEXT = Field("text", "text", "", "what a reader reads, or a listener hears")
_LABEL = Field("label", "text", "", "spam or ham; missing with --no-labels")
_NUMBERS = (
    Field("sender", "text", "E.164, a short code or a word", "who it seems to come from; empty where withheld"),
    Field("recipient", "text", "E.164", "who gets it"))

_CONTENT: Mapping[str, tuple[Field, ...]] = {
    "sms": (
        *_NUMBERS,
        Field("bearer", "text", "", "sms, rcs, or ott for an application over the internet"),
        Field("encoding", "text", "3GPP TS 23.038", "gsm7 or ucs2; utf-8 where the bearer is not sms"),
        Field("segments", "whole", "messages (3GPP TS 23.040)", "how many messages it goes out in"),
    ),
    "voice": _NUMBERS,
    "chat": (Field("sender", "text", "", "the sender's handle"),),
    "social": (Field("sender", "text", "", "the author's handle"),),
    "email": (Field("raw", "text", "RFC 5322", "the whole message, headers and all"),),
}


def fields(channel: str, labels: bool = True) -> tuple[Field, ...]:
    """All fields of the channel's records in their order; KeyError for an unknown channel."""
    return (_ID, _CHANNEL, _LANGUAGE, _SENT, *_CONTENT[channel], _TEXT, *((_LABEL,) if labels else ()))
