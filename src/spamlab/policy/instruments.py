"""The instruments a policy can use: one TOML file each in datasets/policy/instruments, read and checked.

Does not belong here: which of them a policy uses, and when (document, plan); how much a lever does (model).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from spamlab.errors import ContentError
from spamlab.policy.levers import LEVERS
from spamlab.shipped import default_folder

PILLARS: Mapping[str, str] = {
    "law": "Law", "technical": "Technical measures", "industry": "Industry", "education": "Education",
    "cooperation": "Cooperation", "enforcement": "Enforcement"}
"""Pillar -> title, in the order in which they are shown."""
KINDS = ("choice", "many", "number", "switch")
PAYERS = ("state", "operators", "senders")
PHASES = ("setup", "running")
UNITS: Mapping[str, str] = {
    "fixed": "once for the country", "person": "for each person", "sim": "for each active SIM card",
    "internet_user": "for each person on the internet", "line": "for each fixed line",
    "operator": "for each operator; a small one counts as a tenth", "officer": "for each officer hired",
    "reached": "for each person that a campaign reaches, each time",
    "infected_customer": "for each infected customer handled in a year"}
"""What a cost is counted by -> in words."""
SCALES = ("world", "wage")
"""world: US dollars. wage: multiples of yearly GDP per head."""
CONFIDENCES = ("high", "medium", "low")
RESERVED = ("instrument", "start")
"""Keys of a measure that no setting may be called."""


@dataclass(frozen=True)
class Setting:
    """One choice that a policy makes about an instrument.

    kind: "choice" (one of options), "many" (one or more of options), "number" (least to most, in `unit`), "switch".
    """

    name: str
    label: str
    about: str
    kind: str
    options: tuple[tuple[str, str], ...] = ()
    least: float = 0.0
    most: float = 0.0
    unit: str = ""
    default: Any = None

    @property
    def values(self) -> tuple[str, ...]:
        """The options' values."""
        return tuple(value for value, _ in self.options)


@dataclass(frozen=True)
class Factor:
    """What settings do to a number: it is multiplied by the settings in `times`, divided by those in `over`, and
    multiplied by what `choices` says for each setting (the greatest where a "many" setting holds several); it is 0
    unless each setting in `only` has, or holds, one of the values named.
    """

    times: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    choices: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, settings: Mapping[str, Any]) -> float:
        """The factor under these settings (all of an instrument's settings, as `Instrument.complete` gives them)."""
        for name, values in self.only.items():
            if not set(chosen(settings[name])) & set(values):
                return 0.0
        factor = 1.0
        for name in self.times:
            factor *= float(settings[name])
        for name in self.over:
            factor /= float(settings[name])
        for name, numbers in self.choices.items():
            factor *= max((numbers.get(value, 0.0) for value in chosen(settings[name])), default=0.0)
        return factor


@dataclass(frozen=True)
class Cost:
    """Money that a payer pays once (phase "setup") or each year (phase "running"): a range, per unit, in US dollars or
    in yearly GDP per head (scale "wage"). The central figure is the geometric mean.
    """

    payer: str
    phase: str
    low: float
    high: float
    per: str
    scale: str
    factor: Factor = Factor()

    @property
    def central(self) -> float:
        """The geometric mean of low and high."""
        return math.sqrt(self.low * self.high)


@dataclass(frozen=True)
class Staff:
    """Work of the regulator: weeks of one person to set up, full-time equivalents to run, in a market of 20 million
    people."""

    setup: float
    running: float


@dataclass(frozen=True)
class Effect:
    """What an instrument does to a lever from `after` (weeks since it is in force, or a setting) plus `shift` on.

    weeks: how long, 0 for as long as it is in force. every: repeated every so many weeks (a number or a setting), 0 for
    once. ramp: weeks to full uptake, in place of the instrument's own; None leaves those.
    """

    lever: str
    value: float
    factor: Factor = Factor()
    after: float | str = 0.0
    shift: float = 0.0
    weeks: float = 0.0
    every: float | str = 0.0
    ramp: float | None = None


