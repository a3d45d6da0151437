"""Composes texts from sound rules: each alternative becomes a function of a key and a document when it is first drawn.

A draw is that of draws.py, written out: the upper bits of (key ^ number) * ODD, where `number` stands for the slot's
place and the rule's name. So a decision knows only the names above it. Rules that many grammars share are made ready
once, by a composer of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from spamlab.generate.draws import BITS, MASK, ODD, below, limit, mixed, named
from spamlab.generate.slots import RuleSlot, Slot, choices, number_range, pieces, rule_slot, weighed

Facts = Mapping[str, str]
_Give = Callable[[int, "Document"], str]

_CAPITALS, _SMALL = "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz"
_SETS = {"A": _CAPITALS, "a": _SMALL, "x": "0123456789abcdef", "9": "0123456789"}
_AS_LONG_AS_A_TELEPHONE = 9
FACT, ROW = named("fact"), named("row")
_LEFT_OVER = re.compile(r"[ \t]+(?=\n|$)|(?<=[^\s.!?:|>])  (?=[^\s])|(?<=\w) (?=[,.،؟](?:\s|$))")


@dataclass(frozen=True)
class Table:
    """Rows of things that belong together, such as a country, its capital and its money; cells may hold slots."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Document:
    """What is the same in the whole of one document. key: its own. facts: given by the caller; once: drawn here."""

    __slots__ = ("facts", "key", "once")

    def __init__(self, key: int, facts: Facts) -> None:
        self.key, self.facts = key, facts
        self.once: dict[str, str] = {}


class Composer:
    """Rules as functions of a key and a document. The rules must be sound: `Grammar` sees to that."""

    def __init__(self, rules: Mapping[str, Sequence[str]], facts: Collection[str], tables: Mapping[str, Table],
                 others: Mapping[str, Composer] | None = None) -> None:
        """others: who composes a rule instead, by its name, so that what many share is made ready once."""
        self.facts, self.tables, self._others = facts, tables, others or {}
        self.texts: dict[str, list[str]] = {}
        for name, alternatives in rules.items():
            if name in self._others:
                self.texts[name] = self._others[name].texts[name]
                continue
            self.texts[name] = []
            for text in alternatives:
                weight, plain = weighed(text)
                self.texts[name] += [plain] * weight
        self._ready: dict[str, _Give] = {}
        self._plain: dict[str, tuple[str, ...]] = {}

    def document(self, key: int, facts: Facts) -> Callable[[str], str]:
        """A function that gives the text of any rule in one document."""
        one, ready = Document(key, facts), self._ready

        def give(start: str) -> str:
            rule = ready.get(start) or self._rule(start)
            return tidy(rule(key, one))

        return give

    def composer_of(self, name: str) -> Composer:
        """Who composes a rule or holds a table."""
        return self._others.get(name, self)

    def _rule(self, name: str) -> _Give:
        """The function of a rule, made ready where it is asked for the first time."""
        if name not in self._ready:
            other = self._others.get(name)
            rule = self._drawn(self.texts[name], named(name)) if other is None else other._rule(name)
            self._ready[name] = rule
        return self._ready[name]

    def _drawn(self, texts: Sequence[str], number: int) -> _Give:
        """A function that draws one of these texts under the name `number`."""
        count = len(texts)
        if plain := _plain(texts):
            return lambda key, _document: plain[((key ^ number) * ODD & MASK) * count >> BITS]
        ready: list[str | _Give | None] = [None] * count

        def drawn(key: int, document: Document) -> str:
            key = (key ^ number) * ODD & MASK
            place = key * count >> BITS
            chosen = ready[place]
            if chosen is None:
                chosen = ready[place] = self._ready_text(texts[place])
            return chosen if chosen.__class__ is str else chosen(key ^ key >> 32, document)  # type: ignore[operator]

        return drawn

    def _ready_text(self, text: str) -> str | _Give:
        """A text as it is, or as the function that fills its slots."""
        parts = [one if isinstance(one, str) else self._slot(one) for one in pieces(text)]
        if all(isinstance(one, str) for one in parts):
            return "".join(one for one in parts if isinstance(one, str))
        if len(parts) == 1 and not isinstance(parts[0], str):
            return parts[0]

        def filled(key: int, document: Document) -> str:
            return "".join([one if one.__class__ is str else one(key, document) for one in parts])  # type: ignore[operator]

        return filled

    def _slot(self, slot: Slot) -> _Give:
        """A slot as a function."""
        written, at = slot.written, mixed(slot.place + 1)
        several = choices(written)
        if len(several) > 1:
            if slot.alone and "" in several:
                several = tuple(f"{one} " if one else "" for one in several)
            return self._drawn(several, at)
        if span := number_range(written):
            low, count = span[0], span[1] - span[0] + 1
            return lambda key, _document: str(low + (((key ^ at) * ODD & MASK) * count >> BITS))
        if written.startswith("%"):
            return _pattern(written[1:], at)
        one = rule_slot(written)
        assert one is not None  # the grammar has seen it
        give = self._named(one, at)
        if one.quoted:
            give = _changed(give, _quotation)
        if one.capital:
            give = _changed(give, _capital if one.capital == "^" else str.upper)
        return give if one.chance is None else _sometimes(give, one.chance, mixed(at ^ 1), " " if slot.alone else "")

    def _named(self, slot: RuleSlot, at: int) -> _Give:
        name = slot.name
        if slot.column:
            return self._cell(name, slot.column, slot.instance or 1)
        if name in self.facts:
            return lambda _key, document: document.facts[name]
        if slot.once:
            return self._same(name, slot.instance or 1)
        if slot.least is not None and slot.most is not None:
            return self._several(name, slot.least, slot.most, slot.joiner, at)
        if plain := self._plain_rule(name):
            number, count = at ^ named(name), len(plain)
            return lambda key, _document: plain[((key ^ number) * ODD & MASK) * count >> BITS]
        rule = self._rule(name)
        return lambda key, document: rule(key ^ at, document)

    def _plain_rule(self, name: str) -> tuple[str, ...]:
        """The texts of a rule that has no slots; nothing for any other rule."""
        plain = self._plain.get(name)
        if plain is None:
            other = self._others.get(name)
            plain = _plain(self.texts[name]) if other is None else other._plain_rule(name)
            self._plain[name] = plain
        return plain

    def _same(self, name: str, instance: int) -> _Give:
        """What a rule gives in the whole document; a second one is another text, where the rule has one."""
        rule, kept, first = self._rule(name), f"{name}!{instance}", f"{name}!1"

        def same(_key: int, document: Document) -> str:
            found = document.once.get(kept)
            if found is None:
                key = document.key ^ FACT
                found = rule(key, document)
                if instance > 1:
                    taken = document.once.setdefault(first, found)
                    for turn in range(1, 9):
                        found = rule(mixed(key + 16 * instance + turn), document)
                        if found != taken:
                            break
                document.once[kept] = found
            return found

        return same

    def _cell(self, table: str, column: str, instance: int) -> _Give:
        """A cell of the row that is drawn once for the document; a second row is another one."""
        rows, place = self.tables[table].rows, self.tables[table].columns.index(column)
        cells = [self._ready_text(row[place]) for row in rows]
        row_name, kept = named(f"{table} row"), f"{table}!{instance}.{column}"
        cell_name = named(kept)

        def cell(_key: int, document: Document) -> str:
            found = document.once.get(kept)
            if found is None:
                key = below(document.key ^ ROW, row_name)
                row = key * len(cells) >> BITS
                if instance > 1 and len(cells) > 1:
                    row = (row + 1 + (mixed(key + instance) * (len(cells) - 1) >> BITS)) % len(cells)
                chosen = cells[row]
                found = chosen if isinstance(chosen, str) else chosen(below(document.key, cell_name), document)
                document.once[kept] = found
            return found

        return cell

    def _several(self, name: str, least: int, most: int, joiner: str, at: int) -> _Give:
        """So many different alternatives (all, where there are fewer), in the order in which they are drawn."""
        texts, number, span = self.texts[name], named(name), most - least + 1
        ready: dict[str, str | _Give] = {}

        def several(key: int, document: Document) -> str:
            key = below(key ^ at, number)
            left = texts
            found = []
            for _ in range(least + (key * span >> BITS)):
                key = below(key, number)
                text = left[key * len(left) >> BITS]
                chosen = ready.get(text)
                if chosen is None:
                    chosen = ready[text] = self._ready_text(text)
                found.append(chosen if isinstance(chosen, str) else chosen(key, document))
                # The same text may stand among the alternatives more than once, for its weight.
                left = [one for one in left if one != text]
                if not left:
                    break
            return joiner.join(found)

        return several


