"""The page for lab writers: each of its examples runs, its right answer is right, each of its mistakes is named."""

import re
from pathlib import Path
from typing import Any

import pytest

import spamlab.judge.kinds as kinds
from judge.sample import DATA, HIDDEN, labelled
from spamlab.judge.judging import judge_answer, judge_outputs, patterns
from spamlab.judge.kinds import Challenge, Document
from spamlab.judge.question import Checks, Item, Question

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "kinds.md"


def examples() -> dict[str, Any]:
    """What the page's blocks make, one after another."""
    space: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(block, str(PAGE), "exec"), space)
    return space


SPACE = examples()
CHECKS: Checks = SPACE["checks"]
ITEM = Item("practice", ("M1",), {**DATA, "M1": labelled("M1")})
POLICY_ITEM = Item("practice", ("E1",), SPACE["make_messages"]({}, "practice", bytes(32), 0))


def test_every_kind_has_an_example() -> None:
    """The page leaves no kind out, in examples and in its table."""
    offered = {name for name in kinds.__all__ if hasattr(getattr(kinds, name), "parse")} - {"Challenge"}
    assert {type(one.kind).__name__ for one in CHECKS.questions.values()} == offered
    for name in offered:
        assert f"| `{name}` |" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("question", CHECKS.questions.values(), ids=lambda one: one.id)
def test_an_example_works(question: Question) -> None:
    """The right answer is right, and each known mistake has its own code."""
    kind = question.kind
    item = POLICY_ITEM if question.id == "policy" else ITEM
    assert question.mistakes
    if isinstance(kind, Challenge):
        for place, outputs in patterns(question, kind, HIDDEN).items():
            assert judge_outputs(question, HIDDEN, outputs).code == question.mistakes[place].code
        return
    if not isinstance(kind, Document):
        assert question.answer_function is not None
        assert judge_answer(question, item, question.answer_function(item)).state == "right"
    for mistake in question.mistakes:
        assert mistake.answer is not None
        wrong = mistake.answer(item)
        if question.id == "estimate":
            wrong = {"best": wrong, "low": wrong, "high": wrong, "reason": "twice"}
        assert judge_answer(question, item, wrong).code == mistake.code
