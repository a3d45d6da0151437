"""Runs a lab author's own snippets (never a participant's) in a process of its own, for their outputs.

A known mistake of a function question is the source that a participant would write. Its outputs on a draw
are the pattern by which the judge knows the mistake again. Outputs are cached by sources and inputs.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from spamlab.errors import ContentError

Outputs = dict[str, dict[str, Any]]
_MOST_KEPT = 512
_outputs: OrderedDict[bytes, str] = OrderedDict()
_lock = threading.Lock()

_RUNNER = """
import base64, json, sys
task = json.load(sys.stdin)
sys.stdout = sys.stderr
def told(value):
    try:
        return {"value": json.loads(json.dumps(value, allow_nan=False))}
    except (TypeError, ValueError):
        return {"error": "NotPlainData"}
def put(function, given):
    if isinstance(given, dict) and set(given) == {"base64"}:
        given = base64.b64decode(given["base64"])
    try:
        if isinstance(given, dict) and set(given) == {"texts", "ask", "each"}:
            from spamlab.kit.calling import read_input, scores_of
            return told(scores_of(function, read_input(given)))
        return told(function(given))
    except Exception as error:
        return {"error": type(error).__name__}
answers = {}
for code, source in task["sources"].items():
    space = {"__name__": "snippet"}
    try:
        exec(compile(source, code, "exec"), space)
        function = space[task["function"]]
    except Exception as error:
        answers[code] = {"": {"error": f"{type(error).__name__}: {error}"}}
        continue
    answers[code] = {name: put(function, given) for name, given in task["inputs"]}
json.dump(answers, sys.__stdout__)
"""


def run_sources(
    function: str, sources: Mapping[str, str], inputs: Sequence[tuple[str, Any]], *, folder: Path | None = None,
    seconds: float = 60,
) -> dict[str, Outputs]:
    """The outputs of each source's `function` on each input: {code: {name: {"value"}|{"error"}}}.

    Sources are trusted: they come from a lab's folder, whose helpers.py they may import. Raises ContentError
    where a source can't be run at all or takes longer than `seconds` in total.
    """
    task = json.dumps({"function": function, "sources": dict(sources), "inputs": [list(one) for one in inputs]},
                      sort_keys=True)
    found = json.loads(_kept(task, str(folder) if folder else "", seconds))
    for code, outputs in found.items():
        if "" in outputs:
            raise ContentError(f"the source of {code} does not make {function}: {outputs['']['error']}")
    return dict(found)


def _kept(task: str, folder: str, seconds: float) -> str:
    """The outputs of a task as JSON, run once; kept by the task's digest, for the inputs are far bigger than they."""
    key = hashlib.sha256(f"{folder}\0{task}".encode("utf-8", "surrogatepass")).digest()
    with _lock:
        if key in _outputs:
            _outputs.move_to_end(key)
            return _outputs[key]
    text = _run(task, folder, seconds)
    with _lock:
        _outputs[key] = text
        while len(_outputs) > _MOST_KEPT:
            _outputs.popitem(last=False)
    return text


def _run(task: str, folder: str, seconds: float) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SPAMLAB_")}
    environment["PYTHONPATH"] = os.pathsep.join(part for part in (folder, *sys.path) if part)
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    with tempfile.TemporaryDirectory(prefix="spamlab-sources-") as place:
        try:
            run = subprocess.run([sys.executable, "-c", _RUNNER], input=task, capture_output=True, text=True,
                                 timeout=seconds, cwd=place, env=environment, check=False)
        except subprocess.TimeoutExpired:
            raise ContentError(f"a lab's own source did not end within {seconds:g} seconds") from None
    if run.returncode or not run.stdout:
        last = (run.stderr.strip().splitlines() or ["no output"])[-1]
        raise ContentError(f"a lab's own source could not be run: {last}")
    return run.stdout
