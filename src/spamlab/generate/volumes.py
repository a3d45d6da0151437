"""Volumes by month, type, route and source in an economy: what the questionnaire of WTSA Resolution 52 asks about.

A recipe with `kind = "volumes"` lists flows; each month gives one row for each flow, route and source. Row i depends on
(recipe, version, seed, i) alone; there is no last month. Rates are our own choices, in orders of magnitude, and the
card says so: the rows are for exercises on tables, not for reports on a country.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import exp
from pathlib import Path
from typing import Any

from spamlab.generate.draws import dataset_key, named, record_key, share
from spamlab.generate.toml_file import read_toml
from spamlab.generate.traffic import Made
from spamlab.records.economy import Economy

BASES: Mapping[str, Callable[[Economy], float]] = {
    "sims": lambda economy: economy.subscribers,
    "internet": lambda economy: economy.figures["population"] * economy.figures["internet"] / 100,
    "fixed_lines": lambda economy: economy.figures["population"] * economy.figures["fixed_lines"] / 100}
"""Who gets a flow: active SIM cards, people on the internet, fixed lines; in million."""
PRICES = ("sms_person", "sms_business_home", "sms_business_abroad", "minute_inbound")
"""Figures of an economy that a route may cost a share of."""
NOISE = 0.12
"""Standard deviation of a row's volume, of its logarithm."""
_FLOW_KEYS = {"channel", "type", "label", "base", "each", "growth", "seconds", "routes", "sources"}
_KEYS = {"kind", "about", "version", "first_month", "flows"}


@dataclass(frozen=True)
class Route:
    """A way that a flow takes. share: of the flow. price: US dollars for a message, or (name of an economy's figure,
    share of it)."""

    name: str
    share: float
    price: float
    figure: str


@dataclass(frozen=True)
class Flow:
    """One type on one channel. each: messages a month for each of the base. growth: of the volume, a month. seconds:
    that a recipient spends on one. sources: name -> share, such as home and abroad."""

    channel: str
    type: str
    label: str
    base: str
    each: float
    growth: float
    seconds: float
    routes: tuple[Route, ...]
    sources: Mapping[str, float]


@dataclass(frozen=True)
class VolumeRecipe:
    """What to make. channel is always "volume"."""

    name: str
    about: str
    version: int
    first_month: date
    flows: tuple[Flow, ...]
    channel: str = "volume"


