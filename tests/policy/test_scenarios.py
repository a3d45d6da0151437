"""Tests of scenarios as data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spamlab.errors import ContentError
from spamlab.policy.scenarios import SHOCKS, read_scenarios


def test_the_shocks_of_the_lab_are_all_there() -> None:
    """A calm one first, then the seven kinds of surprise."""
    assert list(read_scenarios()) == ["calm", "ai-wave", "budget-cut", "defecting-operator", "election",
                                      "fake-base-stations", "neighbours-ban", "new-channel"]


def test_a_path_is_quiet_but_for_its_shocks() -> None:
    """Calm is quiet always; each other scenario leaves quiet at some week within three years, for every seed."""
    normal = np.array([value for value, _ in SHOCKS.values()])[:, None]
    for name, scenario in read_scenarios().items():
        for seed in range(20):
            path = scenario.path(156, seed)
            assert path.shape == (len(SHOCKS), 156)
            moved = (path != normal).any(axis=0)
            assert moved.any() == (name != "calm")
            assert not moved[0]


def test_size_and_time_come_from_the_seed() -> None:
    """The same seed gives the same path, another seed another."""
    scenario = read_scenarios()["election"]
    assert (scenario.path(156, 4) == scenario.path(156, 4)).all()
    assert len({scenario.path(156, seed).tobytes() for seed in range(10)}) > 5


def test_all_faults_of_all_files_are_told(tmp_path: Path) -> None:
    """A folder with faults is refused with each of them and the file's name."""
    (tmp_path / "one.toml").write_text('title = "x"\n[[shock]]\nwhat = "rain"\nsize = [2, 1]\nweek = 1.5\nweeks = 0\n')
    (tmp_path / "two.toml").write_text("title = ")
    with pytest.raises(ContentError) as told:
        read_scenarios(tmp_path)
    for fault in ("one.toml: about must be a text", "what must be one of response.email", "size must be",
                  "week must be", "weeks must be", "two.toml: it can't be read"):
        assert fault in str(told.value)
