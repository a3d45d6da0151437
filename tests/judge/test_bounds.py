"""Nothing gets past the bounds but plain JSON of a bounded size."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.judge.bounds import check_value, is_blank, read_json
from spamlab.judge.question import FormError


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "[1e999]",
        "9" * 30,
        "9" * 5000,
        '{"a": 1, "a": 2}',
        "{",
        "",
        "[" * 100_000,
        "\x00",
        '"' + "a" * 70_000 + '"',
        '"\\ud800"',
        "[" * 9 + "]" * 9,
        b"\xff\xfe",
        "[1e400]",
        "1" + "0" * 16,
    ],
)
def test_hostile_json_is_an_error_of_form(text: str | bytes) -> None:
    """Not-a-number, huge and deep values, a name twice and broken text are told in one sentence."""
    with pytest.raises(FormError):
        read_json(text)


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        10**30,
        {1: 2},
        {"a": {1, 2}},
        object(),
        b"x",
        "x" * 70_000,
        ["xxxx"] * 40_000,
        "\ud800",
    ],
)
def test_hostile_values_are_errors_of_form(value: object) -> None:
    """What a participant's process hands over as a value is bounded like a text."""
    with pytest.raises(FormError):
        check_value(value)


def test_a_value_that_holds_itself_is_refused() -> None:
    """A cycle ends at the greatest depth."""
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(FormError):
        check_value(loop)


def test_a_subclass_is_no_plain_value() -> None:
    """An object that only looks like a text or number is refused, whatever its methods say."""

    class Liar(str):
        def __eq__(self, _other: object) -> bool:
            return True

        __hash__ = str.__hash__

    with pytest.raises(FormError):
        check_value(Liar("x"))


@given(st.text(max_size=300) | st.binary(max_size=300))
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    """Reading raises nothing but an error of form."""
    with contextlib.suppress(FormError):
        read_json(text)


@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8"), max_size=5),
        st.integers(-1000, 1000) | st.booleans() | st.none(),
        max_size=5,
    )
)
def test_plain_json_comes_through(value: object) -> None:
    """An ordinary value is read as it is."""
    assert read_json(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("value", "blank"),
    [
        (None, True),
        ("  ", True),
        ({}, True),
        ({"a": None, "b": ""}, True),
        ([[], ""], True),
        (0, False),
        (False, False),
        ({"a": False}, False),
        ("x", False),
    ],
)
def test_blank_means_that_nothing_was_answered(value: object, blank: bool) -> None:
    """Zero and false are answers, an empty form is none."""
    assert is_blank(value) is blank
