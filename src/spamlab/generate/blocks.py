"""Many records at once: what is settled of them as columns, their texts by the compiled kernel, to the same bytes.

Needs numba (`pip install spamlab[fast]`). Record i still depends on (recipe, version, seed, i) alone: whether it is
made in a block or by itself changes nothing in it, as a test shows for all recipes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from itertools import chain
from operator import eq
from typing import TYPE_CHECKING

import numpy as np

from spamlab.generate.columns import Keys, Wholes, happens, picked, record_keys, uniform
from spamlab.generate.draws import named
from spamlab.generate.ends import FIRMS
from spamlab.generate.evasion import ACCENTED, READ_ON, Evaded
from spamlab.generate.languages import Language, Type
from spamlab.generate.making import Making, Rows

if TYPE_CHECKING:
    from spamlab.generate.block_texts import BlockTexts
    from spamlab.generate.traffic import Made, Traffic

ROWS = 1024
"""Records that are made at once."""
FEWEST = 256
"""Records for which a block still pays once it can be made."""
MANY = 20_000
"""Records from which blocks pay: before the first, about a second goes by (several where the kernel was not compiled
before)."""
RULES: Mapping[str, Mapping[str, Collection[str]]] = {
    "sms": {"text": (), "sender_name": FIRMS}, "chat": {"text": ()}, "social": {"text": ()},
    "voice": {"transcript": ()}, "email": {"subject": (), "body": (), "from_name": (), "recipient_name": ()}}
"""Channel -> the rules that its builder asks for, each with the kinds of sender for which it does, none for all."""
CHECKED = 64
"""Records that are made both ways before blocks are trusted."""
_THREE_FIGURES = [f"{number:03d}" for number in range(1000)]
_SINCE = datetime(1970, 1, 1, tzinfo=UTC)


def opened(traffic: Traffic) -> Blocks | None:
    """The records of `traffic` in blocks; None where they can't be made so: without numba, where it can't be loaded,
    can't compile, or finds no place to keep what it compiled, for years that the tables don't have, or where the first
    records come out otherwise than one by one (a machine on which the compiled code goes wrong)."""
    try:
        return _sound(traffic) if find_spec("numba") is not None else None
    except Exception:  # numba may fail in any way: it was made for another NumPy, what it kept can't be read, and so on
        return None


def _sound(traffic: Traffic) -> Blocks | None:
    from spamlab.generate import block_texts

    years = [(traffic.recipe.first_day + timedelta(days=days)).year for days in (-1, traffic.recipe.days + 1)]
    if years[0] not in block_texts.YEARS or years[1] not in block_texts.YEARS or traffic.first_second % 1:
        return None
    made = Blocks(traffic)
    one_by_one = (traffic.made(number, whole=False) for number in range(CHECKED))
    return made if all(map(eq, made.records(0, CHECKED, whole=False), one_by_one)) else None


class Blocks:
    """The records of a `Traffic`, many at once."""

    def __init__(self, traffic: Traffic) -> None:
        from spamlab.generate.block_texts import BlockComposer, Kind

        self._traffic = traffic
        self._codes = traffic.codes.things
        self._kinds: list[Kind] = []
        self._places: dict[tuple[str, str], Wholes] = {}
        for tongue, code in enumerate(self._codes):
            for label in ("ham", "spam"):
                things = traffic.types[code, label].things
                self._places[code, label] = np.arange(len(self._kinds), len(self._kinds) + len(things))
                self._kinds += [Kind(code, tongue, one) for one in things]
        self._tongues = np.array([one.tongue for one in self._kinds])
        self._kept = np.array([traffic.firms[one.code][one.type.label] for one in self._kinds])
        self._knobs = [(name, at, often, np.array([traffic.knobs.may(name, one.type.label, one.type.sender)
                                                   for one in self._kinds]))
                       for name, at, often in traffic.knobs.all]
        names = [name for name, *_ in self._knobs]
        self._accents, self._reworded = (sum(1 << place for place, name in enumerate(names) if name in these)
                                         for these in (("accents",), ("paraphrase", "word_salad")))
        self._sets: dict[int, frozenset[str]] = {}
        self._composer = BlockComposer(
            self._kinds, [traffic.languages[code] for code in self._codes], RULES[traffic.recipe.channel],
            ACCENTED if "accents" in names else ())

    def records(self, start: int, stop: int, *, whole: bool) -> Iterator[Made]:
        """As `Traffic.records`."""
        return chain.from_iterable(
            self._block(first, min(first + ROWS, stop), whole) for first in range(start, stop, ROWS))

    def _block(self, start: int, stop: int, whole: bool) -> Iterator[Made]:
        traffic = self._traffic
        keys, kinds, seconds = self._settled(start, stop)
        key_list, second_list, of = keys.tolist(), seconds.tolist(), [self._kinds[kind] for kind in kinds.tolist()]

        def plain(place: int, rule: str) -> str:
            language = traffic.languages[of[place].code]
            return language.document(of[place].type, key_list[place], _moment(second_list[place]))(rule)

        composed = self._composer.texts(keys, kinds, seconds, plain)
        rules = {rule: number for number, rule in enumerate(composed.texts)}
        columns = list(composed.texts.values())

        def give(place: int) -> _Given:
            kind = of[place]
            return _Given(rules, [column[place] for column in columns], traffic.languages[kind.code], kind.type,
                          key_list[place], second_list[place])

        sets = self._techniques(keys, kinds, composed)
        evaded: list[Evaded | None] = [None] * len(keys)
        for place in np.flatnonzero(sets).tolist():
            evaded[place] = Evaded(give(place), key_list[place], self._set(sets.item(place)),
                                   traffic.rewording(of[place].code))
        ids = _ids(traffic.recipe.channel, start, stop)
        sent = np.datetime_as_string(seconds.astype("M8[s]"), timezone="UTC").tolist()
        many = traffic.many(whole)
        if many is not None:
            made = many(Rows(
                keys, kinds, self._tongues[kinds], [one.type for one in self._kinds], self._codes,
                _as_read(composed.texts, evaded), np.where(sets == 0, composed.septets, -1), self._kept[kinds]))
        else:
            build = traffic.build(whole)
            made = [build(Making(
                key_list[place], ids[place], traffic.languages[kind.code], kind.type, _moment(second_list[place]),
                evaded[place] or give(place), self._set(sets.item(place)), 0, self._kept.item(kinds.item(place))))
                for place, kind in enumerate(of)]
        return traffic.finished(zip(ids, key_list, [one.type for one in of], [one.code for one in of], sent, evaded,
                                    made, strict=True))

    def _settled(self, start: int, stop: int) -> tuple[Keys, Wholes, Wholes]:
        """The keys of records, the places of their kinds, and when they were sent, in seconds since 1970."""
        traffic = self._traffic
        keys = record_keys(traffic.root, start, stop)
        spam = happens(keys, named("label"), traffic.spam)
        tongues = picked(traffic.codes, keys, named("language"))
        kinds = np.zeros(len(keys), np.int64)
        for (code, label), places in self._places.items():
            chosen = (spam if label == "spam" else ~spam) & (tongues == self._codes.index(code))
            kinds[chosen] = places[picked(traffic.types[code, label], keys[chosen], named("type"))]
        days, hours = (np.array(of.things)[picked(of, keys, named(name))]
                       for of, name in ((traffic.days, "day"), (traffic.hours, "hour")))
        seconds = int(traffic.first_second) + (days * 24 + hours) * 3600 + uniform(keys, named("second"), 3600)
        return keys, kinds, seconds

    def _techniques(self, keys: Keys, kinds: Wholes, composed: BlockTexts) -> Wholes:
        """The techniques and look-alikes of each record, a bit for each of the recipe's."""
        found = np.zeros(len(keys), np.int64)
        for place, (_, at, often, may) in enumerate(self._knobs):
            found |= (happens(keys, at, often) & may[kinds]).astype(np.int64) << place
        # Most texts have no word to accent: then it need not be tried, unless other words come into the text before.
        has_none = composed.wordless & (found & self._reworded == 0)
        return np.where(has_none, found & ~self._accents, found)

    def _set(self, bits: int) -> frozenset[str]:
        if bits not in self._sets:
            self._sets[bits] = frozenset(name for place, (name, *_) in enumerate(self._knobs) if bits >> place & 1)
        return self._sets[bits]


