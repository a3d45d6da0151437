"""Programs that try the sandbox, and who may run them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from spamlab.sandbox import Level, Limits, Outcome, available_level, run

PROGRAMS = Path(__file__).with_name("programs")
TIGHT = Limits(cpu_seconds=1, wall_seconds=4, memory_bytes=300 * 1024**2, processes=12, file_bytes=2 * 1024**2,
               output_bytes=256 * 1024, disk_bytes=8 * 1024**2)

levels = [level for level in (Level.BUBBLEWRAP, Level.FLOOR, Level.PLAIN) if level <= available_level()]


@pytest.fixture(params=levels, ids=lambda level: level.label)
def level(request: pytest.FixtureRequest) -> Level:
    """Each level that this machine gives."""
    found: Level = request.param
    return found


@pytest.fixture
def play(tmp_path: Path) -> Callable[..., Outcome]:
    """Run a program of programs/ in a working folder of its own."""

    def start(name: str, level: Level, *words: str, limits: Limits = TIGHT, **rest: object) -> Outcome:
        folder = tmp_path / "work"
        folder.mkdir(exist_ok=True)
        shutil.copyfile(PROGRAMS / name, folder / name)
        return run([sys.executable, str(folder / name), *words], level=level, read_write=[folder], folder=folder,
                   environment={}, limits=limits, **rest)

    return start
