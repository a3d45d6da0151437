"""Plays a submission's cells in a child, and puts inputs to its functions; what comes back is untrusted.

A child that ends takes nothing away from what came before it: the function of a later question is looked for again
in a fresh child, without the cells that ended one.

A test that is partly hidden stands in the notebook without that part while the participant's cells run; after the
last cell the whole test is run. So no cell can read a hidden test. A test that then does not give all its points, and
whose names later cells may have changed, is put again: the cells are run once more, the child is kept as it was in the
test's place, and what the whole test gives there counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from spamlab.grading.interpreter import ENDED, ChildEndedError, ChildFellError, Interpreter
from spamlab.grading.unchanged import same_at_the_end

MOST_CHILDREN = 3
MOST_SLOW = 5
SLOW = "TimeoutError: the function was too slow on five inputs in a row, and was asked no more"
GONE = "Ended: the function's interpreter ended"


@dataclass(frozen=True)
class Cell:
    """One code cell, plain.

    place: its number in the notebook. source: run, unless `skip`. asks: the question whose function is looked for
    when the cell is reached, and that function's name; "" for none. test: a test that is partly hidden, whole; "" for
    none: `source` is then all there is. points: what the test gives at most.
    """

    place: int
    source: str
    skip: bool = False
    asks: str = ""
    function: str = ""
    test: str = ""
    points: float = 0.0


@dataclass
class Played:
    """What came of a submission. shown: outputs as the child says, by place. ended: the sentence, by the place of the
    cell at which a child ended. outputs: what the function of each question gave, None where there is none.
    tested: outputs of the partly hidden tests, by place. odd_lines: what a child said that nobody had asked."""

    shown: dict[int, list[Any]] = field(default_factory=dict)
    ended: dict[int, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    tested: dict[int, list[Any]] = field(default_factory=dict)
    odd_lines: int = 0


def play(cells: Sequence[Cell], inputs: Mapping[str, Sequence[tuple[str, Any]]], fresh: Callable[[], Interpreter],
         call_seconds: float = 2.0, before_inputs: Callable[[], None] = lambda: None) -> Played:
    """Run all cells once, then put `inputs` (by question) to the functions that the cells ask for.

    fresh: starts a child over a fresh copy of the submission. Inputs are shown to a child only after its last cell,
    so that nothing it displays can carry one out; before_inputs is called ahead of the first, so that what a function
    writes into its folder can count for nothing. Raises SandboxError where the sandbox fails.
    """
    played = Played()
    asked = [name for name in inputs if any(name == cell.asks for cell in cells)]
    for _ in range(MOST_CHILDREN):
        with fresh() as child:
            held, whole = _run(cells, child, played)
            if whole:
                before_inputs()
                for name in asked:
                    played.outputs[name] = _call(child, name, inputs[name], call_seconds) if held.get(name) else None
                _test(cells, child, played)
            played.odd_lines += child.odd_lines
        if whole:
            break
    before_inputs()
    for name in asked:
        if name not in played.outputs:
            played.outputs[name] = _again(name, cells, inputs[name], fresh, played, call_seconds)
    _test_in_place(cells, fresh, played)
    return played


def _run(cells: Sequence[Cell], child: Interpreter, played: Played) -> tuple[dict[str, bool], bool]:
    """Run the cells, but those at which a child ended before. Returns whether the function of each question on the
    way is there, and whether the last cell was reached. The first outputs of a cell stay."""
    held: dict[str, bool] = {}
    for cell in cells:
        try:
            if cell.asks:
                held[cell.asks] = child.hold(cell.asks, cell.function)
            if cell.skip or cell.place in played.ended:
                continue
            played.shown.setdefault(cell.place, child.cell(cell.source))
        except ChildEndedError as end:
            played.ended[cell.place] = str(end)
            return held, False
    return held, True


def _test(cells: Sequence[Cell], child: Interpreter, played: Played) -> None:
    """After the last cell: each whole test whose visible part has not failed. It is done where it gives all its points,
    or where no later cell has touched what it reads."""
    with suppress(ChildEndedError):
        for number, cell in enumerate(cells):
            if cell.test and not _has_error(played.shown.get(cell.place, [])):
                outputs = child.cell(cell.test)
                if _is_full(outputs, cell.points) or same_at_the_end(
                        cell.test, [one.source for one in cells[:number]], [one.source for one in cells[number + 1:]]):
                    played.tested[cell.place] = outputs


def _test_in_place(cells: Sequence[Cell], fresh: Callable[[], Interpreter], played: Played) -> None:
    """The whole tests that are not done, each in its place: the child is kept there, and tested from the last back."""
    for _ in range(MOST_CHILDREN):
        left = [cell for cell in cells if cell.test and cell.place not in played.tested
                and cell.place not in played.ended and not _has_error(played.shown.get(cell.place, []))]
        if not left:
            return
        kept: list[Cell] = []
        awake = False
        with fresh() as child:
            try:
                for cell in cells[:cells.index(left[-1]) + 1]:
                    if cell in left:
                        child.keep()
                        kept.append(cell)
                    if not cell.skip and cell.place not in played.ended:
                        child.cell(cell.source)
            except ChildFellError:
                played.ended.setdefault(cell.place, ENDED)
                awake = True
            except ChildEndedError as end:
                played.ended.setdefault(cell.place, str(end))
                continue
            with suppress(ChildEndedError):
                while kept:
                    if not awake:
                        child.back()
                    awake = False
                    cell = kept.pop()
                    try:
                        played.tested[cell.place] = child.cell(cell.test)
                    except ChildFellError:
                        awake = True
                        played.ended.setdefault(cell.place, ENDED)
                    except ChildEndedError as end:
                        played.ended.setdefault(cell.place, str(end))
                        raise


def _has_error(outputs: Sequence[Any]) -> bool:
    return any(isinstance(one, dict) and one.get("type") == "error" for one in outputs)


def _is_full(outputs: Sequence[Any], points: float) -> bool:
    """Whether a test's outputs give all its points: no error, and no number below them as its value."""
    if _has_error(outputs):
        return False
    for one in outputs:
        if isinstance(one, dict) and one.get("type") == "result":
            try:
                return float(one["data"]["text/plain"]) >= points
            except (KeyError, TypeError, ValueError):
                return True
    return True


