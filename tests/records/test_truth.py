"""The truth stands alone: what participants' processes import never reaches it."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

from spamlab.records.truth import HopTruth, Labelled, ResultTruth, RouteTruth


def test_all_are_frozen() -> None:
    """Nobody who is handed a truth can change it for the next."""
    for kind in (HopTruth, ResultTruth, RouteTruth, Labelled):
        assert dataclasses.is_dataclass(kind)
        assert vars(kind)["__dataclass_params__"].frozen


def test_reading_headers_imports_no_truth() -> None:
    """The forensics room, which notebooks may use for display, loads neither truth nor seeds nor generators."""
    script = "import sys, spamlab.forensics.shown, spamlab.forensics.files; print(list(sys.modules))"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert "spamlab.records.truth" not in told
    assert "spamlab.generate" not in told
    assert "spamlab.seeds" not in told
