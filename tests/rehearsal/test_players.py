"""Who plays what in the dress rehearsal."""

from hypothesis import given
from hypothesis import strategies as st

from spamlab.rehearsal.players import FIRST, KINDS, Play, cast, deal


def test_six_participants_hold_every_kind_that_the_room_must_have() -> None:
    """With six participants there are an honest, a guided-only, two mistaken, a silent and a hostile one."""
    assert [kind for kind, _ in cast(6, 5, 5)] == ["honest", "guided-only", "mistake", "mistake", "silent", "hostile"]


def test_ten_participants_play_every_kind() -> None:
    """The first ten seats hold every kind that there is."""
    assert {kind for kind, _ in cast(10, 30, 30)} == set(KINDS) == set(FIRST)


def test_enough_participants_have_each_mistake_and_each_attack_to_themselves() -> None:
    """Mistakes and attacks get a seat each, turn by turn; then it begins again."""
    played = cast(10 + 5 + 4 + 10, 7, 5)
    kinds = [kind for kind, _ in played]
    assert [number for kind, number in played if kind == "mistake"] == list(range(9))
    assert kinds.count("hostile") == 6
    assert kinds.count("honest") == 2
    assert kinds[10:14] == ["mistake", "hostile", "mistake", "hostile"]


@given(st.integers(1, 120), st.integers(0, 40), st.integers(0, 40))
def test_everybody_has_a_part(count: int, mistakes: int, attacks: int) -> None:
    """Whatever is asked for, there are as many roles as participants, numbered within their kind."""
    roles = cast(count, mistakes, attacks)
    assert len(roles) == count
    for kind in KINDS:
        numbers = [number for one, number in roles if one == kind]
        assert numbers == list(range(len(numbers)))


def test_items_are_dealt_to_the_seat_with_fewest_and_one_of_a_name() -> None:
    """Two of one name never share a seat, no seat has more than it may, and the first items come first."""
    items = [("q1", "a"), ("q2", "b"), ("q1", "c"), ("q1", "d"), ("q3", "e")]
    assert deal(items, 2, 2) == [["a", "e"], ["b", "c"]]
    assert deal(items, 5, 9) == [["a"], ["b"], ["c"], ["d"], ["e"]]
    assert deal(items, 1, 9) == [["a", "b", "e"]]
    assert deal(items, 7, 1)[5:] == [["a"], ["b"]]
    assert deal([], 2, 3) == [[], []]


def test_deserved_adds_automatic_and_manual_points() -> None:
    """What a play deserves is the sum of its questions and its letter."""
    assert Play("p01", "honest", expected={"q1": 2.0, "q2": 1.5}, letter_points={"q8": 5.0}).deserved == 8.5
