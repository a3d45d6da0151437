"""The verdict on a fact follows the rule, and the page shows what fails."""

from __future__ import annotations

import numpy as np
import pytest

from spamlab.errors import UsageError
from spamlab.policy.fact_table import Band, Fact, FactTable
from spamlab.policy.validity import page, verdict

BAND = Band("a", "a thing", "share", 0.0, 1.0)
OTHER = Band("b", "another", "share", 0.0, 1.0)
IN, OUT = np.full(100, 0.5), np.full(100, 2.0)


def test_a_fitted_fact_is_not_counted() -> None:
    """A fact that was fitted stands in the section of fits, without a verdict, and counts for nothing."""
    one = fact(BAND, fitted=True)
    text = page(FactTable({"F1": one}, {}, 0.6, 200), [verdict(one, {"a": OUT}, 0.6)], ["# Head"], {})
    assert "**0 of 0 facts hold" in text
    assert "FAILS" not in text
    assert text.index("## Fitted") < text.index("a thing")


def fact(*bands: Band, fitted: bool = False) -> Fact:
    """A fact of these bands."""
    return Fact("F1", "It is so.", ("E1",), fitted, "By a run.", bands, "Nobody knows why.")


def test_median_and_share_are_both_needed() -> None:
    """A median in the band with 59 % of draws fails, and so does one outside; 60 % with the median holds."""
    for inside, holds in ((59, False), (60, True), (40, False)):
        values = np.concatenate([np.full(inside, 0.5), np.full(100 - inside, 2.0)])
        assert verdict(fact(BAND), {"a": values}, 0.6).holds == holds


def test_all_bands_are_needed() -> None:
    """One band that is missed fails the fact, be it fitted or not."""
    assert verdict(fact(BAND, OTHER), {"a": IN, "b": IN}, 0.6).holds
    assert not verdict(fact(BAND, OTHER), {"a": IN, "b": OUT}, 0.6).holds
    shown = Band("b", "another", "share", 0.0, 1.0, fitted=True)
    assert not verdict(fact(BAND, shown), {"a": IN, "b": OUT}, 0.6).holds


def test_what_never_ends_is_outside_and_what_does_not_apply_is_left_out() -> None:
    """inf counts against the band, nan does not count; too few draws that apply are refused."""
    half = np.concatenate([np.full(50, 0.5), np.full(50, np.inf)])
    assert verdict(fact(BAND), {"a": half}, 0.6).found[0].share == 0.5
    assert verdict(fact(BAND), {"a": np.where(half == np.inf, np.nan, half)}, 0.6).holds
    with pytest.raises(UsageError, match="10 draws; 50 are needed"):
        verdict(fact(BAND), {"a": np.where(np.arange(100) < 10, 0.5, np.nan)}, 0.6)
    assert not verdict(fact(BAND), {}, 0.6).holds


def test_the_page_shows_what_fails() -> None:
    """Failing, its reason, never and the fitted rows stand on the page."""
    one = fact(BAND)
    table = FactTable({"F1": one}, {"E1": "the price"}, 0.6, 200)
    text = page(table, [verdict(one, {"a": np.full(100, np.inf)}, 0.6)], ["# Head"], {"F1": "the price"})
    for piece in ("# Head", "**0 of 1 facts hold", "| no limit |", "**FAILS**", "Nobody knows why.",
                  "| E1 | the price |", "By a run. Ranges that rest on the same rows: the price."):
        assert piece in text
    assert "| not in the simulator |" in page(table, [verdict(one, {}, 0.6)], ["# Head"], {"F1": "the price"})
    assert "Nothing today." in page(table, [verdict(one, {"a": IN}, 0.6)], ["# Head"], {"F1": "the price"})
