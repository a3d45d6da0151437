"""Estimate: a number with a range and the reason; inside an honest range, and too wide a range loses too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from spamlab.judge.catalogue import say
from spamlab.judge.kinds.base import Plain
from spamlab.judge.kinds.choices import Offer, as_options, choose, find, named, offered
from spamlab.judge.kinds.numbers import read_number
from spamlab.judge.kinds.reading import key_of
from spamlab.judge.question import FormError, Item

_NUMBERS = ("best", "low", "high")


@dataclass(frozen=True)
class Estimate(Plain):
    """{"best": 1400, "low": 1000, "high": 2000, "reason": "silent"}.

    The right answer of the lab is such a record: `best` is the truth, `low` to `high` the honest range, in which a
    good estimate lies. unit: of the numbers, stated in the question; units as in `Value`. reasons: code -> label, or
    a function of the item; empty: none is asked. widest: how many times as wide as the honest range a range may be.
    near: how near (as a share) the best number must be to that of a known mistake to count as that mistake. A known
    mistake may be its number alone, or a record whose low and high say in which range a number counts as it.

    Share: one half for a best number inside the honest range; one half for a range that holds the truth, and of it
    honest width over given width where it is too wide; a reason that does not fit halves the whole.
    """

    name: ClassVar[str] = "estimate"
    unit: str | None = None
    reasons: Offer = field(default_factory=dict)
    widest: float = 2.0
    near: float = 0.02
    units: Mapping[str, float] = field(default_factory=dict)

    def parse(self, given: Any, item: Item) -> dict[str, Any]:
        """Numbers and reason. FormError: not three numbers, out of order, no such reason."""
        reasons = offered(self.reasons, item)
        keys = [*_NUMBERS, *(["reason"] if reasons else [])]
        if isinstance(given, list) and len(given) == len(keys):
            given = dict(zip(keys, given, strict=True))
        if not isinstance(given, Mapping):
            raise FormError(say("form-estimate"))
        record = {key_of(name): value for name, value in given.items()}
        for name in record:
            if name not in keys:
                raise FormError(say("form-unknown", name=name[:40]))
        labels = self._labels()
        read: dict[str, Any] = {}
        for name in _NUMBERS:
            if record.get(name) is None or record[name] == "":
                raise FormError(say("form-field", field=labels[name]))
            read[name] = read_number(record[name], self.unit, self.units)
        if not read["low"] <= read["best"] <= read["high"]:
            raise FormError(say("form-range"))
        if reasons:
            code = find(record.get("reason"), reasons)
            if code is None:
                raise FormError(say("form-why", choices=named(reasons)), partial=read)
            read["reason"] = code
        return read

    def parse_known(self, given: Any, item: Item) -> dict[str, Any]:
        """As `parse`, for a known mistake, which may be its number alone."""
        if isinstance(given, int | float | str) and not isinstance(given, bool):
            number = read_number(given, self.unit, self.units)
            return {"best": number, "low": number, "high": number}
        read = {name: given[name] for name in given if name != "reason"}
        numbers = {"low": read.get("best"), "high": read.get("best")} | read
        known = {name: read_number(value, self.unit, self.units) for name, value in numbers.items()}
        if "reason" in given:
            known["reason"] = choose(given["reason"], offered(self.reasons, item))
        return known

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """The share; the sentence says of number, range, width and reason which holds, not by how much."""
        inside = right["low"] <= given["best"] <= right["high"]
        holds = given["low"] <= right["best"] <= given["high"]
        honest, width = right["high"] - right["low"], given["high"] - given["low"]
        wide = width > self.widest * honest * (1 + 1e-9)
        share = (0.5 if inside else 0.0) + (0.0 if not holds else 0.5 * honest / width if wide else 0.5)
        fits = "reason" not in right or given.get("reason") == right["reason"]
        if not fits:
            share /= 2
        if share >= 1:
            return 1.0, ""
        return min(share, 0.99), " ".join((
            say("part-estimate-inside" if inside else "part-estimate-outside"),
            say("part-estimate-wide" if wide else "part-estimate-holds" if holds else "part-estimate-misses"),
            *([] if "reason" not in right else [say("part-estimate-fits" if fits else "part-estimate-not")])))

    def matches(self, known: Any, given: Any, item: Item) -> bool:
        """Whether the best number is near that of a known answer or in its range, and the reason is no other."""
        near = abs(known["best"] - given["best"]) <= self.near * max(abs(known["best"]), abs(given["best"])) + 1e-9
        inside = known["low"] <= given["best"] <= known["high"]
        other = "reason" in known and "reason" in given and known["reason"] != given["reason"]
        return (near or inside) and not other

    def fact(self, right: Any, given: Any, item: Item) -> str:
        """Whether the number is far too low or too high."""
        return say("estimate-low" if given["best"] < right["low"] else
                   "estimate-high" if given["best"] > right["high"] else "estimate-in")

    def form(self, item: Item) -> dict[str, Any]:
        """Three numbers and a choice of reasons."""
        fields: list[dict[str, Any]] = [
            {"name": name, "label": label, "widget": "number", "options": []} for name, label in self._labels().items()]
        reasons = offered(self.reasons, item)
        if reasons:
            fields.append({"name": "reason", "label": say("label-reason"), "widget": "choice",
                           "options": as_options(reasons)})
        return {"shape": "record", "fields": fields}

    def _labels(self) -> dict[str, str]:
        plain = {name: say(f"label-{name}") for name in _NUMBERS}
        return {name: say("label-unit", label=label, unit=self.unit) if self.unit else label
                for name, label in plain.items()}
