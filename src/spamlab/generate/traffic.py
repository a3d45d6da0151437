"""Records of one channel with their truth apart: record i depends on (recipe, version, seed, i) and nothing else.

A recipe is a TOML file in datasets/recipes with `kind = "traffic"`. What a record says of itself (id, numbers, time) is
drawn without a look at its label; only its content and its kind of sender come from its type.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from spamlab.errors import ContentError, UsageError
from spamlab.generate import calls, mail, posts, sms
from spamlab.generate.draws import Weighted, dataset_key, named, record_key, share, uniform
from spamlab.generate.evasion import LOOKALIKES_ON, ON, Evaded, Knobs
from spamlab.generate.languages import LABELS, Language, Type, read_language
from spamlab.generate.making import Builder, Making
from spamlab.generate.rewording import Rewording, read_rewording
from spamlab.generate.sip import INVITES, inviter

BUILDERS: Mapping[str, Builder] = {
    "sms": sms.build, "voice": calls.build, "chat": posts.build, "social": posts.build, "email": mail.build}
"""Channel -> what makes the content of a record. Channels whose records can be made."""
HOURS = (2, 1, 1, 1, 1, 2, 6, 14, 24, 30, 32, 32, 33, 32, 31, 31, 33, 35, 36, 34, 30, 22, 12, 5)
"""Weights of the hours of a day, the same for all labels."""
_KEYS = {"kind", "channel", "about", "version", "spam", "first_day", "days", "languages", "types",
         "evasion", "lookalikes", "invite"}
_MAY_BE_LEFT_OUT = {"types", "evasion", "lookalikes", "invite"}
_LABEL, _TYPE, _LANGUAGE = named("label"), named("type"), named("language")
_DAY, _HOUR, _SECOND = named("day"), named("hour"), named("second")
_NO_REWORDING = Rewording()
_HOURS = Weighted([(str(hour), weight) for hour, weight in enumerate(HOURS)])


@dataclass(frozen=True)
class Recipe:
    """What to make.

    spam: the share of spam. languages, types: weights by name; no types: all, by their own weights. evasion: technique
    -> share of the spam that uses it; lookalikes: harmless look-alike -> share of all records (see evasion.py).
    invite: how the INVITE of a call is made (see sip.INVITES), "" for records without one.
    """

    name: str
    channel: str
    about: str
    version: int
    spam: float
    first_day: date
    days: int
    languages: Mapping[str, float]
    types: Mapping[str, float]
    evasion: Mapping[str, float] = field(default_factory=dict)
    lookalikes: Mapping[str, float] = field(default_factory=dict)
    invite: str = ""


@dataclass(frozen=True)
class Made:
    """A record and, apart from it, its truth; both plain data with the same "id"."""

    record: Mapping[str, Any]
    truth: Mapping[str, Any]


def read_traffic_recipe(path: Path) -> Recipe:
    """The recipe in `path`. Raises UsageError where it can't be read, ContentError with all its faults, one a line."""
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the recipe {path.name} can't be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path.name}: this is not TOML: {error}") from None
    faults = list(_faults(read))
    if faults:
        raise ContentError("\n".join(f"{path.name}: {fault}" for fault in faults))
    return Recipe(path.stem, read["channel"], read["about"], read["version"], float(read["spam"]), read["first_day"],
                  read["days"], dict(read["languages"]), dict(read.get("types", {})), dict(read.get("evasion", {})),
                  dict(read.get("lookalikes", {})), read.get("invite", ""))


