"""`spamlab labs new`: a folder that is a small whole lab, to be changed into another."""

from __future__ import annotations

import re
from pathlib import Path

from spamlab.errors import UsageError

TEMPLATE = Path(__file__).parent / "template"
_NAME = re.compile(r"[0-9]{2}-[a-z0-9]+(?:-[a-z0-9]+)*")


def new_lab(labs_folder: Path, name: str, title: str = "") -> Path:
    """Write the folder of a new lab, which passes `spamlab labs check`; the folder.

    Raises UsageError for a name that is not NN-words, or where the folder is there already.
    """
    if not _NAME.fullmatch(name):
        raise UsageError("a lab is named by two digits and words of small letters, such as 16-phone-calls, "
                         f"not {name!r}")
    folder = labs_folder / name
    if folder.exists():
        raise UsageError(f"there is already a lab called {name}; nothing was written")
    shown = (title or name[3:].replace("-", " ").capitalize()).replace('"', "'").replace("\n", " ")
    for path in sorted(TEMPLATE.rglob("*.in")):
        place = folder / path.relative_to(TEMPLATE).with_suffix("")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(path.read_text(encoding="utf-8").format(name=name, title=shown), encoding="utf-8")
    return folder
