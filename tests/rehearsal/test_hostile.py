"""The hostile participant's attacks."""

from spamlab.rehearsal.hostile import EXITS, attack_sources, tamper


def notebook() -> dict:
    """Three graded cells as nbgrader marks them."""
    return {"cells": [
        {"id": f"c{number}", "cell_type": "code", "source": f'check("q{number}")', "outputs": [],
         "metadata": {"nbgrader": {"grade": True, "grade_id": f"q{number}", "points": 2}}}
        for number in range(1, 4)
    ]}


def test_the_last_open_cell_ends_the_interpreter() -> None:
    """Attacks fill all open cells; the one that exits comes last, so that the others run first."""
    sources = attack_sources(["q1-open", "q2-open", "q3-open"])
    assert list(sources) == ["q1-open", "q2-open", "q3-open"]
    assert sources["q3-open"] == EXITS
    for source in sources.values():
        compile(source, "attack", "exec")


def test_tampering_forges_doubles_and_deletes() -> None:
    """The tampered notebook has forged points and outputs, a doubled cell, and lacks one; the original is untouched."""
    original = notebook()
    forged = tamper(original)
    ids = [cell["metadata"]["nbgrader"]["grade_id"] for cell in forged["cells"]]
    assert ids == ["q1", "q2", "q2"]
    assert all(cell["metadata"]["nbgrader"]["points"] == 1000 for cell in forged["cells"])
    assert original == notebook()
