"""Answers come back as they were kept; what is no plain JSON is refused with a sentence."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spamlab.kit import answered
from spamlab.kit.answers import keep, kept
from spamlab.kit.errors import AnswerError

SCALARS = (st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=50)
           | st.floats(-1e15, 1e15, allow_nan=False))
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=5)
                      | st.dictionaries(st.text(max_size=10), inner, max_size=5), max_leaves=12)
SAME_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)


def _depth(value: Any) -> int:
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 0


@SAME_FOLDER
@given(VALUES.filter(lambda value: _depth(value) <= 8))
def test_round_trip(value: Any) -> None:
    """Any plain JSON value comes back equal and of the same type."""
    keep("q1", value)
    assert kept("q1") == (True, value)
    assert json.dumps(answered("q1")) == json.dumps(value)


@pytest.mark.parametrize(("value", "word"), [
    ((1, 2), "square brackets"), ({1, 2}, "list"), (b"x", "bytes"), ({1: True}, 'write "1"'), (float("nan"), "number"),
    (float("inf"), "number"), (10**16, "too big"), (Decimal(1), "a Decimal"), (object(), "a object"),
    ("\ud800", "signs"),
    ("x" * 70_000, "too big"), (["x" * 9000] * 8, "too big"), ([0] * 30_000, "too big"), (print, "a builtin"),
])
def test_what_cannot_be_kept(value: Any, word: str) -> None:
    """Everything else is refused with one sentence that names the trouble, and no file is written."""
    with pytest.raises(AnswerError, match=word):
        keep("q1", value)
    assert kept("q1") == (False, None)


def test_subclasses_are_refused() -> None:
    """A class that looks like text or a table can't slip in its own behaviour."""

    class Sly(dict):  # type: ignore[type-arg]
        pass

    class Text(str):
        __slots__ = ()

    for value in (Sly(a=1), Text("x"), [True, Sly()]):
        with pytest.raises(AnswerError):
            keep("q1", value)


def test_a_value_that_holds_itself() -> None:
    """A list inside itself is refused, not followed."""
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(AnswerError, match="deep"):
        keep("q1", loop)


@pytest.mark.parametrize("name", ["", "../q1", "q1/x", "q 1", "1q", "q1.json", "q" * 80, 3, None])
def test_names(name: Any) -> None:
    """A question's name can't lead out of the folder."""
    with pytest.raises(AnswerError, match="q3"):
        keep(name, 1)


def test_an_old_answer_survives_a_failed_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer is replaced whole or not at all, and no half file is left."""
    keep("q1", "old")

    def fail(*_args: Any) -> None:
        raise OSError

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(AnswerError, match="could not be written"):
        keep("q1", "new")
    assert answered("q1") == "old"
    assert os.listdir("answers") == ["q1.json"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"x": 1}', '{"answer": 1e999}', "[" * 100_000, "\x00"])
def test_a_broken_file(content: str) -> None:
    """A file that was spoilt by hand gives one sentence that says how to mend it."""
    Path("answers").mkdir()
    Path("answers/q1.json").write_text(content)
    with pytest.raises(AnswerError, match="Save it again"):
        answered("q1")


def test_nothing_answered() -> None:
    """Without an answer there is None, and no folder is made."""
    assert answered("q7") is None
    assert not Path("answers").exists()
