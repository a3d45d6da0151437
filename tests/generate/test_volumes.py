"""Volumes follow the economy's people, months and kinds of spam, and cost what the route costs."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from spamlab.errors import ContentError
from spamlab.generate.opening import open_recipe
from spamlab.generate.traffic import read_economy
from spamlab.generate.volumes import VolumeTraffic, read_volume_recipe
from spamlab.shipped import default_folder

DATASETS = default_folder("datasets")


def opened(profile: str, seed: int = 1) -> VolumeTraffic:
    """The shipped recipe in an economy."""
    found = open_recipe(DATASETS, "volumes", seed, profile=profile)
    assert isinstance(found, VolumeTraffic)
    return found


def yearly(traffic: VolumeTraffic, field: str = "messages") -> dict[tuple[str, str], float]:
    """(channel, type) -> the sum of a field over a year."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for one in traffic.records(0, 12 * traffic.rows_a_month):
        found[one.record["about_channel"], one.record["type"]] += one.record[field]
    return found


def test_months_follow_one_another() -> None:
    """Rows of a month come together, each flow by each route from each source once."""
    traffic = opened("pacific-island")
    rows = [one.record for one in traffic.records(0, 14 * traffic.rows_a_month)]
    months = [row["month"] for row in rows]
    assert months == sorted(months)
    assert months[0], months[-1] == ("2025-01", "2026-02")
    first = [(row["about_channel"], row["type"], row["route"], row["source"])
             for row in rows[:traffic.rows_a_month]]
    assert len(set(first)) == len(first)
    assert traffic.made(25) == opened("pacific-island").made(25) != opened("pacific-island", 2).made(25)


def test_volumes_follow_the_economy() -> None:
    """Twice the SIM cards get twice the text messages; a type that weighs more there comes more often."""
    small, large = (read_economy(DATASETS, name) for name in ("pacific-island", "large-african-market"))
    ratio = yearly(opened("large-african-market"))["sms", "bank"] / yearly(opened("pacific-island"))["sms", "bank"]
    assert ratio == pytest.approx(large.subscribers / small.subscribers, rel=0.15)
    own = yearly(opened("mobile-money-leader"))
    factor = read_economy(DATASETS, "mobile-money-leader").types["sms"]["betting"]
    base = yearly(opened("upper-middle-many-isps"))
    assert (own["sms", "betting"] / own["sms", "bank"]) / (
        base["sms", "betting"] / (base["sms", "bank"] / 2)) == pytest.approx(factor, rel=0.15)


def test_costs_are_the_routes() -> None:
    """A row's cost is its messages at the price of its route in the economy."""
    traffic, economy = opened("advanced-city"), read_economy(DATASETS, "advanced-city")
    row = traffic.made(0).record
    assert row["route"] == "registered"
    assert row["cost_usd"] == pytest.approx(row["messages"] * 0.5 * economy.figures["sms_business_home"], abs=0.01)
    assert row["handling_hours"] == pytest.approx(row["messages"] * 6 / 3600, abs=0.1)


def test_faults(tmp_path: Path) -> None:
    """A recipe with faults is told all of them, with the flow."""
    text = (DATASETS / "recipes" / "volumes.toml").read_text(encoding="utf-8")
    path = tmp_path / "broken.toml"
    path.write_text(text.replace("share = 0.2,", "share = 0.3,", 1).replace('base = "internet"', 'base = "people"', 1))
    with pytest.raises(ContentError) as told:
        read_volume_recipe(path)
    lines = str(told.value).splitlines()
    assert "broken.toml: flow 1, parcel: the shares of its routes must be 1 together" in lines
    assert any("base must be one of sims, internet, fixed_lines" in line for line in lines)
    assert len(lines) == 2
