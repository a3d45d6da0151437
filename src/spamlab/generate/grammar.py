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
| `{{`, `}}` | a brace; so a choice begins with text, or with a slot that is not its first: `{b|{rule} a}` |

An alternative that begins with `3* ` is three times as likely. Facts that the caller gives (a name, a link) are slots
like rules. A decision is named by its place in the tree of rules, so a new alternative changes documents only where it
is drawn. What empty slots leave behind in a text (doubled spaces, a space before a full stop) is taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from spamlab.generate.composer import Composer, Facts, Table
from spamlab.generate.slots import choices, names_in, number_range, pieces, rule_slot, weighed


class Grammar:
    """Rules that were read and found sound."""

    def __init__(self, rules: Mapping[str, Sequence[str]], facts: Collection[str] = (),
                 tables: Mapping[str, Table] | None = None, words: Grammar | None = None) -> None:
        """rules: name -> alternatives. facts: names that the caller gives with each document. tables: by name. words:
        a sound grammar of rules that many share; those of `rules` that are its own are not looked through again.

        Raises ValueError with all faults, one a line, each naming its rule and alternative.
        """
        tables = tables or {}
        shared = frozenset[str]() if words is None else _shared(rules, tables, words.rules, words.tables)
        faults = list(_faults(rules, facts, tables, shared))
        if faults:
            raise ValueError("\n".join(faults))
        self.rules: Mapping[str, Sequence[str]] = rules
        self.tables: Mapping[str, Table] = tables
        others: Mapping[str, Composer] = {} if words is None else dict.fromkeys(shared, words.composer)
        self.composer: Composer = Composer(rules, frozenset(facts), tables, others)

    def expand(self, start: str, key: int, facts: Facts | None = None) -> str:
        """The text of rule `start` in the document `key`; the same for the same key, facts and rules."""
        return self.composer.document(key, {} if facts is None else facts)(start)

    def document(self, key: int, facts: Facts | None = None) -> Callable[[str], str]:
        """A function that gives the text of any rule of one document: facts drawn in one are the same in the next."""
        return self.composer.document(key, {} if facts is None else facts)

    def __contains__(self, name: object) -> bool:
        return name in self.rules


def _shared(rules: Mapping[str, Sequence[str]], tables: Mapping[str, Table], words: Mapping[str, Sequence[str]],
            word_tables: Mapping[str, Table]) -> frozenset[str]:
    """The names of rules and tables that are those of the words, as are all that they name."""
    found: dict[str, bool] = {}

    def same(name: str) -> bool:
        if name not in found:
            found[name] = True  # for a circle, which is told elsewhere
            if name in rules:
                texts = rules[name]
                found[name] = texts is words.get(name)
            elif name in tables:
                texts = [cell for row in tables[name].rows for cell in row]
                found[name] = tables[name] is word_tables.get(name)
            else:
                return True
            found[name] = found[name] and all(same(one) for text in texts for one in names_in(text))
        return found[name]

    return frozenset(name for name in (*rules, *tables) if same(name))


def _faults(rules: Mapping[str, Sequence[str]], facts: Collection[str], tables: Mapping[str, Table],
            shared: Collection[str]) -> Iterator[str]:
    found = False
    for name, alternatives in rules.items():
        if name in shared:
            continue
        for fault in _rule_faults(name, alternatives, rules, facts, tables):
            found = True
            yield fault
    for name, table in tables.items():
        if name in shared:
            continue
        if name in facts or name in rules:
            yield f"table {name}: a rule or fact has this name too"
        for number, row in enumerate(table.rows, 1):
            for cell in row:
                for fault in _text_faults(cell, rules, facts, tables):
                    found = True
                    yield f"table {name}, row {number}: {fault}"
    if not found:
        uses = {name: {used for text in texts for used in names_in(text)} for name, texts in rules.items()}
        uses |= {name: {used for row in table.rows for cell in row for used in names_in(cell)}
                 for name, table in tables.items()}
        yield from _circles(uses)


def _rule_faults(name: str, alternatives: Sequence[str], rules: Collection[str], facts: Collection[str],
                 tables: Mapping[str, Table]) -> Iterator[str]:
    if name in facts:
        yield f"rule {name}: the generator gives this name itself"
    if not alternatives:
        yield f"rule {name}: it has no alternative"
    for number, text in enumerate(alternatives, 1):
        where = f"rule {name}, alternative {number}"
        weight, plain = weighed(text)
        if not weight:
            yield f"{where}: its weight is 0"
        yield from (f"{where}: {fault}" for fault in _text_faults(plain, rules, facts, tables))


def _text_faults(text: str, rules: Collection[str], facts: Collection[str], tables: Mapping[str, Table],
                 ) -> Iterator[str]:
    try:
        slots = [one.written for one in pieces(text) if not isinstance(one, str)]
    except ValueError as error:
        yield str(error)
        return
    for slot in slots:
        several = choices(slot)
        if len(several) > 1:
            for one in several:
                yield from _text_faults(one, rules, facts, tables)
        else:
            yield from _slot_faults(slot, rules, facts, tables)


def _slot_faults(slot: str, rules: Collection[str], facts: Collection[str], tables: Mapping[str, Table],
                 ) -> Iterator[str]:
    if slot.startswith("#"):
        span = number_range(slot)
        if span is None or span[0] > span[1]:
            yield f"the slot {{{slot}}} is no range, such as {{#10-99}}"
        return
    if slot.startswith("%"):
        if len(slot) < 2:
            yield "the slot {%} has no pattern, such as {%AA-999}"
        return
    one = rule_slot(slot)
    if one is None:
        yield f"the slot {{{slot}}} can't be read"
        return
    if one.column:
        if one.name not in tables:
            yield f"there is no table called {one.name}"
        elif one.column not in tables[one.name].columns:
            known = ", ".join(tables[one.name].columns)
            yield f"the table {one.name} has no column called {one.column}; it has: {known}"
    elif one.name not in rules and one.name not in facts:
        yield f"there is no rule called {one.name}"
    if one.instance == 0 or (one.instance is not None and not one.once and not one.column):
        yield f"the slot {{{slot}}} can't be read: a second one is written {{!{one.name}!2}}"
    if one.least is not None and one.most is not None and one.least > one.most:
        yield f"the slot {{{slot}}} asks for at least {one.least} and at most {one.most}"


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
