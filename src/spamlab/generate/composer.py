"""Composes texts from sound rules, quickly: each alternative becomes one Python expression, as template engines do it.

An alternative such as "Dear {name}, {offer?50} {ask}" is compiled, when it is first drawn, to a function of the key k
(64 bits) and the document d that returns f"Dear {...}, {...}{...}". A rule that holds plain texts alone is looked up
in place; any other is a call. A draw is that of draws.py, written out: the upper bits of (k ^ number) * ODD, where
`number` stands for the slot's place and the rule's name. So a decision knows only the names above it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spamlab.generate.draws import BITS, MASK, ODD, below, mixed, named
from spamlab.generate.slots import RuleSlot, Slot, choices, number_range, pieces, rule_slot, weighed

Facts = Mapping[str, str]
_Give = Callable[[int, "Document"], str]

_CAPITALS, _SMALL = "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz"
_SETS = {"A": _CAPITALS, "a": _SMALL, "x": "0123456789abcdef", "9": "0123456789"}
_AS_LONG_AS_A_TELEPHONE = 9
_BRACES = {"{": "{{", "}": "}}"}
_FACT, _ROW = named("fact"), named("row")
_LEFT_OVER = re.compile(r"[ \t]+(?=\n|$)|(?<=[^\s.!?:|>])  (?=[^\s])|(?<=\w) (?=[,.](?:\s|$))")


@dataclass(frozen=True)
class Table:
    """Rows of things that belong together, such as a country, its capital and its money; cells may hold slots."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Document:
    """What is the same in the whole of one document. key: its own. facts: given by the caller; once: drawn here."""

    __slots__ = ("facts", "key", "once")

    def __init__(self, key: int, facts: Facts) -> None:
        self.key, self.facts, self.once = key, facts, dict[str, str]()


