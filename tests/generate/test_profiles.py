"""An economy changes languages, months, hours, networks and kinds of spam, and nothing tells the label."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from spamlab.cli.generate import command
from spamlab.errors import UsageError
from spamlab.generate.traffic import Traffic, open_traffic, read_economy
from spamlab.shipped import default_folder

DATASETS = default_folder("datasets")


def traffic(profile: str, channel: str = "sms", **changes: object) -> Traffic:
    """Traffic of an economy, in English."""
    opened = open_traffic(DATASETS, channel, 5, "en", profile)
    return opened.with_recipe(replace(opened.recipe, **changes))  # type: ignore[arg-type]


def test_busy_months_and_networks() -> None:
    """A year's messages follow the months' factors; networks come in their shares, for both labels alike."""
    economy = read_economy(DATASETS, "prepaid-archipelago")
    made = [one.record for one in traffic("prepaid-archipelago", first_day=date(2026, 1, 1), days=365).records(0, 5000)]
    months = Counter(datetime.fromisoformat(record["sent"]).month for record in made)
    assert months[12] / months[6] == pytest.approx(1.4, rel=0.2)
    for label in ("ham", "spam"):
        networks = Counter(record["network"] for record in made if record["label"] == label)
        for name, share in economy.operators.items():
            assert networks[name] / networks.total() == pytest.approx(share / 100, abs=0.04)


def test_kinds_of_spam_weigh_more() -> None:
    """A type that the economy names comes more often than without it, as the factor says."""
    factor = read_economy(DATASETS, "caribbean-island").types["sms"]["bank"]
    with_it, without = (Counter(one.truth["type"] for one in made.records(0, 4000)) for made in (
        traffic("caribbean-island", spam=1.0), open_traffic(DATASETS, "sms", 5, "en").with_recipe(
            replace(open_traffic(DATASETS, "sms", 5, "en").recipe, spam=1.0))))
    others = [name for name in without if name not in read_economy(DATASETS, "caribbean-island").types["sms"]]
    ratio = (with_it["bank"] / sum(with_it[name] for name in others)) / (
        without["bank"] / sum(without[name] for name in others))
    assert ratio == pytest.approx(factor, rel=0.3)


def test_hours_are_those_of_the_place() -> None:
    """Far in the east the day's messages are sent while it is still night in London."""
    night = {}
    for profile in ("pacific-island", ""):
        sent = [datetime.fromisoformat(one.record["sent"]) for one in traffic(profile).records(0, 1500)]
        night[profile] = sum(1 <= one.hour < 6 for one in sent)
    assert night["pacific-island"] > 300 > 60 > night[""]


def test_languages_of_the_economy() -> None:
    """Languages come in its shares where they are there."""
    opened = open_traffic(DATASETS, "sms", 5, profile="advanced-city")
    assert set(opened.recipe.languages) <= {"en", "zh"}
    assert "en" in opened.recipe.languages


def test_unknown_profile(tmp_path: Path) -> None:
    """An unknown profile gets a sentence with those that there are, and no file."""
    with pytest.raises(UsageError, match="there is no profile called atlantis; there are: advanced-city"):
        open_traffic(DATASETS, "sms", 5, profile="atlantis")
    out = tmp_path / "x.jsonl"
    run = CliRunner().invoke(command, ["sms", "--count", "5", "--profile", "advanced-city", "--out", str(out)])
    assert run.exit_code == 0, run.output
    assert '"network"' in out.read_text(encoding="utf-8")
