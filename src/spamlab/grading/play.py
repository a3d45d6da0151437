"""Plays a submission's cells in a child, and puts inputs to its functions; what comes back is untrusted.

A child that ends takes nothing away from what came before it: the function of a later question is looked for again
in a fresh child, without the cells that ended one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from spamlab.grading.interpreter import ENDED, ChildEndedError, Interpreter

MOST_CHILDREN = 3
GONE = "Ended: the function's interpreter ended"


@dataclass(frozen=True)
class Cell:
    """One code cell, plain.

    place: its number in the notebook. source: run, unless `skip`. asks: the question whose function is looked for
    when the cell is reached, and that function's name; "" for none.
    """

    place: int
    source: str
    skip: bool = False
    asks: str = ""
    function: str = ""


@dataclass
class Played:
    """What came of a submission. shown: outputs as the child says, by place. ended: the sentence, by the place of the
    cell at which a child ended. outputs: what the function of each question gave, None where there is none."""

    shown: dict[int, list[Any]] = field(default_factory=dict)
    ended: dict[int, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, Any] | None] = field(default_factory=dict)


def play(cells: Sequence[Cell], inputs: Mapping[str, Sequence[tuple[str, Any]]], fresh: Callable[[], Interpreter],
         call_seconds: float = 2.0) -> Played:
    """Run all cells once, then put `inputs` (by question) to the functions that the cells ask for.

    fresh: starts a child over a fresh copy of the submission. Inputs are shown to a child only after its last cell,
    so that nothing it displays can carry one out. Raises SandboxError where the sandbox fails.
    """
    played = Played()
    asked = [name for name in inputs if any(name == cell.asks for cell in cells)]
    with fresh() as child:
        held = _run(cells, child, played, show=True)
        for name in asked:
            if held.get(name) and not played.ended:
                played.outputs[name] = _call(child, name, inputs[name], call_seconds)
            elif name in held and not held[name]:
                played.outputs[name] = None
    for name in asked:
        if name not in played.outputs:
            played.outputs[name] = _again(name, cells, inputs[name], fresh, played, call_seconds)
    return played


def _run(cells: Sequence[Cell], child: Interpreter, played: Played, *, show: bool, until: str = "") -> dict[str, bool]:
    """Run the cells, but those at which a child ended; whether the function of each question on the way is there."""
    held: dict[str, bool] = {}
    for cell in cells:
        try:
            if cell.asks:
                held[cell.asks] = child.hold(cell.asks, cell.function)
            if until and until == cell.asks:
                return held
            if cell.skip or cell.place in played.ended:
                continue
            shown = child.cell(cell.source)
            if show:
                played.shown[cell.place] = shown
        except ChildEndedError as end:
            played.ended[cell.place] = str(end)
            return held
    return held


def _again(name: str, cells: Sequence[Cell], inputs: Sequence[tuple[str, Any]], fresh: Callable[[], Interpreter],
           played: Played, seconds: float) -> dict[str, Any] | None:
    """The function's outputs from a fresh child that runs no further than the function's question."""
    for _ in range(MOST_CHILDREN):
        with fresh() as child:
            held = _run(cells, child, played, show=False, until=name)
            if name in held:
                return _call(child, name, inputs, seconds) if held[name] else None
    return None


def _call(child: Interpreter, name: str, inputs: Sequence[tuple[str, Any]], seconds: float) -> dict[str, Any]:
    """Each input by itself: one that ends the child costs that input and those after it, not those before."""
    outputs: dict[str, Any] = {}
    gone = ""
    for key, value in inputs:
        if not gone:
            try:
                outputs[key] = child.call(name, [(key, value)], seconds).get(key)
                continue
            except ChildEndedError as end:
                gone = GONE if str(end) == ENDED else str(end)
        outputs[key] = {"error": gone}
    return outputs
