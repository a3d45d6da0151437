"""Records of one channel with their truth apart: record i depends on (recipe, version, seed, i) and nothing else.

What a record says of itself (id, numbers, time) is drawn without a look at its label; only its content and its kind of
sender come from its type.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from spamlab.errors import ContentError, UsageError
from spamlab.generate import calls, mail, posts, sms
from spamlab.generate.draws import Weighted, dataset_key, happens, limit, named, record_key, uniform
from spamlab.generate.ends import firms_kept
from spamlab.generate.evasion import Evaded, Knobs
from spamlab.generate.languages import LABELS, Language, Type, read_language
from spamlab.generate.making import Builder, Making
from spamlab.generate.rewording import Rewording, read_rewording
from spamlab.generate.sip import inviter
from spamlab.generate.toml_file import read_toml
from spamlab.generate.traffic_recipe import Recipe, read_traffic_recipe, traffic_recipes
from spamlab.records.economy import Economy, economy_of

BUILDERS: Mapping[str, Builder] = {
    "sms": sms.build, "voice": calls.build, "chat": posts.chat, "social": posts.social, "email": mail.build}
"""Channel -> what makes the content of a record."""
SKETCHES: Mapping[str, Builder] = {"email": mail.sketch}
"""Channel -> what makes the same content without the part that costs most: a whole message (`raw`)."""
HOURS = (2, 1, 1, 1, 1, 2, 6, 14, 24, 30, 32, 32, 33, 32, 31, 31, 33, 35, 36, 34, 30, 22, 12, 5)
"""Weights of the hours of a day where the sender lives, the same for all labels."""
_LABEL, _TYPE, _LANGUAGE = named("label"), named("type"), named("language")
_DAY, _HOUR, _SECOND, _NETWORK = named("day"), named("hour"), named("second"), named("network")
_NO_REWORDING = Rewording()
_HOURS = Weighted(list(enumerate(HOURS)))


class Made:
    """A record and, apart from it, its truth; both plain data with the same "id"."""

    def __init__(self, record: Mapping[str, Any], truth: Mapping[str, Any] | Callable[[], Mapping[str, Any]]) -> None:
        """truth: itself, or what makes it when it is first asked for: most readers of records never ask."""
        self.record = record
        self._truth = truth

    @property
    def truth(self) -> Mapping[str, Any]:
        if callable(self._truth):
            self._truth = self._truth()
        return self._truth

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Made) and (self.record, self.truth) == (other.record, other.truth)

    __hash__ = None  # type: ignore[assignment]


@dataclass(slots=True)
class Part:
    """What is settled of a record before it is composed; nobody changes it.

    id, key: the record's. code: of the language. text: the key that its text is drawn from, 0 for the record's own.
    origin: the key that the machine or number it comes from is drawn from, 0 for the record's own. techniques: those
    that it has beside what the recipe's knobs give it. change: makes another document of a document.
    """

    id: str
    key: int
    code: str
    type: Type
    sent: datetime
    text: int = 0
    origin: int = 0
    techniques: frozenset[str] = frozenset()
    change: Callable[[Callable[[str], str]], Callable[[str], str]] | None = None


class Traffic:
    """Everything that a recipe makes from one seed, in the languages that are given."""

    def __init__(self, recipe: Recipe, languages: Mapping[str, Language], seed: int | str,
                 rewordings: Mapping[str, Rewording] | None = None, economy: Economy | None = None) -> None:
        """languages: by code, at least those of the recipe. rewordings: by code, where a language has one. economy:
        whose hours, months and networks it has. Raises ContentError where a language lacks what is asked for."""
        self.recipe = recipe
        self.economy = economy
        self._seed = seed
        self._root = dataset_key(recipe.name, recipe.version, seed)
        self._spam = limit(recipe.spam)
        self._build = BUILDERS[recipe.channel]
        self._sketch = SKETCHES.get(recipe.channel, self._build)
        self.languages = languages
        self._rewordings = rewordings or {}
        self._knobs = Knobs(recipe.evasion, recipe.lookalikes)
        self._invite = inviter(recipe.invite, seed) if recipe.invite else None
        self._codes = Weighted(list(recipe.languages.items()))
        self._types = {(code, label): self._choice(code, label) for code in recipe.languages for label in LABELS}
        self._firms = {code: firms_kept({label: self._weights(code, label) for label in LABELS})
                       for code in recipe.languages}
        self._first = datetime.combine(recipe.first_day, datetime.min.time(), UTC)
        self._days = Weighted(list(enumerate(_day_weights(recipe, economy))))
        self._hours_ahead = economy.utc_offset if economy is not None else 0.0
        has_networks = economy is not None and recipe.channel in ("sms", "voice")
        self._networks = Weighted(list(economy.operators.items())) if economy is not None and has_networks else None

    def made(self, number: int, *, whole: bool = True) -> Made:
        """Record `number`, from 0. whole: with the whole message (`raw`), which costs most, where there is one."""
        key = record_key(self._root, number)
        label = "spam" if happens(key, _LABEL, self._spam) else "ham"
        code, one = self.drawn_type(key, label)
        return self.composed(Part(f"{self.recipe.channel}-{number:09d}", key, code, one, self.sent(key)), whole=whole)

    def drawn_type(self, key: int, label: str) -> tuple[str, Type]:
        """The language and the type of the record with this key and label."""
        code = self._codes.pick(key, _LANGUAGE)
        return code, self._types[code, label].pick(key, _TYPE)

    def sent(self, key: int) -> datetime:
        """When the record with this key was sent, in UTC."""
        hours = self._days.pick(key, _DAY) * 24 + _HOURS.pick(key, _HOUR) - self._hours_ahead
        return self._first + timedelta(seconds=hours * 3600 + uniform(key, _SECOND, 3600))

    def composed(self, part: Part, *, whole: bool = True) -> Made:
        """The record of which so much is settled; whole: as for `made`."""
        recipe, key, one, sent = self.recipe, part.key, part.type, part.sent
        language, label, rewording = self.languages[part.code], one.label, self._rewordings.get(part.code)
        drawn = self._knobs.drawn(key, label, one.sender) | part.techniques
        document = language.document(one, part.text or key, sent)
        if part.change is not None:
            document = part.change(document)
        give = Evaded(document, key, drawn, rewording or _NO_REWORDING) if drawn else document
        build = self._build if whole else self._sketch
        content, more = build(Making(key, part.id, language, one, sent, give, drawn, part.origin,
                                     self._firms[part.code][label]))
        record = {"id": part.id, "channel": recipe.channel, "language": part.code,
                  "sent": f"{sent.isoformat()[:19]}Z", **content}
        if self._networks is not None:
            record["network"] = self._networks.pick(key, _NETWORK)
        if self._invite is not None:
            record["invite"] = self._invite(record)
        record["label"] = label

        def truth() -> Mapping[str, Any]:
            evaded = give if isinstance(give, Evaded) else Evaded(document, key, drawn, _NO_REWORDING)
            told = evaded.truth()
            return {
                "id": part.id, "label": label, "type": one.name, "recipe": f"{recipe.name} {recipe.version}",
                **told, **more,
                "links": [*evaded.ways(content["text"]), *map(evaded.followed, more.get("links", ()))],
                "techniques": [*told["techniques"], *more.get("techniques", ())]}

        return Made(record, truth)

    def with_recipe(self, recipe: Recipe) -> Traffic:
        """The same seed and languages with a changed recipe. Raises ContentError as the constructor does."""
        return Traffic(recipe, self.languages, self._seed, self._rewordings, self.economy)

    def type_names(self) -> list[str]:
        """The names of all types that the languages of the recipe have on its channel."""
        read = (self.languages[code].types.get(self.recipe.channel, ()) for code in self.recipe.languages)
        return sorted({one.name for types in read for one in types})

    def records(self, start: int, stop: int) -> Iterator[Made]:
        """Records from `start` up to `stop`, which is left out."""
        return (self.made(number) for number in range(start, stop))

    def _weights(self, code: str, label: str) -> list[tuple[Type, float]]:
        """The types of a label with the weights that recipe and economy give them."""
        recipe = self.recipe
        known = {one.name: one for one in self.languages[code].types.get(recipe.channel, ()) if one.label == label}
        wanted = recipe.types or {name: one.weight for name, one in known.items()}
        factors = self.economy.types.get(recipe.channel, {}) if self.economy is not None and not recipe.types else {}
        return [(known[name], weight * factors.get(name, 1.0)) for name, weight in wanted.items() if name in known]

    def _choice(self, code: str, label: str) -> Weighted[Type]:
        recipe, weights = self.recipe, self._weights(code, label)
        if any(weight for _, weight in weights):
            return Weighted(weights)
        if (recipe.spam > 0) if label == "spam" else (recipe.spam < 1):
            raise ContentError(f"{recipe.name}: {code} has no {label} for {recipe.channel} that it asks for")
        return Weighted([(one, 1.0) for one in self.languages[code].types.get(recipe.channel, ())])


def open_traffic(datasets: Path, name: str, seed: int | str, language: str = "", profile: str = "") -> Traffic:
    """The recipe called `name` in the folder `datasets`, with its languages. language: this one alone. profile: an
    economy in datasets/profiles, whose languages, hours, months, networks and kinds of spam it then has.

    Raises UsageError for an unknown recipe, language or profile, ContentError for one with faults.
    """
    known = traffic_recipes(datasets)
    if name not in known:
        raise UsageError(f"there is no recipe called {name}; there are: {', '.join(known) or 'none'}")
    recipe = read_traffic_recipe(datasets / "recipes" / f"{name}.toml")
    economy = read_economy(datasets, profile) if profile else None
    if language:
        recipe = replace(recipe, languages={language: 1.0})
    elif economy is not None:
        spoken = {code: share for code, share in economy.languages.items()
                  if (datasets / "languages" / code / recipe.channel).is_dir()}
        recipe = replace(recipe, languages=spoken or recipe.languages)
    languages = {code: read_language(datasets / "languages" / code, recipe.channel) for code in recipe.languages}
    rewordings = {code: read_rewording(datasets / "languages" / code) for code in recipe.languages}
    return Traffic(recipe, languages, seed, rewordings, economy)


def read_economy(datasets: Path, name: str) -> Economy:
    """An economy by its name in datasets/profiles. Raises UsageError where there is none, ContentError for faults."""
    folder = datasets / "profiles"
    known = sorted(one.stem for one in folder.glob("*.toml") if one.stem != "sources")
    if name not in known:
        raise UsageError(f"there is no profile called {name}; there are: {', '.join(known) or 'none'}")
    return economy_of(name, read_toml(folder / f"{name}.toml", "profile", lambda _read: ()))


def _day_weights(recipe: Recipe, economy: Economy | None) -> list[float]:
    """How busy each day of the recipe is: a month's factor, spread over its days."""
    days = [recipe.first_day + timedelta(days=number) for number in range(recipe.days)]
    if economy is None:
        return [1.0] * len(days)
    return [_factor(day, economy.months) for day in days]


def _factor(day: date, months: Mapping[int, float]) -> float:
    """A month's factor counts for its whole traffic, so that short months are as busy as long ones."""
    return months.get(day.month, 1.0) * 30.4 / monthrange(day.year, day.month)[1]
