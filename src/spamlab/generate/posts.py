"""Posts and comments in public, and messages in chats and applications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spamlab.generate.draws import named, uniform
from spamlab.generate.making import Making

_HANDLE = named("handle")


def build(making: Making) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A post, a comment or a chat message: the sender's handle, text."""
    return {"sender": f"user{uniform(making.key, _HANDLE, 10**8):08d}", "text": making.give("text")}, {}
