"""Promises that every kind keeps, whatever it is given."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.sample import DATA, DOCUMENT, FUNCTION, ITEM, KINDS, RIGHT, right_outputs
from spamlab.judge.question import FormError

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.text(max_size=40)
    | st.sampled_from(["1", "M1", "reason", "b", "break", "203.0.113.7", "spf", "pass", "3, 2"]),
    lambda part: (
        st.lists(part, max_size=5)
        | st.dictionaries(
            st.text(max_size=8)
            | st.sampled_from(["1", "2", "3", "4", "reason", "M1", "M2", "spf", "domain", "to", "text"]),
            part,
            max_size=5,
        )
    ),
    max_leaves=12,
)
ALL = {**KINDS, "function": FUNCTION, "document": DOCUMENT}


@pytest.mark.parametrize("name", ALL)
@given(answer=ANYTHING)
@settings(max_examples=150, deadline=None)
def test_parsing_raises_nothing_but_an_error_of_form(name: str, answer: object) -> None:
    """Any JSON is either read into plain JSON, which reads into itself again, or is an error of form."""
    kind = ALL[name]
    try:
        read = kind.parse(answer, ITEM)
    except FormError:
        return
    json.dumps(read, allow_nan=False)
    assert kind.same(kind.parse(read, ITEM), read)


@pytest.mark.parametrize("name", KINDS)
@given(answer=ANYTHING)
@settings(max_examples=100, deadline=None)
def test_a_share_lies_between_0_and_1_and_is_full_for_the_right_answer_alone(name: str, answer: object) -> None:
    """Whatever can be read earns from 0 to 1, and 1 exactly where it is the right answer."""
    kind = KINDS[name]
    right = kind.parse(RIGHT[name], ITEM)
    try:
        read = kind.parse(answer, ITEM)
    except FormError as error:
        read = error.partial
        if not read:
            return
    share, sentence = kind.compare(right, read, ITEM)
    assert 0 <= share <= 1
    assert (share == 1) == kind.same(right, read)
    assert len(sentence.split()) <= 60


@pytest.mark.parametrize("name", KINDS)
def test_the_right_answer_is_full(name: str) -> None:
    """The right answer, read and compared, earns everything."""
    kind = KINDS[name]
    right = kind.parse(RIGHT[name], ITEM)
    assert kind.compare(right, right, ITEM) == (1.0, "")


@pytest.mark.parametrize("name", ALL)
def test_a_form_has_a_shape_and_labelled_fields(name: str) -> None:
    """Each form is plain JSON of a known shape, each field with a label and a known widget."""
    form = json.loads(json.dumps(ALL[name].form(ITEM)))
    assert form["shape"] in {"single", "record", "table"}
    for one in form["fields"]:
        assert one["label"]
        assert re.fullmatch("choice|text|number|order|textarea|check", one["widget"])
        if one["widget"] in {"choice", "order"}:
            assert one["options"]
            assert all(set(option) == {"value", "label"} for option in one["options"])
        if form["shape"] == "table":
            assert one["row"]
            assert one["column"]


@pytest.mark.parametrize("name", KINDS)
def test_what_a_form_offers_can_be_answered(name: str) -> None:
    """An answer made of a form's own options is read."""
    form = KINDS[name].form(ITEM)
    fields = form["fields"]

    def first(field: dict) -> object:
        if field["widget"] == "order":
            return [option["value"] for option in field["options"]]
        return field["options"][-1]["value"] if field["options"] else "192.0.2.1"

    if form["shape"] == "single":
        answer: object = first(fields[0])
    elif form["shape"] == "record":
        answer = {field["name"]: first(field) for field in fields}
    else:
        answer = {}
        for field in fields:
            answer.setdefault(field["row"], {})[field["column"]] = first(field)  # type: ignore[attr-defined]
    KINDS[name].parse(answer, ITEM)


def test_outputs_of_a_function_are_read() -> None:
    """Outputs by name are read, and each right one counts."""
    outputs = FUNCTION.parse(right_outputs(DATA), ITEM)
    assert set(FUNCTION.right_inputs(DATA, outputs).values()) == {1.0}
