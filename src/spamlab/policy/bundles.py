"""Measures as a document may hold them: instruments at a level of their settings, each after what it needs.

Does not belong here: which bundles are good (library, feedback).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from spamlab.policy.document import Measure
from spamlab.policy.instruments import Instrument, Setting

LEVELS = ("low", "mid", "high")


def settings_at(instrument: Instrument, level: str) -> dict[str, Any]:
    """The instrument's settings at "low" (the least of each), "mid" (its defaults) or "high" (the most of each)."""
    return {one.name: setting_at(one, level) for one in instrument.settings}


def setting_at(setting: Setting, level: str) -> Any:
    if level == "mid":
        return setting.default
    high = level == "high"
    if setting.kind == "number":
        return setting.most if high else setting.least
    if setting.kind == "switch":
        return high
    if setting.kind == "many":
        return setting.values if high else setting.values[:1]
    return setting.values[-1 if high else 0]


def alone(instruments: Mapping[str, Instrument], id: str, level: str = "mid") -> tuple[Measure, ...]:
    """An instrument at one level, after whatever it needs at its defaults."""
    return bundle(instruments, [(id, 0)], level)


def bundle(instruments: Mapping[str, Instrument], wanted: Sequence[tuple[str, int]],
           level: str = "mid") -> tuple[Measure, ...]:
    """Instruments with their first weeks at one level, each after whatever it needs at its defaults."""
    return sound(instruments, [Measure(id, start, settings_at(instruments[id], level))
                               for id, start in wanted if id in instruments])


def sound(instruments: Mapping[str, Instrument], measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """The measures as a document may hold them: each after what it needs, without conflicts of settings."""
    given = {one.instrument: one for one in measures}
    found: dict[str, Measure] = {}

    def add(id: str, start: int) -> None:
        if id in found:
            return
        one = given.get(id) or Measure(id, start, settings_at(instruments[id], "mid"))
        for need in instruments[id].needs:
            add(need, one.start)
        found[id] = one

    for one in measures:
        add(one.instrument, one.start)
    for one in tuple(found.values()):
        _widen(instruments, one, found)
    return tuple(_mended(instruments, one, found) for one in found.values())


def _widen(instruments: Mapping[str, Instrument], measure: Measure, found: dict[str, Measure]) -> None:
    """Where a setting must lie within another measure's and shares nothing with it, the other gets it as well."""
    instrument = instruments[measure.instrument]
    for name, other in instrument.within.items():
        there, _, setting = other.partition(".")
        if there in found:
            own = instrument.complete(measure.settings)[name]
            bound = instruments[there].complete(found[there].settings)[setting]
            if not set(own) & set(bound):
                wider = tuple(value for value in _values(instruments[there], setting) if value in {*own, *bound})
                found[there] = replace(found[there], settings={**found[there].settings, setting: wider})


def _values(instrument: Instrument, setting: str) -> tuple[str, ...]:
    return next(one.values for one in instrument.settings if one.name == setting)


def _mended(instruments: Mapping[str, Instrument], measure: Measure, beside: Mapping[str, Measure]) -> Measure:
    """The measure with the settings that clash put back to their defaults, and those within others cut to them."""
    instrument = instruments[measure.instrument]
    settings = instrument.complete(measure.settings)
    for conflict in instrument.conflicts_in(settings):
        settings |= {name: instrument.complete({})[name] for name in conflict.names}
    for name, other in instrument.within.items():
        there, _, setting = other.partition(".")
        if there in beside:
            bound = instruments[there].complete(beside[there].settings)[setting]
            settings[name] = tuple(one for one in settings[name] if one in bound)
    return replace(measure, settings=settings)
