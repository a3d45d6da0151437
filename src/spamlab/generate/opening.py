"""Opens a recipe by its name, whatever its kind."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from spamlab.errors import ContentError, UsageError
from spamlab.generate.campaign_recipe import CHANNELS, read_campaign_recipe
from spamlab.generate.campaigns import CampaignTraffic
from spamlab.generate.languages import read_language
from spamlab.generate.rewording import read_rewording
from spamlab.generate.traffic import Made, Traffic, open_traffic, read_economy
from spamlab.generate.traffic_recipe import read_traffic_recipe
from spamlab.generate.volumes import VolumeTraffic, read_volume_recipe
from spamlab.records.economy import Economy

KINDS = ("traffic", "campaign", "volumes")
"""What a recipe's `kind` may be here."""


class Named(Protocol):
    """What every recipe has. channel: "campaign" or "volume" where its records are of several."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def about(self) -> str: ...
    @property
    def channel(self) -> str: ...


class Source(Protocol):
    """What a recipe and a seed make: records by number."""

    @property
    def recipe(self) -> Named: ...
    def made(self, number: int) -> Made: ...
    def records(self, start: int, stop: int) -> Iterator[Made]: ...


def recipes(datasets: Path) -> dict[str, str]:
    """Name -> kind of all recipes that can be made, in the folder `datasets`; the kind of one that can't be read is
    "traffic", so that its fault is told."""
    found = {}
    for path in sorted((datasets / "recipes").glob("*.toml")):
        try:
            kind = tomllib.loads(path.read_text(encoding="utf-8")).get("kind")
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            kind = "traffic"
        if kind in KINDS:
            found[path.stem] = kind
    return found


def open_recipe(datasets: Path, name: str, seed: int | str, language: str = "", profile: str = "") -> Source:
    """The recipe called `name` in the folder `datasets`. language: this one alone. profile: an economy in
    datasets/profiles.

    Raises UsageError for an unknown recipe, language or profile, ContentError for one with faults.
    """
    known = recipes(datasets)
    if name not in known:
        if (datasets / "recipes" / f"{name}.toml").is_file():
            raise ContentError(f"{name}.toml: kind must be one of {', '.join(KINDS)} to be generated")
        raise UsageError(f"there is no recipe called {name}; there are: {', '.join(known) or 'none'}")
    if known[name] == "traffic":
        return open_traffic(datasets, name, seed, language, profile)
    economy = read_economy(datasets, profile) if profile else None
    path = datasets / "recipes" / f"{name}.toml"
    if known[name] == "volumes":
        if economy is None:
            raise UsageError(f"{name} is of an economy: name one with --profile, such as {_a_profile(datasets)}")
        return VolumeTraffic(read_volume_recipe(path), economy, seed)
    return _campaigns(datasets, path, seed, language, economy)


def _campaigns(datasets: Path, path: Path, seed: int | str, language: str, economy: Economy | None) -> CampaignTraffic:
    recipe = read_campaign_recipe(path)
    if language:
        recipe = replace(recipe, languages={language: 1.0})
    elif economy is not None:
        recipe = replace(recipe, languages=economy.languages)
    used = {channel for one in recipe.campaigns for channel in one.channels}
    there = {channel: [code for code in recipe.languages if (datasets / "languages" / code / channel).is_dir()]
             for channel in CHANNELS if channel in used}
    channels = {}
    for channel, codes in there.items():
        if not codes:
            raise ContentError(f"{recipe.name}: no text for {channel} in {', '.join(recipe.languages)}")
        base = read_traffic_recipe(datasets / "recipes" / f"{channel}.toml")
        # A campaign has its own techniques; short links would be shortened once more.
        base = replace(base, languages={code: recipe.languages[code] for code in codes}, types={}, spam=0.5, evasion={},
                       lookalikes={name: often for name, often in base.lookalikes.items() if name != "short_link"})
        channels[channel] = Traffic(
            base, {code: read_language(datasets / "languages" / code, channel) for code in codes},
            f"{recipe.name} {seed}", {code: read_rewording(datasets / "languages" / code) for code in codes}, economy)
    return CampaignTraffic(recipe, channels, seed, economy.utc_offset if economy is not None else 0.0)


def _a_profile(datasets: Path) -> str:
    return next((one.stem for one in sorted((datasets / "profiles").glob("*.toml")) if one.stem != "sources"), "none")
