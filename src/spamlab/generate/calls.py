"""Calls, and what was said in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spamlab.generate.ends import recipient_number, sender_number
from spamlab.generate.making import Making


def build(making: Making) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A call: sender, recipient, and its words as a speech recogniser writes them down."""
    return {"sender": sender_number(making), "recipient": recipient_number(making),
            "text": making.give("transcript")}, {}
