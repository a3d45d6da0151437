"""Each profile that is shipped is sound and has its sources; a broken one gets all its faults at once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from spamlab.errors import ContentError
from spamlab.records.economy import FIGURES, economy_of
from spamlab.shipped import default_folder

FOLDER = default_folder("datasets") / "profiles"
PROFILES = sorted(path for path in FOLDER.glob("*.toml") if path.name != "sources.toml")


def read(path: Path) -> dict[str, Any]:
    """A file's content."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_profiles_here_are_sound(path: Path) -> None:
    """Each has all figures, operators that agree with their shares, and bots in order."""
    economy = economy_of(path.stem, read(path))
    assert tuple(economy.operators.values()) == economy.shares
    assert economy.subscribers > 0
    assert economy.bots[0] <= economy.bots[1]


def test_there_are_twelve_and_each_figure_has_its_source() -> None:
    """Twelve archetypes; sources.toml names a source and a confidence for every figure and for nothing else."""
    assert len(PROFILES) == 12
    sources = read(FOLDER / "sources.toml")["figures"]
    assert set(sources) == {*FIGURES, "operators", "bots"}
    assert {one["confidence"] for one in sources.values()} <= {"high", "medium", "low"}
    assert all(one["source"] for one in sources.values())


def test_all_faults_at_once() -> None:
    """A missing figure, an impossible share and an unknown key are told together, with the file's name."""
    broken = read(PROFILES[0])
    del broken["figures"]["sims"]
    broken["figures"]["operators"] = [80, 40]
    broken["figures"]["colour"] = 1
    broken["traffic"]["months"] = {"13": 1.0}
    broken["extra"] = True
    with pytest.raises(ContentError) as told:
        economy_of("broken", broken)
    lines = str(told.value).splitlines()
    assert len(lines) == 5
    assert all(line.startswith("broken.toml: ") for line in lines)
    assert "figures.sims must be a number from 1 to 400" in str(told.value)