@dataclass(frozen=True)
class Conflict:
    """Settings that do not go together: where all of `when` hold, or where the numbers in `rising` fall. why: one
    sentence."""

    when: Mapping[str, tuple[str, ...]]
    rising: tuple[str, ...]
    why: str

    @property
    def names(self) -> tuple[str, ...]:
        """The settings it is about."""
        return (*self.when, *self.rising)

    def holds(self, settings: Mapping[str, Any]) -> bool:
        """Whether a complete set of settings has it."""
        if self.rising:
            numbers = [float(settings[name]) for name in self.rising]
            return numbers != sorted(numbers)
        return all(set(chosen(settings[name])) & set(values) for name, values in self.when.items())


@dataclass(frozen=True)
class Hires:
    """An instrument that adds officers: the setting that says how many, the share of the regulator's staff that bounds
    them, and the weeks that each of them adds to the lead."""

    setting: str
    most_of_regulator: float
    weeks_each: float


@dataclass(frozen=True)
class Waves:
    """A campaign in waves: the settings that say what per cent of the people a wave reaches, and every how many weeks
    there is one."""

    reach: str
    every: str


@dataclass(frozen=True)
class Instrument:
    """One instrument.

    needs: instruments that must be in force before its set-up begins. lead_weeks: from the start of the set-up until it
    is in force, at least. ramp_weeks: from then until nearly everyone who must take part does. evidence: rows of the
    table of evidence. source: in words. confidence: of its numbers. within: settings ("many") that must lie within a
    setting of another instrument, written "instrument.setting".
    """

    id: str
    pillar: str
    title: str
    about: str
    settings: tuple[Setting, ...]
    needs: tuple[str, ...]
    costs: tuple[Cost, ...]
    staff: Staff
    lead_weeks: int
    ramp_weeks: int
    effects: tuple[Effect, ...]
    source: str
    confidence: str
    evidence: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    within: Mapping[str, str] = field(default_factory=dict)
    hires: Hires | None = None
    waves: Waves | None = None

    def setting(self, name: str) -> Setting | None:
        """The setting called `name`, None if there is none."""
        return next((one for one in self.settings if one.name == name), None)

    def complete(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """All settings: those given, the default for the others."""
        return {one.name: settings.get(one.name, one.default) for one in self.settings}

    def conflicts_in(self, settings: Mapping[str, Any]) -> list[Conflict]:
        """What does not go together in a complete set of settings."""
        return [one for one in self.conflicts if one.holds(settings)]


def chosen(value: Any) -> tuple[str, ...]:
    """A setting's value as the names that factors and conflicts use: "true" and "false" for a switch."""
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, list | tuple):
        return tuple(str(one) for one in value)
    return (str(value),)


def read_instruments(folder: Path | None = None) -> Mapping[str, Instrument]:
    """All instruments by id, in the order of pillars, then of names. folder: default datasets/policy/instruments.

    Read once for a folder. Raises ContentError with every fault of every file, one a line.
    """
    return _read(folder or default_folder("datasets") / "policy" / "instruments")


@cache
def _read(folder: Path) -> Mapping[str, Instrument]:
    faults: list[str] = []
    found: list[Instrument] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            found.append(instrument_of(path.stem, tomllib.loads(path.read_text(encoding="utf-8"))))
        except ContentError as error:
            faults += str(error).splitlines()
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            faults.append(f"{path.name}: it can't be read ({error})")
    if not found and not faults:
        faults.append(f"{folder} holds no instrument (NAME.toml)")
    known = {one.id: one for one in found}
    if not faults:
        faults += [fault for one in found for fault in _faults_between(one, known)]
    if faults:
        raise ContentError("\n".join(faults))
    found.sort(key=lambda one: (list(PILLARS).index(one.pillar), one.id))
    return MappingProxyType({one.id: one for one in found})


