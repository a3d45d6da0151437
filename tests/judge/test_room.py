"""The rules of hints and of going on, with a clock of our own; a broken lab; silent questions."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from judge.conftest import LAB
from spamlab.content.identity import create_workshop
from spamlab.errors import ContentError
from spamlab.judge.ledger import Ledger
from spamlab.judge.room import RefusedError, Room


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands."""
    return Clock()


@pytest.fixture
def room(tmp_path: Path, labs_folder: Path, clock: Clock) -> Room:
    """A room with the usual waiting times."""
    made = create_workshop(tmp_path / "w", title="T", labs=[LAB], participants=1, labs_folder=labs_folder)
    return Room(made, Ledger(made.ledger_file), clock=clock)


def test_a_hint_opens_20_seconds_after_the_first_attempt(room: Room, clock: Clock) -> None:
    """Before 20 seconds the judge says how long; a second attempt does not begin the wait anew."""
    room.answer("p01", LAB, "q1", 1)
    with pytest.raises(RefusedError, match="20 seconds"):
        room.hint("p01", LAB, "q1", 1)
    clock.forward(19)
    room.answer("p01", LAB, "q1", 1)
    with pytest.raises(RefusedError, match="one second"):
        room.hint("p01", LAB, "q1", 1)
    clock.forward(1)
    assert room.hint("p01", LAB, "q1", 1)["title"]
    with pytest.raises(RefusedError, match="20 seconds"):
        room.hint("p01", LAB, "q1", 2)


def test_the_same_answer_again_is_no_new_attempt(room: Room) -> None:
    """A cell run anew sends the same answer; only another one counts as a further attempt."""
    for answer in (1, 1, 1, 2, 2):
        room.answer("p01", LAB, "q1", answer)
    assert room.question("p01", LAB, "q1")["attempts"] == 2


def test_six_minutes_offer_to_go_on(room: Room, clock: Clock) -> None:
    """Six minutes after the first look the question offers to go on, until it is right."""
    assert not room.question("p01", LAB, "q1")["go_on"]
    clock.forward(361)
    assert room.question("p01", LAB, "q1")["go_on"]
    room.answer("p01", LAB, "q1", 2)
    assert not room.question("p01", LAB, "q1")["go_on"]


def test_a_silent_question_only_saves(room: Room) -> None:
    """A question graded without feedback says nothing on practice either."""
    room.opened(LAB).checks.questions["q1"].silent = True
    assert room.answer("p01", LAB, "q1", 2)["state"] == "saved"
    assert room.answer("p01", LAB, "q1", 2)["share"] is None


def test_a_broken_lab_is_the_labs_fault(tmp_path: Path) -> None:
    """A lab that can't be read raises ContentError and leaves the others alone."""
    (tmp_path / "labs" / "17-broken").mkdir(parents=True)
    made = create_workshop(tmp_path / "w", title="T", labs=["17-broken"], participants=1, labs_folder=tmp_path / "labs")
    with pytest.raises(ContentError):
        Room(made, Ledger(made.ledger_file)).lab("p01", "17-broken")
