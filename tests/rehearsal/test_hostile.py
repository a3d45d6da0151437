"""How attacks get into a submission."""

from typing import Any

import pytest

from spamlab.rehearsal.hostile import (
    Attack,
    deletes_cells,
    doubles_cells,
    forges_cells,
    sources_of,
    turns_into_text,
)


def notebook() -> dict[str, Any]:
    """Three graded cells as nbgrader marks them."""
    return {"cells": [
        {"id": f"c{number}", "cell_type": "code", "source": f'check("q{number}")', "outputs": [],
         "metadata": {"nbgrader": {"grade": True, "grade_id": f"q{number}", "points": 2}}}
        for number in range(1, 4)
    ]}


def test_what_ends_the_interpreter_comes_last() -> None:
    """Attacks fill open cells in order, the function's cell holds a function, and the last one ends the interpreter."""
    attacks = [Attack("ends", "exit()", ends=True), Attack("first", "1"),
               Attack("equal", function="def {function}(): 0"), Attack("second", "2")]
    sources, own = sources_of(attacks, ["q1-open", "q2-open", "q7-open", "last-open"], {"q7-open": "classify"})
    assert sources == {"q1-open": "1", "q2-open": "2", "q7-open": "def classify(): 0", "last-open": "exit()"}
    assert own == []


def test_attacks_without_an_open_cell_stand_in_cells_of_their_own() -> None:
    """A lab without open cells keeps nobody from typing."""
    assert sources_of([Attack("a", "1"), Attack("b", "2")], [], {}) == ({}, ["1", "2"])


@pytest.mark.parametrize("forge", [forges_cells, doubles_cells, deletes_cells, turns_into_text])
def test_forging_leaves_the_original_untouched(forge: Any) -> None:
    """Each forgery gives another notebook and changes nothing of the one that it was given."""
    original = notebook()
    assert forge(original) != original
    assert original == notebook()


def test_what_is_forged() -> None:
    """Points and a score's source, twice the cells, no cells, cells of text."""
    forged = forges_cells(notebook())["cells"]
    assert {cell["metadata"]["nbgrader"]["points"] for cell in forged} == {1000}
    assert forged[0]["source"] == "1000.0"
    assert len(doubles_cells(notebook())["cells"]) == 6
    assert deletes_cells(notebook())["cells"] == []
    assert {cell["cell_type"] for cell in turns_into_text(notebook())["cells"]} == {"markdown"}