def _plain(texts: Sequence[str]) -> tuple[str, ...]:
    """The texts as they are, where none has a slot; else nothing."""
    found = [pieces(text) for text in texts]
    if any(not isinstance(piece, str) for one in found for piece in one):
        return ()
    return tuple("".join(piece for piece in one if isinstance(piece, str)) for one in found)


def _changed(give: _Give, change: Callable[[str], str]) -> _Give:
    return lambda key, document: change(give(key, document))


def _sometimes(give: _Give, chance: int, number: int, after: str) -> _Give:
    below_this = limit(chance / 100)
    return lambda key, document: (
        give(key, document) + after if (key ^ number) * ODD & MASK < below_this else "")


def pattern_sets(pattern: str) -> list[str]:
    """For each place of a pattern such as AA-999 the characters of which one is drawn."""
    sets = [_SETS.get(one, one) for one in pattern]
    if pattern.count("9") >= _AS_LONG_AS_A_TELEPHONE and not pattern.strip("9 ()-./"):
        # A case or a parcel that began with 0 or 1800 could be somebody's telephone number.
        sets[pattern.index("9")] = "23456789"
    return sets


def _pattern(pattern: str, at: int) -> _Give:
    sets = pattern_sets(pattern)

    def drawn(key: int, _document: Document) -> str:
        key ^= at
        found = []
        for letters in sets:
            key = mixed(key + 1)
            found.append(letters[key * len(letters) >> BITS])
        return "".join(found)

    return drawn


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _quotation(text: str) -> str:
    """Each line with "> " before it; a line that is a quotation already gets one more ">"."""
    return "\n".join([f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in tidy(text).split("\n")])


def tidy(text: str) -> str:
    """The text without what empty slots left behind in it."""
    text = text.strip()
    if "  " in text or " \n" in text or " ." in text or " ," in text or " ،" in text:
        return _LEFT_OVER.sub(lambda found: " " if found.group() == "  " else "", text)
    return text
