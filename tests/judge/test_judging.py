"""The order of judging: form, right, known mistakes, part, one true fact."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.kinds.test_kinds import ANYTHING
from judge.sample import DATA, HIDDEN, ITEM, NO_SIX, RIGHT, right_outputs, sample_checks
from spamlab.judge.judging import judge_answer, judge_outputs, rounded
from spamlab.judge.kinds.function import alike
from spamlab.judge.question import Item
from spamlab.judge.sources import run_sources

CHECKS = sample_checks()
VALUE = CHECKS.questions["value"]
FUNCTION = CHECKS.questions["function"]


@pytest.mark.parametrize("name", RIGHT)
def test_the_right_answer_is_full_and_says_why(name: str) -> None:
    """The right answer of every kind is right, with its reason."""
    verdict = judge_answer(CHECKS.questions[name], ITEM, RIGHT[name])
    assert (verdict.state, verdict.share) == ("right", 1.0)
    assert f"This is why {name}." in verdict.message


@pytest.mark.parametrize("name", CHECKS.questions)
@pytest.mark.parametrize("answer", [None, "", {}, [], {"1": None}, "  "])
def test_nothing_answered_is_missing(name: str, answer: object) -> None:
    """An empty form earns nothing and is told so."""
    verdict = judge_answer(CHECKS.questions[name], ITEM, answer)
    assert (verdict.state, verdict.share) == ("missing", 0.0)
    assert verdict.message


def test_a_known_mistake_is_named() -> None:
    """A known mistake gives its own message and code, and not everything."""
    verdict = judge_answer(VALUE, ITEM, "198.51.100.4")
    assert (verdict.state, verdict.code, verdict.message) == ("mistake", "bottom", "That is the bottom line's.")
    assert verdict.share < 1


def test_a_known_mistake_of_another_form_is_that_mistake() -> None:
    """A name where an address is asked is the known mistake, not an error of form."""
    verdict = judge_answer(VALUE, ITEM, "Mail.Sender.Example")
    assert (verdict.state, verdict.code) == ("mistake", "greeting-name")


def test_an_unknown_wrong_answer_gets_a_true_fact() -> None:
    """An answer that is no known mistake gets the question's remark, also where the remark fails a plain sentence."""
    assert judge_answer(VALUE, ITEM, "192.0.2.99").message == "192.0.2.99 stands in no line."
    broken = replace(VALUE, remark_function=lambda _item, _given: 1 / 0)
    verdict = judge_answer(broken, ITEM, "192.0.2.99")
    assert verdict.state == "wrong"
    assert verdict.message


def test_a_part_is_a_part() -> None:
    """A partly right answer has its share, rounded down."""
    verdict = judge_answer(CHECKS.questions["order"], ITEM, [3, 4, 2, 1])
    assert (verdict.state, verdict.share) == ("part", 0.66)


@pytest.mark.parametrize("name", RIGHT)
@given(answer=ANYTHING)
@settings(max_examples=60, deadline=None)
def test_a_silent_question_tells_nothing(name: str, answer: object) -> None:
    """Whatever a twin is answered, it is saved, missing or an error of form, without share or code."""
    verdict = judge_answer(CHECKS.questions[name], ITEM, answer, silent=True)
    assert verdict.state in {"saved", "form", "missing"}
    assert verdict.code == ""
    if verdict.state == "saved":
        assert verdict.share == 0


@pytest.mark.parametrize("name", CHECKS.questions)
@given(answer=ANYTHING | st.just(float("nan")) | st.just(10**400))
@settings(max_examples=60, deadline=None)
def test_judging_never_raises_and_says_at_most_60_words(name: str, answer: object) -> None:
    """Any answer gets a verdict with a share of 0 to 1 and a short message."""
    verdict = judge_answer(CHECKS.questions[name], ITEM, answer)
    assert 0 <= verdict.share <= 1
    assert 0 < len(verdict.message.split()) <= 60
    assert verdict.share < 1 or verdict.state == "right"


def test_an_incomplete_answer_keeps_its_part_for_the_grader() -> None:
    """An error of form of an incomplete table carries what the filled cells earn."""
    verdict = judge_answer(CHECKS.questions["table"], ITEM, {"M1": {"spf": "pass", "domain": "sender.example"}})
    assert (verdict.state, verdict.share) == ("form", 0.5)


def test_a_document_is_saved_when_its_form_is_complete() -> None:
    """A complete document is saved for a person; an incomplete one is told its known mistake."""
    question = CHECKS.questions["document"]
    assert judge_answer(question, ITEM, {"to": "x", "text": "At 08:00 UTC."}).state == "saved"
    verdict = judge_answer(question, ITEM, {"to": "x", "text": "At eight."})
    assert (verdict.code, verdict.message) == ("no-time", "The time is missing.")


