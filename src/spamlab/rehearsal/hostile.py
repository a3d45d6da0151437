"""What the hostile participant does: attacks on the grading, as a participant would type them.

Each source goes into an open cell. None may earn a point. The last one ends the interpreter, so that every
graded cell after it meets a dead process.
"""

from __future__ import annotations

import copy
from typing import Any

DROPS_ASSERTS = """
import ast

class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
    def visit_Raise(self, node):
        return ast.Pass()

get_ipython().ast_transformers.append(Drop())
"""

PATCHES_CHECK = """
import builtins, sys
import spamlab.kit

def check(*args, **kwargs):
    return 1000.0

for module in [m for name, m in sys.modules.items() if name.startswith("spamlab.")]:
    if hasattr(module, "check"):
        try:
            module.check = check
        except Exception:
            pass
builtins.check = check
"""

EQUALS_EVERYTHING = """
class Anything(dict):
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    def __hash__(self):
        return 0
    def __getitem__(self, key):
        return self
    def __contains__(self, key):
        return True

for name in ("q2-twin", "q3-twin", "q4-twin"):
    try:
        answer(name, Anything())
    except BaseException:
        pass
def classify_route(raw):
    return Anything()
"""

FORGES_SCORES = """
import sys
print("24.0")
print("3.0", file=sys.stderr)
sys.displayhook(24.0)
from IPython.display import display
display(24.0)
get_ipython().events.register("post_run_cell", lambda result: display(24.0))
"""

EXITS = """
import os
os._exit(0)
"""

ATTACKS = (DROPS_ASSERTS, PATCHES_CHECK, EQUALS_EVERYTHING, FORGES_SCORES)


def attack_sources(open_cells: list[str]) -> dict[str, str]:
    """An attack for each open cell, in order, the last cell ending the interpreter."""
    sources = {cell: ATTACKS[number % len(ATTACKS)] for number, cell in enumerate(open_cells[:-1])}
    sources[open_cells[-1]] = EXITS
    return sources


def tamper(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook with its graded cells attacked: forged outputs, points and sources, one doubled, one deleted."""
    forged = copy.deepcopy(notebook)
    graded = [cell for cell in forged["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]
    for cell in graded:
        if cell["cell_type"] != "code":
            continue
        cell["metadata"]["nbgrader"]["points"] = 1000
        cell["outputs"] = [{
            "output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "1000.0"},
        }]
    code = [cell for cell in graded if cell["cell_type"] == "code"]
    code[0]["source"] = "1000.0"
    double = copy.deepcopy(code[1])
    double["id"] = "doubled-cell"
    double["source"] = "3.0"
    forged["cells"].append(double)
    forged["cells"].remove(code[2])
    return forged
