"""The interpreter that runs a submission's cells reads them as Jupyter does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from spamlab.course.percent import read_cells
from spamlab.grading.child import OWN_SIGNS
from spamlab.shipped import default_folder

PIECES = ["x", " ", "\n", "\t", "\\\n", "%", "%%", "!", "!!", "?", "??", ",", ";", "/", "=", "==", "!=", "(", ")", "'",
          "'''", '"', "#", ">>> ", "... ", "In [1]: ", "   ...: ", "time", "ls", "if x:", "    ", "\r\n", "1", "é",
          "-1", "for", "in", "def f():", ":", "[", "]", "{", "}", "@", "lambda", "."]


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
