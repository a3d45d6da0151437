"""nbformat, imported without the grammar that its checker would build first.

nbformat checks notebooks with jsonschema, which, where the library rfc3987-syntax is installed (Jupyter's events bring
it), builds a grammar of internationalised addresses when it is imported: a second or more of processor time, for a
format that no notebook's schema names. Every process that grades would pay for it. Import nbformat from here.
"""

from __future__ import annotations

import importlib
import sys

_GRAMMAR = "rfc3987_syntax"

if "jsonschema" not in sys.modules and _GRAMMAR not in sys.modules:
    sys.modules[_GRAMMAR] = None  # type: ignore[assignment]
    try:
        importlib.import_module("jsonschema")  # it looks for the grammar now, and does without
    finally:
        del sys.modules[_GRAMMAR]

import nbformat  # noqa: E402
from nbformat import NotebookNode, from_dict  # noqa: E402

__all__ = ["NotebookNode", "from_dict", "nbformat"]
