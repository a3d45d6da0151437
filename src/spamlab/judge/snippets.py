"""Runs snippets of labs' authors: a process that stays, and forks a child for each task it is given on a line.

Trusted code, for trusted code; participants' code runs in the sandbox. A child imports what its snippet asks for, and
says so; the process then imports the same, but for what lies in the lab's folder. So the next child finds it there.

Run as `python -m spamlab.judge.snippets`. In, a line each: {"folder", "seconds", "task": {"function", "sources",
"inputs", "files"}}. Out, a line each: {"answers"} or {"error": one line} or {"late": true}.
"""

from __future__ import annotations

import base64
import contextlib
import importlib
import json
import os
import select
import signal
import sys
import tempfile
import time
from typing import Any

MOST_OUTPUT = 64 * 1024**2


def told(value: Any) -> dict[str, Any]:
    """A function's value as plain JSON, or the error that it is none."""
    try:
        return {"value": json.loads(json.dumps(value, allow_nan=False))}
    except (TypeError, ValueError):
        return {"error": "NotPlainData"}


def put(function: Any, given: Any) -> dict[str, Any]:
    """What a function gives on one input: {"value"} or {"error": the exception's name}."""
    if isinstance(given, dict) and set(given) == {"base64"}:
        given = base64.b64decode(given["base64"])
    try:
        if isinstance(given, dict) and set(given) == {"texts", "ask", "each"}:
            from spamlab.kit.calling import read_input, scores_of

            return told(scores_of(function, read_input(given)))
        return told(function(given))
    except Exception as error:
        return {"error": type(error).__name__}


def run(task: dict[str, Any]) -> dict[str, Any]:
    """The outputs of each source's function on each input; under the name "" the error of a source that makes none."""
    answers: dict[str, Any] = {}
    for code, source in task["sources"].items():
        space: dict[str, Any] = {"__name__": "snippet"}
        try:
            exec(compile(source, code, "exec"), space)
            function = space[task["function"]]
        except Exception as error:
            answers[code] = {"": {"error": f"{type(error).__name__}: {error}"}}
            continue
        answers[code] = {name: put(function, given) for name, given in task["inputs"]}
    return answers


def hand_out(files: dict[str, str], folder: str) -> None:
    """Write a participant's sets of records where the kit looks for them in a graded run."""
    if not files:
        return
    os.mkdir(folder)
    for name, text in files.items():
        with open(os.path.join(folder, os.path.basename(name)), "w", encoding="utf-8") as file:
            file.write(text)
    os.environ.update(SPAMLAB_GRADED="1", SPAMLAB_DATA=folder)


def child(asked: dict[str, Any], place: str, way_back: int) -> None:
    """In the forked child: run the task in a folder of its own and write {"answers", "modules"}."""
    os.setsid()
    os.dup2(2, 1)
    os.chdir(place)
    folder = asked["folder"]
    if folder:
        sys.path.insert(0, folder)
    hand_out(asked["task"].get("files") or {}, os.path.join(place, "data"))
    before = set(sys.modules)
    answers = run(asked["task"])
    modules = [name for name, module in list(sys.modules.items()) if name not in before and _lasting(module, folder)]
    with os.fdopen(way_back, "wb") as file:
        file.write(json.dumps({"answers": answers, "modules": modules}).encode())


def _lasting(module: Any, folder: str) -> bool:
    """Whether a module is a library's: neither the lab's own nor made by a snippet."""
    path = getattr(module, "__file__", None) or getattr(getattr(module, "__spec__", None), "origin", None)
    return isinstance(path, str) and (path in ("built-in", "frozen") or not folder or not path.startswith(folder))


def served(asked: dict[str, Any]) -> dict[str, Any]:
    """Fork a child for one task and wait for what it says, so long and no longer."""
    there, way_back = os.pipe()
    with tempfile.TemporaryDirectory(prefix="spamlab-sources-", ignore_cleanup_errors=True) as place:
        pid = os.fork()
        if not pid:
            status = 1
            try:
                os.close(there)
                child(asked, place, way_back)
                status = 0
            except BaseException as error:
                with contextlib.suppress(OSError):
                    os.write(way_back, json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())
            finally:
                os._exit(status)
        os.close(way_back)
        try:
            data = _read(there, time.monotonic() + float(asked["seconds"]))
        finally:
            os.close(there)
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    if data is None:
        return {"late": True}
    try:
        found: dict[str, Any] = json.loads(data)
    except ValueError:
        return {"error": "it ended before its time"}
    return found


def _read(descriptor: int, end: float) -> bytes | None:
    """All that is written, until the other side closes; None when time is up."""
    data = b""
    while True:
        ready, _, _ = select.select([descriptor], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            return None
        more = os.read(descriptor, 1 << 20)
        data += more
        if not more or len(data) > MOST_OUTPUT:
            return data


def main() -> None:
    """Serve until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asks, and its end is ours
    lines, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for line in lines:
        found = served(json.loads(line))
        modules = found.pop("modules", [])
        answers.write(json.dumps(found).encode() + b"\n")
        answers.flush()
        for name in modules:  # after the answer: nobody waits for it
            with contextlib.suppress(Exception):
                importlib.import_module(name)


if __name__ == "__main__":
    main()
