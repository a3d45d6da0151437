"""Validate: run a notebook afresh, and say of each question in what state it is. Never whether it is right.

`python -m spamlab.kit.validating NOTEBOOK` prints JSON in the form of nbgrader's Validate: it is run as a process of
its own by the server (spamlab.kit.validate_server), in the participant's sandbox where the server is in one.
A notebook of ours is one with a `check("...")` cell; any other is validated by its visible tests, as nbgrader does.
"""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from spamlab.kit.words import say

KERNEL = "spamlab"
CELL_SECONDS = 60
START_SECONDS = 60
MOST_SENTENCE = 300
_CHECK = re.compile(r"""^check\(\s*["']([A-Za-z][A-Za-z0-9_-]{0,63})["']""", re.MULTILINE)
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# nbgrader's button has three fixed sentences, and "passed" or "failed" would be untrue of ours: they are not shown.
_ALONE = "<style>.validation-failed > div > p { display: none }</style>"


@dataclass(frozen=True)
class Found:
    """One question as it stands. state: "saved", "missing", "form" or "error"; sentence: what a participant reads."""

    question: str
    state: str
    sentence: str


def validate(path: Path) -> dict[str, Any]:
    """nbgrader's answer on a notebook: {"success": true, "value": {...}}, or a sentence where it can't be run."""
    import nbformat

    try:
        nb = nbformat.read(path, as_version=4)
    except Exception:  # a notebook that is none: nbformat raises many things
        return {"success": False, "value": say("validate-unreadable")}
    names = [(cell, found[1]) for cell in nb.cells if cell.cell_type == "code"
             if (found := _CHECK.search(cell.source)) and cell.metadata.get("nbgrader", {}).get("grade")]
    try:
        if not names:
            return {"success": True, "value": _classic(path)}
        _run(nb, path.parent)
    except Exception as error:
        return {"success": False, "value": say("validate-not-run", reason=_line(f"{type(error).__name__}: {error}"))}
    states = [state_of(cell, name, path.parent) for cell, name in names]
    broken = [_first_error(cell) for cell in nb.cells
              if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade")]
    return {"success": True, "value": shown(states, [one for one in broken if one])}


def state_of(cell: Any, question: str, folder: Path) -> Found:
    """A question's state from its check cell's outputs and the saved answers."""
    error = _first_error(cell)
    if error:
        return Found(question, "error", say("validate-error", error=error))
    said = [output.get("metadata", {}).get("spamlab") for output in cell.outputs]
    states = {str(name): str(state) for one in said if isinstance(one, dict) for name, state in one.items()}
    kept = [name for name in (f"{question}-twin", question) if (folder / "answers" / f"{name}.json").is_file()]
    form = [name for name, state in states.items() if state == "form"]
    if form:
        return Found(question, "form", say("validate-form"))
    if kept and kept[0] == question and f"{question}-twin" in states:
        return Found(question, "missing", say("validate-practice-only"))
    if kept or states:
        return Found(question, "saved", say("validate-saved"))
    return Found(question, "missing", say("validate-missing"))


def shown(found: list[Found], broken: list[str]) -> dict[str, Any]:
    """The states in the form that nbgrader's button shows: one block, whose words are all our own."""
    lines = [f"{one.question}: {one.sentence}" for one in found]
    lines += [say("validate-cell", error=one) for one in broken]
    text = "\n".join(lines)
    return {"failed": [{"source": say("validate-head"), "error": f"{_ALONE}{escape(text)}", "raw_error": text}],
            "spamlab": [{"question": one.question, "state": one.state, "sentence": one.sentence} for one in found]}


def _run(nb: Any, folder: Path) -> None:
    """Run all cells in a fresh kernel of ours; errors stay in their cells."""
    from nbclient import NotebookClient

    NotebookClient(nb, timeout=CELL_SECONDS, startup_timeout=START_SECONDS, kernel_name=KERNEL, allow_errors=True,
                   interrupt_on_timeout=True, resources={"metadata": {"path": str(folder)}}).execute()


def _classic(path: Path) -> Any:
    """nbgrader's own Validate, in the kernel that is a sandbox."""
    from nbgrader.validator import Validator
    from traitlets.config import Config

    config = Config()
    config.Execute.kernel_name = KERNEL
    config.Execute.timeout = CELL_SECONDS
    return Validator(config=config).validate(str(path))


def _first_error(cell: Any) -> str:
    for output in cell.outputs:
        if output.output_type == "error":
            return _line(f"{output.ename}: {output.evalue}")
    return ""


def _line(text: str) -> str:
    words = _ANSI.sub("", text).splitlines() or [""]
    return "".join(sign for sign in words[0] if sign.isprintable())[:MOST_SENTENCE]


def main() -> None:
    """Print the answer alone on standard output."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    json.dump(validate(Path(sys.argv[1]).absolute()), answer)
    answer.close()


if __name__ == "__main__":
    main()
