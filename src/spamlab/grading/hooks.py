"""What nbgrader calls before it converts a submission."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from spamlab.grading.copying import drop_links


def before_autograding(notebooks: Sequence[str], **_names: str) -> None:
    """Remove links from the submission: nbgrader follows them when it copies a submission's files."""
    for folder in {Path(notebook).parent for notebook in notebooks}:
        drop_links(folder)
