"""The gradebook alone."""

from __future__ import annotations

import subprocess
import sys


def test_the_gradebook_is_imported_without_nbgraders_pages() -> None:
    """nbgrader's programs and extensions stay out, and both can be used afterwards."""
    asked = """
import sys
import spamlab.course.gradebook
early = [name for name in sys.modules if name.startswith(("nbgrader.apps", "nbgrader.server_ext", "nbconvert"))]
import nbgrader
from nbgrader.apps import NbGraderAPI
from nbgrader.server_extensions.formgrader import load_jupyter_server_extension
from unittest.mock import patch
with patch("nbgrader.server_extensions.formgrader.load_jupyter_server_extension") as real:
    nbgrader.load_formgrader("app")
real.assert_called_once_with("app")
print(early)
"""
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=120)
    assert run.stdout.strip() == "[]"
