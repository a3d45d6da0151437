"""What is made without nbformat's validation is valid all the same."""

from __future__ import annotations

import nbformat

from spamlab.grading import cells


def test_all_that_is_made_is_valid() -> None:
    """A notebook of every kind of cell and output passes nbformat's schema."""
    made = cells.notebook()
    ran = cells.code("1", "a-1", {"nbgrader": {"grade_id": "q1"}})
    ran.outputs = [cells.stream("stdout", "x\n"), cells.error("E", "v", ["t"]),
                   cells.result({"text/plain": "1"}, 1), cells.display({"text/html": "<b>1</b>"})]
    made.cells = [ran, cells.code("", "b_2"), cells.markdown("# x", "c", {"tags": ["y"]})]
    nbformat.validate(made)
    assert nbformat.reads(nbformat.writes(made), as_version=4) == made
