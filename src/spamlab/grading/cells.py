"""Cells and outputs of a notebook (nbformat 4.5) without a look at each: nbformat's own makers check every one against
its schema, which takes longer than all the rest of grading. What is made here is valid, and a test holds it to that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from spamlab.course.notebooks import NotebookNode, from_dict


def notebook() -> Any:
    """An empty notebook."""
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=NotebookNode(), cells=[])


def code(source: str, identity: str, metadata: Mapping[str, Any] | None = None) -> Any:
    """A code cell that was not run. identity: 1 to 64 of A-Z a-z 0-9 - _."""
    return NotebookNode(id=identity, cell_type="code", metadata=from_dict(dict(metadata or {})), execution_count=None,
                        source=source, outputs=[])


def markdown(source: str, identity: str, metadata: Mapping[str, Any] | None = None) -> Any:
    """A markdown cell."""
    return NotebookNode(id=identity, cell_type="markdown", metadata=from_dict(dict(metadata or {})), source=source)


def stream(name: str, text: str) -> Any:
    """What a cell wrote to "stdout" or "stderr"."""
    return NotebookNode(output_type="stream", name=name, text=text)


def error(name: str, value: str, traceback: Sequence[str]) -> Any:
    """An error that ended a cell."""
    return NotebookNode(output_type="error", ename=name, evalue=value, traceback=list(traceback))


def result(data: Mapping[str, Any], count: int | None) -> Any:
    """The value of a cell's last line."""
    return NotebookNode(output_type="execute_result", metadata=NotebookNode(), data=from_dict(dict(data)),
                        execution_count=count)


def display(data: Mapping[str, Any]) -> Any:
    """Something that a cell displayed."""
    return NotebookNode(output_type="display_data", metadata=NotebookNode(), data=from_dict(dict(data)))
