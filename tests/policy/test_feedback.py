"""Feedback from the own document."""

from __future__ import annotations

import pytest

from spamlab.content.prose import message_smells
from spamlab.policy.bundles import bundle
from spamlab.policy.document import Policy
from spamlab.policy.feedback import PARTS, feedback, money
from spamlab.policy.instruments import read_instruments
from spamlab.policy.play import economy_named, play
from spamlab.policy.scenarios import scenarios_named

from .texts import TEXT

INSTRUMENTS = read_instruments()
NAME = "mobile-money-leader"
ECONOMY = economy_named(NAME)
SCENARIOS = scenarios_named(("calm", "ai-wave"))
POLICY = Policy("x", NAME, 3, bundle(INSTRUMENTS, [("sms-firewall", 0), ("sim-registration", 0), ("treaty", 150)]), {})
FOUND = feedback(POLICY, ECONOMY, SCENARIOS, runs=4)


def test_every_instrument_is_told_once() -> None:
    """What is in the document stands in `own` with its number, everything else in `missing`."""
    assert sorted(one.place for one in FOUND.own) == [1, 2, 3]
    assert {one.instrument for one in FOUND.own + FOUND.missing} == set(INSTRUMENTS)
    assert all(one.through in PARTS for one in FOUND.own + FOUND.missing)


def test_a_gain_is_the_difference_to_the_document_without_the_measure() -> None:
    """Leave-one-out is what two plays of one's own would show."""
    without = Policy("x", NAME, 3, (POLICY.measures[0], POLICY.measures[2]), {})
    played = play([POLICY, without], ECONOMY, SCENARIOS, runs=4)
    difference = float((played.totals["welfare"][0] - played.totals["welfare"][1]).mean())
    (change,) = [one for one in FOUND.own if one.instrument == "sim-registration"]
    assert change.gain == pytest.approx(difference)
    assert change.interval[0] <= change.gain <= change.interval[1]


def test_the_sentences_are_short_and_name_what_matters() -> None:
    """A measure that never begins is named with its reason; no sentence is longer than a participant reads."""
    said = FOUND.sentences()
    assert any("Agreements with other countries” stays on paper." in one for one in said)
    for one in said:
        assert message_smells(one) == []


def test_what_is_left_out_is_advised_with_what_it_needs() -> None:
    """The best measure that is missing is named first, with those that have to stand before it and are missing too."""
    best = FOUND.missing[0]
    first = FOUND.advice()[0]
    assert first.startswith(f"Of what you left out, “{best.title}”")
    assert first in FOUND.sentences()
    inside = {one.instrument for one in FOUND.own}
    for one in FOUND.missing:
        needs = {INSTRUMENTS[id].title for id in INSTRUMENTS[one.instrument].needs if id not in inside}
        assert needs <= set(one.brought)
        assert one.title not in one.brought
    assert any(one.brought for one in FOUND.missing)
    for said in FOUND.advice():
        assert message_smells(said) == []


def test_a_ban_of_everything_and_strict_filters_are_taught() -> None:
    """Both have a message of their own, before all others."""
    policy = Policy("x", NAME, 3, bundle(INSTRUMENTS, [("operator-filtering", 0)], "high"), TEXT)
    found = feedback(policy, ECONOMY, SCENARIOS[:1], runs=1)
    assert found.mistake == "strict-filters"
    assert found.sentences()[0].startswith("Your filters are strict.")
    assert not any("strict" in one for one in found.sentences(taught=False))


@pytest.mark.parametrize(("million", "told"), [
    (2345, "2.3 billion dollars"), (12.6, "13 million dollars"), (0.0456, "46 thousand dollars"),
    (999.9, "1000 million dollars"), (1, "1 million dollars"), (120.0, "120 million dollars")])
def test_money_has_two_digits(million: float, told: str) -> None:
    """Amounts are rounded to what a simulation can know."""
    assert money(million) == told
