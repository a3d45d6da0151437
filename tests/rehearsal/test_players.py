"""Who plays what in the dress rehearsal."""

from spamlab.rehearsal.players import KINDS, Play, cast


def test_six_participants_hold_every_kind_that_the_room_must_have() -> None:
    """With six participants there are a perfect, a guided, two mistaken, a silent and a hostile one."""
    assert [kind for kind, _ in cast(6, 5)] == ["perfect", "guided", "mistakes", "mistakes", "silent", "hostile"]


def test_enough_participants_play_each_known_mistake() -> None:
    """With one participant for each round of mistakes, all rounds are played, and somebody copies."""
    played = cast(10, 5)
    assert {number for kind, number in played if kind == "mistakes"} == {0, 1, 2, 3, 4}
    assert {kind for kind, _ in played} == set(KINDS)


def test_deserved_adds_automatic_and_manual_points() -> None:
    """What a play deserves is the sum of its questions and its letter."""
    assert Play("p01", "perfect", expected={"q1": 2.0, "q2": 1.5}, letter_points={"q8": 5.0}).deserved == 8.5
