"""Who a message or a call comes from and to whom it goes, in the channel's own form."""

from __future__ import annotations

from spamlab.generate.draws import named, uniform
from spamlab.generate.making import Making
from spamlab.generate.numbers import landline, mobile, short_code

WORDS = ("INFO", "Notice", "ALERT", "Service", "Update", "Message", "Support", "MyInfo")
"""Alphanumeric senders that any firm, or anybody who passes for one, may have taken."""
_SENDER, _RECIPIENT = named("sender"), named("recipient")


def sender_number(making: Making) -> str:
    """The number or word that the recipient sees, by the type's kind of sender; "" where it is withheld."""
    kind, key = making.type.sender, making.key ^ _SENDER
    if kind == "short":
        return short_code(key)
    if kind == "landline":
        return landline(key)
    if kind == "withheld":
        return ""
    if kind == "alpha":
        # Eleven characters at most (3GPP TS 23.040 section 9.1.2.5: ten octets of 7-bit characters).
        return making.give("sender_name")[:11] if "sender_name" in making.type.grammar else WORDS[
            uniform(making.key, _SENDER, len(WORDS))]
    return mobile(key)


def recipient_number(making: Making) -> str:
    """The number of who gets it."""
    return mobile(making.key ^ _RECIPIENT)