def test_a_right_function_is_full() -> None:
    """Right outputs on all inputs earn everything, whatever further keys they hold."""
    outputs = right_outputs(HIDDEN)
    outputs["H1"]["value"]["more"] = 1  # type: ignore[index]
    assert judge_outputs(FUNCTION, HIDDEN, outputs).share == 1.0


def test_a_known_function_is_known_by_its_outputs() -> None:
    """The outputs of a known mistake's own source are that mistake, on practice and on hidden inputs."""
    for data in (DATA, HIDDEN):
        outputs = run_sources("find", {"x": NO_SIX}, FUNCTION.kind.inputs(data))["x"]  # type: ignore[attr-defined]
        verdict = judge_outputs(FUNCTION, data, outputs)
        assert verdict.code == "no-six"
        assert 0 < verdict.share < 1


def test_a_failing_kind_of_input_is_named_with_a_practice_message() -> None:
    """The message names the kind of input that fails and a practice message of that kind."""
    outputs = right_outputs(HIDDEN)
    outputs["H3"] = {"value": {"address": "192.0.2.1"}}
    verdict = judge_outputs(FUNCTION, HIDDEN, outputs, practice=DATA)
    assert verdict.share == 0.83
    assert "the address is IPv6" in verdict.message
    assert "P2" in verdict.message
    assert "H3" not in verdict.message


def test_an_error_counts_as_wrong_and_its_kind_is_named() -> None:
    """A function that stops with an error on a kind of input is told which kind."""
    outputs = right_outputs(HIDDEN) | {"H6": {"error": "ValueError"}}
    verdict = judge_outputs(FUNCTION, HIDDEN, outputs)
    assert (verdict.state, verdict.share) == ("error", 0.83)
    assert "stops with an error where the address is IPv6" in verdict.message


@pytest.mark.parametrize("value", [None, {}, "", []])
def test_a_function_that_gives_nothing_has_answered(value: object) -> None:
    """Empty results on every input are wrong, not missing."""
    verdict = judge_answer(FUNCTION, ITEM, {name: {"value": value} for name in ("P1", "P2", "P3")})
    assert (verdict.state, verdict.share) == ("wrong", 0.0)


@pytest.mark.parametrize(
    "outputs", [{}, None, [], {"H1": 3}, {"H1": {"value": 1, "error": "x"}}, "x", {"zz": {"value": 1}}]
)
def test_hostile_outputs_earn_nothing(outputs: object) -> None:
    """Outputs of another shape, or none, earn nothing and raise nothing."""
    assert judge_outputs(FUNCTION, HIDDEN, outputs).share == 0


def test_the_rule_forms_choices_are_saved() -> None:
    """The record of the rule form is saved, not judged; a choice not offered is an error of form."""
    assert judge_answer(FUNCTION, ITEM, {"which": "border"}).state == "saved"
    assert judge_answer(FUNCTION, ITEM, {"which": "moon"}).state == "form"


def test_an_unreadable_right_answer_is_the_labs_fault() -> None:
    """A lab whose right answer does not fit its own form raises, and is not the participant's mistake."""
    from spamlab.errors import ContentError

    broken = replace(VALUE, answer_function=lambda _item: "no address")
    with pytest.raises(ContentError, match="does not fit"):
        judge_answer(broken, ITEM, "192.0.2.1")


@pytest.mark.parametrize(
    ("expected", "value", "same"),
    [
        ("192.0.2.1", "[192.0.2.1]", True),
        ("A.example", "a.example.", True),
        (1, True, False),
        (1, 1.0, True),
        (None, "", False),
        ([1, 2], [1, 2], True),
        ([1, 2], [2, 1], False),
        ({"a": 1}, {"a": 1, "b": 2}, True),
        (1, "1", False),
    ],
)
def test_outputs_are_alike_where_the_meaning_is(expected: object, value: object, same: bool) -> None:
    """Case and ways to write an address do not count; types do."""
    assert alike(expected, value) is same


@given(st.floats(0, 1))
def test_rounding_never_adds(share: float) -> None:
    """A share is rounded down to hundredths, so that only everything is everything."""
    assert rounded(share) <= share + 1e-6
    assert rounded(share) == 1 or share < 1


def test_item_of_another_purpose_names_its_own_id() -> None:
    """A missing twin is told by the twin's own id."""
    assert "pick-twin" in judge_answer(CHECKS.questions["pick"], Item("twin", ("M1",), DATA), None).message
