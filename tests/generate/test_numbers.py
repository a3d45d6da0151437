"""Every number that is drawn lies in a range for fiction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.generate.draws import MASK
from spamlab.generate.numbers import (
    LANDLINES,
    MOBILES,
    country_of,
    freephone,
    landline,
    mobile,
    neighbour,
    premium,
    short_code,
)
from spamlab.generate.safety import fictional_number


@given(st.integers(0, MASK), st.sampled_from(["", *MOBILES]), st.sampled_from(["", *LANDLINES]))
def test_numbers_are_fictional(key: int, cell: str, line: str) -> None:
    """Whatever the key and the country, nobody has the number."""
    assert fictional_number(mobile(key, cell))
    assert fictional_number(landline(key, line))
    assert fictional_number(premium(key))
    assert fictional_number(freephone(key))
    assert len(short_code(key)) == 5
    assert short_code(key).startswith("00")


@given(st.integers(0, MASK), st.integers(0, MASK), st.sampled_from([*MOBILES]), st.sampled_from([*LANDLINES]))
def test_neighbours(key: int, other: int, cell: str, line: str) -> None:
    """A neighbour is another number for fiction, of the same country and with the same beginning."""
    for number, country in ((mobile(key, cell), cell), (landline(key, line), line)):
        found = neighbour(other, number)
        assert found != number
        assert fictional_number(found)
        assert country_of(found) == country_of(number) == country
        assert found[:5] == number[:5]


def test_an_unknown_country() -> None:
    """A country without a range for fiction has no numbers: none are made up."""
    with pytest.raises(KeyError):
        mobile(1, "KE")
    assert country_of("+254700000000") == ""
