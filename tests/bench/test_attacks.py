"""The table of attacks: attacks are read, plain nbgrader meets them in the sandbox, the page says what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from spamlab.bench.attacks import ATTACKS, LAB, Compared, page, read_attacks, rows
from spamlab.bench.plain_nbgrader import deserved
from spamlab.errors import UsageError
from spamlab.sandbox import Level, available_level


def test_attacks_are_read() -> None:
    """Every file says what it tries, where it stands and what its answers earn."""
    for one in read_attacks(ATTACKS):
        assert len(one.tries) > 10
        assert set(one.points) == {"q1", "q2", "q3"}
        assert (one.kind == "cell") == bool(one.cell), one.name
        assert sum(deserved(one).values()) <= 9


def test_a_folder_without_attacks_is_named(tmp_path: Path) -> None:
    """An installed package has no attacks, and says where they are."""
    with pytest.raises(UsageError, match="checkout"):
        read_attacks(tmp_path)


def test_the_page_says_what_was_measured() -> None:
    """Counts and rows come from the figures given."""
    one, other = read_attacks(ATTACKS)[:2]
    text = page([Compared(one, 5.0, "finished", True, True, 0.0, True, False, ("frames",)),
                 Compared(other, -9.0, "crashed", False, False, 0.0, True, False, ())])
    assert "| gain points | 1 | 0 |" in text
    assert "| end without a grade | 1 | 0 |" in text
    assert "gains 5, another's points changed | gains 0 | frames |" in text
    assert "no grade (crashed)" in text
    assert all(len(row.split("|")) == 7 for row in text.splitlines() if row.startswith(f"| {one.name.split('_')[0]}"))


@pytest.mark.slow
@pytest.mark.skipif(available_level() < Level.BUBBLEWRAP, reason="plain nbgrader runs only inside bubblewrap")
def test_plain_nbgrader_can_be_cheated_and_stopped(tmp_path: Path) -> None:
    """Two attacks that are known to work on plain nbgrader do, inside the sandbox, and not on spamlab."""
    keep = tmp_path / "kept"
    for _ in range(2):  # the second time from what was kept
        found = {one.attack.name: one for one in rows(ATTACKS, LAB, only=["passes_all_tests", "exits"], keep=keep)}
        assert found["passes_all_tests"].plain_gained == 9.0
        assert not found["exits"].plain_graded
        assert all(one.ours_gained == 0 and one.ours_graded and not one.ours_harm for one in found.values())
    assert len(keep.read_text().splitlines()) == 2
