"""Answers that fit another participant's data."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from spamlab.reporting.copied import borrowed, copied_report, foreign_answers, key_of

NAMES = [f"p{number:02d}" for number in range(1, 13)]
RIGHT = {name: {"q3": f"4line{name}", "q4": f"192.0.2.{index}"} for index, name in enumerate(NAMES)}


def test_own_right_answers_are_never_named() -> None:
    """Whoever is right for the own data is not on the list, even where another's answer is the same."""
    assert foreign_answers(RIGHT, RIGHT) == []
    same = {name: {"q3": "x"} for name in NAMES}
    assert foreign_answers(same, same) == []


def test_a_neighbours_answers_are_named_with_the_neighbour() -> None:
    """Two answers that are p02's stand in one row, whatever their case and spaces."""
    answers = {**RIGHT, "p01": {"q3": " 4LINEp02 ", "q4": RIGHT["p02"]["q4"]}}
    rows = borrowed(foreign_answers(answers, RIGHT), answers)
    assert [(row.participant, row.other, row.questions, row.of) for row in rows] == [("p01", "p02", ("q3", "q4"), 2)]


def test_a_wrong_answer_of_ones_own_is_not_named() -> None:
    """An answer that is right for nobody is a mistake and nothing else."""
    assert foreign_answers({"p01": {"q3": "4nobody"}}, RIGHT) == []


def test_an_answer_that_fits_many_tells_nothing() -> None:
    """Of a question with two possible answers nobody is named."""
    right = {name: {"q1": index % 2} for index, name in enumerate(NAMES)}
    assert foreign_answers({"p01": {"q1": 1}}, right) == []


def test_a_judges_word_on_what_is_wrong_wins() -> None:
    """Where a judge accepts an answer, another spelling of the own right one, it is not named."""
    answers = {"p01": {"q4": RIGHT["p02"]["q4"]}}
    assert foreign_answers(answers, RIGHT, {"p01": []}) == []
    assert len(foreign_answers(answers, RIGHT, {"p01": ["q4"]})) == 1
    assert json.dumps(copied_report(answers, RIGHT))


PLAIN = st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
                     lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))


@given(PLAIN)
def test_any_plain_answer_has_a_key(value: object) -> None:
    """Any JSON value has a key, and the key survives JSON itself."""
    assert key_of(json.loads(json.dumps(value))) == key_of(value)
