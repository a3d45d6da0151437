"""The floor: the same cells of the same submissions with exec in one process, and nothing of a grader.

Run as `python floor.py CELLS.json`, in an environment of one thread for each library. CELLS.json: {"modules": imported
first, "submissions": [{"folder", "cells": [[grade_id or "", source]]}]}. Prints {"cells": seconds without the imports,
"failed": [[grade_id of each cell that raised]]}.
"""

import ast
import importlib
import json
import os
import sys
import time


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


def main() -> None:
    """Time all submissions, one after another."""
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    for module in task["modules"]:
        importlib.import_module(module)
    began, failed = time.perf_counter(), []
    for one in task["submissions"]:
        os.chdir(one["folder"])
        names: dict[str, object] = {"__name__": "__main__"}
        failed.append([name for name, source in one["cells"] if not run(source, names)])
    print(json.dumps({"cells": time.perf_counter() - began, "failed": failed}))


if __name__ == "__main__":
    main()
