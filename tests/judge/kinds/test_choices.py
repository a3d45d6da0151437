"""Pick, order, mark, statements and table: what counts as what, and the shares they give."""

import pytest

from judge.sample import ITEM, MARK, ORDER, PICK, STATEMENTS, TABLE, line_options
from spamlab.judge.kinds import Mark, Order
from spamlab.judge.question import FormError


@pytest.mark.parametrize("given", [2, 2.0, "2", " line 2 ", "Line 2: by h2.sender.example", [2], "٢"])
def test_a_line_may_be_named_in_many_ways(given: object) -> None:
    """Number, text and label of an offered line are the same choice."""
    assert PICK.parse(given, ITEM) == 2


@pytest.mark.parametrize("given", [9, "x", [1, 2], {"2": True}, True])
def test_what_is_not_offered_is_an_error_of_form(given: object) -> None:
    """The sentence names what may be chosen."""
    with pytest.raises(FormError, match="1, 2, 3, 4"):
        PICK.parse(given, ITEM)


@pytest.mark.parametrize("given", ["4, 3, 2, 1", "4 3 2 1", "4 -> 3 -> 2 -> 1", "[4, 3, 2, 1]", ["4", 3, "line 2", 1]])
def test_an_order_may_be_written_in_many_ways(given: object) -> None:
    """A text with commas, spaces or arrows is a list."""
    assert ORDER.parse(given, ITEM) == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("given", "share"), [([4, 3, 2, 1], 1), ([1, 2, 3, 4], 0), ([3, 4, 2, 1], 2 / 3), ([1, 4, 3, 2], 2 / 3)]
)
def test_an_order_earns_its_longest_right_chain(given: list[int], share: float) -> None:
    """A reversed order earns nothing; one piece out of place costs one step."""
    assert ORDER.compare([4, 3, 2, 1], given, ITEM)[0] == pytest.approx(share)


def test_a_piece_that_belongs_nowhere_costs() -> None:
    """With distractors, placing one takes as much as a right step gives."""
    kind = Order(line_options, distractors=True)
    assert kind.compare([4, 3, 2], [4, 3, 1, 2], ITEM)[0] == pytest.approx(1 / 2)


def test_an_incomplete_order_is_sent_back_but_keeps_its_part() -> None:
    """What is placed is known to the grader, while the participant is asked for the rest."""
    with pytest.raises(FormError, match="2 places") as caught:
        ORDER.parse([4, 3], ITEM)
    assert caught.value.partial == [4, 3]


@pytest.mark.parametrize(
    ("given", "share"),
    [
        ({"3": "break", "4": "clock"}, 1),
        ({"3": "break"}, 0.5),
        ({"3": "clock", "4": "clock"}, 0.75),
        ({"1": "break", "3": "break", "4": "clock"}, 0.5),
        ({str(n): "break" for n in range(1, 5)}, 0),
    ],
)
def test_marks_count_found_missed_and_too_much(given: dict[str, str], share: float) -> None:
    """A miss, a wrong reason and a line too much each cost; marking every line earns nothing."""
    right = MARK.parse({"3": "break", "4": "clock"}, ITEM)
    assert MARK.compare(right, MARK.parse(given, ITEM), ITEM)[0] == pytest.approx(share)


def test_marks_take_labels_pairs_and_empty_choices() -> None:
    """A reason's label, a list of pairs and lines chosen as not marked are read."""
    assert MARK.parse([["line 4", "The clock"], [3, "break"]], ITEM) == {"3": "break", "4": "clock"}
    assert MARK.parse({"1": "", "3": "break", "4": None}, ITEM) == {"3": "break"}
    assert Mark(line_options).parse([3, "4"], ITEM) == {"3": "", "4": ""}
    with pytest.raises(FormError):
        MARK.parse({"3": "because"}, ITEM)


@pytest.mark.parametrize(
    "given", [[True, False, True, False, "b"], {"1": "yes", "2": "no", "3": "TRUE", "4": 0, "Reason": "Because b."}]
)
def test_statements_may_be_answered_in_many_ways(given: object) -> None:
    """A list, yes and no, and the label of a reason are read."""
    assert STATEMENTS.parse(given, ITEM) == {"1": True, "2": False, "3": True, "4": False, "reason": "b"}


@pytest.mark.parametrize(
    ("answers", "reason", "share"),
    [
        ((True, False, True, False), "b", 1),
        ((True, False, True, False), "a", 0.5),
        ((True, True, True, True), "b", 0),
        ((True, False, True, True), "b", 0.5),
        ((False, True, False, True), "b", 0),
    ],
)
def test_statements_earn_above_chance(answers: tuple[bool, ...], reason: str, share: float) -> None:
    """The same answer to everything earns nothing; a wrong reason halves."""
    right = {"1": True, "2": False, "3": True, "4": False, "reason": "b"}
    given = dict(zip("1234", answers, strict=True)) | {"reason": reason}
    assert STATEMENTS.compare(right, given, ITEM)[0] == pytest.approx(share)


def test_a_part_of_statements_does_not_say_which() -> None:
    """Naming the right ones would give the rest away: the sentence only counts."""
    right = {"1": True, "2": False, "3": True, "4": False, "reason": "b"}
    assert STATEMENTS.compare(right, right | {"1": False}, ITEM)[1] == (
        "3 of 4 statements are answered rightly; guessing gets about half. The reason fits."
    )


def test_right_statements_with_another_reason_are_told_as_half() -> None:
    """Where only the reason is wrong, the sentence says so, and what it costs."""
    right = {"1": True, "2": False, "3": True, "4": False, "reason": "b"}
    share, sentence = STATEMENTS.compare(right, right | {"reason": "a"}, ITEM)
    assert share == 0.5
    assert sentence == "All 4 statements are answered rightly. The reason does not fit yet: half of the points."


def test_a_table_counts_cells_and_takes_any_case() -> None:
    """Rows weigh the same; texts are compared without case and quotes."""
    right = TABLE.parse(
        {"M1": {"spf": "pass", "domain": "sender.example"}, "M2": {"spf": "fail", "domain": "x.example"}}, ITEM
    )
    given = TABLE.parse(
        {"m1": {"SPF": "Passed", "domain": "'Sender.Example.'"}, "M2": {"spf": "pass", "domain": "y"}}, ITEM
    )
    share, sentence = TABLE.compare(right, given, ITEM)
    assert share == pytest.approx(0.5)
    assert "2 of 4" in sentence
    assert "Message 1" in sentence


def test_a_row_may_be_named_by_its_label() -> None:
    """What stands at the head of a row names it in a typed answer as well."""
    cells = {"spf": "pass", "domain": "a.example"}
    assert TABLE.parse({"message 1": cells, "M2": cells}, ITEM) == TABLE.parse({"M1": cells, "M2": cells}, ITEM)


def test_an_empty_cell_is_named() -> None:
    """The first empty cell is named; what is filled is kept for the grader."""
    with pytest.raises(FormError, match="Row Message 2, column Domain") as caught:
        TABLE.parse({"M1": {"spf": "pass", "domain": "a.example"}, "M2": {"spf": "fail"}}, ITEM)
    assert caught.value.partial["M2"] == {"spf": "fail"}
