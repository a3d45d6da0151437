"""A grammar of texts: rules with alternatives, and slots in them; each document is a new composition.

A rule is a list of alternatives, one of which is drawn. An alternative is text with slots:

| slot | stands for |
| --- | --- |
| `{rule}` | what the rule gives, drawn anew at this place |
| `{!rule}` | what the rule gives in this document: the same wherever it stands |
| `{rule^}` | the same with a capital letter at its beginning |
| `{rule?30}` | the rule in 30 of 100 documents, nothing in the others; a space after it goes with it |
| `{rule*2-4}` | two to four different alternatives of the rule, with spaces between; `{rule*2-4~, }` with a comma |
| `{one|two|}` | one of these texts |
| `{#10-99}` | a whole number |
| `{%AA-999}` | letters and digits: A for a capital, a for a small letter, x for a hexadecimal digit, 9 for a digit |
| `{{`, `}}` | a brace |

An alternative that begins with `3* ` is three times as likely. Facts that the caller gives (a name, a link) are slots
like rules. A decision is named by its place in the tree of rules, so a new alternative changes documents only where it
is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spamlab.generate.draws import BITS, below, mixed, named

Facts = Mapping[str, str]
_Part = Callable[[int, "_Document"], str]

_SLOT = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_BRACES = re.compile(r"[{}]")
_WEIGHT = re.compile(r"(\d{1,3})\* ")
_RULE = re.compile(r"(!?)([a-z][a-z0-9_]*)(\^?)(?:\?(\d{1,2}))?(?:\*(\d{1,2})-(\d{1,2})(?:~(.*))?)?", re.DOTALL)
_RANGE = re.compile(r"#(\d{1,9})-(\d{1,9})")
_CAPITALS, _SMALL = "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz"
_SETS = {"A": _CAPITALS, "a": _SMALL, "x": "0123456789abcdef", "9": "0123456789"}
_FACT = named("fact")


class _Document:
    """What is the same in the whole of one document. key: its own. facts: given by the caller; once: drawn here."""

    __slots__ = ("facts", "key", "once")

    def __init__(self, key: int, facts: Facts) -> None:
        self.key, self.facts, self.once = key, facts, dict[str, str]()


@dataclass
class _Rule:
    """A rule that is ready to be drawn from. alternatives: texts, or parts to be joined."""

    number: int
    alternatives: list[str | list[str | _Part]] = field(default_factory=list)

    def give(self, key: int, document: _Document) -> str:
        key = below(key, self.number)
        return _filled(self.alternatives[key * len(self.alternatives) >> BITS], key, document)

    def several(self, key: int, document: _Document, count: int, joiner: str) -> str:
        """So many different alternatives (all, where there are fewer), in the order in which they are drawn."""
        left = list(range(len(self.alternatives)))
        found = []
        for _ in range(min(count, len(left))):
            key = below(key, self.number)
            place = key * len(left) >> BITS
            chosen = self.alternatives[left[place]]
            left[place] = left[-1]
            left.pop()
            # The same text may stand among the alternatives more than once, for its weight.
            left = [one for one in left if self.alternatives[one] is not chosen]
            found.append(_filled(chosen, key, document))
            if not left:
                break
        return joiner.join(found)


class Grammar:
    """Rules that were read and found sound."""

    def __init__(self, rules: Mapping[str, Sequence[str]], facts: Collection[str] = ()) -> None:
        """rules: name -> alternatives. facts: names that the caller gives with each document.

        Raises ValueError with all faults, one a line, each naming its rule and alternative.
        """
        faults = list(_faults(rules, facts))
        if faults:
            raise ValueError("\n".join(faults))
        self._facts = frozenset(facts)
        self._rules = {name: _Rule(named(name)) for name in rules}
        for name, alternatives in rules.items():
            for text in alternatives:
                weight, plain = _weighed(text)
                self._rules[name].alternatives += [self._compiled(plain)] * weight

    def expand(self, start: str, key: int, facts: Facts | None = None) -> str:
        """The text of rule `start` in the document `key`; the same for the same key, facts and rules."""
        return self._rules[start].give(key, _Document(key, facts or {}))

    def document(self, key: int, facts: Facts | None = None) -> Callable[[str], str]:
        """A function that gives the text of any rule of one document: facts drawn in one are the same in the next."""
        one = _Document(key, facts or {})
        return lambda start: self._rules[start].give(key, one)

    def __contains__(self, name: object) -> bool:
        return name in self._rules

    def _compiled(self, text: str) -> str | list[str | _Part]:
        parts: list[str | _Part] = []
        written = ""
        end = 0
        for place, found in enumerate(_SLOT.finditer(text)):
            written += text[end:found.start()]
            end = found.end()
            if found.group(1) is None:
                written += found.group()[0]
                continue
            alone = (not written or written[-1] in " \n") and text[end:end + 1] == " "
            part, eats = self._part(found.group(1), place, alone)
            end += eats
            parts += [written, part] if written else [part]
            written = ""
        written += text[end:]
        if not parts:
            return written
        return [*parts, written] if written else parts

    def _part(self, slot: str, place: int, alone: bool) -> tuple[_Part, int]:
        """A slot as a function, and how many characters after it belong to it."""
        at = mixed(place + 1)
        if "|" in slot:
            texts = slot.split("|")
            if alone and "" in texts:
                texts = [f"{one} " if one else "" for one in texts]
                return _choice(texts, at), 1
            return _choice(texts, at), 0
        if found := _RANGE.fullmatch(slot):
            return _number(int(found.group(1)), int(found.group(2)), at), 0
        if slot.startswith("%"):
            return _pattern(slot[1:], at), 0
        matched = _RULE.fullmatch(slot)
        assert matched is not None  # `_faults` has seen it
        once, name, capital, chance, least, most, joiner = matched.groups()
        part = self._rule_part(name, at, bool(once), least, most, joiner)
        if capital:
            part = _capital(part)
        if chance is None:
            return part, 0
        return _sometimes(part, int(chance), at, " " if alone else ""), 1 if alone else 0

    def _rule_part(self, name: str, at: int, once: bool, least: str | None, most: str | None, joiner: str | None,
                   ) -> _Part:
        if name in self._facts:
            return lambda _key, document: document.facts[name]
        rule = self._rules[name]
        if once:
            def same(_key: int, document: _Document) -> str:
                found = document.once.get(name)
                if found is None:
                    found = document.once[name] = rule.give(document.key ^ _FACT, document)
                return found

            return same
        if least is not None and most is not None:
            low, span, between = int(least), int(most) - int(least) + 1, " " if joiner is None else joiner

            def several(key: int, document: _Document) -> str:
                key = below(key, at)
                return rule.several(key, document, low + (key * span >> BITS), between)

            return several
        return lambda key, document: rule.give(key ^ at, document)


def names_in(alternatives: Sequence[str]) -> list[str]:
    """The names of the rules and facts that stand in slots of these alternatives."""
    slots = (found.group(1) for text in alternatives for found in _SLOT.finditer(text))
    matched = (_RULE.fullmatch(slot) for slot in slots if slot and "|" not in slot)
    return [found.group(2) for found in matched if found is not None]


def _filled(chosen: str | list[str | _Part], key: int, document: _Document) -> str:
    if isinstance(chosen, str):
        return chosen
    return "".join([part if isinstance(part, str) else part(key, document) for part in chosen])


def _choice(texts: Sequence[str], at: int) -> _Part:
    count = len(texts)
    return lambda key, _document: texts[below(key, at) * count >> BITS]


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


def _capital(part: _Part) -> _Part:
    def capital(key: int, document: _Document) -> str:
        text = part(key, document)
        return text[:1].upper() + text[1:]

    return capital


def _sometimes(part: _Part, chance: int, at: int, after: str) -> _Part:
    below_this = (chance << BITS) // 100
    name = mixed(at ^ 1)

    def sometimes(key: int, document: _Document) -> str:
        return part(key, document) + after if below(key, name) < below_this else ""

    return sometimes


def _weighed(text: str) -> tuple[int, str]:
    found = _WEIGHT.match(text)
    return (int(found.group(1)), text[found.end():]) if found else (1, text)


def _faults(rules: Mapping[str, Sequence[str]], facts: Collection[str]) -> Iterator[str]:
    uses: dict[str, set[str]] = {}
    for name, alternatives in rules.items():
        uses[name] = set()
        if name in facts:
            yield f"rule {name}: the generator gives this name itself"
        if not alternatives:
            yield f"rule {name}: it has no alternative"
        for number, text in enumerate(alternatives, 1):
            where = f"rule {name}, alternative {number}"
            weight, plain = _weighed(text)
            if not weight:
                yield f"{where}: its weight is 0"
            if _BRACES.search(_SLOT.sub("", plain)):
                yield f"{where}: a brace stands alone: {plain[:60]!r}"
            for slot in (found.group(1) for found in _SLOT.finditer(plain) if found.group(1) is not None):
                yield from (f"{where}: {fault}" for fault in _slot_faults(slot, rules, facts, uses[name]))
    yield from _circles(uses)


def _slot_faults(slot: str, rules: Collection[str], facts: Collection[str], used: set[str]) -> Iterator[str]:
    if "|" in slot:
        return
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
        name, least, most = matched.group(2), matched.group(5), matched.group(6)
        if name not in rules and name not in facts:
            yield f"there is no rule called {name}"
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
