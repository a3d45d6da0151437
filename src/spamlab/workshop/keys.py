"""Keys of a notebook that JupyterLab keeps for itself, and which a form needs.

JupyterLab moves from cell to cell by arrows, and deletes a cell by "D" twice, also while the focus is in a form: a list
or radio buttons then can't be used by keyboard, and a letter typed on a button can destroy a cell. Here these shortcuts
are set anew so that they hold outside of outputs only. Those with Ctrl, Alt or Cmd stay as they are.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

_ANYWHERE = re.compile(r" :focus(?::not\(:read-write\))?$")
_WITH_CONTROL = ("Accel", "Ctrl", "Alt", "Cmd")
OUTSIDE = ":not(.jp-OutputArea *)"
"""Ending of a selector that leaves out whatever is in an output."""


def shortcuts(schemas: Path | None = None) -> list[dict[str, Any]]:
    """Each such shortcut of the JupyterLab that is installed, switched off, and again for outside of outputs.

    schemas: JupyterLab's folder of schemas. Where it is not there, nothing is changed.
    """
    folder = schemas or Path(sys.prefix) / "share" / "jupyter" / "lab" / "schemas"
    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("@*/*/*.json")):
        read = json.loads(path.read_text(encoding="utf-8"))
        for one in read.get("jupyter.lab.shortcuts", []) if isinstance(read, dict) else []:
            keys = one.get("keys") or [""]
            if keys[0] and not any(key in keys[0] for key in _WITH_CONTROL) and _ANYWHERE.search(one["selector"]):
                found.append({**one, "disabled": True})
                found.append({**one, "selector": one["selector"] + OUTSIDE})
    return found
