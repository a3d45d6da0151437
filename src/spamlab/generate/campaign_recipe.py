"""A recipe of campaigns: a TOML file in datasets/recipes with `kind = "campaign"`: who sends what, from where, when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from spamlab.generate.schedule import SHAPES
from spamlab.generate.toml_file import read_toml

CHANNELS = ("email", "sms", "voice", "social", "chat")
_KEYS = {"kind", "about", "version", "first_day", "days", "wanted", "reports", "languages", "campaigns"}
_CAMPAIGN_KEYS = {"name", "actor", "motive", "messages", "start", "days", "shape", "takedown", "recovery", "channels",
                  "types", "kit", "hosts", "domains", "domain_days", "techniques", "price", "income"}
_MAY_BE_LEFT_OUT = {"takedown", "recovery", "techniques"}


@dataclass(frozen=True)
class Campaign:
    """One campaign.

    actor: an invented name. motive: what the money comes from. messages: its weight among the others. start, days: in
    days from the recipe's first. shape: one of `SHAPES`. takedown, recovery: in days, 0 for none (see schedule.py).
    channels: weights. types: for each channel, the type in languages/. kit: how many texts it has, which it varies by
    its techniques. hosts: how many machines or numbers it sends from. domains: how many names it links to, one after
    the other, each for domain_days. price: US dollars for 1,000 messages; income: US dollars for 1,000 messages.
    """

    name: str
    actor: str
    motive: str
    messages: float
    start: int
    days: int
    shape: str
    channels: Mapping[str, float]
    types: Mapping[str, str]
    kit: int
    hosts: int
    domains: int
    domain_days: int
    price: float
    income: float
    takedown: int = 0
    recovery: int = 0
    techniques: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class CampaignRecipe:
    """What to make. wanted: the share of wanted messages. reports: the share of records that are reports of a victim.
    languages: weights by code. channel is always "campaign": its records are of several channels."""

    name: str
    about: str
    version: int
    first_day: date
    days: int
    wanted: float
    reports: float
    languages: Mapping[str, float]
    campaigns: tuple[Campaign, ...]
    channel: str = "campaign"


def read_campaign_recipe(path: Path) -> CampaignRecipe:
    """The recipe in `path`. Raises UsageError where it can't be read, ContentError with all its faults, one a line."""
    read = read_toml(path, "recipe", _faults)
    campaigns = tuple(Campaign(**{**one, "techniques": tuple(one.get("techniques", ()))}) for one in read["campaigns"])
    return CampaignRecipe(path.stem, read["about"], read["version"], read["first_day"], read["days"],
                          float(read["wanted"]), float(read["reports"]), dict(read["languages"]), campaigns)


def _faults(read: Mapping[str, Any]) -> Iterator[str]:
    yield from _key_faults(read, _KEYS, _KEYS, "")
    yield from _value_faults(read, _CHECKS, "")
    if _is_share(read.get("wanted")) and _is_share(read.get("reports")) and read["wanted"] + read["reports"] > 1:
        yield "wanted and reports must not be more than 1 together"
    campaigns = read.get("campaigns")
    if not isinstance(campaigns, list) or not campaigns:
        yield "it needs at least one [[campaigns]]"
        return
    for number, one in enumerate(campaigns, 1):
        where = f"campaign {one.get('name', number)}: "
        yield from _key_faults(one, _CAMPAIGN_KEYS, _CAMPAIGN_KEYS - _MAY_BE_LEFT_OUT, where)
        yield from _value_faults(one, _CAMPAIGN_CHECKS, where)
        channels, types = one.get("channels"), one.get("types")
        if _is_weights(channels) and isinstance(types, dict):
            yield from (f"{where}there is no channel called {name}; there are: {', '.join(CHANNELS)}"
                        for name in channels if name not in CHANNELS)
            yield from (f"{where}types must name a type for {name}" for name in channels if name not in types)
    names = [one.get("name") for one in campaigns]
    yield from (f"campaign {name}: another one has this name" for name in sorted(set(map(str, names)))
                if names.count(name) > 1)


def _key_faults(read: Mapping[str, Any], known: set[str], needed: set[str], where: str) -> Iterator[str]:
    yield from (f"{where}the key {key} has no meaning" for key in sorted(set(read) - known))
    yield from (f"{where}the key {key} is missing" for key in sorted(needed - set(read)))


_Checks = Mapping[str, tuple[Callable[[Any], bool], str]]


def _value_faults(read: Mapping[str, Any], checks: _Checks, where: str) -> Iterator[str]:
    for key, (sound, told) in checks.items():
        if key in read and not sound(read[key]):
            yield f"{where}{key} must be {told}"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_share(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= 1


def _is_weights(value: Any) -> bool:
    return (isinstance(value, dict) and all(type(one) in (int, float) and one >= 0 for one in value.values())
            and any(value.values()))


def _is_whole(least: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and value >= least


def _is_amount(value: Any) -> bool:
    return type(value) in (int, float) and value >= 0


_CHECKS: _Checks = {
    "about": (_is_text, "a sentence"), "version": (_is_whole(1), "a whole number above 0"),
    "first_day": (lambda value: type(value) is date, "a day such as 2026-01-05"),
    "days": (_is_whole(1), "a whole number above 0"), "wanted": (_is_share, "a share from 0 to 1"),
    "reports": (_is_share, "a share from 0 to 1"), "languages": (_is_weights, "a table with weights, one above 0")}
_CAMPAIGN_CHECKS: _Checks = {
    "name": (_is_text, "a text"), "actor": (_is_text, "a text"), "motive": (_is_text, "a text"),
    "messages": (lambda value: _is_amount(value) and value > 0, "a number above 0"),
    "start": (_is_whole(0), "a whole number of days"), "days": (_is_whole(1), "a whole number of days above 0"),
    "shape": (lambda value: value in SHAPES, f"one of {', '.join(SHAPES)}"),
    "takedown": (_is_whole(0), "a whole number of days"), "recovery": (_is_whole(0), "a whole number of days"),
    "channels": (_is_weights, "a table with weights, one above 0"),
    "types": (lambda value: isinstance(value, dict) and all(map(_is_text, value.values())), "a table of type names"),
    "kit": (_is_whole(1), "a whole number above 0"), "hosts": (_is_whole(1), "a whole number above 0"),
    "domains": (_is_whole(1), "a whole number above 0"), "domain_days": (_is_whole(1), "a whole number above 0"),
    "techniques": (lambda value: isinstance(value, list) and all(map(_is_text, value)), "a list of names"),
    "price": (_is_amount, "a number of dollars"), "income": (_is_amount, "a number of dollars")}
