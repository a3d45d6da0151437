"""Hidden tests stay hidden in the feedback of classic notebooks, whose tests stand in their cells.

The graded notebook holds each test cell whole. In the feedback stands the released source in its place, and of its
outputs only the points: all else came from a process in which the participant's code could read the hidden part.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbconvert.filters import strip_ansi
from nbformat.v4 import new_output
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor
from traitlets import List, Unicode

from spamlab.course.notebooks import nbformat
from spamlab.grading.restore import course_of

FAILED = "A test that is not shown here has failed."
FAILED_SEEN = "This test has failed: {line}"
WITHHELD = "# The tests of this cell are not shown."
_ARROW = re.compile(r"^-+> ?(\d+)", re.MULTILINE)
_LINE = re.compile(r"line (\d+)")


class HideTests(NbGraderPreprocessor):  # type: ignore[misc]
    """For GenerateFeedback, before anything else looks at the notebook."""

    course = Unicode("", help="The course folder; empty: that in which the notebook lies.").tag(config=True)
    display_data_priority = List(help="Set for all steps of a page; not used here.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """The notebook with its graded cells as they were released."""
        names = resources["nbgrader"]
        released = released_sources(
            course_of(self.course, resources) / "release" / names["assignment"] / f"{names['notebook']}.ipynb")
        for cell in nb.cells:
            marks = cell.metadata.get("nbgrader", {})
            if marks.get("solution") or marks.get("task") or not (marks.get("grade") or marks.get("locked")):
                continue
            shown = released.get(marks.get("grade_id", ""))
            hide(cell, self._cut(cell) if shown is None else shown)
        return nb, resources

    def _cut(self, cell: Any) -> str:
        """The source without its hidden regions, by nbgrader's own marks; a sentence where they can't be told."""
        spare = nbformat.from_dict({**cell, "metadata": dict(cell.metadata)})
        try:
            ClearHiddenTests(parent=self.parent)._remove_hidden_test_region(spare)
        except Exception:  # a region without its end
            return WITHHELD
        return str(spare.source)


def released_sources(path: Path) -> dict[str, str]:
    """The sources of a released notebook by grade_id; empty where there is none that can be read."""
    try:
        nb = nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError, nbformat.ValidationError):
        return {}
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in nb.cells
            if cell.metadata.get("nbgrader", {}).get("grade_id")}


def hide(cell: Any, shown: str) -> None:
    """Put the released source in a graded cell; where it was another, only its points and a sentence stay."""
    whole = cell.source
    if [line.rstrip() for line in whole.strip().splitlines()] == [line.rstrip() for line in shown.strip().splitlines()]:
        return
    cell.source = shown.strip() or WITHHELD
    if cell.cell_type != "code":
        return
    kept: list[Any] = []
    failed = ""
    for output in cell.outputs:
        if output.output_type == "execute_result" and not kept and _points(output) is not None:
            kept.append(new_output("execute_result", data={"text/plain": _points(output)}, execution_count=None))
        elif output.output_type == "error" and not failed:
            failed = _sentence(output, whole, shown)
    if failed:
        kept.append(new_output("error", ename="Failed", evalue=failed, traceback=[failed]))
    cell.outputs = kept


def _points(output: Mapping[str, Any]) -> str | None:
    """An execute_result's value where it is a number and nothing else."""
    text = str(output.get("data", {}).get("text/plain", "")).strip()
    return text if re.fullmatch(r"-?\d{1,6}(\.\d{1,6})?", text) else None


def _sentence(output: Mapping[str, Any], whole: str, shown: str) -> str:
    """Which test failed: by its line if that was released, and never in words that came from the run."""
    lines = whole.splitlines()
    told = strip_ansi("\n".join(str(line) for line in output.get("traceback", [])))
    found = _ARROW.search(told) or _LINE.search(told)
    number = int(found[1]) if found else 0
    line = lines[number - 1].strip() if 1 <= number <= len(lines) else ""
    seen = {one.strip() for one in shown.splitlines()}
    return FAILED_SEEN.format(line=line) if line and line in seen else FAILED
