"""The floor: the same cells of the same submissions with exec, and nothing of a grader.

Run as `python floor.py CELLS.json HOW`, in an environment of one thread for each library. CELLS.json: {"modules":
imported first, "submissions": [{"folder", "cells": [[grade_id or "", source]]}]}. HOW: "1" does all in one process; "2"
halves them between two processes, forked after the imports; "fork" forks for each submission, one after another, which
is the least that keeps one from another: the first is run before the forks, so that the libraries have been used once.
Prints {"cells": seconds without the imports, "failed": [[grade_id of each cell that raised]], only for "1"}.
"""

import ast
import importlib
import json
import os
import sys
import time
from typing import Any


def run(source: str, names: dict[str, object]) -> bool:
    """Run a cell as a notebook does: its last expression is evaluated too. True if nothing was raised."""
    try:
        tree = ast.parse(source)
        end = tree.body[-1] if tree.body else None
        last = None
        if isinstance(end, ast.Expr):
            last = ast.Expression(end.value)
            tree.body.pop()
        exec(compile(tree, "cell", "exec"), names)
        if last is not None:
            repr(eval(compile(last, "cell", "eval"), names))
    except Exception:
        return False
    return True


def run_all(submissions: list[dict[str, Any]]) -> list[list[str]]:
    """One submission after another, in this process; the cells of each that raised."""
    failed = []
    for one in submissions:
        os.chdir(one["folder"])
        names: dict[str, object] = {"__name__": "__main__"}
        failed.append([name for name, source in one["cells"] if not run(source, names)])
    return failed


def forked(submissions: list[dict[str, Any]]) -> int:
    """The same in a process of its own; its number."""
    child = os.fork()
    if child == 0:
        run_all(submissions)
        os._exit(0)
    return child


def main() -> None:
    """Time all submissions."""
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    for module in task["modules"]:
        importlib.import_module(module)
    began, submissions, failed = time.perf_counter(), task["submissions"], []
    if sys.argv[2] == "1":
        failed = run_all(submissions)
    elif sys.argv[2] == "2":
        halves = [forked(submissions[::2]), forked(submissions[1::2])]
        for child in halves:
            os.waitpid(child, 0)
    else:
        run_all(submissions[:1])
        for one in submissions[1:]:
            os.waitpid(forked([one]), 0)
    print(json.dumps({"cells": time.perf_counter() - began, "failed": failed}))


if __name__ == "__main__":
    main()
