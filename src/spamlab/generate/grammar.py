"""A grammar of texts: rules with alternatives, and slots in them; each document is a new composition.

A rule is a list of alternatives, one of which is drawn. An alternative is text with slots:

| slot | stands for |
| --- | --- |
| `{rule}` | what the rule gives, drawn anew at this place |
| `{!rule}` | what the rule gives in this document: the same wherever it stands; `{!rule!2}` a second one |
| `{table.column}` | a cell of the table's row that was drawn for this document; `{table!2.column}` of a second row |
| `{rule^}` | the same with a capital letter at its beginning; `{rule^^}` in capitals |
| `{rule?30}` | the rule in 30 of 100 documents, nothing in the others; a space after it goes with it |
| `{rule*2-4}` | two to four different alternatives of the rule, with spaces between; `{rule*2-4~, }` with a comma |
| `{>rule}` | the rule as a quotation in mail: "> " before each line |
| `{one|two {rule}|}` | one of these texts, which may hold slots |
| `{#10-99}` | a whole number |
| `{%AA-999}` | letters and digits: A for a capital, a for a small letter, x for a hexadecimal digit, 9 for a digit |
| `{{`, `}}` | a brace |

An alternative that begins with `3* ` is three times as likely. Facts that the caller gives (a name, a link) are slots
like rules. A decision is named by its place in the tree of rules, so a new alternative changes documents only where it
is drawn. What empty slots leave behind in a text (doubled spaces, a space before a full stop) is taken away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from spamlab.generate.draws import BITS, below, mixed, named

Facts = Mapping[str, str]
_Part = Callable[[int, "_Document"], str]
_Compiled = str | list[str | _Part]

_WEIGHT = re.compile(r"(\d{1,3})\* ")
_RULE = re.compile(
    r"(>?)(!?)([a-z][a-z0-9_]*)(?:!(\d))?(?:\.([a-z][a-z0-9_]*))?(\^{0,2})(?:\?(\d{1,2}))?"
    r"(?:\*(\d{1,2})-(\d{1,2})(?:~(.*))?)?", re.DOTALL)
_RANGE = re.compile(r"#(\d{1,9})-(\d{1,9})")
_CAPITALS, _SMALL = "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz"
_SETS = {"A": _CAPITALS, "a": _SMALL, "x": "0123456789abcdef", "9": "0123456789"}
_FACT, _ROW = named("fact"), named("row")
_LEFT_OVER = re.compile(r"[ \t]+(?=\n|$)|(?<=[^\s.!?:|>])  (?=[^\s])|(?<=\w) (?=[,.](?:\s|$))")


@dataclass(frozen=True)
class Table:
    """Rows of things that belong together, such as a country, its capital and its money; cells may hold slots."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Slot:
    """A slot as it was written. place: its own, from 0, among those of its text; alone: spaces stand on both sides."""

    written: str
    place: int
    alone: bool


class _Document:
    """What is the same in the whole of one document. key: its own. facts: given by the caller; once: drawn here."""

    __slots__ = ("facts", "key", "once")

    def __init__(self, key: int, facts: Facts) -> None:
        self.key, self.facts, self.once = key, facts, dict[str, str]()


class _Rule:
    """A rule that is ready to be drawn from: its alternatives as often as they weigh, compiled when first drawn."""

    def __init__(self, number: int, texts: Sequence[str], compiled: Callable[[str], _Compiled]) -> None:
        self.number = number
        self.texts: list[str] = []
        for text in texts:
            weight, plain = _weighed(text)
            self.texts += [plain] * weight
        self.ready: list[_Compiled | None] = [None] * len(self.texts)
        self.compiled = compiled

    def give(self, key: int, document: _Document) -> str:
        key = below(key, self.number)
        return self.filled(key * len(self.ready) >> BITS, key, document)

    def filled(self, place: int, key: int, document: _Document) -> str:
        """Alternative `place` in the document."""
        chosen = self.ready[place]
        if chosen is None:
            chosen = self.ready[place] = self.compiled(self.texts[place])
        return chosen if isinstance(chosen, str) else _joined(chosen, key, document)

    def several(self, key: int, document: _Document, count: int, joiner: str) -> str:
        """So many different alternatives (all, where there are fewer), in the order in which they are drawn."""
        left = list(range(len(self.texts)))
        found = []
        for _ in range(count):
            key = below(key, self.number)
            place = left[key * len(left) >> BITS]
            found.append(self.filled(place, key, document))
            # The same text may stand among the alternatives more than once, for its weight.
            left = [one for one in left if self.texts[one] != self.texts[place]]
            if not left:
                break
        return joiner.join(found)


