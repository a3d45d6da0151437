"""Text messages: by SMS, by RCS, and by applications that carry them over the internet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from spamlab.generate.columns import picked
from spamlab.generate.draws import Weighted, named
from spamlab.generate.ends import homes, recipient_number, recipients, sender_number, senders_of_texts
from spamlab.generate.gsm import coded, segments_of
from spamlab.generate.making import Making, Rows

_NOTHING: Mapping[str, Any] = {}
_BEARER = named("bearer")
_BEARERS = Weighted([("sms", 90.0), ("rcs", 6.0), ("ott", 4.0)])


def build(making: Making) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A text message.

    bearer: "sms", "rcs" or "ott", drawn without a look at the type. encoding: "gsm7" or "ucs2" for SMS (3GPP TS
    23.038), "utf-8" for the others. segments: messages that it goes out in (TS 23.040); 1 for the others.
    """
    text = making.give("text")
    bearer = _BEARERS.pick(making.key, _BEARER)
    known, count = coded(text) if bearer == "sms" else ("utf-8", 1)
    return {"sender": sender_number(making), "recipient": recipient_number(making), "bearer": bearer,
            "encoding": known, "segments": count, "text": text}, {}


def build_many(rows: Rows) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """`build` for many records."""
    lives = homes(rows)
    for text, bearer, count, sender, recipient in zip(
            rows.texts["text"], picked(_BEARERS, rows.keys, _BEARER).tolist(), segments_of(rows.septets).tolist(),
            senders_of_texts(rows, lives), recipients(rows, lives), strict=True):
        if bearer:
            known, count = "utf-8", 1
        elif count:
            known = "gsm7"
        else:
            known, count = coded(text)
        yield {"sender": sender, "recipient": recipient, "bearer": _BEARERS.things[bearer], "encoding": known,
               "segments": count, "text": text}, _NOTHING
