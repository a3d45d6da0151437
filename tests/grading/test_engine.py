"""The engine goes on where a process of its own is killed, also while it starts."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import pytest

from spamlab.errors import SandboxError
from spamlab.grading import engine as engines
from spamlab.grading.bundling import judged_bundle
from spamlab.grading.engine import Engine, _Waiting
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


def test_results_that_come_at_once(room: Room) -> None:
    """Two small results that lie in the pipe together are both seen, also when they are the last ones."""
    bundle = judged_bundle(room.workshop, LAB, level_for(), {"cell_seconds": 5.0})
    jobs = [{"participant": f"p{number:02d}", "files": {}, "seeds": {}, "left_out": []} for number in range(8)]
    began, seen = time.monotonic(), []
    with Engine(["json"], 1) as engine:
        engine.brief(bundle)
        for job, _ in engine.results(jobs):
            seen.append(job["participant"])
            time.sleep(0.05)  # as long as it takes to write one
    assert sorted(seen) == [job["participant"] for job in jobs]
    assert time.monotonic() - began < 60


def test_a_job_that_was_lost_is_tried_alone() -> None:
    """Of two that went down with a worker, neither can take the other with it again."""
    first, second, third, fourth = jobs = [{"participant": name} for name in ("p01", "p02", "p03", "p04")]
    waiting = _Waiting(iter(jobs))
    assert waiting.take([]) is first
    assert waiting.take([first]) is second
    assert waiting.may_be_tried_again(first)
    assert waiting.may_be_tried_again(second)
    assert waiting.take([]) is first
    assert waiting.take([first]) is None
    assert waiting.take([fourth]) is third
    assert waiting.take([]) is second
