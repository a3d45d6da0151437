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


def fact(*bands: Band, fitted: bool = False, one_is_enough: bool = False) -> Fact:
    """A fact of these bands."""
    return Fact("F1", "It is so.", ("E1",), fitted, "By a run.", bands, one_is_enough, "Nobody knows why.")


def test_median_and_share_are_both_needed() -> None:
    """A median in the band with 59 % of draws fails, and so does one outside; 60 % with the median holds."""
    for inside, holds in ((59, False), (60, True), (40, False)):
        values = np.concatenate([np.full(inside, 0.5), np.full(100 - inside, 2.0)])
        assert verdict(fact(BAND), {"a": values}, 0.6).holds == holds


def test_all_bands_or_one() -> None:
    """All bands must hold, save where one is enough."""
    values = {"a": IN, "b": OUT}
    assert not verdict(fact(BAND, OTHER), values, 0.6).holds
    assert verdict(fact(BAND, OTHER, one_is_enough=True), values, 0.6).holds


def test_a_fitted_band_does_not_count() -> None:
    """A band that was fitted neither saves nor sinks a fact that was held out."""
    shown = Band("b", "another", "share", 0.0, 1.0, fitted=True)
    assert verdict(fact(BAND, shown), {"a": IN, "b": OUT}, 0.6).holds
    assert not verdict(fact(BAND, shown), {"a": OUT, "b": IN}, 0.6).holds


def test_what_never_ends_is_outside_and_what_does_not_apply_is_left_out() -> None:
    """inf counts against the band, nan does not count; too few draws that apply are refused."""
    half = np.concatenate([np.full(50, 0.5), np.full(50, np.inf)])
    assert verdict(fact(BAND), {"a": half}, 0.6).found[0].share == 0.5
    assert verdict(fact(BAND), {"a": np.where(half == np.inf, np.nan, half)}, 0.6).holds
    with pytest.raises(UsageError, match="10 draws; 50 are needed"):
        verdict(fact(BAND), {"a": np.where(np.arange(100) < 10, 0.5, np.nan)}, 0.6)
    with pytest.raises(UsageError, match="0 draws"):
        verdict(fact(BAND), {}, 0.6)


def test_the_page_shows_what_fails() -> None:
    """Failing, its reason, never and the fitted rows stand on the page."""
    one = fact(BAND)
    table = FactTable({"F1": one}, {"E1": "the price"}, 0.6, 200)
    text = page(table, [verdict(one, {"a": np.full(100, np.inf)}, 0.6)], ["# Head"])
    for piece in ("# Head", "**0 of 1 facts hold", "| never |", "**FAILS**", "Nobody knows why.", "| E1 | the price |"):
        assert piece in text
    assert "Nothing today." in page(table, [verdict(one, {"a": IN}, 0.6)], ["# Head"])
