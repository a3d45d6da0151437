"""A filter is marked as a function is: hidden texts in, plain numbers out, the same verdict as in class."""

from typing import Any

import pytest

from judge.test_all_kinds import CHECKS, DRAWS, LAB, OWN
from spamlab.grading.marking import Paper, mark
from spamlab.kit.calling import call_all, read_input


@pytest.fixture
def paper() -> Paper:
    """One participant's work in the lab of all kinds."""
    return Paper(LAB, "p1", CHECKS, DRAWS, {"hidden": b"s" * 32})


def answered(paper: Paper, name: str, source: str) -> dict[str, Any]:
    """What the participant's code gives for the hidden inputs, as the child tells it."""
    space: dict[str, Any] = {}
    exec(source, space)
    inputs, _names = paper.inputs(name)
    return call_all(space[paper.function(name)], [(key, read_input(value)) for key, value in inputs]).outputs


@pytest.mark.parametrize("name", ["function", "limit", "cost"])
def test_right_code_is_marked_in_full(paper: Paper, name: str) -> None:
    """Inputs go out under neutral names, and come back to the right messages."""
    verdict, _answer = mark(paper, name, (), answered(paper, name, OWN.RIGHT_SOURCES[name]))
    assert (verdict.state, verdict.share) == ("right", 1.0)


@pytest.mark.parametrize("name", ["function", "limit", "cost"])
def test_mistaken_code_is_marked_as_its_mistake(paper: Paper, name: str) -> None:
    """Each known mistake keeps its code when it is graded."""
    for mistake in CHECKS.questions[name].mistakes:
        assert mistake.source is not None
        verdict, _answer = mark(paper, name, (), answered(paper, name, mistake.source))
        assert verdict.code == mistake.code
        assert verdict.share < 1


@pytest.mark.parametrize("name", ["function", "limit", "cost"])
def test_no_code_is_nought_with_a_reason(paper: Paper, name: str) -> None:
    """Without a function there is no answer; with choices alone in its place, neither."""
    for outputs in (None, {}, {"i000": {"value": None}}):
        verdict, _answer = mark(paper, name, (), outputs)
        assert verdict.share == 0
        assert verdict.message


def test_hidden_inputs_hold_no_truth(paper: Paper) -> None:
    """What is put to a filter is texts and how they are asked for, nothing else."""
    for name in ("limit", "cost"):
        inputs, _names = paper.inputs(name)
        for key, value in inputs:
            assert key.startswith("i")
            assert set(value) == {"texts", "ask", "each"}
            assert all(isinstance(text, str) for text in value["texts"])
