"""The real child, driven by itself."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from spamlab.errors import SandboxError
from spamlab.grading.interpreter import ENDED, ENTRY, LIMITS, SENTENCES, ChildEndedError, Interpreter, environment
from spamlab.sandbox import Ending, Level, available_level
from spamlab.sandbox.warm import Line, Warm

Fresh = Callable[..., Interpreter]


@pytest.fixture(scope="module")
def warm() -> Iterator[Line]:
    """A line to a warm process."""
    with Warm(ENTRY, ["json"], environment(Path("/nowhere"), "")) as made:
        yield made.lines[0]


@pytest.fixture(params=["started", "forked"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fresh]:
    """Makes a child over an empty lab: a Python that is started, or a fork of the warm process."""
    line = request.getfixturevalue("warm") if request.param == "forked" else None
    (tmp_path / "lab").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "items.json").write_text(json.dumps({"items": []}))
    made: list[Interpreter] = []

    def make(level: Level | None = None, **limits: Any) -> Interpreter:
        made.append(Interpreter(tmp_path / "lab", tmp_path / "data", "p01", level=level or available_level(),
                                cell_seconds=limits.pop("cell_seconds", 2), limits=replace(LIMITS, **limits),
                                line=line))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def child(fresh: Fresh) -> Interpreter:
    """Such a child at the best level."""
    return fresh()


def test_cells_share_their_names(child: Interpreter) -> None:
    """What one cell makes the next one sees; streams, values and errors come back in order."""
    assert child.cell("x = 6") == []
    shown = child.cell("print('a')\nimport sys\nprint('b', file=sys.stderr)\ndisplay(1)\nx * 7")
    assert [one["type"] for one in shown] == ["stream", "stream", "display", "result"]
    assert shown[-1]["data"] == {"text/plain": "42"}
    assert child.cell("1 / 0")[0]["ename"] == "ZeroDivisionError"
    assert child.cell("await __import__('asyncio').sleep(0, 5)")[0]["data"] == {"text/plain": "5"}


@pytest.mark.parametrize(("source", "text"), [
    ("x = 6\ny = x * 7\ny\ny + 1", "43"),
    ("1\n2\n3;", None),
    ("import asyncio\nx = 1\nawait asyncio.sleep(0)\nx + 1", "2"),
    ("async def give():\n    return 5\nx = 1\nawait give()", "5"),
    ("from __future__ import annotations\nimport sys\ndef f(a: no_such_name): pass\nf.__annotations__['a']",
     "'no_such_name'"),
    ("a = 1\nb = 2\nIn[-1].count('a')", "2"),
    ("_ = 3\n_ + 1\n_", "3"),
])
def test_statements_give_what_they_give_in_class(child: Interpreter, source: str, text: str | None) -> None:
    """Whether its statements are compiled at once or one by one, a cell shows the value of its last line."""
    values = [one["data"]["text/plain"] for one in child.cell(source) if one["type"] == "result"]
    assert values == ([] if text is None else [text])


@pytest.mark.parametrize(("source", "error", "left"), [
    ("x = 1\ny = 2\nreturn y\nz = 3", "SyntaxError", "[1, 2, None]"),
    ("x = 1\ny = 2\n1 / 0\nz = 3", "ZeroDivisionError", "[1, 2, None]"),
    ("x = 1\ny = 2\nz = = 3", "SyntaxError", "[None, None, None]"),
    ("x = 1\ny = 2\nraise SystemExit\nz = 3", "SystemExit", "[1, 2, None]"),
])
def test_what_comes_before_a_mistake_has_been_done(child: Interpreter, source: str, error: str, left: str) -> None:
    """As in class, statements before the one that fails have run, if the cell could be read at all; none after it."""
    shown = child.cell(source)
    assert [one["ename"] for one in shown if one["type"] == "error"] == [error]
    assert child.cell("[globals().get(one) for one in 'xyz']")[0]["data"]["text/plain"] == left


def test_the_shell_counts_and_remembers(child: Interpreter) -> None:
    """In, Out and the last values are there, and what is registered with the shell is called."""
    child.cell("a = 1\nb = 2\na + b")
    child.cell("c = 1\nd = 2\n_ * 10")
    assert child.cell("x = 1\ny = 2\n(_, __, Out[1], len(In))")[0]["data"]["text/plain"] == "(30, 3, 3, 4)"
    child.cell("seen = []\nshell = get_ipython()\nshell.events.register('post_run_cell', lambda result: seen.append("
               "result.success))")
    child.cell("x = 1\ny = 2\nx")
    assert child.cell("x = 1\ny = 2\nseen")[0]["data"]["text/plain"] == "[True, True]"


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


@pytest.mark.parametrize("level", [one for one in Level if one <= available_level()], ids=lambda level: level.label)
def test_what_a_notebook_may_hold_behaves(level: Level, fresh: Fresh) -> None:
    """Magics, commands, widgets, displays, threads and streams, at each level as in class."""
    child = fresh(level, cell_seconds=30)
    assert _text(child.cell("%%time\n6 * 7")).endswith("42")
    assert _text(child.cell("!echo out; echo err >&2; exit 3")) == "out\nerr\n"
    assert _text(child.cell("_exit_code")) == "3"
    assert _text(child.cell("n = 4\n!echo {n + 1} $n")) == "5 4\n"
    assert _text(child.cell("found = !echo kept\nfound")) == "['kept']"
    assert _text(child.cell("%%bash\necho in bash")) == "in bash\n"
    assert child.cell("%%sh\necho err >&2") == [{"type": "stream", "name": "stderr", "text": "err\n"}]
    assert _text(child.cell("%cd -q .\nimport os; os.path.basename(os.getcwd())")) == "'lab'"
    assert _text(child.cell("import threading\nt = threading.Thread(target=print, args=('thread',))\n"
                            "t.start(); t.join()")) == "thread\n"
    assert child.cell("import logging; logging.warning('careful')")[0]["name"] == "stderr"
    assert child.cell("from IPython.display import HTML; display(HTML('<b>x</b>'))") == [
        {"type": "display", "data": {"text/plain": "<IPython.core.display.HTML object>"}}]
    png = child.cell("from IPython.display import Image\nImage(data=b'\\x89PNG\\r\\n\\x1a\\n' + bytes(20), width=1)")
    assert png[0]["data"]["image/png"].startswith("iVBOR")
    assert _text(child.cell("import ipywidgets\nipywidgets.IntSlider(value=3)")) == "IntSlider(value=3)"
    assert _text(child.cell("with ipywidgets.Output(): print('shown')")) == "shown\n"
    assert _text(child.cell("import pandas\npandas.DataFrame({'a': [1]})")) == "   a\n0  1"


def test_asking_for_input_is_an_error_that_says_why(child: Interpreter) -> None:
    """`input` and `getpass` end at once with a sentence, and the cells after them run."""
    for source in ("name = input('Name? ')", "import getpass; getpass.getpass()"):
        error = child.cell(source)[-1]
        assert (error["ename"], "write the value into the cell" in error["evalue"]) == ("EOFError", True)
    assert child.cell("import sys; sys.stdin.read(1)") == [{"type": "result", "data": {"text/plain": "''"}}]
    assert child.cell("1 + 1")[0]["data"] == {"text/plain": "2"}


@pytest.mark.parametrize("source", ["exit()", "quit", "get_ipython().ask_exit()", "import sys; sys.exit(3)",
                                    "import os\nif os.fork() == 0: raise SystemExit"])
def test_leaving_politely_ends_nothing(child: Interpreter, source: str) -> None:
    """What was defined before is still there for the next cell, and a fork of the child answers nothing."""
    child.cell("kept = 7")
    child.cell(source)
    assert child.cell("kept")[0]["data"] == {"text/plain": "7"}


@pytest.mark.parametrize("source", ["import os; os._exit(0)", "import os; os.abort()",
                                    "import ctypes; ctypes.string_at(0)", "import os; os.kill(os.getpid(), 9)",
                                    "import os; os.closerange(3, 250)"])
def test_a_cell_that_ends_the_child_is_named(child: Interpreter, source: str) -> None:
    """An exit past Python, a crash of the machine code, a signal, closed pipes: one sentence."""
    with pytest.raises(ChildEndedError) as end:
        child.cell(source)
    assert str(end.value) == ENDED


@pytest.mark.parametrize(("ending", "limits", "source"), [
    (Ending.CPU, {"cpu_seconds": 1}, "import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass"),
    (Ending.WALL, {"wall_seconds": 1.5}, "import time; time.sleep(20)"),
    (Ending.MEMORY, {"memory_bytes": 500 * 1024**2},
     "import os, time\nfor _ in range(5):\n    if os.fork() == 0:\n        kept = bytearray(b'x') * (150 * 10**6)\n"
     "        time.sleep(15)\n        os._exit(0)\ntime.sleep(15)"),
    (Ending.PROCESSES, {"processes": 8},
     "import os, time\nfor _ in range(30):\n    try:\n        if os.fork() == 0: time.sleep(15); os._exit(0)\n"
     "    except OSError: pass\ntime.sleep(15)"),
    (Ending.OUTPUT, {"disk_bytes": 4 * 1024**2},
     "import time\nfor n in range(20): open(f'f{n}', 'wb').write(bytes(10**6))\ntime.sleep(15)"),
])
def test_each_limit_has_its_sentence(fresh: Fresh, ending: Ending, limits: dict[str, Any], source: str) -> None:
    """A limit that is met ends the child with the sentence that names it."""
    if ending is Ending.PROCESSES and os.geteuid() != 0:
        pytest.skip("the kernel refuses an ordinary user's ninth process, and the cell goes on")
    with pytest.raises(ChildEndedError) as end:
        fresh(cell_seconds=20, **limits).cell(source)
    assert str(end.value) == SENTENCES[ending]


def test_memory_for_one_process_is_pythons_own_error(fresh: Fresh) -> None:
    """One process that asks for too much gets a MemoryError, and the next cell runs."""
    child = fresh(memory_bytes=700 * 1024**2)
    assert child.cell("kept = bytearray(10**9)")[0]["ename"] == "MemoryError"
    assert child.cell("1 + 1")[0]["data"] == {"text/plain": "2"}


def _text(outputs: list[Any]) -> str:
    return "".join(one["text"] if one["type"] == "stream" else one.get("data", one).get("text/plain", str(one))
                   for one in outputs)
