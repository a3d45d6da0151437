"""A lab with a question of every kind: each brings its right, wrong and invalid answers, and tells them apart."""

from pathlib import Path
from typing import Any

import pytest

import spamlab.judge.kinds as kinds
from spamlab.content.lab import Lab, read_lab
from spamlab.content.prose import message_smells
from spamlab.judge.judging import judge_answer, judge_outputs, mistaken_answer, patterns, right_answer
from spamlab.judge.kinds import Challenge, Document
from spamlab.judge.lab_data import clashes, lab_data, load_checks, load_module, one_draw
from spamlab.judge.question import Item, Question
from spamlab.judge.sources import run_sources
from spamlab.seeds import derive

FOLDER = Path(__file__).parent / "90-all-kinds"
LAB: Lab = read_lab(FOLDER)
CHECKS = load_checks(FOLDER)
OWN = load_module(FOLDER / "checks.py", "90-all-kinds/checks.py")
DRAWS = {name: lab_data(b"s" * 32, "p1", LAB, name, checks=CHECKS) for name in ("practice", "twin", "hidden")}
CLOSED = [one for one in CHECKS.questions.values() if not isinstance(one.kind, Challenge | Document)]
PUT = [one for one in CHECKS.questions.values() if isinstance(one.kind, Challenge)]
ALL = list(CHECKS.questions.values())


def item_of(question: Question, purpose: str = "practice") -> Item:
    """What the question is asked about in one set of the participant."""
    item = question.item(purpose, DRAWS[purpose])
    assert item is not None
    return item


def outputs_of(question: Question, source: str, purpose: str) -> Any:
    """What a source gives for the inputs of a set."""
    kind = question.kind
    assert isinstance(kind, Challenge)
    return run_sources(kind.function, {"x": source}, kind.inputs(DRAWS[purpose]))["x"]


def test_no_kind_is_left_out() -> None:
    """Every kind that a lab can import has a question here."""
    offered = {name for name in kinds.__all__ if hasattr(getattr(kinds, name), "parse")} - {"Challenge"}
    assert {type(one.kind).__name__ for one in ALL} == offered


@pytest.mark.parametrize("question", CLOSED, ids=lambda one: one.id)
@pytest.mark.parametrize("purpose", ["practice", "twin"])
def test_the_right_answer_is_right_and_says_why(question: Question, purpose: str) -> None:
    """The right answer of each closed question earns everything, on practice and twin."""
    item = item_of(question, purpose)
    assert question.answer_function is not None
    verdict = judge_answer(question, item, question.answer_function(item))
    assert (verdict.state, verdict.share) == ("right", 1.0), verdict
    assert f"This is why {question.id}." in verdict.message


@pytest.mark.parametrize("question", PUT, ids=lambda one: one.id)
@pytest.mark.parametrize("purpose", ["practice", "hidden"])
def test_right_code_is_right(question: Question, purpose: str) -> None:
    """A right function or filter earns everything on practice and on hidden inputs."""
    outputs = outputs_of(question, OWN.RIGHT_SOURCES[question.id], purpose)
    verdict = judge_outputs(question, DRAWS[purpose], outputs, practice=DRAWS["practice"])
    assert (verdict.state, verdict.share) == ("right", 1.0), verdict


@pytest.mark.parametrize("question", [*CLOSED, CHECKS.questions["document"]], ids=lambda one: one.id)
def test_each_known_mistake_is_named(question: Question) -> None:
    """Each known mistake gets its own code and message of at most 60 plain words, and not everything."""
    item = item_of(question)
    assert len(question.mistakes) >= 3
    for mistake in question.mistakes:
        assert mistake.answer is not None
        verdict = judge_answer(question, item, _whole(question, mistake.answer(item)))
        assert (verdict.state, verdict.code) == ("mistake", mistake.code), verdict
        assert verdict.share < 1
        assert message_smells(verdict.message) == []


def test_an_estimates_number_alone_is_its_known_mistake() -> None:
    """A number without a range is an error of form, but a known mistake is named at once."""
    question = CHECKS.questions["estimate"]
    item = item_of(question)
    for mistake in question.mistakes:
        assert mistake.answer is not None
        verdict = judge_answer(question, item, mistake.answer(item))
        assert (verdict.state, verdict.code, verdict.share) == ("mistake", mistake.code, 0.0)
    assert judge_answer(question, item, 3).state == "form"
    assert judge_answer(question, item, mistake.answer(item), silent=True).state == "form"


