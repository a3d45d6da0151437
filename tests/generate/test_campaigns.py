"""Campaigns keep to their actors, kits, hosts, names and days; reports are about messages that are there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from spamlab.errors import ContentError, UsageError
from spamlab.generate.campaign_recipe import read_campaign_recipe
from spamlab.generate.campaigns import CampaignTraffic
from spamlab.generate.evasion import links
from spamlab.generate.numbers import country_of
from spamlab.generate.opening import open_recipe, recipes
from spamlab.generate.traffic import Made
from spamlab.shipped import default_folder

DATASETS = default_folder("datasets")
COUNT = 1500


@pytest.fixture(scope="module")
def traffic() -> CampaignTraffic:
    """The shipped recipe."""
    opened = open_recipe(DATASETS, "campaigns", 3)
    assert isinstance(opened, CampaignTraffic)
    return opened


@pytest.fixture(scope="module")
def made(traffic: CampaignTraffic) -> list[Made]:
    """Its first records."""
    return list(traffic.records(0, COUNT))


def messages(made: list[Made], campaign: str) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """(record, truth) of one campaign's messages."""
    return [(one.record, one.truth) for one in made
            if one.truth["campaign"] == campaign and one.record["channel"] != "report"]


def test_a_record_stands_alone(made: list[Made]) -> None:
    """A record made by itself, by another opening, is the one that was made in a row."""
    again = open_recipe(DATASETS, "campaigns", 3)
    for number in (0, 17, 801, COUNT - 1):
        assert again.made(number) == made[number]
    assert open_recipe(DATASETS, "campaigns", 4).made(17) != made[17]


def test_days_hosts_kits_and_names(traffic: CampaignTraffic, made: list[Made]) -> None:
    """A campaign's messages stay within its days, its texts within its kit, its senders within its hosts; each of its
    names is linked to for so many days."""
    for campaign in traffic.recipe.campaigns:
        found = messages(made, campaign.name)
        assert found, campaign.name
        first = datetime.combine(traffic.recipe.first_day, datetime.min.time()) + timedelta(days=campaign.start)
        for record, truth in found:
            sent = datetime.fromisoformat(record["sent"]).replace(tzinfo=None)
            assert first <= sent <= first + timedelta(days=campaign.days)
            assert truth["kit"] < campaign.kit
            assert truth["host"] < campaign.hosts
            assert truth["actor"] == campaign.actor
            assert record["label"] == "spam"


def test_few_texts_and_few_senders(made: list[Made]) -> None:
    """A host calls a country from one number; messages of one kit have the same text."""
    numbers = defaultdict(set)
    for record, truth in messages(made, "one ring"):
        numbers[truth["host"], country_of(record["recipient"])].add(record["sender"])
    assert {len(one) for one in numbers.values()} == {1}
    texts = Counter(record["text"] for record, _ in messages(made, "easy tasks") if record["channel"] == "sms")
    assert len(texts) < sum(texts.values())


def test_links_go_to_the_name_of_the_day(made: list[Made]) -> None:
    """Whatever a message links to is the name that the campaign used then, or leads there."""
    for record, truth in messages(made, "invoice changes"):
        for link in links(record["text"]):
            assert truth["domain"] in link
    for record, truth in messages(made, "parcel wave"):
        for way in truth["links"] if record["channel"] == "sms" else ():
            assert truth["domain"] in way[-1], way


def test_reports_are_about_earlier_records(made: list[Made]) -> None:
    """A report names a message with a lower number, repeats its text, and comes later; few are mistakes."""
    reports = [one for one in made if one.record["channel"] == "report"]
    assert len(reports) > 0.03 * COUNT
    by_id = {one.record["id"]: one.record for one in made}
    wrong = 0
    for one in reports:
        about = by_id[one.record["about"]]
        assert about["channel"] == one.record["about_channel"] != "report"
        assert one.record["text"] == about["text"]
        assert one.record["sent"] > about["sent"]
        assert one.record["label"] == about["label"]
        wrong += one.truth["by mistake"]
    assert 0 < wrong < 0.25 * len(reports)


def test_takedown_is_seen(traffic: CampaignTraffic) -> None:
    """Less is sent in the days after a takedown than in those before."""
    days = Counter(datetime.fromisoformat(record["sent"]).date() for record, _ in messages(
        list(traffic.records(0, 4000)), "pharmacy mailing"))
    first = traffic.recipe.first_day
    before, after = (sum(days[first + timedelta(days=start + number)] for number in range(20)) for start in (88, 111))
    assert after < 0.5 * before


def test_faults(tmp_path: Path) -> None:
    """A recipe with typos is told all of them with the campaign's name; unknown types and techniques too."""
    text = (DATASETS / "recipes" / "campaigns.toml").read_text(encoding="utf-8")
    path = tmp_path / "broken.toml"
    path.write_text(text.replace('shape = "office"', 'shape = "offce"').replace("kit = 9 ", "kitt = 9 "))
    with pytest.raises(ContentError) as told:
        read_campaign_recipe(path)
    assert "broken.toml: campaign parcel wave: the key kitt has no meaning" in str(told.value)
    assert "broken.toml: campaign invoice changes: shape must be one of steady, office" in str(told.value)
    good = read_campaign_recipe(DATASETS / "recipes" / "campaigns.toml")
    path.write_text(text.replace('sms = "parcel"', 'sms = "parsel"').replace('["homoglyphs"', '["homoglyph"'))
    opened = open_recipe(DATASETS, "campaigns", 1)
    assert isinstance(opened, CampaignTraffic)
    with pytest.raises(ContentError, match="no type called parsel for sms") as told:
        CampaignTraffic(read_campaign_recipe(path), opened._channels, 1)
    assert "no channel of it knows the technique homoglyph" in str(told.value)
    assert good.campaigns[0].takedown == 40


def test_recipes_by_kind() -> None:
    """All kinds are found by name; an unknown name, or volumes without an economy, get a sentence."""
    found = recipes(DATASETS)
    assert {found["sms"], found["campaigns"], found["volumes"]} == {"traffic", "campaign", "volumes"}
    assert "header-forensics" not in found
    with pytest.raises(ContentError, match=r"header-forensics\.toml: kind must be one of traffic, campaign, volumes"):
        open_recipe(DATASETS, "header-forensics", 1)
    with pytest.raises(UsageError, match="no recipe called smss"):
        open_recipe(DATASETS, "smss", 1)
    with pytest.raises(UsageError, match="name one with --profile, such as advanced-city"):
        open_recipe(DATASETS, "volumes", 1)
