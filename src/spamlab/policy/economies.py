"""The economies that policies are made for: the profiles in datasets/profiles, which generated traffic uses too."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from spamlab.errors import ContentError, UsageError
from spamlab.records.economy import Economy, economy_of
from spamlab.shipped import default_folder


def economy_names(folder: Path | None = None) -> tuple[str, ...]:
    """Names of the economies in the folder of profiles."""
    found = (folder or default_folder("datasets") / "profiles").glob("*.toml")
    return tuple(sorted(path.stem for path in found if path.stem != "sources"))


def economy_named(name: str, folder: Path | None = None) -> Economy:
    """The economy called `name`. Raises UsageError where there is none, ContentError with all its faults."""
    place = folder or default_folder("datasets") / "profiles"
    if name not in economy_names(place):
        raise UsageError(f"there is no economy called {name}: known are {', '.join(economy_names(place))}.")
    return _read(place / f"{name}.toml")


@lru_cache(maxsize=64)
def _read(path: Path) -> Economy:
    try:
        return economy_of(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"{path.name} can't be read: {error}") from None
