"""Whatever is thrown at any kind is read or is an error of form, in bounded time."""

import contextlib
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.kinds.test_kinds import ANYTHING
from judge.test_all_kinds import ALL, CLOSED, DRAWS, PUT, item_of
from spamlab.judge.bounds import MOST_BYTES, check_value
from spamlab.judge.judging import judge_answer, judge_outputs, right_answer
from spamlab.judge.question import FormError, Question

SECONDS = 1.0
KEYS = ["policy", "sub", "to", "best", "low", "high", "reason", "text", "field", "words", "b01", "value", "error", "1"]
WORDS = ["reject", "mailto:x", "silent", "12", "1,5", "keep all", "junk all\nkeep all",
         "v=DMARC1; p=none; sp=none; rua=x"]
SHAPED = st.recursive(
    ANYTHING | st.sampled_from(WORDS) | st.integers(-(10**15), 10**15),
    lambda part: st.dictionaries(st.sampled_from(KEYS), part, max_size=5) | st.lists(part, max_size=4), max_leaves=8)
HUGE = [
    "(" * 60_000, '"' * 60_000, "1" * 60_000, "1," * 30_000, "9 " * 30_000, "\n" * 60_000, "a.b" * 20_000,
    "keep all\n" * 6_000, "v=DMARC1;" * 6_000, "٣" * 20_000, "\u200e" * 20_000, "=" * 60_000, "ﷺ" * 20_000,
    "[" * 30_000 + "]" * 30_000, [0] * 8_000, [[0, True]] * 2_000, ["1"] * 12_000, {str(n): n for n in range(4_000)},
    {"best": "1" * 60_000, "low": 1, "high": 2}, {"policy": "x" * 60_000, "sub": "y", "to": "z"},
    {f"b{n:02d}": {"value": [0.5] * 40} for n in range(1, 100)}, {"1": {"ours": "(" * 50_000, "address": "1"}},
    {"text": "(" * 60_000}, {"to": "((" * 25_000, "text": "x"},
]


@pytest.mark.parametrize("question", ALL, ids=lambda one: one.id)
@given(answer=SHAPED)
@settings(max_examples=80, deadline=None)
def test_parsing_gives_plain_data_or_an_error_of_form(question: Question, answer: object) -> None:
    """Any JSON is read into plain JSON that reads into itself, or is an error of form, within a second of computing."""
    item, began = item_of(question), time.process_time()
    sentence, read = "", None
    try:
        read = question.kind.parse(check_value(answer), item)
    except FormError as error:
        sentence = str(error)
    assert time.process_time() - began < SECONDS
    if sentence:
        assert len(sentence.split()) <= 60
        return
    json.dumps(check_value(read), allow_nan=False)
    assert question.kind.same(question.kind.parse(read, item), read)


@pytest.mark.parametrize("question", CLOSED, ids=lambda one: one.id)
@given(answer=SHAPED)
@settings(max_examples=60, deadline=None)
def test_a_share_lies_between_0_and_1(question: Question, answer: object) -> None:
    """Whatever can be read earns from 0 to 1, and everything only where it counts as right."""
    item = item_of(question)
    try:
        read = question.kind.parse(answer, item)
    except FormError:
        return
    right = right_answer(question, item)
    share, said = question.kind.compare(right, read, item)
    assert 0 <= share <= 1
    assert len(said.split()) <= 60
    if share == 1:
        assert judge_answer(question, item, answer).state == "right"


@pytest.mark.parametrize("question", ALL, ids=lambda one: one.id)
@pytest.mark.parametrize("place", range(len(HUGE)))
def test_a_huge_answer_costs_little_time(question: Question, place: int) -> None:
    """The greatest texts, lists and tables that the bounds let through are judged within a second, in a sentence."""
    answer = HUGE[place]
    with contextlib.suppress(FormError):
        check_value(answer)
    began = time.process_time()
    verdict = judge_answer(question, item_of(question), answer)
    assert time.process_time() - began < SECONDS + (1 if question in PUT else 0)
    assert verdict.share < 1
    assert len(verdict.message.split()) <= 60
    assert all(len(one) < 1000 for one in verdict.details)


@pytest.mark.parametrize("question", PUT, ids=lambda one: one.id)
@given(outputs=st.dictionaries(
    st.sampled_from(["b01", "b02", "H1", "H2", "x"]),
    st.fixed_dictionaries({"value": SHAPED | st.lists(st.floats() | st.text(max_size=4), min_size=50, max_size=50)})
    | st.fixed_dictionaries({"error": st.text(max_size=300)}) | SHAPED, max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_outputs_of_code_get_a_verdict(question: Question, outputs: object) -> None:
    """What a function or filter gives back, whatever it is, earns at most a part and raises nothing."""
    verdict = judge_outputs(question, DRAWS["hidden"], outputs, practice=DRAWS["practice"])
    assert 0 <= verdict.share < 1
    assert 0 < len(verdict.message.split()) <= 60


def test_the_bound_of_an_answers_size_is_met_first() -> None:
    """No kind sees more than 64 kilobytes."""
    for question in ALL:
        verdict = judge_answer(question, item_of(question), "x" * (MOST_BYTES + 1))
        assert verdict.state == "form"
        assert "too big" in verdict.message
