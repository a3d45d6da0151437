"""Files to take home: written beside the notebook, and useful without it."""

from __future__ import annotations

import re
from pathlib import Path

from spamlab.kit.errors import KitError
from spamlab.kit.show import say_line
from spamlab.kit.words import say

FOLDER = "take-home"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def save_file(name: str, text: str) -> None:
    """Write `text` to the file `name` in the folder take-home, and say so; KitError for a name with a folder.

    >>> save_file("checklist.md", "# My checklist")
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise KitError(say("file-name"))
    if not isinstance(text, str):
        raise KitError(say("file-text"))
    path = Path.cwd() / FOLDER / name
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except (OSError, ValueError):
        raise KitError(say("file-disk", name=name)) from None
    say_line(say("file-saved", name=f"{FOLDER}/{name}"))
