"""Grammars as flat tables of numbers, from which `kernel.py` composes whole blocks of texts.

Every piece of text, slot and rule is a node: a row of `NODE` that says what is done (`op`) and with what. What the
fields hold, by op:

| op | gives | first, count | others |
| --- | --- | --- | --- |
| LITERAL | bytes as they are | place and length in `letters` | |
| JOINED | its children one after the other | in `children` | |
| DRAWN | one of its children | in `children` | number: of the draw |
| RANGE | a whole number | least, how many | number: of the draw |
| PATTERN | a letter of each child | in `children` | number: of the draw |
| CHANCE | its child or nothing | the child | more: below it the child comes; third: what follows it, or -1 |
| CAPITAL, CAPITALS, QUOTED | its child, changed | the child | |
| FACT | what the caller gives | which of `languages.FACTS` | |
| ONCE | a rule, the same in the whole document | the rule | third: the instance |
| CELL | a cell of a table's row | in `children` | number: of the row, more: of the cell; third: the instance |
| SEVERAL | different children, joined | in `children` | number, more: of the slot; third, fourth, fifth: see below |

SEVERAL holds the least number of children (third), how many numbers from there on may be drawn (fourth), and the node
that comes between (fifth).

The meaning is the composer's, whose plain Python is what counts: a test holds both against each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spamlab.generate.composer import Composer, pattern_sets
from spamlab.generate.draws import MASK, limit, mixed, named
from spamlab.generate.kernel import (
    CAPITAL,
    CAPITALS,
    CELL,
    CHANCE,
    DRAWN,
    FACT,
    JOINED,
    LITERAL,
    ONCE,
    PATTERN,
    QUOTED,
    RANGE,
    SEVERAL,
)
from spamlab.generate.languages import FACTS
from spamlab.generate.slots import RuleSlot, Slot, choices, number_range, pieces, rule_slot
from spamlab.generate.texture import HABITS, Texture, right_words

NODE = np.dtype([("number", "u8"), ("more", "u8"), ("op", "i4"), ("first", "i4"), ("count", "i4"), ("third", "i4"),
                 ("fourth", "i4"), ("fifth", "i4")])


@dataclass(frozen=True)
class Tables:
    """What the kernel reads: nodes (of `NODE`), children (places of nodes), letters (UTF-8)."""

    nodes: NDArray[Any]
    children: NDArray[np.int32]
    letters: NDArray[np.uint8]


class Flattening:
    """Nodes that are being gathered; each rule, text and slot becomes one of them once."""

    def __init__(self) -> None:
        self._nodes: list[tuple[int, ...]] = []
        self._children: list[int] = []
        self._letters = bytearray()
        self._known: dict[object, int] = {}

    def tables(self) -> Tables:
        """All that was added so far."""
        return Tables(np.array(self._nodes, NODE), np.array(self._children or [0], np.int32),
                      np.frombuffer(bytes(self._letters) or b"\0", np.uint8))

    def literal(self, text: str) -> int:
        """The node of a text without slots."""
        found = self._known.get(text)
        if found is None:
            octets = text.encode()
            found = self._known[text] = self._node(LITERAL, len(self._letters), len(octets))
            self._letters += octets
        return found

    def rule(self, composer: Composer, name: str) -> int:
        """The node of a rule."""
        composer = composer.composer_of(name)
        place = (id(composer), name)
        if place not in self._known:
            self._known[place] = self._drawn(composer, composer.texts[name], named(name))
        return self._known[place]

    def _node(self, op: int, first: int, count: int = 0, number: int = 0, more: int = 0,
              others: Sequence[int] = ()) -> int:
        self._nodes.append((number, more, op, first, count, *others, *(0, 0, 0)[len(others):]))
        return len(self._nodes) - 1

    def _family(self, nodes: Sequence[int]) -> tuple[int, int]:
        """(first, count) of nodes that are put side by side in `children`."""
        first = len(self._children)
        self._children += nodes
        return first, len(nodes)

    def _drawn(self, composer: Composer, texts: Sequence[str], number: int) -> int:
        return self._node(DRAWN, *self._texts(composer, texts), number=number)

    def _texts(self, composer: Composer, texts: Sequence[str]) -> tuple[int, int]:
        return self._family([self._text(composer, text) for text in texts])

    def _text(self, composer: Composer, text: str) -> int:
        place = (id(composer), text, "text")
        found = self._known.get(place)
        if found is None:
            parts = pieces(text)
            nodes = [self.literal(one) if isinstance(one, str) else self._slot(composer, one) for one in parts]
            if all(isinstance(one, str) for one in parts):
                found = self.literal("".join(one for one in parts if isinstance(one, str)))
            else:
                found = nodes[0] if len(nodes) == 1 else self._node(JOINED, *self._family(nodes))
            self._known[place] = found
        return found

    def _slot(self, composer: Composer, slot: Slot) -> int:
        written, at = slot.written, mixed(slot.place + 1)
        several = choices(written)
        if len(several) > 1:
            if slot.alone and "" in several:
                several = tuple(f"{one} " if one else "" for one in several)
            return self._drawn(composer, several, at)
        if span := number_range(written):
            return self._node(RANGE, span[0], span[1] - span[0] + 1, at)
        if written.startswith("%"):
            return self._node(PATTERN, *self._family([self.literal(one) for one in pattern_sets(written[1:])]), at)
        one = rule_slot(written)
        assert one is not None  # the grammar has seen it
        node = self._named(composer, one, at)
        if one.quoted:
            node = self._node(QUOTED, node)
        if one.capital:
            node = self._node(CAPITAL if one.capital == "^" else CAPITALS, node)
        if one.chance is None:
            return node
        after = self.literal(" ") if slot.alone else -1
        return self._node(CHANCE, node, 0, mixed(at ^ 1), limit(one.chance / 100), (after,))

    def _named(self, composer: Composer, slot: RuleSlot, at: int) -> int:
        name, instance = slot.name, slot.instance or 1
        if slot.column:
            composer, table = composer.composer_of(name), composer.tables[name]
            place = table.columns.index(slot.column)
            return self._node(CELL, *self._texts(composer, [row[place] for row in table.rows]), named(f"{name} row"),
                              named(f"{name}!{instance}.{slot.column}"), (instance,))
        if name in composer.facts:
            return self._node(FACT, FACTS.index(name))
        if slot.once:
            return self._node(ONCE, self.rule(composer, name), others=(instance,))
        if slot.least is not None and slot.most is not None:
            composer = composer.composer_of(name)
            return self._node(SEVERAL, *self._texts(composer, composer.texts[name]), named(name), at,
                              (slot.least, slot.most - slot.least + 1, self.literal(slot.joiner)))
        rule = self._nodes[self.rule(composer, name)]
        # The slot's place is drawn into the rule's number: (key ^ at) ^ number is key ^ (at ^ number).
        return self._node(DRAWN, rule[3], rule[4], rule[0] ^ at)


@dataclass(frozen=True)
class Habits:
    """How the careless writers of several languages write, in their order, for the kernel.

    names: of `texture.HABITS`, for draws. often: share of writers who have each, as `draws.limit` gives it, (languages,
    habits). forms: (languages, places, 2), the `word_table` of short forms. growth: how many times as long a text may
    become at most. steps: from which draws on at least one word, at least two words, ... are right before a slip.
    """

    names: NDArray[np.uint64]
    often: NDArray[np.uint64]
    forms: NDArray[np.int32]
    growth: NDArray[np.int64]
    steps: NDArray[np.uint64]


def habits(flattening: Flattening, textures: Sequence[Texture]) -> Habits:
    """The habits of these textures; their words become literals."""
    size = max((len(one.words) for one in textures), default=0)
    return Habits(
        np.array([named(name) for name in HABITS], np.uint64),
        np.array([[min(limit(one.shares.get(name, 0.0)), MASK) for name in HABITS] for one in textures], np.uint64),
        np.array([word_table(flattening, one.words, size) for one in textures], np.int32),
        np.array([3 + max((len(short) for short in one.words.values()), default=0) for one in textures], np.int64),
        _steps())


def word_table(flattening: Flattening, words: Mapping[str, str], size: int = 0) -> NDArray[np.int32]:
    """A table of words for the kernel, with room for `size` and twice as many as there are: (places, 2), by a hash of
    the word; the node of the word and the node of what belongs to it, -1 for none."""
    rows = np.full((1 << (2 * max(size, len(words)) + 1).bit_length(), 2), -1, np.int32)
    for word, other in words.items():
        row = _hash(word) & (len(rows) - 1)
        while rows[row, 0] >= 0:
            row = (row + 1) & (len(rows) - 1)
        rows[row] = flattening.literal(word), flattening.literal(other)
    return rows


def _hash(word: str) -> int:
    """FNV-1a, as in `kernel.looked_up`."""
    code = 0xCBF29CE484222325
    for octet in word.encode():
        code = (code ^ octet) * 0x100000001B3 & MASK
    return code


@cache
def _steps() -> NDArray[np.uint64]:
    """See `Habits`: `texture.right_words` as a table, so that both compute with the same logarithms."""
    found = []
    low, most = 0, (1 << 53) - 1
    for many in range(1, right_words(most * 2.0**-53) + 1):
        high = most
        while low < high:
            middle = (low + high) // 2
            if right_words(middle * 2.0**-53) >= many:
                high = middle
            else:
                low = middle + 1
        found.append(low)
    return np.array(found, np.uint64)
