"""Reads a submitted notebook whatever state it is in: what can't be read counts as an empty notebook.

The answers in the submission's folder still count then; nbgrader alone would fail the whole submission.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter

from spamlab.grading.copying import read_plain
from spamlab.grading.plain import MOST_BYTES, plain_notebook


class TolerantExporter(NotebookExporter):  # type: ignore[misc]
    """nbconvert's exporter of notebooks, over `plain_notebook`."""

    def from_filename(self, filename: str, resources: Any = None, **rest: Any) -> tuple[str, Any]:
        """As nbconvert's, for any file at all, a missing one too."""
        path = Path(filename)
        content = read_plain(path.parent, path.name, most=MOST_BYTES)
        notebook = plain_notebook(content or b"")
        if not notebook.cells:
            self.log.warning("the notebook can't be read and counts as an empty one")
        resources = self._init_resources(resources)
        resources["metadata"].update({"name": path.stem, "path": os.path.dirname(filename)})
        told: tuple[str, Any] = self.from_notebook_node(notebook, resources=resources, **rest)
        return told
