"""A loop in a notebook is refused, a room of people is not, and what is refused leaves no row."""

import pytest

from judge.conftest import LAB
from spamlab.content.identity import Workshop
from spamlab.judge.flood import AGAIN, BURST, Flood
from spamlab.judge.ledger import Ledger
from spamlab.judge.room import RefusedError, Room


class Clock:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_tries_come_back_with_time() -> None:
    """After the burst, one try comes back every two seconds, and the wait is told in whole seconds."""
    clock = Clock()
    flood = Flood(now=clock)
    assert [flood.wait("p1") for _ in range(BURST)] == [0] * BURST
    assert flood.wait("p1") == 2
    clock.seconds += 1
    assert flood.wait("p1") == 1
    clock.seconds += 1
    assert flood.wait("p1") == 0
    assert flood.wait("p1") == 2


def test_participants_do_not_stand_in_each_others_way() -> None:
    """One participant's flood costs nobody else a try."""
    flood = Flood(burst=1, now=Clock())
    assert flood.wait("p1") == 0
    assert flood.wait("p1") > 0
    assert flood.wait("p2") == 0


def test_a_long_quiet_time_saves_no_more_than_the_burst() -> None:
    """Tries can be saved up, so many and no more."""
    clock = Clock()
    flood = Flood(burst=3, now=clock)
    flood.wait("p1")
    clock.seconds += 10_000
    assert [flood.wait("p1") > 0 for _ in range(4)] == [False, False, False, True]


def test_the_same_answer_again_costs_little() -> None:
    """Running all cells anew costs a quarter of the tries."""
    flood = Flood(burst=1, now=Clock())
    assert [flood.wait("p1", AGAIN) for _ in range(4)] == [0] * 4
    assert flood.wait("p1", AGAIN) > 0


def test_kept_bytes_are_bounded_for_each_question() -> None:
    """Answers count until the bound is reached, together with what the ledger held before."""
    flood = Flood(most_kept=100)
    asked = []

    def before() -> int:
        asked.append(1)
        return 50

    assert flood.may_keep("p1", "l", "q1", 40, before)
    assert not flood.may_keep("p1", "l", "q1", 11, before)
    assert flood.may_keep("p1", "l", "q1", 10, before)
    assert flood.may_keep("p1", "l", "q2", 50, before)
    assert len(asked) == 2


def test_the_room_refuses_a_flood_without_a_row(workshop: Workshop) -> None:
    """Beyond the bound the participant gets one sentence, and the ledger no entry."""
    ledger = Ledger(workshop.ledger_file)
    room = Room(workshop, ledger, flood=Flood(burst=3, now=Clock()))
    participant = workshop.participants[0]
    for number in (1, 2, 3):
        room.answer(participant, LAB, "q1", number)
    rows = ledger.count()
    with pytest.raises(RefusedError, match="Wait 2 seconds") as caught:
        room.answer(participant, LAB, "q1", 4)
    assert caught.value.status == 429
    assert ledger.count() == rows
    assert room.answer(workshop.participants[1], LAB, "q1", 4)["state"]
    ledger.close()


def test_the_room_refuses_too_many_bytes_without_a_row(workshop: Workshop) -> None:
    """Long answers are kept up to a bound, also over a restart of the service."""
    ledger = Ledger(workshop.ledger_file)
    participant = workshop.participants[0]
    Room(workshop, ledger, flood=Flood(most_kept=100)).answer(participant, LAB, "q2", "a" * 60)
    room, rows = Room(workshop, ledger, flood=Flood(most_kept=100)), ledger.count()
    with pytest.raises(RefusedError, match="folder answers"):
        room.answer(participant, LAB, "q2", "b" * 60)
    assert ledger.count() == rows
    assert room.answer(participant, LAB, "q2", "192.0.2.1")["state"]
    ledger.close()