def _faults_between(one: Instrument, known: Mapping[str, Instrument]) -> Iterator[str]:
    for need in one.needs:
        if need not in known:
            yield f"{one.id}.toml: it needs {need}, which is no instrument here"
    if one.id in _all_needs(one.id, known):
        yield f"{one.id}.toml: it needs itself, through what it needs"
    for name, other in one.within.items():
        instrument, _, setting = other.partition(".")
        there = known[instrument].setting(setting) if instrument in known else None
        here = one.setting(name)
        if not here or here.kind != "many" or not there or there.kind != "many":
            yield f"{one.id}.toml: within.{name} must join two settings of the kind \"many\""


def _all_needs(name: str, known: Mapping[str, Instrument]) -> set[str]:
    seen: set[str] = set()
    rest = list(known[name].needs)
    while rest:
        one = rest.pop()
        if one not in seen and one in known:
            seen.add(one)
            rest += known[one].needs
    return seen


def instrument_of(name: str, read: Mapping[str, Any]) -> Instrument:
    """The instrument called `name` in what was read from its file. Raises ContentError with all faults, one a line."""
    reader = _Reader(name, read)
    made = reader.instrument()
    if reader.faults:
        raise ContentError("\n".join(f"{name}.toml: {fault}" for fault in reader.faults))
    return made


_KEYS = ("title", "pillar", "about", "needs", "lead_weeks", "ramp_weeks", "confidence", "evidence", "source", "staff",
         "setting", "cost", "effect", "conflict", "within", "hires", "waves")


