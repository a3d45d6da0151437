"""Text messages: by SMS, by RCS, and by applications that carry them over the internet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spamlab.generate.draws import Weighted, named
from spamlab.generate.ends import recipient_number, sender_number
from spamlab.generate.gsm import coded
from spamlab.generate.making import Making

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
