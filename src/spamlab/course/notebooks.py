"""nbformat, imported without the grammar that its checker would build first.

nbformat checks notebooks with jsonschema, which, where the library rfc3987-syntax is installed (Jupyter's events bring
it), builds a grammar of internationalised addresses when it is imported: a second or more of processor time, for a
format that no notebook's schema names. Durations cost a little too. Every process that grades would pay for them.
Import nbformat from here.
"""

from __future__ import annotations

import importlib
import sys

_FORMATS = tuple(one for one in ("rfc3987_syntax", "isoduration") if one not in sys.modules)

if "jsonschema" not in sys.modules:
    sys.modules.update(dict.fromkeys(_FORMATS))  # type: ignore[arg-type]
    try:
        importlib.import_module("jsonschema")  # it looks for them now, and does without
    finally:
        for _one in _FORMATS:
            del sys.modules[_one]

import nbformat  # noqa: E402
from nbformat import NotebookNode, from_dict  # noqa: E402

__all__ = ["NotebookNode", "from_dict", "nbformat"]
