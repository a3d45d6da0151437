"""What nbgrader calls before it converts a submission."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from spamlab.grading.copying import drop_links, make_room


def before_autograding(notebooks: Sequence[str], **_names: str) -> None:
    """Remove links from the submission, and what stands where a file of the lab's must be put.

    nbgrader follows links when it copies a submission's files, and fails at a folder in a file's place.
    """
    for folder in {Path(notebook).parent for notebook in notebooks}:
        drop_links(folder)
        course = folder.parents[2]
        make_room(folder, course / "source" / folder.name)
