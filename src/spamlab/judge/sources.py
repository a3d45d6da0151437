"""Runs a lab author's own snippets (never a participant's) in a process apart, for their outputs.

A known mistake of a function question is the source that a participant would write. Its outputs on a draw
are the pattern by which the judge knows the mistake again. Outputs are cached by sources and inputs, and the process
(`snippets`) stays from one task to the next.
"""

from __future__ import annotations

import atexit
import contextlib
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
_MOST_IDLE = 2
_outputs: OrderedDict[bytes, str] = OrderedDict()
_lock = threading.Lock()
_idle: list[_Helper] = []


def run_sources(
    function: str, sources: Mapping[str, str], inputs: Sequence[tuple[str, Any]], *, folder: Path | None = None,
    seconds: float = 60, files: Mapping[str, str] | None = None,
) -> dict[str, Outputs]:
    """The outputs of each source's `function` on each input: {code: {name: {"value"}|{"error"}}}.

    Sources are trusted: they come from a lab's folder, whose helpers.py they may import. files: the participant's sets
    of records by file name (`handed_out.set_files`), which the kit then finds as in a graded run. Raises ContentError
    where a source can't be run at all or takes longer than `seconds` in total.
    """
    task = json.dumps({"function": function, "sources": dict(sources), "inputs": [list(one) for one in inputs],
                       "files": dict(files or {})}, sort_keys=True)
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
    helper = _take()
    try:
        found = helper.ask(f'{{"folder": {json.dumps(folder)}, "seconds": {seconds:g}, "task": {task}}}\n')
    except OSError:
        helper.end()
        raise ContentError("a lab's own source could not be run: the process that runs it ended") from None
    except BaseException:
        helper.end()
        raise
    _give_back(helper)
    if found.get("late"):
        raise ContentError(f"a lab's own source did not end within {seconds:g} seconds")
    if "answers" not in found:
        raise ContentError(f"a lab's own source could not be run: {found.get('error', 'no output')}")
    return json.dumps(found["answers"])


class _Helper:
    """A process of `spamlab.judge.snippets`, which ends when we do: its input closes."""

    def __init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SPAMLAB_")}
        environment["PYTHONPATH"] = os.pathsep.join(part for part in sys.path if part)
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        self.owner = os.getpid()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "spamlab.judge.snippets"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, cwd=tempfile.gettempdir(), env=environment, start_new_session=True)

    def ask(self, line: str) -> dict[str, Any]:
        """One task's answer; raises OSError where the process is gone."""
        given, told = self._process.stdin, self._process.stdout
        assert given is not None
        assert told is not None
        given.write(line.encode("utf-8", "surrogatepass"))
        given.flush()
        answer = told.readline()
        if not answer.endswith(b"\n"):
            raise OSError("the process ended")
        found: dict[str, Any] = json.loads(answer)
        return found

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._process.wait()


def _take() -> _Helper:
    """A process that nobody uses, or a new one; never one of the process that forked us."""
    with _lock:
        mine = [helper for helper in _idle if helper.owner == os.getpid()]
        if mine:
            _idle.remove(mine[-1])
            return mine[-1]
    return _Helper()


def _give_back(helper: _Helper) -> None:
    with _lock:
        if sum(one.owner == os.getpid() for one in _idle) < _MOST_IDLE:
            _idle.append(helper)
            return
    helper.end()


@atexit.register
def _end_all() -> None:
    with _lock:
        mine = [helper for helper in _idle if helper.owner == os.getpid()]
    for helper in mine:
        helper.end()
