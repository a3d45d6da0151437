"""Draws by name are the same everywhere, spread evenly, and do not know each other."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.generate.draws import MASK, Weighted, below, dataset_key, mixed, named, record_key, share, uniform

KEYS = st.integers(0, MASK)


def test_published_values() -> None:
    """The mixing function is SplitMix64's: the first outputs for seed 0 as in its reference program."""
    golden = 0x9E3779B97F4A7C15
    assert [mixed(golden * number) for number in (1, 2, 3)] == [
        0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


def test_the_same_on_every_machine() -> None:
    """A key is a known number, so another machine or another version of Python can't make other records unseen."""
    assert record_key(dataset_key("sms", 1, 42), 7) == record_key(dataset_key("sms", 1, "42"), 7)
    assert record_key(dataset_key("sms", 1, 42), 7) == 0x959264c80b453a5e


@given(KEYS, st.text(max_size=20), st.integers(1, 10**6))
def test_draws_keep_their_bounds(key: int, name: str, count: int) -> None:
    """A draw lies within its bounds for every key and name."""
    assert 0 <= uniform(key, named(name), count) < count
    assert 0 <= share(key, named(name)) < 1
    assert 0 <= below(key, named(name)) <= MASK


def test_records_are_spread_evenly() -> None:
    """Over ten thousand records each of ten values comes up about a thousand times (five standard deviations)."""
    root = dataset_key("sms", 1, 1)
    seen = Counter(uniform(record_key(root, number), named("value"), 10) for number in range(10_000))
    assert all(abs(seen[value] - 1000) < 150 for value in range(10)), seen


def test_decisions_do_not_know_each_other() -> None:
    """Two decisions of one record agree no more often than chance has it, nor do neighbours in one decision."""
    root = dataset_key("sms", 1, 1)
    keys = [record_key(root, number) for number in range(10_000)]
    first = [uniform(key, named("first"), 10) for key in keys]
    second = [uniform(key, named("second"), 10) for key in keys]
    for one, other in ((first, second), (first, first[1:])):
        same = sum(a == b for a, b in zip(one, other, strict=False))
        assert abs(same - 1000) < 150


def test_weights_are_kept() -> None:
    """A thing with three times the weight comes three times as often; one without weight never."""
    choice = Weighted([("ham", 3.0), ("never", 0.0), ("spam", 1.0)])
    seen = Counter(choice.pick(record_key(5, number), named("label")) for number in range(10_000))
    assert set(seen) == {"ham", "spam"}
    assert abs(seen["spam"] - 2500) < 220


@pytest.mark.parametrize("pairs", [[], [("a", 0.0)], [("a", 2.0), ("b", -1.0)]])
def test_weights_that_can_not_be(pairs: list[tuple[str, float]]) -> None:
    """No weight at all, and one below nought, are refused."""
    with pytest.raises(ValueError, match="weights"):
        Weighted(pairs)
