"""A grading process has two submissions in hand, and one participant's code runs at a time."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from spamlab.errors import SandboxError
from spamlab.grading import workplace as workplaces
from spamlab.grading.interpreter import ENTRY, LIMITS, ChildEndedError, Interpreter, environment
from spamlab.grading.turns import Turns
from spamlab.grading.workplace import How, workplace
from spamlab.sandbox import available_level
from spamlab.sandbox.warm import Warm

from .room import FIND, Room

CLOCK = "import time\nbegan = time.time()\ntime.sleep(0.6)\nprint(began, time.time())"

Make = Callable[..., Interpreter]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes children that wait for the same turn."""
    turn = threading.Lock()
    made: list[Interpreter] = []
    with Warm(ENTRY, ["json"], environment(Path("/nowhere"), "")) as warm:
        def one(wall_seconds: float = 60.0) -> Interpreter:
            place = tmp_path / str(len(made))
            (place / "lab").mkdir(parents=True)
            (place / "data").mkdir()
            (place / "data" / "items.json").write_text(json.dumps({"items": []}))
            made.append(Interpreter(place / "lab", place / "data", "p01", level=available_level(), line=warm.lines[0],
                                    limits=replace(LIMITS, wall_seconds=wall_seconds), turn=turn))
            return made[-1]

        yield one
        for child in made:
            child.close()


def test_one_that_is_ready_waits_for_its_turn(make: Make) -> None:
    """Nothing is asked of the second child before the first one is closed, and then at once."""
    first, second = make(), make()
    assert first.cell("1")
    shown: list[float] = []
    waiting = threading.Thread(target=lambda: shown.append(
        float(second.cell("import time\nprint(time.time())")[0]["text"])))
    waiting.start()
    waiting.join(0.5)
    assert waiting.is_alive()
    assert second.began is None
    closed = time.time()
    first.close()
    waiting.join(20)
    assert len(shown) == 1
    assert shown[0] >= closed


def test_waiting_does_not_count(make: Make) -> None:
    """A child's time is counted from its turn: having been ready for longer than it may run takes nothing from it."""
    first, second = make(), make(wall_seconds=1.5)
    assert first.cell("1")
    time.sleep(2)
    first.close()
    assert second.cell("2")[0]["data"] == {"text/plain": "2"}
    with pytest.raises(ChildEndedError, match="took longer than it may"):
        second.cell("import time\nwhile True:\n    time.sleep(0.1)")


def test_what_others_take_is_not_ones_own_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The children of one submission share their time, and that of a neighbour for whom they wait is none of it."""
    monkeypatch.setattr(workplaces, "MORE_SECONDS", 0.5)
    nowhere = Path("/nowhere")
    with Warm(ENTRY, ["json"], environment(nowhere, "")) as warm:
        how = How(available_level(), replace(LIMITS, wall_seconds=3.0), line=warm.lines[0], where=tmp_path,
                  turns=Turns())
        with workplace("lab", "p01", nowhere, how) as one, workplace("lab", "p02", nowhere, how) as other:
            for place in (one, other):
                place.submitted.mkdir()
                (place.data / "items.json").write_text(json.dumps({"items": []}))
            with one.child() as child:
                child.cell("1")
            neighbour = other.child()
            neighbour.cell("1")
            threading.Timer(2.5, neighbour.close).start()
            with one.child() as child:
                child.cell("2")
            with one.child() as child:
                assert child.cell("import time\ntime.sleep(1.5)\n3")[0]["data"] == {"text/plain": "3"}


def test_a_child_that_never_had_its_turn_gives_none_back(make: Make) -> None:
    """It can be closed while another one is at work."""
    first, second = make(), make()
    assert first.cell("1")
    second.close()
    assert first.cell("2")
    third = make()
    first.close()
    assert third.cell("3")


def test_one_that_ends_before_its_turn_is_no_fault_of_its_cells(make: Make) -> None:
    """A child that is killed while it waits is the sandbox's failure, and the turn goes on to the next."""
    first, second = make(), make()
    assert first.cell("1")
    second._process.kill()
    end = time.monotonic() + 10
    while not second._process.poll() and time.monotonic() < end:
        time.sleep(0.01)
    first.close()
    with pytest.raises(SandboxError, match="before anything was asked of it"):
        second.cell("2")
    second.close()
    assert make().cell("3")


def test_the_turn_is_given_back_whatever_happens(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that can't even be killed holds up nobody."""
    first, second = make(), make()
    assert first.cell("1")
    with monkeypatch.context() as patch:
        patch.setattr(first._process, "kill", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            first.close()
    assert second.cell("2")


def test_our_own_work_goes_on_meanwhile() -> None:
    """Who is away lets others work, and comes back alone."""
    turns = Turns()
    with turns.own:
        with turns.away():
            assert turns.own.acquire(timeout=1)
            turns.own.release()
        assert turns.own.locked()
    assert not turns.own.locked()


def test_one_worker_runs_one_submission_at_a_time(room: Room) -> None:
    """The cells of two submissions that one worker has in hand do not overlap, and both get their points."""
    for name in ("p01", "p02"):
        room.hand_in(name, room.right(name), {"q1-open": CLOCK, "q3-open": FIND})
    told = room.grade(workers=1)
    assert told["failed"] == []
    spans = sorted(tuple(float(one) for one in room.graded(name)["q1-open"].outputs[0].text.split())
                   for name in ("p01", "p02"))
    assert spans[0][1] <= spans[1][0]
    assert room.points("p01")["q1"] == room.points("p02")["q1"] == 2
