"""Restoring a submission's layout."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from spamlab.grading.layout import as_block, restore
from spamlab.grading.plain import plain_notebook


def cell(name: str, source: str, *, grade: bool = False, solution: bool = False, markdown: bool = False) -> Any:
    """A cell with nbgrader's marks."""
    marks = {"grade_id": name, "grade": grade, "solution": solution, "locked": not solution, "points": 2}
    return (new_markdown_cell if markdown else new_code_cell)(source=source, metadata={"nbgrader": marks})


RELEASED = new_notebook(cells=[
    cell("head", "# Title <em>ours</em>", markdown=True), cell("open", "# yours", solution=True),
    cell("q1", "check", grade=True), cell("q2", "Write.", grade=True, solution=True, markdown=True)])


def test_open_cells_keep_what_was_written() -> None:
    """The sources of open cells come from the submission, all others from the release."""
    given_one = new_notebook(cells=[cell("head", "x", markdown=True), cell("open", "mine = 1", solution=True),
                                    cell("q1", "2.0", grade=True), cell("q2", "Words.", solution=True, markdown=True)])
    assert [one.source for one in restore(given_one, RELEASED).cells] == [
        "# Title <em>ours</em>", "mine = 1", "check", "Words."]


def test_own_cells_stay_where_they_were() -> None:
    """A participant's own cells stand after the cell that they followed, without marks."""
    own = new_code_cell(source="own", metadata={"nbgrader": {"grade_id": "q9", "grade": True, "points": 50}})
    given_one = new_notebook(cells=[cell("head", "", markdown=True), own, cell("open", "a", solution=True)])
    made = restore(given_one, RELEASED)
    assert [one.source for one in made.cells] == ["# Title <em>ours</em>", "own", "a", "check", "Write."]
    assert made.cells[1].metadata == {}


def test_the_last_of_a_doubled_cell_counts() -> None:
    """An open cell that stands twice is taken from its last copy; the other stays as an own cell."""
    given_one = new_notebook(cells=[cell("open", "first", solution=True), cell("open", "second", solution=True)])
    made = restore(given_one, RELEASED)
    assert [one.source for one in made.cells] == ["first", "# Title <em>ours</em>", "second", "check", "Write."]


def test_own_markup_becomes_text() -> None:
    """Markdown that could hold markup stands as a block; harmless Markdown as written."""
    given_one = new_notebook(cells=[new_markdown_cell(text) for text in ("<b>x</b>", "*plain*", "[a](b)")])
    sources = [one.source for one in restore(given_one, RELEASED).cells[:3]]
    assert sources == ["```text\n<b>x</b>\n```", "*plain*", "```text\n[a](b)\n```"]


def test_a_block_can_not_be_left() -> None:
    """The fence is longer than any run of the same sign in the text."""
    assert as_block("a ```` b").splitlines()[0] == "`````text"


def test_release_is_not_changed() -> None:
    """Restoring twice gives the same; the release stays as it was."""
    before = json.dumps(RELEASED)
    given_one = new_notebook(cells=[cell("open", "a", solution=True)])
    assert restore(given_one, RELEASED) == restore(given_one, RELEASED)
    assert json.dumps(RELEASED) == before


KEYS = ["cell_type", "source", "metadata", "nbgrader", "grade_id", "cells", "grade", "points", "code", "q1"]
odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10) | st.sampled_from(KEYS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4))


@settings(deadline=None)
@given(st.lists(odd, max_size=5), odd)
def test_any_notebook_is_restored(cells: list[Any], metadata: Any) -> None:
    """Whatever JSON a submission is, the graded cells of the release stand in the result, once and in order."""
    content = json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4}).encode()
    made = restore(plain_notebook(content), RELEASED)
    names = [one.metadata.get("nbgrader", {}).get("grade_id") for one in made.cells]
    assert [name for name in names if name] == ["head", "open", "q1", "q2"]