class Grammar:
    """Rules that were read and found sound."""

    def __init__(self, rules: Mapping[str, Sequence[str]], facts: Collection[str] = (),
                 tables: Mapping[str, Table] | None = None) -> None:
        """rules: name -> alternatives. facts: names that the caller gives with each document. tables: by name.

        Raises ValueError with all faults, one a line, each naming its rule and alternative.
        """
        tables = tables or {}
        faults = list(_faults(rules, facts, tables))
        if faults:
            raise ValueError("\n".join(faults))
        self._facts = frozenset(facts)
        self._rules = {name: _Rule(named(name), texts, self._compiled) for name, texts in rules.items()}
        self._cells = {(name, column): [self._compiled(row[place]) for row in table.rows]
                       for name, table in tables.items() for place, column in enumerate(table.columns)}

    def expand(self, start: str, key: int, facts: Facts | None = None) -> str:
        """The text of rule `start` in the document `key`; the same for the same key, facts and rules."""
        return self.document(key, facts)(start)

    def document(self, key: int, facts: Facts | None = None) -> Callable[[str], str]:
        """A function that gives the text of any rule of one document: facts drawn in one are the same in the next."""
        one = _Document(key, facts or {})
        return lambda start: _tidy(self._rules[start].give(key, one))

    def __contains__(self, name: object) -> bool:
        return name in self._rules

    def _compiled(self, text: str, above: int = 0) -> _Compiled:
        """above: the number of the slot that this text stands in, 0 for none."""
        parts: list[str | _Part] = []
        for one in _pieces(text):
            if isinstance(one, str):
                parts.append(one)
            else:
                parts.append(self._part(one, mixed(above ^ (one.place + 1))))
        if not parts:
            return ""
        return parts[0] if len(parts) == 1 and isinstance(parts[0], str) else parts

    def _part(self, slot: _Slot, at: int) -> _Part:
        """A slot as a function."""
        written = slot.written
        choices = _choices(written)
        if len(choices) > 1:
            if slot.alone and "" in choices:
                choices = [f"{one} " if one else "" for one in choices]
            return _choice([self._compiled(one, at) for one in choices], at)
        if found := _RANGE.fullmatch(written):
            return _number(int(found.group(1)), int(found.group(2)), at)
        if written.startswith("%"):
            return _pattern(written[1:], at)
        matched = _RULE.fullmatch(written)
        assert matched is not None  # `_faults` has seen it
        quoted, once, name, instance, column, capital, chance, least, most, joiner = matched.groups()
        if column is not None:
            part = self._cell_part(name, column, int(instance or 1))
        elif name in self._facts:
            part = _fact(name)
        elif once:
            part = self._same_part(name, int(instance or 1))
        elif least is not None and most is not None:
            part = _several(self._rules[name], at, int(least), int(most), " " if joiner is None else joiner)
        else:
            part = _anew(self._rules[name], at)
        if quoted:
            part = _quotation(part)
        if capital:
            part = _capital(part) if capital == "^" else _capitals(part)
        return part if chance is None else _sometimes(part, int(chance), at, " " if slot.alone else "")

    def _same_part(self, name: str, instance: int) -> _Part:
        """What a rule gives in the whole document; a second one is another text, where the rule has one."""
        rule = self._rules[name]
        kept = f"{name}!{instance}"
        first = f"{name}!1"

        def same(_key: int, document: _Document) -> str:
            found = document.once.get(kept)
            if found is None:
                key = document.key ^ _FACT
                found = rule.give(key, document)
                if instance > 1:
                    taken = document.once.setdefault(first, found)
                    for turn in range(1, 9):
                        found = rule.give(mixed(key + 16 * instance + turn), document)
                        if found != taken:
                            break
                document.once[kept] = found
            return found

        return same

    def _cell_part(self, table: str, column: str, instance: int) -> _Part:
        row_name, kept = named(f"{table} row"), f"{table}!{instance}.{column}"
        cell_name = named(kept)

        def cell(_key: int, document: _Document) -> str:
            found = document.once.get(kept)
            if found is None:
                cells = self._cells[table, column]
                key = below(document.key ^ _ROW, row_name)
                row = key * len(cells) >> BITS
                if instance > 1 and len(cells) > 1:
                    row = (row + 1 + (mixed(key + instance) * (len(cells) - 1) >> BITS)) % len(cells)
                found = document.once[kept] = _filled(cells[row], below(document.key, cell_name), document)
            return found

        return cell


