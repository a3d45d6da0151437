"""Keys that a form needs are not taken by JupyterLab."""

from __future__ import annotations

from pathlib import Path

from spamlab.workshop.keys import OUTSIDE, shortcuts


def test_arrows_and_letters_belong_to_a_form() -> None:
    """Each plain shortcut of the installed JupyterLab is switched off, and set anew for outside of outputs."""
    found = shortcuts()
    off = [(one["command"], tuple(one["keys"])) for one in found if one.get("disabled")]
    anew = [(one["command"], tuple(one["keys"])) for one in found if not one.get("disabled")]
    assert off == anew
    assert {("notebook:move-cursor-down", ("ArrowDown",)), ("notebook:delete-cell", ("D", "D")),
            ("kernelmenu:interrupt", ("I", "I"))} <= set(off)
    assert all(one["selector"].endswith(OUTSIDE) for one in found if not one.get("disabled"))
    assert not any("Accel" in key or "Ctrl" in key for one in found for key in one["keys"])


def test_without_schemas_nothing_changes(tmp_path: Path) -> None:
    """A JupyterLab that keeps its schemas elsewhere starts as it is."""
    assert shortcuts(tmp_path) == []
