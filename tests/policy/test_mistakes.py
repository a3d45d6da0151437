"""Mistakes that have a name."""

from __future__ import annotations

import pytest

from spamlab.policy.bundles import bundle
from spamlab.policy.document import Policy
from spamlab.policy.instruments import read_instruments
from spamlab.policy.mistakes import HARDEST, KNOWN, TOLD, mistake_in, seen
from spamlab.policy.play import economy_named

from .texts import TEXT

INSTRUMENTS = read_instruments()
LAW = [(id, 0) for id, one in INSTRUMENTS.items() if one.pillar == "law"]
HARD = [(id, 0) for id in HARDEST]
SOUND = [("sms-firewall", 0), ("awareness-campaign", 26), ("complaint-line", 40)]


def mistake(wanted: list[tuple[str, int]], level: str = "mid", economy: str = "mobile-money-leader",
            text: dict[str, str] | None = None) -> str:
    """The mistake in a policy of these instruments."""
    policy = Policy("x", economy, 3, bundle(INSTRUMENTS, wanted, level), TEXT if text is None else text)
    return mistake_in(seen(policy, economy_named(economy)))


def test_each_mistake_has_its_words() -> None:
    """Every mistake has a message of at most 60 words and a sentence for the trainer."""
    assert set(TOLD) == set(KNOWN)
    for message, trainer in TOLD.values():
        assert len(message.split()) <= 60
        assert trainer.endswith(".")


@pytest.mark.parametrize(("code", "wanted", "level", "economy"), [
    ("", SOUND, "mid", "mobile-money-leader"),
    ("ban-all", HARD, "high", "mobile-money-leader"),
    ("ban-all", HARD, "high", "fragile-state"),
    ("law-alone", LAW, "mid", "advanced-city"),
    ("nothing-staffed", [(id, 150) for id, _start in SOUND], "mid", "advanced-city"),
    ("nothing-staffed", [(id, 0) for id in INSTRUMENTS], "mid", "fragile-state"),
    ("strict-filters", [("operator-filtering", 0)], "high", "mobile-money-leader"),
    ("", [("operator-filtering", 0)], "mid", "mobile-money-leader"),
    ("all-at-once", [(id, 0) for id in INSTRUMENTS], "mid", "advanced-city"),
])
def test_a_mistake_is_seen(code: str, wanted: list[tuple[str, int]], level: str, economy: str) -> None:
    """Each mistake is seen where it is made, and a sound policy has none."""
    assert mistake(wanted, level, economy) == code


def test_missing_texts_come_first() -> None:
    """A policy without its texts is told so whatever else it does."""
    assert mistake(HARD, "high", text={}) == "no-texts"