class VolumeTraffic:
    """Everything that a recipe of volumes makes from one seed in one economy."""

    def __init__(self, recipe: VolumeRecipe, economy: Economy, seed: int | str) -> None:
        self.recipe, self.economy = recipe, economy
        self._root = dataset_key(recipe.name, recipe.version, f"{economy.name} {seed}")
        self._rows = [(flow, route, source)
                      for flow in recipe.flows for route in flow.routes for source in flow.sources]

    @property
    def rows_a_month(self) -> int:
        """How many rows there are for each month."""
        return len(self._rows)

    def made(self, number: int) -> Made:
        """Row `number`, from 0: the rows of the first month, then those of the next."""
        month_number, place = divmod(number, len(self._rows))
        flow, route, source = self._rows[place]
        first = self.recipe.first_month
        month = date(first.year + (first.month - 1 + month_number) // 12, (first.month - 1 + month_number) % 12 + 1, 1)
        expected = self._expected(flow, route, source, month_number, month)
        messages = round(expected * _noise(record_key(self._root, number)))
        price = route.price * (self.economy.figures[route.figure] if route.figure else 1.0)
        name = f"{self.recipe.name}-{number:09d}"
        told = f"{month:%Y-%m}: {messages} of the type {flow.type} by {flow.channel}, {route.name}, from {source}"
        record = {
            "id": name, "channel": "volume", "language": "en", "sent": f"{month.isoformat()}T00:00:00Z",
            "profile": self.economy.name, "month": f"{month:%Y-%m}", "about_channel": flow.channel, "type": flow.type,
            "route": route.name, "source": source, "messages": messages, "cost_usd": round(messages * price, 2),
            "handling_hours": round(messages * flow.seconds / 3600, 1), "text": told, "label": flow.label}
        return Made(record, {"id": name, "label": flow.label, "type": flow.type,
                             "recipe": f"{self.recipe.name} {self.recipe.version}"})

    def records(self, start: int, stop: int) -> Iterator[Made]:
        """Rows from `start` up to `stop`, which is left out."""
        return (self.made(number) for number in range(start, stop))

    def _expected(self, flow: Flow, route: Route, source: str, month_number: int, month: date) -> float:
        factor = self.economy.types.get(flow.channel, {}).get(flow.type, 1.0) if flow.label == "spam" else 1.0
        return (BASES[flow.base](self.economy) * 1e6 * flow.each * route.share * flow.sources[source] * factor
                * self.economy.months.get(month.month, 1.0) * (1 + flow.growth) ** month_number)


def read_volume_recipe(path: Path) -> VolumeRecipe:
    """The recipe in `path`. Raises UsageError where it can't be read, ContentError with all its faults, one a line."""
    read = read_toml(path, "recipe", _faults)
    return VolumeRecipe(path.stem, read["about"], read["version"], read["first_month"].replace(day=1), tuple(
        Flow(one["channel"], one["type"], one["label"], one["base"], float(one["each"]), float(one["growth"]),
             float(one["seconds"]), tuple(Route(name, float(route["share"]), float(route["price"]), route.get("of", ""))
                                          for name, route in one["routes"].items()), _shares(one["sources"]))
        for one in read["flows"]))


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    whole = sum(weights.values())
    return {name: weight / whole for name, weight in weights.items()}


def _noise(key: int) -> float:
    """A factor around 1, near to log-normal: the sum of three uniform draws stands for the normal one."""
    spread = sum(share(key, named(f"noise {number}")) for number in range(3)) * 2 - 3
    return exp(NOISE * spread)


def _faults(read: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"the key {key} has no meaning" for key in sorted(set(read) - _KEYS))
    yield from (f"the key {key} is missing" for key in sorted(_KEYS - set(read)))
    if type(read.get("version")) is not int or read["version"] < 1:
        yield "version must be a whole number above 0"
    if type(read.get("first_month")) is not date:
        yield "first_month must be a day such as 2025-01-01"
    if not isinstance(read.get("about"), str) or not read["about"]:
        yield "about must be a sentence"
    flows = read.get("flows")
    if not isinstance(flows, list) or not flows:
        yield "it needs at least one [[flows]]"
        return
    for number, one in enumerate(flows, 1):
        yield from (f"flow {number}, {one.get('type', '')}: {fault}" for fault in _flow_faults(one))


def _flow_faults(one: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"the key {key} has no meaning" for key in sorted(set(one) - _FLOW_KEYS))
    missing = sorted(_FLOW_KEYS - set(one))
    yield from (f"the key {key} is missing" for key in missing)
    if missing:
        return
    if one["base"] not in BASES:
        yield f"base must be one of {', '.join(BASES)}"
    if one["label"] not in ("ham", "spam"):
        yield "label must be ham or spam"
    for key, low in (("each", 0.0), ("growth", -0.5), ("seconds", 0.0)):
        if not _is_number(one[key]) or one[key] < low:
            yield f"{key} must be a number of at least {low:g}"
    routes, sources = one["routes"], one["sources"]
    if not isinstance(sources, dict) or not sources or not all(map(_is_number, sources.values())) \
            or min(sources.values()) < 0 or not any(sources.values()):
        yield "sources must be a table of names with shares"
    if not isinstance(routes, dict) or not routes or not all(_is_route(route) for route in routes.values()):
        yield f"routes must be tables with share, price and, where that is a share of a figure, of: {', '.join(PRICES)}"
    elif abs(sum(route["share"] for route in routes.values()) - 1) > 1e-6:
        yield "the shares of its routes must be 1 together"


def _is_route(route: Any) -> bool:
    return (isinstance(route, dict) and set(route) - {"of"} == {"share", "price"}
            and _is_number(route["share"]) and _is_number(route["price"]) and route["price"] >= 0
            and 0 <= route["share"] <= 1 and route.get("of", PRICES[0]) in PRICES)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
