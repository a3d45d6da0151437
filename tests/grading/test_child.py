"""The interpreter that runs a submission's cells reads them as Jupyter does."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from spamlab.course.percent import read_cells
from spamlab.grading.child import OWN_SIGNS
from spamlab.grading.interpreter import Interpreter
from spamlab.sandbox import available_level
from spamlab.shipped import default_folder

PIECES = ["x", " ", "\n", "\t", "\\\n", "%", "%%", "!", "!!", "?", "??", ",", ";", "/", "=", "==", "!=", "(", ")", "'",
          "'''", '"', "#", ">>> ", "... ", "In [1]: ", "   ...: ", "time", "ls", "if x:", "    ", "\r\n", "1", "é",
          "-1", "for", "in", "def f():", ":", "[", "]", "{", "}", "@", "lambda", ".", "\r", "\x0b", "\x0c", "\x1c",
          "\x85", "\xa0", "\u2028", "\u3000", "\ufeff", "x\n"]


def _cells() -> Iterator[str]:
    for path in sorted(default_folder("labs").glob("*/notebook.py")):
        yield from (cell.source for cell in read_cells(path.read_text(encoding="utf-8"), path.name)[0])


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_a_plain_cell_is_what_ipython_makes_of_it(source: str) -> None:
    """Where no sign of IPython's own language stands, its rewriting would change nothing but add a newline."""
    if OWN_SIGNS.search(source):
        return
    try:
        made = TransformerManager().transform_cell(source)
    except SyntaxError:
        return  # it is no Python either, and Python says so itself
    assert made == (source if source.endswith("\n") else f"{source}\n")


def test_cells_of_the_labs_are_plain() -> None:
    """The quick way is taken by most cells, so the test above is about something."""
    cells = list(_cells())
    plain = [one for one in cells if not OWN_SIGNS.search(one)]
    assert len(plain) > 0.7 * len(cells) > 0
    assert all(TransformerManager().transform_cell(one) == f"{one}\n" for one in plain if not one.endswith("\n"))


@pytest.mark.parametrize("source", [
    "%time x", "x = %pwd", "x = \\\n%pwd", "!ls", "x = !ls", "len?", "?len", "x??", "%%bash\nls", ">>> 1", "... 1",
    "In [1]: x", ",f a b", ";f a", "/f 1", " x", "\nx", "if x:\n    %time y", "", "x\n  \ny", "x? # what",
    "f? ;"])
def test_ipythons_own_language_is_seen(source: str) -> None:
    """Each of its forms is left to IPython."""
    assert OWN_SIGNS.search(source)


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Interpreter]:
    """An interpreter as grading has it, over a lab with a folder `data`."""
    (tmp_path / "lab" / "data").mkdir(parents=True)
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "items.json").write_text(json.dumps({"items": []}))
    with Interpreter(tmp_path / "lab", tmp_path / "given", "p01", level=available_level()) as made:
        yield made


def test_a_line_of_magic_without_its_sign(child: Interpreter) -> None:
    """What Jupyter takes for a magic in a cell of one line is one here too, unless the word has a meaning."""
    child.cell("cd data")
    assert child.cell("import os\nos.path.basename(os.getcwd())")[0]["data"] == {"text/plain": "'data'"}
    child.cell("cd = 6")
    assert child.cell("cd")[0]["data"] == {"text/plain": "6"}
    assert child.cell("time 1")[-1]["data"] == {"text/plain": "1"}
    child.cell("%autocall 1")
    assert child.cell("len 'abc'")[-1]["data"] == {"text/plain": "3"}


def test_a_file_that_has_the_name_of_a_library(tmp_path: Path) -> None:
    """It does not keep the interpreter from starting, and does not run before the first cell asks for it."""
    (tmp_path / "lab").mkdir()
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "items.json").write_text(json.dumps({"items": []}))
    for name in sys.stdlib_module_names - set(sys.builtin_module_names):
        (tmp_path / "lab" / f"{name}.py").write_text("1 / 0")
    with Interpreter(tmp_path / "lab", tmp_path / "given", "p01", level=available_level()) as child:
        assert child.cell("x = 6\nx")[0]["data"] == {"text/plain": "6"}
        assert child.cell("import antigravity")[0]["ename"] == "ZeroDivisionError"


def test_a_cell_may_add_to_the_language(child: Interpreter) -> None:
    """A step that a cell adds to IPython's rewriting is taken for all cells after it."""
    child.cell("def loud(lines):\n    return [one.replace('whisper', 'shout') for one in lines]\n"
               "get_ipython().input_transformers_post.append(loud)")
    assert child.cell("x = 'whisper'\nx")[0]["data"] == {"text/plain": "'shout'"}
