"""Playing cells with a child that does as told; no process is started."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from spamlab.grading.interpreter import ChildEndedError
from spamlab.grading.play import GONE, SLOW, Cell, play


class FakeChild:
    """Stands for an interpreter: a source is a word that says what happens."""

    def __init__(self) -> None:
        self.defined = False
        self.calls = 0
        self.odd_lines = 0

    def __enter__(self) -> FakeChild:
        return self

    def __exit__(self, *error: object) -> None:
        return

    def cell(self, source: str) -> list[Any]:
        """"dies" ends the child, "define" makes a function, anything else is shown."""
        if source == "dies":
            raise ChildEndedError("it ended")
        self.defined = self.defined or source == "define"
        return [source]

    def hold(self, _key: str, _name: str) -> bool:
        """Whether the function is there."""
        return self.defined

    def call(self, _key: str, inputs: Sequence[tuple[str, Any]], _seconds: float) -> dict[str, Any]:
        """Echo; the input "dies" ends the child."""
        if inputs[0][1] == "dies":
            raise ChildEndedError("it ended")
        return {inputs[0][0]: {"value": inputs[0][1]}}


def cells(*sources: str) -> list[Cell]:
    """Cells of these sources; "ask" asks for the function of q1."""
    return [Cell(place, source, source == "ask", "q1" if source == "ask" else "", "f" if source == "ask" else "")
            for place, source in enumerate(sources)]


def children() -> tuple[Callable[[], Any], list[FakeChild]]:
    """A maker of children, and those it has made."""
    made: list[FakeChild] = []

    def fresh() -> FakeChild:
        made.append(FakeChild())
        return made[-1]

    return fresh, made


def test_all_goes_well() -> None:
    """One child runs all cells, then gets the inputs; a graded cell is not run."""
    fresh, made = children()
    played = play(cells("a", "define", "ask", "b"), {"q1": [("i0", 1), ("i1", 2)]}, fresh)
    assert played.shown == {0: ["a"], 1: ["define"], 3: ["b"]}
    assert played.outputs == {"q1": {"i0": {"value": 1}, "i1": {"value": 2}}}
    assert len(made) == 1


def test_no_function() -> None:
    """A question whose function is not there has None, and nobody looks again."""
    fresh, made = children()
    assert play(cells("a", "ask"), {"q1": [("i0", 1)]}, fresh).outputs == {"q1": None}
    assert len(made) == 1


def test_a_cell_that_ends_the_child_is_left_out_the_second_time() -> None:
    """The function is found in a second child, whether the end came before or after its question."""
    for sources in (("dies", "define", "ask"), ("define", "ask", "dies")):
        fresh, made = children()
        played = play(cells(*sources), {"q1": [("i0", 1)]}, fresh)
        assert played.outputs == {"q1": {"i0": {"value": 1}}}
        assert played.ended == {sources.index("dies"): "it ended"}
        assert len(made) == 2


def test_not_for_ever() -> None:
    """After a few children nobody looks again."""
    fresh, made = children()
    assert play(cells(*["dies"] * 20, "define", "ask"), {"q1": [("i0", 1)]}, fresh).outputs == {"q1": None}
    assert len(made) < 6


def test_an_input_that_ends_the_child_costs_no_earlier_one() -> None:
    """Inputs before it count, it and those after it are errors."""
    fresh, _ = children()
    outputs = play(cells("define", "ask"), {"q1": [("i0", 1), ("i1", "dies"), ("i2", 3)]}, fresh).outputs["q1"]
    assert outputs == {"i0": {"value": 1}, "i1": {"error": "it ended"}, "i2": {"error": "it ended"}}
    assert GONE


def test_a_function_that_never_ends_is_asked_five_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five inputs in a row that take all their time are enough; the rest counts as too slow, at no cost."""
    clock = iter(range(0, 1000, 3))
    monkeypatch.setattr("spamlab.grading.play.time.monotonic", lambda: next(clock))
    fresh, _ = children()
    outputs = play(cells("define", "ask"), {"q1": [(f"i{number}", number) for number in range(8)]}, fresh).outputs["q1"]
    assert outputs is not None
    assert [outputs[f"i{number}"] for number in range(8)] == [
        *({"value": number} for number in range(5)), *({"error": SLOW} for _ in range(3))]
