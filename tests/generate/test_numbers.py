"""Every number that is drawn lies in a range for fiction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.generate.draws import MASK
from spamlab.generate.numbers import LANDLINES, MOBILES, landline, mobile, short_code
from spamlab.generate.safety import fictional_number


@given(st.integers(0, MASK), st.sampled_from(["", *MOBILES]), st.sampled_from(["", *LANDLINES]))
def test_numbers_are_fictional(key: int, cell: str, line: str) -> None:
    """Whatever the key and the country, nobody has the number."""
    assert fictional_number(mobile(key, cell))
    assert fictional_number(landline(key, line))
    assert len(short_code(key)) == 5
    assert short_code(key).startswith("00")


def test_an_unknown_country() -> None:
    """A country without a range for fiction has no numbers: none are made up."""
    with pytest.raises(KeyError):
        mobile(1, "KE")
