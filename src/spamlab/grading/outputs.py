"""What a child says it showed -> outputs of a notebook: known forms, bounded, nothing that a browser would run."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from html import escape
from typing import Any

from spamlab.grading import cells
from spamlab.grading.signs import plain_signs

MOST_TEXT = 100_000
MOST_OUTPUTS = 200
MOST_IMAGE = 2_000_000
_STREAMS = ("stdout", "stderr")
_SIGNATURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


def shown_outputs(given: Any, *, count: int | None = None) -> list[Any]:
    """The outputs of a cell that is not graded; whatever is odd in `given` is left out.

    Only plain text and pictures of points stay: a participant's HTML, script or SVG would run in the trainer's browser.
    """
    found = []
    for output in given[:MOST_OUTPUTS] if isinstance(given, list) else []:
        made = _output(output, count) if isinstance(output, dict) else None
        if made is not None:
            found.append(made)
    return found


def score_outputs(score: float, reason: str, count: int | None = None, details: Sequence[str] = ()) -> list[Any]:
    """The outputs of a graded cell: the score in the form that nbgrader counts, and the reason as text, with details.

    nbgrader takes the first execute_result as the points (nbgrader.utils.determine_grade).
    """
    return [
        cells.result({"text/plain": repr(float(score))}, count),
        cells.display({"text/plain": "\n".join((reason, *(f"- {one}" for one in details))),
                       "text/html": f"<p>{_code(escape(reason))}</p>{_list(details)}"}),
    ]


def _list(details: Sequence[str]) -> str:
    rows = "".join(f"<li>{_code(escape(one))}</li>" for one in details)
    return f"<ul>{rows}</ul>" if rows else ""


def _code(text: str) -> str:
    """Escaped text with what stands between backticks as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", text)


def ended_output(sentence: str) -> Any:
    """The output of the cell at which the interpreter ended."""
    return cells.error("Ended", sentence, [sentence])


def _output(output: dict[str, Any], count: int | None) -> Any:
    kind = output.get("type")
    if kind == "stream" and output.get("name") in _STREAMS and isinstance(output.get("text"), str):
        return cells.stream(output["name"], _text(output["text"]))
    if kind == "error":
        lines = output.get("traceback")
        lines = [_text(line, 4000) for line in lines[:100] if isinstance(line, str)] if isinstance(lines, list) else []
        return cells.error(_text(output.get("ename"), 200), _text(output.get("evalue"), 2000), lines)
    if kind in ("display", "result"):
        data = _data(output.get("data"))
        if not data:
            return None
        if kind == "result":
            return cells.result(data, count)
        return cells.display(data)
    return None


def _data(given: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    if not isinstance(given, dict):
        return found
    if isinstance(given.get("text/plain"), str):
        found["text/plain"] = _text(given["text/plain"])
    for name, signature in _SIGNATURES.items():
        value = given.get(name)
        if not isinstance(value, str) or len(value) > MOST_IMAGE:
            continue
        try:
            raw = base64.b64decode(value, validate=False)
        except (binascii.Error, ValueError):
            continue
        if raw.startswith(signature):
            found[name] = base64.b64encode(raw).decode("ascii")
    return found


def _text(value: Any, most: int = MOST_TEXT) -> str:
    text = value if isinstance(value, str) else ""
    return plain_signs(text[:most].encode("utf-8", "replace").decode("utf-8"))