def names_in(alternatives: Sequence[str]) -> list[str]:
    """The names of the rules, facts and tables that stand in slots of these alternatives."""
    found = []
    for text in alternatives:
        for slot in _pieces(text):
            if isinstance(slot, str):
                continue
            choices = _choices(slot.written)
            if len(choices) > 1:
                found += names_in(choices)
            elif matched := _RULE.fullmatch(slot.written):
                found.append(matched.group(3))
    return found


@cache
def _pieces(text: str) -> tuple[str | _Slot, ...]:
    """The text as plain pieces and slots, in order. Raises ValueError where a brace stands alone."""
    if "{" not in text and "}" not in text:
        return (text,) if text else ()
    pieces: list[str | _Slot] = []
    plain: list[str] = []
    place = slots = 0
    while place < len(text):
        one = text[place]
        if one not in "{}":
            end = place + 1
            while end < len(text) and text[end] not in "{}":
                end += 1
            plain.append(text[place:end])
            place = end
        elif text[place:place + 2] == one * 2:
            plain.append(one)
            place += 2
        else:
            end = _slot_end(text, place)
            before = "".join(plain)
            alone = (not before or before[-1] in " \n") and (place == 0 or text[place - 1] in " \n") \
                and text[end:end + 1] == " "
            written = text[place + 1:end - 1]
            if before:
                pieces.append(before)
            plain = []
            pieces.append(_Slot(written, slots, alone))
            slots += 1
            # The space after a slot that may be empty belongs to it.
            place = end + 1 if alone and _may_be_empty(written) else end
    if plain:
        pieces.append("".join(plain))
    return tuple(pieces)


def _slot_end(text: str, start: int) -> int:
    """The place after the brace that closes the one at `start`. Raises ValueError where there is none."""
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth <= 0:
            break
    if not depth and text[start] == "{":
        return place + 1
    raise ValueError(f"a brace stands alone: {text[max(0, start - 20):start + 40]!r}")


def _may_be_empty(written: str) -> bool:
    choices = _choices(written)
    if len(choices) > 1:
        return "" in choices
    matched = _RULE.fullmatch(written)
    return matched is not None and matched.group(7) is not None


def _choices(written: str) -> list[str]:
    """What stands between the bars of a slot, those inside its own slots left alone."""
    found, depth = [""], 0
    for one in written:
        depth += (one == "{") - (one == "}")
        if one == "|" and not depth:
            found.append("")
        else:
            found[-1] += one
    return found


def _filled(chosen: _Compiled, key: int, document: _Document) -> str:
    return chosen if isinstance(chosen, str) else _joined(chosen, key, document)


def _joined(parts: list[str | _Part], key: int, document: _Document) -> str:
    return "".join([part if isinstance(part, str) else part(key, document) for part in parts])


def _tidy(text: str) -> str:
    text = text.strip()
    if "  " in text or " \n" in text or " ." in text or " ," in text:
        return _LEFT_OVER.sub(lambda found: " " if found.group() == "  " else "", text)
    return text


def _anew(rule: _Rule, at: int) -> _Part:
    give = rule.give
    return lambda key, document: give(key ^ at, document)


def _fact(name: str) -> _Part:
    return lambda _key, document: document.facts[name]


def _several(rule: _Rule, at: int, least: int, most: int, joiner: str) -> _Part:
    span = most - least + 1

    def several(key: int, document: _Document) -> str:
        key = below(key, at)
        return rule.several(key, document, least + (key * span >> BITS), joiner)

    return several


def _choice(texts: Sequence[_Compiled], at: int) -> _Part:
    count = len(texts)

    def choice(key: int, document: _Document) -> str:
        key = below(key, at)
        return _filled(texts[key * count >> BITS], key, document)

    return choice


def _number(low: int, high: int, at: int) -> _Part:
    span = high - low + 1
    return lambda key, _document: str(low + (below(key, at) * span >> BITS))


def _pattern(pattern: str, at: int) -> _Part:
    sets = [_SETS.get(one, one) for one in pattern]

    def drawn(key: int, _document: _Document) -> str:
        left = below(key, at)
        found = []
        for letters in sets:
            found.append(letters[left * len(letters) >> BITS])
            left = mixed(left + 1)
        return "".join(found)

    return drawn


