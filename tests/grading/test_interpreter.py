"""The real child, driven by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from spamlab.errors import SandboxError
from spamlab.grading.interpreter import ChildEndedError, Interpreter
from spamlab.sandbox import available_level


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Interpreter]:
    """A child over an empty lab."""
    (tmp_path / "lab").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "items.json").write_text(json.dumps({"items": []}))
    with Interpreter(tmp_path / "lab", tmp_path / "data", "p01", level=available_level(), cell_seconds=2) as made:
        yield made


def test_cells_share_their_names(child: Interpreter) -> None:
    """What one cell makes the next one sees; streams, values and errors come back in order."""
    assert child.cell("x = 6") == []
    shown = child.cell("print('a')\nimport sys\nprint('b', file=sys.stderr)\ndisplay(1)\nx * 7")
    assert [one["type"] for one in shown] == ["stream", "stream", "display", "result"]
    assert shown[-1]["data"] == {"text/plain": "42"}
    assert child.cell("1 / 0")[0]["ename"] == "ZeroDivisionError"
    assert child.cell("await __import__('asyncio').sleep(0, 5)")[0]["data"] == {"text/plain": "5"}


def test_a_slow_cell_is_stopped_and_the_next_goes_on(child: Interpreter) -> None:
    """A cell that never ends costs itself alone."""
    assert child.cell("while True: pass")[0]["ename"] == "TooLongError"
    assert child.cell("1 + 1")[0]["data"] == {"text/plain": "2"}


def test_functions_are_held_as_they_are(child: Interpreter) -> None:
    """A function that is defined anew later is still called as it was when it was asked for."""
    child.cell("def f(x): return len(x)")
    assert child.hold("q1", "f")
    child.cell("def f(x): return 0")
    assert child.call("q1", [("a", {"base64": "aGFsbG8="}), ("b", 5)]) == {
        "a": {"value": 5}, "b": {"error": "TypeError: object of type 'int' has no len()"}}
    assert not child.hold("q2", "g")


def test_an_end_is_a_sentence(child: Interpreter) -> None:
    """A child that is gone says so at each further request."""
    for _ in range(2):
        with pytest.raises(ChildEndedError, match="ended here"):
            child.cell("import os; os._exit(0)")


def test_output_is_bounded(child: Interpreter) -> None:
    """A cell that prints without end is cut, not carried."""
    shown = child.cell("for n in range(10**6): print('x' * 1000)" + "\nfor n in range(1000): display(n)")
    assert sum(len(json.dumps(one)) for one in shown) < 5_000_000


def test_a_child_that_does_not_start_is_our_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where our own interpreter fails, that is the sandbox's error, and no verdict."""
    from spamlab.grading import interpreter

    monkeypatch.setattr(interpreter, "visible_parts", lambda *_more: [])
    (tmp_path / "lab").mkdir()
    (tmp_path / "data").mkdir()
    if available_level().label != "bubblewrap":
        pytest.skip("at a lower level the parts are seen anyway")
    with pytest.raises(SandboxError, match="did not start"):
        Interpreter(tmp_path / "lab", tmp_path / "data", "p01", level=available_level())
