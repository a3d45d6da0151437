"""Where the content that comes with spamlab stands: in the source tree, else in the installed package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_SOURCE_TREE = _PACKAGE.parents[1]


def default_folder(name: str) -> Path:
    """The folder of `name` ("labs", "datasets", "instructor"): that of the source tree, else what is packaged."""
    here = _SOURCE_TREE / name
    packaged = _PACKAGE / "packaged" / name
    return here if here.is_dir() or not packaged.is_dir() else packaged