def _quotation(part: _Part) -> _Part:
    """Each line with "> " before it; a line that is a quotation already gets one more ">"."""
    def quotation(key: int, document: _Document) -> str:
        lines = _tidy(part(key, document)).split("\n")
        return "\n".join([f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines])

    return quotation


def _capital(part: _Part) -> _Part:
    def capital(key: int, document: _Document) -> str:
        text = part(key, document)
        return text[:1].upper() + text[1:]

    return capital


def _capitals(part: _Part) -> _Part:
    return lambda key, document: part(key, document).upper()


def _sometimes(part: _Part, chance: int, at: int, after: str) -> _Part:
    below_this = (chance << BITS) // 100
    name = mixed(at ^ 1)

    def sometimes(key: int, document: _Document) -> str:
        return part(key, document) + after if below(key, name) < below_this else ""

    return sometimes


def _weighed(text: str) -> tuple[int, str]:
    found = _WEIGHT.match(text)
    return (int(found.group(1)), text[found.end():]) if found else (1, text)


def _faults(rules: Mapping[str, Sequence[str]], facts: Collection[str], tables: Mapping[str, Table]) -> Iterator[str]:
    uses: dict[str, set[str]] = {}
    texts = [(name, f"rule {name}, alternative {number}", text)
             for name, alternatives in rules.items() for number, text in enumerate(alternatives, 1)]
    for name, alternatives in rules.items():
        uses[name] = set()
        if name in facts:
            yield f"rule {name}: the generator gives this name itself"
        if not alternatives:
            yield f"rule {name}: it has no alternative"
    for name, table in tables.items():
        uses[name] = set()
        if name in facts or name in rules:
            yield f"table {name}: a rule or fact has this name too"
        texts += [(name, f"table {name}, row {number}", cell)
                  for number, row in enumerate(table.rows, 1) for cell in row]
    for name, where, text in texts:
        weight, plain = _weighed(text) if name in rules else (1, text)
        if not weight:
            yield f"{where}: its weight is 0"
        yield from (f"{where}: {fault}" for fault in _text_faults(plain, rules, facts, tables, uses[name]))
    yield from _circles(uses)


def _text_faults(text: str, rules: Collection[str], facts: Collection[str], tables: Mapping[str, Table],
                 used: set[str]) -> Iterator[str]:
    try:
        slots = [one.written for one in _pieces(text) if not isinstance(one, str)]
    except ValueError as error:
        yield str(error)
        return
    for slot in slots:
        choices = _choices(slot)
        if len(choices) > 1:
            for one in choices:
                yield from _text_faults(one, rules, facts, tables, used)
        else:
            yield from _slot_faults(slot, rules, facts, tables, used)


def _slot_faults(slot: str, rules: Collection[str], facts: Collection[str], tables: Mapping[str, Table],
                 used: set[str]) -> Iterator[str]:
    if slot.startswith("#"):
        found = _RANGE.fullmatch(slot)
        if found is None or int(found.group(1)) > int(found.group(2)):
            yield f"the slot {{{slot}}} is no range, such as {{#10-99}}"
    elif slot.startswith("%"):
        if len(slot) < 2:
            yield "the slot {%} has no pattern, such as {%AA-999}"
    else:
        matched = _RULE.fullmatch(slot)
        if matched is None:
            yield f"the slot {{{slot}}} can't be read"
            return
        once, name, instance, column, least, most = matched.group(2, 3, 4, 5, 8, 9)
        if column is not None:
            if name not in tables:
                yield f"there is no table called {name}"
            elif column not in tables[name].columns:
                yield f"the table {name} has no column called {column}; it has: {', '.join(tables[name].columns)}"
        elif name not in rules and name not in facts:
            yield f"there is no rule called {name}"
        if instance == "0" or (instance is not None and not once and column is None):
            yield f"the slot {{{slot}}} can't be read: a second one is written {{!{name}!2}}"
        if least is not None and int(least) > int(most):
            yield f"the slot {{{slot}}} asks for at least {least} and at most {most}"
        used.add(name)


def _circles(uses: Mapping[str, set[str]]) -> Iterator[str]:
    """Rules that lead back to themselves: such a text might never end."""
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> Iterator[str]:
        if name in way:
            yield f"rule {name}: it leads back to itself by {' -> '.join((*way[way.index(name):], name))}"
        elif name not in done:
            for one in sorted(uses.get(name, ())):
                yield from visit(one, (*way, name))
            done.add(name)

    for name in uses:
        yield from visit(name, ())
