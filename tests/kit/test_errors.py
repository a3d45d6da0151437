"""A participant reads sentences, never traces."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CODE = """
from IPython.core.interactiveshell import InteractiveShell
from spamlab.kit.errors import AnswerError, KitError, NotChecked, ServiceAway, ServiceRefused
shell = InteractiveShell.instance()
for error in (KitError("One."), AnswerError("One."), NotChecked("One."), ServiceAway("One."),
              ServiceRefused("One.", 409)):
    shell.user_ns["error"] = error
    shell.run_cell("raise error")
"""


def test_ipython_shows_one_sentence(tmp_path: Path) -> None:
    """IPython prints the sentence alone for every error of the kit's."""
    found = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True,
                           env={"IPYTHONDIR": str(tmp_path), "HOME": str(tmp_path)})
    assert found.stdout.split() == ["One."] * 5
