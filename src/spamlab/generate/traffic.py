"""Records of one channel with their truth apart: record i depends on (recipe, version, seed, i) and nothing else.

What a record says of itself (id, numbers, time) is drawn without a look at its label; only its content and its kind of
sender come from its type.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from spamlab.errors import ContentError, UsageError
from spamlab.generate import blocks, calls, mail, posts, sms
from spamlab.generate.draws import Weighted, dataset_key, happens, limit, named, record_key, uniform
from spamlab.generate.ends import firms_kept
from spamlab.generate.evasion import Evaded, Knobs
from spamlab.generate.languages import LABELS, Language, Type, read_language
from spamlab.generate.making import Builder, Content, Making, ManyBuilder
from spamlab.generate.rewording import Rewording, read_rewording
from spamlab.generate.settled import Part as Part
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
MANY: Mapping[tuple[str, bool], ManyBuilder] = {("sms", True): sms.build_many, ("sms", False): sms.build_many}
"""Channel, and whether whole records are made -> what makes the content of many."""
_LABEL, _TYPE, _LANGUAGE = named("label"), named("type"), named("language")
_DAY, _HOUR, _SECOND, _NETWORK = named("day"), named("hour"), named("second"), named("network")
_NO_REWORDING = Rewording()
_UNTOUCHED = Evaded(lambda _rule: "", 0, frozenset(), _NO_REWORDING)
_HOURS = Weighted(list(enumerate(HOURS)))


class Made:
    """A record and, apart from it, its truth; both plain data with the same "id"."""

    __slots__ = ("_truth", "record")

    def __init__(self, record: Mapping[str, Any], truth: Mapping[str, Any] | tuple[Any, ...]) -> None:
        """truth: itself, or what makes it when it is first asked for, and its arguments: most readers never ask."""
        self.record = record
        self._truth = truth

    @property
    def truth(self) -> Mapping[str, Any]:
        truth = self._truth  # read once: another thread may ask at the same time
        if isinstance(truth, tuple):
            make, *arguments = truth
            self._truth = truth = make(*arguments)
        return truth

    def __reduce__(self) -> tuple[type[Made], tuple[Mapping[str, Any], Mapping[str, Any]]]:
        return Made, (self.record, self.truth)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Made) and (self.record, self.truth) == (other.record, other.truth)

    __hash__ = None  # type: ignore[assignment]


class Traffic:
    """Everything that a recipe makes from one seed, in the languages that are given."""

    def __init__(self, recipe: Recipe, languages: Mapping[str, Language], seed: int | str,
                 rewordings: Mapping[str, Rewording] | None = None, economy: Economy | None = None) -> None:
        """languages: by code, at least those of the recipe. rewordings: by code, where a language has one. economy:
        whose hours, months and networks it has. Raises ContentError where a language lacks what is asked for."""
        self.recipe = recipe
        self.economy = economy
        self._seed = seed
        self.root = dataset_key(recipe.name, recipe.version, seed)
        self.spam = limit(recipe.spam)
        self._builder = BUILDERS[recipe.channel]
        self._sketch = SKETCHES.get(recipe.channel, self._builder)
        self.languages = languages
        self._rewordings = rewordings or {}
        self.knobs = Knobs(recipe.evasion, recipe.lookalikes)
        self._invite = inviter(recipe.invite, seed) if recipe.invite else None
        self.codes = Weighted(list(recipe.languages.items()))
        self.types = {(code, label): self._choice(code, label) for code in recipe.languages for label in LABELS}
        self.firms = {code: firms_kept({label: self._weights(code, label) for label in LABELS})
                       for code in recipe.languages}
        self.hours = _HOURS
        self._first = datetime.combine(recipe.first_day, datetime.min.time(), UTC)
        self.days = Weighted(list(enumerate(_day_weights(recipe, economy))))
        self._hours_ahead = economy.utc_offset if economy is not None else 0.0
        self.first_second = self._first.timestamp() - self._hours_ahead * 3600
        self._blocks: blocks.Blocks | None = None
        self._tried_blocks = False
        has_networks = economy is not None and recipe.channel in ("sms", "voice")
        self._networks = Weighted(list(economy.operators.items())) if economy is not None and has_networks else None

    def made(self, number: int, *, whole: bool = True) -> Made:
        """Record `number`, from 0. whole: with the whole message (`raw`), which costs most, where there is one."""
        key = record_key(self.root, number)
        label = "spam" if happens(key, _LABEL, self.spam) else "ham"
        code, one = self.drawn_type(key, label)
        return self.composed(Part(f"{self.recipe.channel}-{number:09d}", key, code, one, self.sent(key)), whole=whole)

    def drawn_type(self, key: int, label: str) -> tuple[str, Type]:
        """The language and the type of the record with this key and label."""
        code = self.codes.pick(key, _LANGUAGE)
        return code, self.types[code, label].pick(key, _TYPE)

    def sent(self, key: int) -> datetime:
        """When the record with this key was sent, in UTC."""
        hours = self.days.pick(key, _DAY) * 24 + _HOURS.pick(key, _HOUR) - self._hours_ahead
        return self._first + timedelta(seconds=hours * 3600 + uniform(key, _SECOND, 3600))

    def composed(self, part: Part, *, whole: bool = True) -> Made:
        """The record of which so much is settled; whole: as for `made`."""
        document = self.languages[part.code].document(part.type, part.text or part.key, part.sent)
        if part.change is not None:
            document = part.change(document)
        return self.with_texts(part, document, whole=whole)

    def with_texts(self, part: Part, document: Callable[[str], str], *, whole: bool = True) -> Made:
        """The record of which so much is settled, and what gives the text of any rule; whole: as for `made`."""
        key, one, sent = part.key, part.type, part.sent
        language, label = self.languages[part.code], one.label
        drawn = self.knobs.drawn(key, label, one.sender) | part.techniques
        give = Evaded(document, key, drawn, self.rewording(part.code)) if drawn else document
        made = self.build(whole)(Making(key, part.id, language, one, sent, give, drawn, part.origin,
                                        self.firms[part.code][label]))
        change = give if isinstance(give, Evaded) else None
        return next(self.finished([(part.id, key, one, part.code, f"{sent.isoformat()[:19]}Z", change, made)]))

    def build(self, whole: bool) -> Builder:
        """What makes the content; whole: as for `made`."""
        return self._builder if whole else self._sketch

    def many(self, whole: bool) -> ManyBuilder | None:
        """What makes the content of many records at once, where the channel has it; whole: as for `made`."""
        return MANY.get((self.recipe.channel, whole))

    def rewording(self, code: str) -> Rewording:
        """The rules of a language for other words; empty where it has none."""
        return self._rewordings.get(code) or _NO_REWORDING

    def finished(self, parts: Iterable[tuple[str, int, Type, str, str, Evaded | None, Content]]) -> Iterator[Made]:
        """The records of which these are the id, key, type, language, time, what gave the texts (where techniques were
        applied), and the content."""
        channel, networks, invite, truth = self.recipe.channel, self._networks, self._invite, self._truth
        for name, key, one, code, sent, evaded, (content, more) in parts:
            record = {"id": name, "channel": channel, "language": code, "sent": sent, **content}
            if networks is not None:
                record["network"] = networks.pick(key, _NETWORK)
            if invite is not None:
                record["invite"] = invite(record)
            record["label"] = one.label
            yield Made(record, (truth, name, one, evaded or _UNTOUCHED, record["text"], more))

    def _truth(self, name: str, one: Type, evaded: Evaded, text: str, more: Mapping[str, Any]) -> Mapping[str, Any]:
        told = evaded.truth()
        return {
            "id": name, "label": one.label, "type": one.name, "recipe": f"{self.recipe.name} {self.recipe.version}",
            **told, **more,
            "links": [*evaded.ways(text), *map(evaded.followed, more.get("links", ()))],
            "techniques": [*told["techniques"], *more.get("techniques", ())]}

    def with_recipe(self, recipe: Recipe) -> Traffic:
        """The same seed and languages with a changed recipe. Raises ContentError as the constructor does."""
        return Traffic(recipe, self.languages, self._seed, self._rewordings, self.economy)

    def type_names(self) -> list[str]:
        """The names of all types that the languages of the recipe have on its channel."""
        read = (self.languages[code].types.get(self.recipe.channel, ()) for code in self.recipe.languages)
        return sorted({one.name for types in read for one in types})

    def records(self, start: int, stop: int, *, whole: bool = True) -> Iterator[Made]:
        """Records from `start` up to `stop`, which is left out; many of them in blocks, where numba is installed (see
        blocks.py). whole: as for `made`."""
        if stop - start >= blocks.MANY:
            self.open_blocks()
        if self._blocks is not None and stop - start >= blocks.FEWEST:
            return self._blocks.records(start, stop, whole=whole)
        return (self.made(number, whole=whole) for number in range(start, stop))

    def open_blocks(self) -> bool:
        """Make ready what `records` makes blocks with, however few are asked for; whether that is possible here."""
        if not self._tried_blocks:
            self._blocks, self._tried_blocks = blocks.opened(self), True
        return self._blocks is not None

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
