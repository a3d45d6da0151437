"""How well this machine confines participants' code, said in words that a trainer can act on."""

from __future__ import annotations

from dataclasses import dataclass

from spamlab.sandbox import Level, available_level


@dataclass(frozen=True)
class Protection:
    """The sandbox's level, its name for people, whether it is too low for strangers, one or two sentences."""

    level: Level
    name: str
    low: bool
    sentence: str


def protection(level: Level | None = None) -> Protection:
    """What the level means; None asks this machine."""
    found = available_level() if level is None else level
    if found is Level.BUBBLEWRAP:
        return Protection(
            found, "Sandbox: bubblewrap", False, "Participants' code sees its own files and nothing else.")
    if found is Level.FLOOR:
        return Protection(
            found,
            "Sandbox: floor",
            True,
            "Participants' code is held by Landlock, a filter of calls and limits, without namespaces of its own. "
            "It reads no other file, but can tell which exist. Grade elsewhere if strangers take part.",
        )
    return Protection(
        found,
        "Sandbox: plain",
        True,
        "This machine can't confine participants' code: it can read what this user can read. "
        "Let only people take part whom you trust, or use another machine (spamlab doctor says why).",
    )
