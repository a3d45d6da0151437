"""What a child says it showed, and what stands in the graded notebook."""

from __future__ import annotations

import base64
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade

from spamlab.grading.outputs import score_outputs, shown_outputs

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n rest").decode()
KEYS = ["type", "data", "text", "name", "text/plain", "image/png", "traceback", "ename"]
KINDS = ["stream", "error", "display", "result", "stdout"]
json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20) | st.sampled_from(KINDS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner))


def test_known_forms_are_kept() -> None:
    """Streams, results, displays and errors come through in order."""
    error = {"type": "error", "ename": "E", "evalue": "d", "traceback": ["e"]}
    found = shown_outputs([
        {"type": "stream", "name": "stdout", "text": "a"}, {"type": "result", "data": {"text/plain": "c"}}, error,
        {"type": "display", "data": {"text/plain": "b", "image/png": PNG}}])
    assert [one.output_type for one in found] == ["stream", "execute_result", "error", "display_data"]
    assert found[3].data["image/png"] == PNG


@pytest.mark.parametrize("data", [
    {"text/html": "<b>"}, {"image/svg+xml": "<svg>"}, {"application/javascript": "x"}, {"text/markdown": "x"},
    {"image/png": base64.b64encode(b"<script>").decode()}, {"image/png": "x" * 3_000_000}, {"text/plain": 5}, 5, None,
])
def test_what_a_browser_would_run_is_left_out(data: Any) -> None:
    """No form but plain text and pictures of points is kept."""
    assert shown_outputs([{"type": "display", "data": data}]) == []


@settings(deadline=None)
@given(json_values)
def test_any_reply_gives_valid_outputs(value: Any) -> None:
    """Whatever a child says, the notebook stays valid."""
    outputs = shown_outputs([value] if not isinstance(value, list) else value, count=1)
    nbformat.validate(new_notebook(cells=[new_code_cell(outputs=outputs, execution_count=1)]))


@pytest.mark.parametrize(("score", "most"), [(0.0, 3), (2.5, 3), (3.0, 3), (0.3333, 1), (0.0, 0)])
def test_nbgrader_counts_the_score(score: float, most: float) -> None:
    """nbgrader's own rule takes exactly the score that was written, 0 too."""
    cell = new_code_cell(outputs=score_outputs(score, "A <reason>."), metadata={"nbgrader": {
        "grade": True, "solution": False, "points": most, "grade_id": "q1"}})
    assert determine_grade(cell) == (score, most)
    assert cell.outputs[1].data["text/html"] == "<p>A &lt;reason&gt;.</p>"


def test_code_in_a_reason_is_shown_as_code() -> None:
    """What stands between backticks becomes code in the feedback, and nothing in it becomes markup."""
    html = score_outputs(1.0, "Read `by`, not `<script>`.")[1]["data"]["text/html"]
    assert html == "<p>Read <code>by</code>, not <code>&lt;script&gt;</code>.</p>"
