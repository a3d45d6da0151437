"""A grammar gives the same text for the same key, a new one for another, and names its faults."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.generate.composer import Table
from spamlab.generate.draws import MASK, record_key
from spamlab.generate.grammar import Grammar
from spamlab.generate.slots import names_in

RULES = {
    "text": ["{greeting^} {!name}, {offer?50} {ask}", "3* {ask^} {{now}}"],
    "greeting": ["hello", "good day"],
    "name": ["Ada", "Bo", "Chi", "Dee", "Eli"],
    "offer": ["a {big|small|} gift for {!name}"],
    "ask": ["call {phone}", "write {#10-12}", "code {%AA-99x}"],
}


def texts(rules: dict[str, list[str]], count: int = 400, start: str = "text") -> list[str]:
    """So many documents."""
    grammar = Grammar(rules, ("phone",))
    return [grammar.expand(start, record_key(9, number), {"phone": "555-0100"}) for number in range(count)]


def test_the_same_key_gives_the_same_text() -> None:
    """Documents depend on their key alone, and differ from one another."""
    assert texts(RULES) == texts(RULES)
    assert len(set(texts(RULES))) > 40


def test_slots_give_what_they_say() -> None:
    """Every form of slot comes out as the table in the module says."""
    everything = "\n".join(texts(RULES))
    assert "Call 555-0100 {now}" in everything
    assert "Hello Ada, " in everything
    assert any(f"write {number}" in everything for number in (10, 11, 12))
    assert "  " not in everything
    for line in texts(RULES):
        names = {name for name in RULES["name"] if name in line}
        assert len(names) <= 1, "a name of the document stays"


def test_weights_and_chances() -> None:
    """An alternative of weight 3 comes three times as often; a slot of 50 per cent in half of the documents."""
    found = texts(RULES, 4000)
    heavy = sum(line.endswith("{now}") for line in found)
    assert abs(heavy - 3000) < 140
    light = [line for line in found if not line.endswith("{now}")]
    assert abs(sum("gift" in line for line in light) / len(light) - 0.5) < 0.08


def test_several_are_different_ones() -> None:
    """Several alternatives of a rule never hold one twice, not even a heavy one, and their number is spread."""
    rules = {"text": ["{word*2-4~, }"], "word": ["9* a", "b", "c", "d {#1-9}"]}
    found = [line.split(", ") for line in texts(rules)]
    assert {len(words) for words in found} == {2, 3, 4}
    assert all(len({word[0] for word in words}) == len(words) for words in found)


def test_a_new_alternative_moves_nothing_else() -> None:
    """Where a rule gets one more alternative, documents change at its place alone."""
    more = {**RULES, "ask": RULES["ask"], "greeting": [*RULES["greeting"], "dear friend"]}
    before, after = texts(RULES), texts(more)
    assert before != after
    changed = Counter(one == other for one, other in zip(before, after, strict=True))
    assert changed[True] > changed[False] > 0
    for one, other in zip(before, after, strict=True):
        if one != other:
            assert one.partition(" ")[2].split(", ")[1:] == other.partition(" ")[2].split(", ")[1:]


@given(st.integers(0, MASK))
def test_every_key_gives_a_text(key: int) -> None:
    """No key is without its text, and none leaves a slot unfilled."""
    text = Grammar(RULES, ("phone",)).expand("text", key, {"phone": "555-0100"})
    assert text
    assert "{" not in text.replace("{now}", "")


@pytest.mark.parametrize(("rules", "told"), [
    ({"text": ["{nobody}"]}, "rule text, alternative 1: there is no rule called nobody"),
    ({"text": []}, "rule text: it has no alternative"),
    ({"text": ["fine", "a { b"]}, "rule text, alternative 2: a brace stands alone"),
    ({"text": ["{#9-1}"]}, "is no range"),
    ({"text": ["{%}"]}, "has no pattern"),
    ({"text": ["{A b}"]}, "can't be read"),
    ({"text": ["{word*4-2}"], "word": ["a"]}, "asks for at least 4 and at most 2"),
    ({"text": ["0* never"]}, "its weight is 0"),
    ({"text": ["{one}"], "one": ["{two}"], "two": ["{one}"]}, "leads back to itself by one -> two -> one"),
    ({"text": ["a"], "phone": ["b"]}, "rule phone: the generator gives this name itself"),
])
def test_faults_name_their_place(rules: dict[str, list[str]], told: str) -> None:
    """Each fault is told in a line with its rule and alternative."""
    with pytest.raises(ValueError, match="rule") as error:
        Grammar(rules, ("phone",))
    assert told in str(error.value)


def test_all_faults_at_once() -> None:
    """Two faults give two lines."""
    with pytest.raises(ValueError, match="rule") as error:
        Grammar({"text": ["{a}", "{b}"]})
    assert len(str(error.value).splitlines()) == 2


def test_names_in_slots() -> None:
    """Names are found in every form of slot, also inside choices, and not in ranges and patterns."""
    text = "{a} {!b} {c^?20} {d*1-2~, } {x|y {a} {g}} {#1-2} {%A} {{e}} {f.h}"
    assert names_in(text) == ("a", "b", "c", "d", "g", "f")


def test_a_choice_may_hold_slots() -> None:
    """A choice in braces may hold rules and further choices, and an empty one takes its space with it."""
    rules = {"text": ["on {{note}} {a {name} b|{c|d} {#1-2}|} end"], "name": ["Ada", "Bo"]}
    assert set(texts(rules)) == {
        "on {note} a Ada b end", "on {note} a Bo b end", "on {note} end",
        *(f"on {{note}} {letter} {number} end" for letter in "cd" for number in (1, 2))}


def test_a_tables_row_stays_together() -> None:
    """Cells of a table come from one row in a whole document, those of a second one from another row."""
    tables = {"land": Table(("name", "money"), (("Ghana", "{cedi|cedis}"), ("Kenya", "shillings"), ("Chad", "francs")))}
    grammar = Grammar({"text": ["{land.name}: {land.money}, {land.money}; {land!2.name}: {land!2.money}"]}, (), tables)
    found = {grammar.expand("text", record_key(3, number)) for number in range(300)}
    firsts = {"Ghana: cedi, cedi", "Ghana: cedis, cedis", "Kenya: shillings, shillings", "Chad: francs, francs"}
    assert {one.split("; ")[0] for one in found} == firsts
    assert all(one.split(":")[0] != one.split("; ")[1].split(":")[0] for one in found)
    assert len({one.split("; ")[1] for one in found}) == 4


def test_a_second_one_that_stays() -> None:
    """A second draw of a rule stays as the first does, and is another text."""
    rules = {"text": ["{!name} {!name!2} {!name!2} {!name}"], "name": ["Ada", "Bo", "Chi"]}
    for line in texts(rules):
        first, second, third, fourth = line.split()
        assert first == fourth != second == third


def test_a_quotation_has_a_mark_before_each_line() -> None:
    """A quotation in a quotation gets a second mark, as RFC 3676 section 4.5 counts them."""
    rules = {"text": ["I wrote:\n{>mine}"], "mine": ["You wrote:\n{>yours}\n\nNo."], "yours": ["one\ntwo {x?50} ."],
             "x": ["more"]}
    plain = "I wrote:\n> You wrote:\n>> one\n>> two.\n>\n> No."
    assert set(texts(rules)) == {plain, plain.replace("two.", "two more.")}


def test_capitals() -> None:
    """A rule may come in capitals."""
    assert texts({"text": ["{name^^}!"], "name": ["win it {#1-1}"]}, 1) == ["WIN IT 1!"]


@pytest.mark.parametrize(("text", "told"), [
    ("{land.town}", "rule text, alternative 1: the table land has no column called town; it has: name"),
    ("{sea.name}", "rule text, alternative 1: there is no table called sea"),
    ("{land!0.name}", "can't be read: a second one is written"),
    ("{land.name} {a {b|c}", "a brace stands alone"),
    ("a } b", "a brace stands alone"),
    ("{a|{nobody} x}", "there is no rule called nobody"),
])
def test_faults_of_tables_and_choices(text: str, told: str) -> None:
    """A wrong column, table or brace, also one inside a choice, is told with its place."""
    with pytest.raises(ValueError, match=re.escape(told)):
        Grammar({"text": [text]}, (), {"land": Table(("name",), (("Chad",),))})


def test_faults_in_a_tables_cell() -> None:
    """A cell that names an unknown rule is told with its row."""
    with pytest.raises(ValueError, match="table land, row 2: there is no rule called nobody"):
        Grammar({"text": ["{land.name}"]}, (), {"land": Table(("name",), (("Chad",), ("{nobody}",)))})
