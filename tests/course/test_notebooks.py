"""nbformat without the grammar that nobody here needs."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["spamlab.course.build", "spamlab.grading.worker", "spamlab.grading.steps"])
def test_the_grammar_is_not_built(module: str) -> None:
    """Whatever of ours imports nbformat does so without the second that jsonschema's grammar of addresses takes."""
    asked = f"import {module}, sys; sys.exit(int('rfc3987_syntax' in sys.modules))"
    assert subprocess.run([sys.executable, "-c", asked], check=False, timeout=60).returncode == 0


def test_notebooks_are_checked_all_the_same() -> None:
    """A cell that breaks nbformat's schema is still refused."""
    from spamlab.course.notebooks import NotebookNode, nbformat

    with pytest.raises(nbformat.ValidationError):
        nbformat.validate(NotebookNode(nbformat=4, nbformat_minor=5, metadata={},
                                       cells=[{"cell_type": "code", "id": "a", "source": 5}]))