class Composer:
    """Rules as functions of a key and a document. The rules must be sound: `Grammar` sees to that."""

    def __init__(self, rules: Mapping[str, Sequence[str]], facts: Collection[str], tables: Mapping[str, Table]) -> None:
        self._facts, self._tables = facts, tables
        self._texts: dict[str, list[str]] = {}
        for name, alternatives in rules.items():
            self._texts[name] = []
            for text in alternatives:
                weight, plain = weighed(text)
                self._texts[name] += [plain] * weight
        self._space: dict[str, Any] = {"capital": _capital, "quotation": _quotation}
        """What the compiled functions see: rules (r_NAME), plain texts (t_NAME) and helpers (h_NUMBER)."""
        self._ready: dict[str, _Give] = {}

    def document(self, key: int, facts: Facts) -> Callable[[str], str]:
        """A function that gives the text of any rule in one document."""
        one, ready = Document(key, facts), self._ready

        def give(start: str) -> str:
            rule = ready.get(start) or self._rule(start)
            return _tidy(rule(key, one))

        return give

    def _rule(self, name: str) -> _Give:
        """The function of a rule, compiled where it is asked for the first time."""
        if name not in self._ready:
            self._ready[name] = self._space[f"r_{name}"] = self._drawn(self._texts[name], named(name))
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
                chosen = ready[place] = self._compiled(texts[place])
            return chosen if chosen.__class__ is str else chosen(key ^ key >> 32, document)  # type: ignore[operator]

        return drawn

    def _compiled(self, text: str) -> str | _Give:
        """A text as it is, or as the function that fills its slots."""
        parts = pieces(text)
        if all(isinstance(one, str) for one in parts):
            return "".join(one for one in parts if isinstance(one, str))
        inside = "".join(_literal(one) if isinstance(one, str) else f"{{{self._expression(one)}}}" for one in parts)
        # The text comes in as an escaped literal; what is compiled beside it is written in this module.
        return eval(f'lambda k, d: f"{inside}"', self._space)  # type: ignore[no-any-return]

    def _expression(self, slot: Slot) -> str:
        """A slot as a Python expression of k and d, without double quotes and backslashes."""
        written, at = slot.written, mixed(slot.place + 1)
        several = choices(written)
        if len(several) > 1:
            if slot.alone and "" in several:
                several = tuple(f"{one} " if one else "" for one in several)
            return self._drawn_here(several, at)
        if span := number_range(written):
            return f"{span[0]}+({_draw(at)}*{span[1] - span[0] + 1}>>{BITS})"
        if written.startswith("%"):
            return f"{self._helper(_pattern(written[1:]))}(k^{at})"
        one = rule_slot(written)
        assert one is not None  # the grammar has seen it
        found = self._named(one, at)
        if one.quoted:
            found = f"quotation({found})"
        if one.capital:
            found = f"capital({found})" if one.capital == "^" else f"({found}).upper()"
        if one.chance is not None:
            after = "+' '" if slot.alone else ""
            found = f"(({found}){after} if {_draw(mixed(at ^ 1))}<{(one.chance << BITS) // 100} else '')"
        return found

    def _named(self, slot: RuleSlot, at: int) -> str:
        name = slot.name
        if slot.column:
            return f"{self._helper(self._cell(name, slot.column, slot.instance or 1))}(d)"
        if name in self._facts:
            return f"d.facts['{name}']"
        if slot.once:
            return f"{self._helper(self._same(name, slot.instance or 1))}(d)"
        if slot.least is not None and slot.most is not None:
            return f"{self._helper(self._several(name, slot.least, slot.most, slot.joiner))}(k^{at},d)"
        if plain := _plain(self._texts[name]):
            self._space[f"t_{name}"] = plain
            return f"t_{name}[{_draw(at ^ named(name))}*{len(plain)}>>{BITS}]"
        self._rule(name)
        return f"r_{name}(k^{at},d)"

    def _drawn_here(self, texts: Sequence[str], at: int) -> str:
        if plain := _plain(texts):
            return f"{self._helper(plain)}[{_draw(at)}*{len(plain)}>>{BITS}]"
        return f"{self._helper(self._drawn(texts, at))}(k,d)"

    def _helper(self, one: Any) -> str:
        """The name under which the compiled functions find it."""
        name = f"h_{len(self._space)}"
        self._space[name] = one
        return name

    def _same(self, name: str, instance: int) -> Callable[[Document], str]:
        """What a rule gives in the whole document; a second one is another text, where the rule has one."""
        rule, kept, first = self._rule(name), f"{name}!{instance}", f"{name}!1"

        def same(document: Document) -> str:
            found = document.once.get(kept)
            if found is None:
                key = document.key ^ _FACT
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

    def _cell(self, table: str, column: str, instance: int) -> Callable[[Document], str]:
        """A cell of the row that is drawn once for the document; a second row is another one."""
        rows, place = self._tables[table].rows, self._tables[table].columns.index(column)
        cells = [self._compiled(row[place]) for row in rows]
        row_name, kept = named(f"{table} row"), f"{table}!{instance}.{column}"
        cell_name = named(kept)

        def cell(document: Document) -> str:
            found = document.once.get(kept)
            if found is None:
                key = below(document.key ^ _ROW, row_name)
                row = key * len(cells) >> BITS
                if instance > 1 and len(cells) > 1:
                    row = (row + 1 + (mixed(key + instance) * (len(cells) - 1) >> BITS)) % len(cells)
                chosen = cells[row]
                found = chosen if isinstance(chosen, str) else chosen(below(document.key, cell_name), document)
                document.once[kept] = found
            return found

        return cell

    def _several(self, name: str, least: int, most: int, joiner: str) -> _Give:
        """So many different alternatives (all, where there are fewer), in the order in which they are drawn."""
        texts, number, span = self._texts[name], named(name), most - least + 1
        ready: dict[str, str | _Give] = {}

        def several(key: int, document: Document) -> str:
            key = below(key, number)
            left = texts
            found = []
            for _ in range(least + (key * span >> BITS)):
                key = below(key, number)
                text = left[key * len(left) >> BITS]
                chosen = ready.get(text)
                if chosen is None:
                    chosen = ready[text] = self._compiled(text)
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


def _draw(number: int) -> str:
    """A draw of 64 bits as an expression of k."""
    return f"((k^{number})*{ODD}&{MASK})"


def _literal(text: str) -> str:
    """A plain piece as it stands inside f"...": each character that means something there is escaped."""
    return "".join(one if one.isalnum() or one in " .,:;!?()'/-" else _BRACES.get(one, f"\\U{ord(one):08x}")
                   for one in text)


def _pattern(pattern: str) -> Callable[[int], str]:
    sets = [_SETS.get(one, one) for one in pattern]
    if pattern.count("9") >= _AS_LONG_AS_A_TELEPHONE and not pattern.strip("9 ()-./"):
        # A case or a parcel that began with 0 or 1800 could be somebody's telephone number.
        sets[pattern.index("9")] = "23456789"

    def drawn(key: int) -> str:
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
    return "\n".join([f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in _tidy(text).split("\n")])


def _tidy(text: str) -> str:
    text = text.strip()
    if "  " in text or " \n" in text or " ." in text or " ," in text:
        return _LEFT_OVER.sub(lambda found: " " if found.group() == "  " else "", text)
    return text
