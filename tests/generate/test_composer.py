"""Draws in a text are independent of one another, and any plain text comes through as it is."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, chisquare

from spamlab.generate.draws import record_key
from spamlab.generate.grammar import Grammar
from spamlab.generate.safety import unsafe

DIGITS = list("0123456")
RULES = {
    "siblings": ["{plain}{plain}"], "twins": ["{plain}{other}"], "plain": DIGITS, "other": DIGITS,
    "chosen": ["{0|1|2|3|4|5|6}{plain}"], "numbered": ["{#0-6}{plain}"],
    "below": [f"{digit}{{plain}}" for digit in DIGITS], "deep": ["{middle}{plain}"],
    "middle": ["{plain}{none}" for _ in range(3)], "none": ["", ""], "kept": ["{!plain}{plain}"],
    "sometimes": ["{one?50}{plain}", "{one?50}{plain}"], "one": ["x"],
}


@pytest.mark.parametrize("start", ["siblings", "twins", "chosen", "numbered", "below", "deep", "kept"])
def test_two_decisions_know_nothing_of_each_other(start: str) -> None:
    """Seven by seven pairs come about as often as one another, whether side by side or one above the other."""
    grammar = Grammar(RULES)
    count = 20_000
    pairs = Counter(grammar.expand(start, record_key(5, number)) for number in range(count))
    table = [[pairs[f"{first}{second}"] for second in DIGITS] for first in DIGITS]
    assert sum(map(sum, table)) == count
    assert chi2_contingency(table).pvalue > 1e-4
    assert chisquare([sum(row) for row in table]).pvalue > 1e-4
    assert chisquare([sum(column) for column in zip(*table, strict=True)]).pvalue > 1e-4


def test_a_chance_knows_nothing_of_its_neighbour() -> None:
    """Whether an optional slot is filled does not depend on what stands beside it."""
    grammar = Grammar(RULES)
    found = [grammar.expand("sometimes", record_key(8, number)) for number in range(20_000)]
    table = [[sum(text == f"{mark}{digit}" for text in found) for digit in DIGITS] for mark in ("", "x")]
    assert chi2_contingency(table).pvalue > 1e-4


@given(st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"])))
def test_plain_text_comes_through(text: str) -> None:
    """Quotes, backslashes, newlines and any other character beside a slot stay what they are."""
    grammar = Grammar({"text": [f"[{text}]{{one}}"], "one": ["1"]})
    assert grammar.expand("text", 1) == Grammar({"text": [f"[{text}]1"]}).expand("text", 1)
    assert grammar.expand("text", 1).startswith("[")


@pytest.mark.parametrize("pattern", ["9999999999", "999-9999-999", "9999-9999-99", "999-9999999"])
def test_a_long_number_is_no_telephone(pattern: str) -> None:
    """A case or a parcel never looks like somebody's telephone number; a short number may begin with any digit."""
    grammar = Grammar({"long": [f"Order {{%{pattern}}}."], "short": ["{%9999}"]})
    texts = [grammar.expand("long", record_key(3, number)) for number in range(2000)]
    assert not [text for text in texts if unsafe(text)]
    assert len(set(texts)) == 2000
    assert {grammar.expand("short", record_key(3, number))[0] for number in range(500)} == set("0123456789")
