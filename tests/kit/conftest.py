"""A clean session for every test of the kit: own folder, no environment, no lab begun, nothing remembered."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, os.path.dirname(__file__))

from kit_fakes import LAB, FakeServices

from spamlab.kit import asking, session


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own and no SPAMLAB_ variable; gives the folder."""
    for name in [name for name in os.environ if name.startswith("SPAMLAB_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(session, "_started", None)
    sys.modules["spamlab.kit.inbox"]._remembered.clear()  # type: ignore[attr-defined]
    asking._said.clear()
    return tmp_path


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServices]:
    """Judge and mailbox running, the environment of a participant set, the lab begun."""
    with FakeServices() as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        session.begin(LAB)
        yield running