def test_an_idle_text_earns_nothing() -> None:
    """What a text gets right by doing nothing is not counted; what was there at first is no answer."""
    for name, idle in (("artefact", "keep all"), ("fill", {"policy": "none", "sub": "none", "to": "dmarc@x.example"})):
        question = CHECKS.questions[name]
        assert judge_answer(question, item_of(question), idle).share == 0
    verdict = judge_answer(CHECKS.questions["artefact"], item_of(CHECKS.questions["artefact"]), "# your rules\n\n")
    assert verdict.state == "form"
    assert "stood there at first" in verdict.message


def _whole(question: Question, answer: Any) -> Any:
    """An estimate as a participant gives it, where the mistake is a number alone."""
    if question.id == "estimate":
        return {"best": answer, "low": answer * 0.9, "high": answer * 1.1, "reason": "twice"}
    return answer


@pytest.mark.parametrize("question", PUT, ids=lambda one: one.id)
def test_each_known_mistake_of_code_is_named(question: Question) -> None:
    """The outputs of each mistaken source are known again, on practice and on hidden inputs."""
    kind = question.kind
    assert isinstance(kind, Challenge)
    for purpose in ("practice", "hidden"):
        for place, outputs in patterns(question, kind, DRAWS[purpose]).items():
            verdict = judge_outputs(question, DRAWS[purpose], outputs, practice=DRAWS["practice"])
            assert verdict.code == question.mistakes[place].code, (purpose, verdict)
            assert verdict.share < 1


@pytest.mark.parametrize("question", ALL, ids=lambda one: one.id)
def test_each_invalid_answer_is_an_error_of_form(question: Question) -> None:
    """What is no answer is told in one sentence, as no try, and earns no full share."""
    for answer in OWN.INVALID[question.id]:
        verdict = judge_answer(question, item_of(question), answer)
        assert verdict.state in {"form", "error"} or (question.id, verdict.state) == ("table", "missing"), answer
        assert verdict.share < 1
        assert message_smells(verdict.message) == []


@pytest.mark.parametrize("question", ALL, ids=lambda one: one.id)
@pytest.mark.parametrize("answer", [None, "", {}, [], {"a": None}])
def test_a_missing_answer_is_nought_with_a_reason(question: Question, answer: object) -> None:
    """Nothing answered earns nothing and is told so, for every kind."""
    verdict = judge_answer(question, item_of(question), answer)
    assert (verdict.state, verdict.share) == ("missing", 0.0)
    assert "no answer yet" in verdict.message


@pytest.mark.parametrize("question", CLOSED, ids=lambda one: one.id)
def test_a_twin_tells_nothing(question: Question) -> None:
    """Right or wrong, the silent sibling says the same."""
    item = item_of(question, "twin")
    assert question.answer_function is not None
    assert question.mistakes[0].answer is not None
    said = {judge_answer(question, item, answer, silent=True) for answer in (
        question.answer_function(item), _whole(question, question.mistakes[0].answer(item)))}
    assert len(said) == 1
    assert said.pop().details == ()


def test_right_and_known_mistakes_differ_over_200_seeds() -> None:
    """In each of 200 draws the right answer and all known mistakes of each closed question differ pairwise."""
    for number in range(200):
        for purpose in ("practice", "twin"):
            data = one_draw(LAB, derive(b"s" * 32, f"d{number}", LAB.id, purpose), purpose)
            assert clashes(CHECKS, data, purpose) == []


def test_a_neighbours_data_gives_another_answer() -> None:
    """Fill-ins, artefacts, numbers and estimates hang on the participant's own message."""
    other = lab_data(b"s" * 32, "p2", LAB, "practice", checks=CHECKS)
    for name in ("fill", "artefact", "value", "estimate", "table"):
        question = CHECKS.questions[name]
        theirs = question.item("practice", other)
        assert theirs is not None
        assert judge_answer(question, item_of(question), right_answer(question, theirs)).share < 1
        assert mistaken_answer(question, question.mistakes[0], theirs) is not None
