"""How an attack gets into a submission: into open cells, into the notebook's layout, into the folder beside it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Attack:
    """One attack on the grading. None may earn a point, cost an honest answer its points, or go unseen.

    name: a short stable one. source: what is typed into an open cell, "" for none. function: source for the cell in
    which a function is asked for, with {function} for its name. forge: what is done to the notebook, from it to
    another. place: what is done to the folder that is handed in. ends: whether `source` ends the interpreter.
    """

    name: str
    source: str = ""
    function: str = ""
    forge: Callable[[Notebook], Notebook] | None = None
    place: Callable[[Path], None] | None = None
    ends: bool = False


def sources_of(attacks: Sequence[Attack], open_cells: Sequence[str], functions: dict[str, str],
               ) -> tuple[dict[str, str], list[str]]:
    """What stands in the open cells, by grade id, and in cells added at the end; what ends the interpreter comes last.

    functions: the name of the function by the open cell in which it is asked for.
    """
    sources: dict[str, str] = {}
    for attack in attacks:
        for cell, name in functions.items():
            if attack.function:
                sources[cell] = attack.function.replace("{function}", name)
    typed = sorted((one for one in attacks if one.source), key=lambda one: one.ends)
    free = [cell for cell in open_cells if cell not in sources]
    own: list[str] = []
    for attack in typed:
        if attack.ends or not free:
            own.append(attack.source)
        else:
            sources[free.pop(0)] = attack.source
    if own and free and len(own) == 1:
        sources[free[-1]] = own.pop()
    return sources, own


def graded(notebook: Notebook) -> list[dict[str, Any]]:
    """The cells of a notebook that nbgrader counts."""
    return [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]


def forges_cells(notebook: Notebook) -> Notebook:
    """Points and outputs of all graded cells forged, the first one's source a score."""
    forged = copy.deepcopy(notebook)
    code = [cell for cell in graded(forged) if cell["cell_type"] == "code"]
    for cell in code:
        cell["metadata"]["nbgrader"]["points"] = 1000
        cell["outputs"] = [{"output_type": "execute_result", "execution_count": 1, "metadata": {},
                            "data": {"text/plain": "1000.0"}}]
    for cell in code[:1]:
        cell["source"] = "1000.0"
    return forged


def doubles_cells(notebook: Notebook) -> Notebook:
    """Each graded code cell stands twice, the second time with a score as its source."""
    forged = copy.deepcopy(notebook)
    for cell in [one for one in graded(forged) if one["cell_type"] == "code"]:
        double = copy.deepcopy(cell)
        double.update(id=f"{cell.get('id', 'cell')}-2", source="3.0")
        forged["cells"].append(double)
    return forged


def deletes_cells(notebook: Notebook) -> Notebook:
    """All graded cells are gone."""
    forged = copy.deepcopy(notebook)
    forged["cells"] = [cell for cell in forged["cells"] if not cell["metadata"].get("nbgrader", {}).get("grade")]
    return forged


def turns_into_text(notebook: Notebook) -> Notebook:
    """All graded code cells are text cells, which nothing runs."""
    forged = copy.deepcopy(notebook)
    for cell in graded(forged):
        if cell["cell_type"] == "code":
            cell["cell_type"] = "markdown"
            cell["metadata"]["nbgrader"].update(solution=True, cell_type="markdown")
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
    return forged
