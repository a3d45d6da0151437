"""An economy as generator and policy simulator know it: a kind of market, no country. One TOML file is one economy.

datasets/profiles/NAME.toml holds [figures] (orders of magnitude, priors), [traffic] (how generated traffic differs) and
[types] (weights of kinds of spam); datasets/profiles/sources.toml says where each figure comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spamlab.errors import ContentError

FIGURES: Mapping[str, tuple[float, float]] = {
    "population": (0.001, 2000), "gdp_per_head": (100, 200_000), "sims": (1, 400), "internet": (1, 100),
    "fixed_lines": (0, 100), "arpu": (0.1, 200), "sms_person": (0, 1), "sms_business_home": (0, 1),
    "sms_business_abroad": (0, 1), "minute_inbound": (0, 2), "regulator_staff": (0, 100_000), "spam_staff": (0, 10_000),
    "policy_budget": (0, 1e10)}
"""Figure -> least and greatest that is sound. Units: population in million people; gdp_per_head in US dollars a year;
sims and fixed_lines per 100 people; internet in per cent of the people; arpu in US dollars a month and SIM; prices of
messages and of an inbound minute in US dollars; regulator_staff in people, spam_staff in full-time equivalents;
policy_budget in US dollars a year, what the state can spend on measures against spam."""
_TRAFFIC = ("utc_offset", "languages", "months", "operators")


@dataclass(frozen=True)
class Economy:
    """One economy.

    figures: by name, as `FIGURES`. shares: of subscribers by operator, largest first, in per cent; a rest may belong to
    small ones. bots: infected hosts per 1,000 lines, least and most. utc_offset: hours. languages: shares by code.
    months: factor of traffic by number of the month, those that are not 1. operators: invented networks with their
    shares. types: factor of a spam type's weight by channel and type.
    """

    name: str
    title: str
    about: str
    figures: Mapping[str, float]
    shares: tuple[float, ...]
    bots: tuple[float, float]
    utc_offset: float
    languages: Mapping[str, float]
    months: Mapping[int, float]
    operators: Mapping[str, float]
    types: Mapping[str, Mapping[str, float]]

    @property
    def subscribers(self) -> float:
        """Active SIM cards, in million."""
        return self.figures["population"] * self.figures["sims"] / 100


def economy_of(name: str, read: Mapping[str, Any]) -> Economy:
    """The economy called `name` in what was read from its file. Raises ContentError with all its faults, one a line."""
    faults = [f"{name}.toml: {fault}" for fault in _faults(read)]
    if faults:
        raise ContentError("\n".join(faults))
    figures, traffic = read["figures"], read["traffic"]
    return Economy(
        name, read["name"], read["about"], {key: float(figures[key]) for key in FIGURES},
        tuple(float(one) for one in figures["operators"]), (float(figures["bots"][0]), float(figures["bots"][1])),
        float(traffic["utc_offset"]), dict(traffic["languages"]),
        {int(month): float(factor) for month, factor in traffic["months"].items()}, dict(traffic["operators"]),
        {channel: dict(types) for channel, types in read.get("types", {}).items()})


def _faults(read: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(set(read) - {"name", "about", "figures", "traffic", "types"}):
        yield f"the key {key} has no meaning"
    for key in ("name", "about"):
        if not isinstance(read.get(key), str) or not read[key]:
            yield f"{key} must be a text"
    yield from _figure_faults(read.get("figures", {}))
    traffic = read.get("traffic", {})
    if not isinstance(traffic, dict):
        yield "[traffic] must be a table"
        return
    for key in sorted(set(traffic) - set(_TRAFFIC)):
        yield f"traffic.{key} has no meaning"
    checks: dict[str, tuple[Callable[[Any], bool], str]] = {
        "utc_offset": (lambda value: _is_number(value, -12, 14), "hours from -12 to 14"),
        "languages": (_are_weights, "a table of languages with shares, one above 0"),
        "months": (_is_months, "a table of months, 1 to 12, with factors from 0 to 10"),
        "operators": (_are_weights, "a table of operators with shares, one above 0"),
    }
    for key, (sound, told) in checks.items():
        if not sound(traffic.get(key)):
            yield f"traffic.{key} must be {told}"
    types = read.get("types", {})
    if not isinstance(types, dict) or not all(_are_weights(one) for one in types.values()):
        yield "[types] must hold, for each channel, a table of types with factors"


def _figure_faults(figures: Any) -> Iterator[str]:
    if not isinstance(figures, dict):
        yield "[figures] must be a table"
        return
    for key in sorted(set(figures) - {*FIGURES, "operators", "bots"}):
        yield f"figures.{key} has no meaning"
    for key, (low, high) in FIGURES.items():
        if not _is_number(figures.get(key), low, high):
            yield f"figures.{key} must be a number from {low:g} to {high:g}"
    shares = figures.get("operators")
    if not isinstance(shares, list) or not shares or not all(_is_number(one, 0, 100) for one in shares) \
            or sum(shares) > 100:
        yield "figures.operators must be a list of shares in per cent, 100 together at most"
    bots = figures.get("bots")
    if not isinstance(bots, list) or len(bots) != 2 or not all(_is_number(one, 0, 1000) for one in bots) \
            or bots[0] > bots[1]:
        yield "figures.bots must be the least and the most per 1,000 lines"


def _is_number(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _are_weights(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_number(one, 0, 1e9) for one in value.values()) and any(value.values())


def _is_months(value: Any) -> bool:
    return isinstance(value, dict) and all(
        str(month).isdecimal() and 1 <= int(month) <= 12 and _is_number(factor, 0, 10)
        for month, factor in value.items())
