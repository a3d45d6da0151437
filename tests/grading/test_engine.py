"""The engine goes on where a process of its own is killed, also while it starts."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from spamlab.errors import SandboxError
from spamlab.grading import engine as engines
from spamlab.grading.bundling import judged_bundle
from spamlab.grading.engine import Engine
from spamlab.grading.protection import level_for
from spamlab.sandbox.warm import Warm

from .room import LAB, Room


class Killed:
    """Kills so many warm processes as soon as they are begun."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
        self.left, self.seen = times, 0
        begins = Warm.__init__

        def begin(warm: Warm, *given: Any, **named: Any) -> None:
            begins(warm, *given, **named)
            self.seen += 1
            if self.left:
                self.left -= 1
                os.kill(warm.process.pid, signal.SIGKILL)

        monkeypatch.setattr(Warm, "__init__", begin)


def test_a_warm_process_that_is_killed_while_it_starts(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another one is started, and the work is done."""
    bundle = judged_bundle(room.workshop, LAB, level_for(), {"cell_seconds": 5.0})
    kills = Killed(monkeypatch, 2)
    with Engine(["json"], 2) as engine:
        engine.brief(bundle)
        job = {"participant": "p01", "files": {}, "seeds": {}, "left_out": []}
        assert [result["sentence"] for _, result in engine.results([job])] == ["there is no notebook in it"]
    assert kills.seen == 3


def test_one_that_never_starts(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """After some tries the run ends with a sentence, and no process is left."""
    bundle = judged_bundle(room.workshop, LAB, level_for(), {"cell_seconds": 5.0})
    kills = Killed(monkeypatch, 99)
    with Engine(["json"], 1) as engine:
        with pytest.raises(SandboxError, match="the warm process did not start"):
            engine.brief(bundle)
        assert kills.seen == engines.MOST_STARTS
        started = engine.processes
    for pid in started:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