class Traffic:
    """Everything that a recipe makes from one seed, in the languages that are given."""

    def __init__(self, recipe: Recipe, languages: Mapping[str, Language], seed: int | str,
                 rewordings: Mapping[str, Rewording] | None = None) -> None:
        """languages: by code, at least those of the recipe. Raises ContentError where a language lacks what the recipe
        asks for. rewordings: by code, where a language has one."""
        self.recipe = recipe
        self._seed = seed
        self._root = dataset_key(recipe.name, recipe.version, seed)
        self._languages = languages
        self._rewordings = rewordings or {}
        self._knobs = Knobs(recipe.evasion, recipe.lookalikes)
        self._invite = inviter(recipe.invite, seed) if recipe.invite else None
        self._codes = Weighted(list(recipe.languages.items()))
        self._types: dict[tuple[str, str], tuple[Weighted, dict[str, Type]]] = {}
        for code in recipe.languages:
            for label in LABELS:
                self._types[code, label] = self._choice(code, label)

    def made(self, number: int) -> Made:
        """Record `number`, from 0."""
        recipe, key = self.recipe, record_key(self._root, number)
        label = "spam" if share(key, _LABEL) < recipe.spam else "ham"
        code = self._codes.pick(key, _LANGUAGE)
        names, types = self._types[code, label]
        one = types[names.pick(key, _TYPE)]
        sent = self._sent(key)
        drawn = self._knobs.drawn(key, label, one.sender)
        give = Evaded(one.grammar.document(key, self._languages[code].facts(sent)), key, drawn,
                      self._rewordings.get(code, _NO_REWORDING))
        name = f"{recipe.channel}-{number:09d}"
        content, more = BUILDERS[recipe.channel](Making(key, name, self._languages[code], one, sent, give, drawn))
        truth = give.truth()
        truth = {**truth, **more, "links": [*give.ways(content["text"]), *more.get("links", ())],
                 "techniques": [*truth["techniques"], *more.get("techniques", ())]}
        record = {
            "id": name, "channel": recipe.channel, "language": code, "sent": sent.isoformat().replace("+00:00", "Z"),
            **content}
        if self._invite is not None:
            record["invite"] = self._invite(record)
        record["label"] = label
        return Made(record, {
            "id": name, "label": label, "type": one.name, "recipe": f"{recipe.name} {recipe.version}", **truth})

    def with_recipe(self, recipe: Recipe) -> Traffic:
        """The same seed and languages with a changed recipe. Raises ContentError as the constructor does."""
        return Traffic(recipe, self._languages, self._seed, self._rewordings)

    def type_names(self) -> list[str]:
        """The names of all types that the languages of the recipe have on its channel."""
        read = (self._languages[code].types.get(self.recipe.channel, ()) for code in self.recipe.languages)
        return sorted({one.name for types in read for one in types})

    def records(self, start: int, stop: int) -> Iterator[Made]:
        """Records from `start` up to `stop`, which is left out."""
        return (self.made(number) for number in range(start, stop))

    def _choice(self, code: str, label: str) -> tuple[Weighted, dict[str, Type]]:
        recipe = self.recipe
        known = {one.name: one for one in self._languages[code].types.get(recipe.channel, ()) if one.label == label}
        wanted = recipe.types or {name: one.weight for name, one in known.items()}
        weights = [(name, weight) for name, weight in wanted.items() if name in known]
        needed = (recipe.spam > 0) if label == "spam" else (recipe.spam < 1)
        if not any(weight for _, weight in weights):
            if needed:
                raise ContentError(f"{recipe.name}: {code} has no {label} for {recipe.channel} that it asks for")
            weights = [("", 1.0)]
        return Weighted(weights), known

    def _sent(self, key: int) -> datetime:
        day = datetime.combine(self.recipe.first_day, datetime.min.time(), UTC)
        return day + timedelta(days=uniform(key, _DAY, self.recipe.days), hours=int(_HOURS.pick(key, _HOUR)),
                               seconds=uniform(key, _SECOND, 3600))


def open_traffic(datasets: Path, name: str, seed: int | str, language: str = "") -> Traffic:
    """The recipe called `name` in the folder `datasets`, with its languages. language: this one alone.

    Raises UsageError for an unknown recipe or language, ContentError for one with faults.
    """
    known = traffic_recipes(datasets)
    if name not in known:
        raise UsageError(f"there is no recipe called {name}; there are: {', '.join(known) or 'none'}")
    recipe = read_traffic_recipe(datasets / "recipes" / f"{name}.toml")
    if language:
        recipe = replace(recipe, languages={language: 1.0})
    languages = {code: read_language(datasets / "languages" / code, recipe.channel) for code in recipe.languages}
    rewordings = {code: read_rewording(datasets / "languages" / code) for code in recipe.languages}
    return Traffic(recipe, languages, seed, rewordings)


def traffic_recipes(datasets: Path) -> list[str]:
    """The names of all recipes of this kind in the folder `datasets`."""
    return sorted(one.stem for one in (datasets / "recipes").glob("*.toml") if _is_traffic(one))


def _is_traffic(path: Path) -> bool:
    """Whether a recipe means to be one of these; one that can't be read counts, so that its fault is told."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")).get("kind") == "traffic"
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return True


def _faults(read: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(set(read) - _KEYS):
        yield f"the key {key} has no meaning"
    for key in sorted(_KEYS - _MAY_BE_LEFT_OUT - set(read)):
        yield f"the key {key} is missing"
    checks: dict[str, tuple[Callable[[Any], bool], str]] = {
        "channel": (lambda value: value in BUILDERS, f"one of {', '.join(BUILDERS)}"),
        "about": (lambda value: isinstance(value, str) and bool(value), "a sentence"),
        "version": (lambda value: type(value) is int and value > 0, "a whole number above 0"),
        "spam": (lambda value: type(value) in (int, float) and 0 <= value <= 1, "a share from 0 to 1"),
        "first_day": (lambda value: type(value) is date, "a day such as 2026-01-05"),
        "days": (lambda value: type(value) is int and 0 < value <= 36_600, "a whole number from 1 to 36600"),
        "languages": (_is_weights, "a table of names with weights, one above 0"),
        "types": (_is_weights, "a table of names with weights, one above 0"),
    }
    for key, (sound, told) in checks.items():
        if key in read and not sound(read[key]):
            yield f"{key} must be {told}"
    if "invite" in read and (read.get("channel") != "voice" or read["invite"] not in INVITES):
        yield f"invite is for the channel voice and one of {', '.join(INVITES)}"
    for key, on in (("evasion", ON), ("lookalikes", LOOKALIKES_ON)):
        yield from _knob_faults(key, read.get(key, {}), on.get(str(read.get("channel")), ()))


def _knob_faults(key: str, knobs: Any, known: Collection[str]) -> Iterator[str]:
    if not isinstance(knobs, dict):
        yield f"{key} must be a table of names with shares from 0 to 1"
        return
    for name, value in knobs.items():
        if name not in known:
            yield f"{key} has no {name} on this channel; there are: {', '.join(known) or 'none'}"
        elif type(value) not in (int, float) or not 0 <= value <= 1:
            yield f"{key} {name} must be a share from 0 to 1"


def _is_weights(value: Any) -> bool:
    return (isinstance(value, dict) and all(type(one) in (int, float) and one >= 0 for one in value.values())
            and any(value.values()))
