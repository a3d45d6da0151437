"""Who a message or a call comes from and to whom it goes, in the channel's own form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from spamlab.generate import columns
from spamlab.generate.columns import Wholes
from spamlab.generate.draws import named, share, uniform
from spamlab.generate.languages import Type
from spamlab.generate.making import Making, Rows
from spamlab.generate.numbers import MOBILES, freephone, landline, mobile, mobiles, short_code

WORDS = ("INFO", "Notice", "ALERT", "Service", "Update", "Message", "Support", "MyInfo")
"""Alphanumeric senders that any firm, or anybody who passes for one, may have taken."""
HOMES: Mapping[str, tuple[str, ...]] = {
    "en": ("GB", "US", "GB", "US", "IE", "CA", "JM", "TT"), "fr": ("FR", "FR", "FR", "CA"), "es": ("DO", "DO", "US"),
    "ar": ("FR", "SE", "FR", "SE", "GB", "US", "CA"), "ru": ("SE", "IE", "US", "GB"), "zh": ("US", "CA", "GB", "CA"),
}
"""Language -> where its readers live, of the countries that have mobile numbers for fiction: where most speak Arabic,
Russian or Chinese none are kept, so theirs live abroad. Others borrow any."""
_ANY = ("GB", "US", "FR", "IE", "SE", "CA")
ABROAD = 0.06
"""The share of senders whose number is of another country, the same for all types."""
FIRMS = ("alpha", "short")
"""Kinds of senders of text messages that only firms have: a word, a short code."""
SHORT_CODES = 0.3
"""The share of short codes among these, the same for all types."""
_SENDER, _RECIPIENT, _HOME, _ABROAD = named("sender"), named("recipient"), named("home"), named("abroad")
_KEPT, _FORM = named("sender kept"), named("sender form")
_FAR = tuple(MOBILES)


def home(making: Making) -> str:
    """The recipient's country (ISO 3166), by language."""
    homes = HOMES.get(making.language.code.partition("-")[0], _ANY)
    return homes[uniform(making.key, _HOME, len(homes))]


def firms_kept(weights: Mapping[str, Sequence[tuple[Type, float]]]) -> dict[str, float]:
    """Label -> the share of its messages of firms' kinds that do come from such a sender; the others come from a mobile
    number, as messages of small firms and of those who pose as large ones do. With these shares the kinds are as
    frequent in both labels, so that a sender tells nothing. weights: label -> types with their weights."""
    firms = {label: sum(weight for one, weight in types if one.sender in FIRMS) / (sum(
        weight for _, weight in types) or 1.0) for label, types in weights.items()}
    least = min(firms.values(), default=0.0)
    return {label: least / found if found else 1.0 for label, found in firms.items()}


def sender_number(making: Making) -> str:
    """The number or word that the recipient sees, by the type's kind of sender; "" where it is withheld."""
    kind, key = making.type.sender.partition(":")[0], making.origin_key ^ _SENDER
    if kind in FIRMS and share(making.key, _KEPT) < making.firms_kept:
        if share(key, _FORM) < SHORT_CODES:
            return short_code(key)
        # Eleven characters at most (3GPP TS 23.040 section 9.1.2.5: ten octets of 7-bit characters).
        return making.give("sender_name")[:11] if "sender_name" in making.type.grammar else WORDS[
            uniform(making.key, _SENDER, len(WORDS))]
    if kind == "withheld":
        return ""
    if kind == "freephone":
        return freephone(key)
    country = home(making)
    if share(making.key, _ABROAD) < ABROAD:
        country = _FAR[uniform(key, _ABROAD, len(_FAR))]
    if kind == "landline" and country != "SE" and making.type.channel == "voice":
        return landline(key, country)
    return mobile(key, country)


def homes(rows: Rows) -> Wholes:
    """`home` of each record, as places in `MOBILES`."""
    found = np.empty(len(rows.keys), np.int64)
    for place, code in enumerate(rows.codes):
        chosen = rows.tongues == place
        known = np.array([_FAR.index(one) for one in HOMES.get(code.partition("-")[0], _ANY)])
        found[chosen] = known[columns.uniform(rows.keys[chosen], _HOME, len(known))]
    return found


def senders_of_texts(rows: Rows, homes: Wholes) -> list[str]:
    """`sender_number` of each record, for text messages. homes: as `homes` gives them."""
    own = rows.keys ^ np.uint64(_SENDER)
    abroad = columns.share(rows.keys, _ABROAD) < ABROAD
    found = mobiles(own, np.where(abroad, columns.uniform(own, _ABROAD, len(_FAR)), homes))
    kinds = np.array([one.sender for one in rows.types])[rows.kinds]
    for place in np.flatnonzero(kinds == "withheld").tolist():
        found[place] = ""
    for place in np.flatnonzero(kinds == "freephone").tolist():
        found[place] = freephone(own.item(place))
    kept = np.isin(kinds, FIRMS) & (columns.share(rows.keys, _KEPT) < rows.firms_kept)
    short = columns.share(own, _FORM) < SHORT_CODES
    for place in np.flatnonzero(kept & short).tolist():
        found[place] = short_code(own.item(place))
    words = columns.uniform(rows.keys, _SENDER, len(WORDS))
    for place in np.flatnonzero(kept & ~short).tolist():
        has_name = "sender_name" in rows.types[rows.kinds[place]].grammar
        found[place] = rows.texts["sender_name"][place][:11] if has_name else WORDS[words[place]]
    return found


def recipients(rows: Rows, homes: Wholes) -> list[str]:
    """`recipient_number` of each record. homes: as `homes` gives them."""
    return mobiles(rows.keys ^ np.uint64(_RECIPIENT), homes)


def recipient_number(making: Making) -> str:
    """The number of who gets it."""
    return mobile(making.key ^ _RECIPIENT, home(making))