def _held_again(name: str, cells: Sequence[Cell], child: Interpreter, played: Played) -> bool | None:
    """Run the cells up to the function's question, but those at which a child ended; None where another one did."""
    for cell in cells:
        try:
            if cell.asks == name:
                return child.hold(name, cell.function)
            if not cell.skip and cell.place not in played.ended:
                child.cell(cell.source)
        except ChildEndedError as end:
            played.ended[cell.place] = str(end)
            return None
    return False


def _again(name: str, cells: Sequence[Cell], inputs: Sequence[tuple[str, Any]], fresh: Callable[[], Interpreter],
           played: Played, seconds: float) -> dict[str, Any] | None:
    """The function's outputs from a fresh child that runs no further than the function's question."""
    for _ in range(MOST_CHILDREN - 1):
        with fresh() as child:
            held = _held_again(name, cells, child, played)
            if held is not None:
                return _call(child, name, inputs, seconds) if held else None
    return None


def _call(child: Interpreter, name: str, inputs: Sequence[tuple[str, Any]], seconds: float) -> dict[str, Any]:
    """Each input by itself: one that ends the child costs that input and those after it, not those before.

    A function that took all its time on MOST_SLOW inputs in a row is asked no more.
    """
    outputs: dict[str, Any] = {}
    gone = ""
    slow = 0
    for key, value in inputs:
        if not gone:
            try:
                began = time.monotonic()
                outputs[key] = child.call(name, [(key, value)], seconds).get(key)
                slow = slow + 1 if time.monotonic() - began >= seconds else 0
                gone = SLOW if slow >= MOST_SLOW else ""
                continue
            except ChildEndedError as end:
                gone = GONE if str(end) == ENDED else str(end)
        outputs[key] = {"error": gone}
    return outputs
