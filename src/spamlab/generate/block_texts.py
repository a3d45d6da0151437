"""The texts of many records at once: composed by the kernel, finished here where it leaves something to be done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spamlab.generate import kernel
from spamlab.generate.columns import Keys, Wholes, drawn
from spamlab.generate.composer import FACT, ROW, tidy
from spamlab.generate.draws import MASK, limit
from spamlab.generate.flat import Flattening, habits, word_table
from spamlab.generate.languages import FACTS, WRITES, Language, Type
from spamlab.generate.texture import KIND, LIKELY, PLACE, RUNNING, SHORT, SLIP, careless

_ROOM = 1 << 21
"""Octets for the texts of a block; where they are too few, the rest is composed in a second call."""
_GIVEN = np.array([FACT, ROW, SLIP, KIND, PLACE, SHORT, LIKELY], np.uint64)
"""In the order of `kernel.IS_FACT` and so on."""
_TO_DO = kernel.TIDY | kernel.LEFT | kernel.CARELESS


@dataclass(frozen=True)
class Kind:
    """A type in one language. tongue: the language's place among those of the recipe."""

    code: str
    tongue: int
    type: Type


@dataclass(frozen=True)
class BlockTexts:
    """Texts by rule, each a list with one for each record.

    wordless: whether all running texts of a record are known to have none of the words that were asked for. septets: of
    the first rule's text where each of its characters is one (see gsm.py), -1 for others.
    """

    texts: Mapping[str, list[str]]
    wordless: NDArray[np.bool_]
    septets: Wholes


class BlockComposer:
    """Composes the texts of the rules that a channel asks for, in the documents of many records."""

    def __init__(self, kinds: Sequence[Kind], languages: Sequence[Language], rules: Mapping[str, Collection[str]],
                 words: Collection[str]) -> None:
        """languages: by their place. rules: name -> the kinds of sender whose texts are asked for it, none for all.
        words: that are looked for (see `BlockTexts.wordless`), of three letters or more."""
        flattening = Flattening()
        self._rules, self._languages = list(rules), languages
        self._roots = np.array([
            [flattening.rule(one.type.grammar.composer, rule)
             if rule in one.type.grammar and (not senders or one.type.sender in senders) else -1
             for rule, senders in rules.items()] for one in kinds], np.int64)
        self._running = np.array([rule in RUNNING for rule in rules])
        self._tongues = np.array([one.tongue for one in kinds])
        self._writes = np.array([min(limit(one.type.writes), MASK) for one in kinds], np.uint64)
        self._habits = habits(flattening, [one.texture for one in languages])
        self._words = word_table(flattening, dict.fromkeys(words, ""))
        self._facts = _facts(flattening, languages)
        self._tables = flattening.tables()

    def texts(self, keys: Keys, kinds: Wholes, seconds: Wholes, plain: Callable[[int, str], str]) -> BlockTexts:
        """The texts of records with these keys, kinds (their places) and times (since 1970). plain: composes a rule's
        text in the document of one record, by its place here, without the kernel."""
        rules, tongues = self._rules, self._tongues[kinds]
        writes = self._writes[kinds]
        is_careless = (writes > 0) & (drawn(keys, WRITES) < writes)
        writers = np.where(is_careless[:, None] & self._running, tongues[:, None], -1)
        texts, marks, lengths = self._composed(
            self._roots[kinds].ravel(), np.repeat(keys, len(rules)),
            np.repeat(self._facts_of(tongues, seconds), len(rules), axis=0), writers.ravel())
        for place in np.flatnonzero(marks & _TO_DO).tolist():
            record, rule = divmod(place, len(rules))
            if marks[place] & kernel.LEFT:
                texts[place] = plain(record, rules[rule])
                continue
            if marks[place] & kernel.TIDY:
                texts[place] = tidy(texts[place])
            if marks[place] & kernel.CARELESS:
                texts[place] = careless(texts[place], keys.item(record), self._languages[tongues[record]].texture)
        marks = marks.reshape(-1, len(rules))
        return BlockTexts(
            {rule: texts[number::len(rules)] for number, rule in enumerate(rules)},
            (marks[:, self._running] & (_TO_DO | kernel.WORDS) == 0).all(axis=1),
            np.where(marks[:, 0] & kernel.GSM > 0, lengths[::len(rules)], -1))

    def _composed(self, roots: Wholes, keys: Keys, facts: Wholes, writers: Wholes,
                  ) -> tuple[list[str], NDArray[np.int8], Wholes]:
        """What the kernel makes: texts, marks, lengths in octets."""
        tables, of = self._tables, self._habits
        ends, marks = np.empty((len(roots), 2), np.int64), np.empty(len(roots), np.int8)
        texts: list[str] = []
        out = np.empty(_ROOM, np.uint8)
        while len(texts) < len(roots):
            at = len(texts)
            done = kernel.compose_all(
                tables.nodes, tables.children, tables.letters, _GIVEN, of.forms, of.steps, of.names, of.often,
                of.growth, self._words, roots[at:], keys[at:], facts[at:], writers[at:], out, ends[at:], marks[at:])
            if not done:  # not even one text fits
                out = np.empty(2 * len(out), np.uint8)
                continue
            octets = out[:ends[at + done - 1, 1]].tobytes()
            letters = octets.decode("latin-1")  # right for ASCII, and cut faster than octets are decoded one by one
            begins, stops = ends[at:at + done].T.tolist()
            texts += [letters[begin:stop] for begin, stop in zip(begins, stops, strict=True)]
            for place in (at + np.flatnonzero(marks[at:at + done] & kernel.WIDE)).tolist():
                texts[place] = octets[slice(*ends[place].tolist())].decode()
        return texts, marks, ends[:, 1] - ends[:, 0]

    def _facts_of(self, tongues: Wholes, seconds: Wholes) -> Wholes:
        """The nodes of `languages.FACTS` for texts that are sent then."""
        days = seconds // 86400
        months = days.astype("M8[D]").astype("M8[M]")
        told = {"weekday": (days + 3) % 7, "tomorrow": (days + 4) % 7,  # 1970 began on a Thursday
                **dict.fromkeys(("day", "day_number"), days - months.astype("M8[D]").astype(np.int64)),
                "month": months.astype(np.int64) % 12,
                "year": months.astype("M8[Y]").astype(np.int64),
                "hour": seconds // 3600 % 24, "minute": seconds // 60 % 60}
        return np.column_stack([self._facts[name][tongues, told[name]] for name in FACTS])


YEARS = range(1970, 2370)
"""Of which the texts may tell."""


def _facts(flattening: Flattening, languages: Sequence[Language]) -> dict[str, Wholes]:
    """Fact -> the nodes of all that can be said of a day, as `Language.facts` says it, (languages, ...)."""
    def nodes(texts: Sequence[str]) -> list[int]:
        return [flattening.literal(text) for text in texts]

    in_any = {"day_number": [str(day) for day in range(1, 32)], "year": [str(year) for year in YEARS],
              "hour": [f"{hour:02d}" for hour in range(24)], "minute": [f"{minute:02d}" for minute in range(60)]}
    return {
        **{name: np.array([nodes(texts)] * len(languages)) for name, texts in in_any.items()},
        "day": np.array([nodes(one.days()) for one in languages]),
        **{name: np.array([nodes(one.weekdays) for one in languages]) for name in ("weekday", "tomorrow")},
        "month": np.array([nodes(one.months) for one in languages])}