class _Given:
    """The texts of one record of a block: a `Making.give`. What was not composed for all is composed when asked for.
    It knows nothing of the rest of the block: who keeps a record, whose truth may keep this, would keep the block."""

    __slots__ = ("_key", "_language", "_rules", "_second", "_texts", "_type")

    def __init__(self, rules: Mapping[str, int], texts: Sequence[str], language: Language, one: Type, key: int,
                 second: int) -> None:
        """rules: the places of their texts. second: when it is sent, since 1970."""
        self._rules, self._texts, self._language, self._type = rules, texts, language, one
        self._key, self._second = key, second

    def __call__(self, rule: str) -> str:
        place = self._rules.get(rule)
        if place is None:
            return self._language.document(self._type, self._key, _moment(self._second))(rule)
        return self._texts[place]


def _as_read(texts: Mapping[str, list[str]], evaded: Sequence[Evaded | None]) -> Mapping[str, list[str]]:
    """The texts with techniques applied."""
    found = {rule: list(column) if rule in READ_ON else column for rule, column in texts.items()}
    for place, change in enumerate(evaded):
        if change is not None:
            for rule in READ_ON.intersection(found):
                found[rule][place] = change(rule)
    return found


def _ids(channel: str, start: int, stop: int) -> list[str]:
    """The ids of records from `start` up to `stop`, as `Traffic.made` gives them."""
    found: list[str] = []
    for thousand in range(start // 1000, (stop - 1) // 1000 + 1):
        head = f"{channel}-{thousand:06d}"
        found += [head + end for end in _THREE_FIGURES]
    return found[start % 1000:start % 1000 + stop - start]


def _moment(second: int) -> datetime:
    """The time so many seconds after the beginning of 1970."""
    return _SINCE + timedelta(seconds=second)
