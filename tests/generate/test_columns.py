"""Draws for many records at once are those for each of them."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from spamlab.generate import columns, draws
from spamlab.generate.draws import Weighted

NUMBERS = st.integers(0, 2**64 - 1)
KEYS = st.lists(NUMBERS, min_size=1, max_size=8)
CHOICES = [Weighted([("a", 1.0), ("b", 2.5), ("c", 0.0), ("d", 0.1)]), Weighted([("a", 1.0), ("b", 1e-20)]),
           Weighted([("a", 1e-20), ("b", 1.0)])]


@given(KEYS, NUMBERS, st.integers(1, 2**32 - 1), st.floats(0, 1))
def test_columns_are_draws(keys: list[int], name: int, count: int, often: float) -> None:
    """Each function on a column gives what draws.py gives for each key."""
    column = np.array(keys, np.uint64)
    assert columns.uniform(column, name, count).tolist() == [draws.uniform(key, name, count) for key in keys]
    assert columns.uniform(column, name, np.full(len(keys), count)).tolist() == [
        draws.uniform(key, name, count) for key in keys]
    assert columns.share(column, name).tolist() == [draws.share(key, name) for key in keys]
    often_at = draws.limit(often)
    assert columns.happens(column, name, often_at).tolist() == [draws.happens(key, name, often_at) for key in keys]
    for choice in CHOICES:
        assert [choice.things[place] for place in columns.picked(choice, column, name)] == [
            choice.pick(key, name) for key in keys]


@given(NUMBERS, st.integers(0, 2**65), st.integers(0, 5))
@example(1, 2**64 - 2, 5)
def test_keys_of_records(dataset: int, start: int, count: int) -> None:
    """The keys of a block are those of its records."""
    assert columns.record_keys(dataset, start, start + count).tolist() == [
        draws.record_key(dataset, number) for number in range(start, start + count)]
