"""Which files of the package itself a participant's code may see: what a notebook imports, nothing of the trusted side.

Found by path, so that the sandbox imports no other room.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
VISIBLE = ("__init__.py", "errors.py", "kit", "forensics", "filtering", "records/__init__.py", "records/message.py")


def visible_parts(*more: str) -> list[Path]:
    """The files and folders of the package that are seen inside, with `more` by their path in the package."""
    return [PACKAGE / name for name in (*VISIBLE, *more) if (PACKAGE / name).exists()]