class _Reader:
    """Takes an instrument apart and collects what is wrong with it."""

    def __init__(self, name: str, read: Mapping[str, Any]) -> None:
        self.name = name
        self.read = read
        self.faults: list[str] = []
        self.names: tuple[str, ...] = ()
        self.kinds: dict[str, str] = {}

    def instrument(self) -> Instrument:
        """The instrument; worth nothing if there are faults."""
        read = self.read
        self.unknown(read, _KEYS, "")
        settings = tuple(self.setting(one, f"setting {place}") for place, one in self.tables("setting"))
        self.names = tuple(one.name for one in settings)
        self.kinds = {one.name: one.kind for one in settings}
        if len(set(self.names)) < len(self.names):
            self.faults.append("two settings have the same name")
        staff = self.table(read, "staff")
        self.unknown(staff, ("setup", "running"), "staff.")
        within = self.table(read, "within")
        return Instrument(
            self.name, self.one_of(read, "pillar", tuple(PILLARS), ""), self.text(read, "title", ""),
            self.text(read, "about", ""), settings, self.texts(read, "needs", ""),
            tuple(self.cost(one, f"cost {place}: ") for place, one in self.tables("cost")),
            Staff(self.number(staff, "setup", "staff.", 0, 500), self.number(staff, "running", "staff.", 0, 50)),
            int(self.number(read, "lead_weeks", "", 1, 260)), int(self.number(read, "ramp_weeks", "", 0, 260)),
            tuple(self.effect(one, f"effect {place}: ") for place, one in self.tables("effect")),
            self.text(read, "source", ""), self.one_of(read, "confidence", CONFIDENCES, ""),
            self.texts(read, "evidence", ""),
            tuple(self.conflict(one, f"conflict {place}: ") for place, one in self.tables("conflict")),
            {key: str(value) for key, value in within.items()}, self.hires(), self.waves())

    def unknown(self, table: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
        """Note the keys of a table that have no meaning."""
        self.faults += [f"{where}{key} has no meaning; allowed: {', '.join(known)}"
                        for key in table if key not in known]

    def text(self, table: Mapping[str, Any], key: str, where: str) -> str:
        """A text that must be there."""
        value = table.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self.faults.append(f"{where}{key} must be a text")
        return ""

    def texts(self, table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        """A list of texts, or nothing."""
        value = table.get(key, [])
        if isinstance(value, str):
            value = [value]
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.faults.append(f"{where}{key} must be a list of texts")
        return ()

    def one_of(self, table: Mapping[str, Any], key: str, known: tuple[str, ...], where: str) -> str:
        """One of the known words."""
        value = table.get(key)
        if value in known:
            return str(value)
        self.faults.append(f"{where}{key} must be one of: {', '.join(known)}")
        return known[0]

    def number(self, table: Mapping[str, Any], key: str, where: str, least: float, most: float,
               default: float | None = None) -> float:
        """A number in a range."""
        value = table.get(key, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        self.faults.append(f"{where}{key} must be a number from {least:g} to {most:g}")
        return least

    def table(self, table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """A table, or an empty one."""
        value = table.get(key, {})
        if isinstance(value, dict):
            return value
        self.faults.append(f"{key} must be a table")
        return {}

    def tables(self, key: str) -> list[tuple[int, Mapping[str, Any]]]:
        """A list of tables, numbered from 1."""
        value = self.read.get(key, [])
        if isinstance(value, list) and all(isinstance(one, dict) for one in value):
            return list(enumerate(value, 1))
        self.faults.append(f"[[{key}]] must be a list of tables")
        return []

    def setting(self, table: Mapping[str, Any], where: str) -> Setting:
        """One [[setting]]."""
        where = f"{where}: "
        self.unknown(table, ("name", "label", "about", "kind", "options", "least", "most", "unit", "default"), where)
        kind = self.one_of(table, "kind", KINDS, where)
        options: tuple[tuple[str, str], ...] = ()
        least = most = 0.0
        if kind in ("choice", "many"):
            given = self.table(table, "options")
            options = tuple((key, str(label)) for key, label in given.items())
            if len(options) < 2:
                self.faults.append(f"{where}options must name two values at least, each with its label")
        if kind == "number":
            least = self.number(table, "least", where, -1e9, 1e9)
            most = self.number(table, "most", where, least, 1e9)
        made = Setting(self.text(table, "name", where), self.text(table, "label", where),
                       self.text(table, "about", where), kind, options, least, most,
                       str(table.get("unit", "")), _frozen(table.get("default")))
        if made.name in RESERVED:
            self.faults.append(f"{where}a setting can't be called {made.name}")
        if fault := value_fault(made, table.get("default")):
            self.faults.append(f"{where}default {fault}")
        return made

    def factor(self, table: Mapping[str, Any], where: str) -> Factor:
        """times, choices and only."""
        times, over = self.texts(table, "times", where), self.texts(table, "over", where)
        for name in (*times, *over):
            self.number_setting(name, f"{where}times and over")
        choices: dict[str, Mapping[str, float]] = {}
        for name, numbers in self.table(table, "choices").items():
            if name not in self.names or not isinstance(numbers, dict) \
                    or not all(isinstance(one, int | float) for one in numbers.values()):
                self.faults.append(f"{where}choices.{name} must be a setting with a number for each value")
                continue
            choices[name] = {key: float(one) for key, one in numbers.items()}
        return Factor(times, over, choices, self.only(self.table(table, "only"), where))

    def only(self, table: Mapping[str, Any], where: str) -> Mapping[str, tuple[str, ...]]:
        """Settings with the values named."""
        made = {}
        for name, values in table.items():
            if name not in self.names:
                self.faults.append(f"{where}{name} is no setting here; allowed: {', '.join(self.names)}")
            made[name] = chosen(values)
        return made

    def conflict(self, table: Mapping[str, Any], where: str) -> Conflict:
        """One [[conflict]]: `when` or `rising`."""
        self.unknown(table, ("when", "rising", "why"), where)
        rising = self.texts(table, "rising", where)
        for name in rising:
            self.number_setting(name, f"{where}rising")
        if bool(rising) == bool(table.get("when")):
            self.faults.append(f"{where}it must have either when or rising")
        return Conflict(self.only(self.table(table, "when"), where), rising, self.text(table, "why", where))

    def number_setting(self, name: str, where: str) -> None:
        """Note a name that is no setting of the kind number."""
        if self.kinds.get(name) != "number":
            self.faults.append(f"{where} must name a setting of the kind \"number\", and {name} is none")

    def cost(self, table: Mapping[str, Any], where: str) -> Cost:
        """One [[cost]]."""
        self.unknown(table, ("payer", "phase", "low", "high", "per", "scale", "times", "over", "choices", "only"),
                     where)
        low = self.number(table, "low", where, 1e-12, 1e12)
        return Cost(self.one_of(table, "payer", PAYERS, where), self.one_of(table, "phase", PHASES, where), low,
                    self.number(table, "high", where, low, 1e12), self.one_of(table, "per", tuple(UNITS), where),
                    self.one_of(table, "scale", SCALES, where), self.factor(table, where))

    def effect(self, table: Mapping[str, Any], where: str) -> Effect:
        """One [[effect]]."""
        self.unknown(table, ("lever", "value", "times", "over", "choices", "only", "after", "shift", "weeks", "every",
                             "ramp"), where)
        return Effect(
            self.one_of(table, "lever", tuple(LEVERS), where), self.number(table, "value", where, 0, 1000),
            self.factor(table, where), self.when(table, "after", where),
            self.number(table, "shift", where, -260, 260, 0.0), self.number(table, "weeks", where, 0, 260, 0.0),
            self.when(table, "every", where),
            self.number(table, "ramp", where, 0, 260) if "ramp" in table else None)

    def when(self, table: Mapping[str, Any], key: str, where: str) -> float | str:
        """A number of weeks, or the name of a setting that holds one."""
        value = table.get(key)
        if isinstance(value, str):
            self.number_setting(value, f"{where}{key}")
            return value
        return self.number(table, key, where, 0, 260, 0.0)

    def hires(self) -> Hires | None:
        """[hires], if there is one."""
        table = self.table(self.read, "hires")
        if not table:
            return None
        self.unknown(table, ("setting", "most_of_regulator", "weeks_each"), "hires.")
        made = Hires(self.text(table, "setting", "hires."), self.number(table, "most_of_regulator", "hires.", 0, 1),
                     self.number(table, "weeks_each", "hires.", 0, 52))
        self.number_setting(made.setting, "hires.setting")
        return made

    def waves(self) -> Waves | None:
        """[waves], if there is one."""
        table = self.table(self.read, "waves")
        if not table:
            return None
        self.unknown(table, ("reach", "every"), "waves.")
        made = Waves(self.text(table, "reach", "waves."), self.text(table, "every", "waves."))
        for name in (made.reach, made.every):
            self.number_setting(name, "waves")
        return made


def value_fault(setting: Setting, value: Any) -> str:
    """What is wrong with a setting's value, "" if nothing: "must be ...; allowed: ..."."""
    allowed = allowed_values(setting)
    if setting.kind == "switch":
        return "" if isinstance(value, bool) else f"must be true or false; allowed: {allowed}"
    if setting.kind == "number":
        if not isinstance(value, int | float) or isinstance(value, bool) \
                or (isinstance(value, float) and not math.isfinite(value)):
            return f"must be a number; allowed: {allowed}"
        return "" if setting.least <= value <= setting.most else f"is out of range; allowed: {allowed}"
    if setting.kind == "choice":
        if not isinstance(value, str):
            return f"must be a text in quotes; allowed: {allowed}"
        return "" if value in setting.values else f"is no option here; allowed: {allowed}"
    if not isinstance(value, list | tuple) or not value or not all(isinstance(one, str) for one in value):
        return f"must be a list with one text or more, as [\"{setting.values[0] if setting.options else ''}\"]; " \
               f"allowed: {allowed}"
    if set(value) - set(setting.values):
        return f"holds what is no option here; allowed: {allowed}"
    return "" if len(set(value)) == len(value) else f"holds something twice; allowed: {allowed}"


def allowed_values(setting: Setting) -> str:
    """What a setting may be, in words."""
    if setting.kind == "switch":
        return "true, false"
    if setting.kind == "number":
        unit = f" ({setting.unit})" if setting.unit else ""
        return f"{setting.least:g} to {setting.most:g}{unit}"
    return ", ".join(setting.values)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
