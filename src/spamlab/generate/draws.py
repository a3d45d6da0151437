"""Draws by name: record i of a data set depends on (recipe, version, seed, i), and each decision on its own name.

A key is a number of 64 bits. A decision's key is made from the key above it and the decision's name, never from the
draws before it, so a decision that is added moves no other value, and records can be made in any order, by any number
of processes. The mixing function is the finalizer of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom
number generators", 2014, section 5), a bijection of 64 bits.

>>> first = record_key(dataset_key("sms", 1, 42), 0)
>>> uniform(first, named("hour"), 24) == uniform(first, named("hour"), 24)
True
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from itertools import accumulate

BITS = 64
MASK = (1 << BITS) - 1
_GOLDEN = 0x9E3779B97F4A7C15


def mixed(number: int) -> int:
    """SplitMix64's finalizer: each bit of the result depends on each bit of `number`, which is cut to 64 bits."""
    number &= MASK
    number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    number = (number ^ (number >> 27)) * 0x94D049BB133111EB & MASK
    return number ^ (number >> 31)


@cache
def named(name: str) -> int:
    """The number that stands for a decision's name: BLAKE2b of the name, 64 bits."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")


def dataset_key(recipe: str, version: int, seed: int | str) -> int:
    """The key of a whole data set."""
    return int.from_bytes(blake2b(f"{recipe}|{version}|{seed}".encode(), digest_size=8).digest(), "big")


def record_key(dataset: int, number: int) -> int:
    """The key of record `number`, from 0."""
    return mixed(dataset + (number + 1) * _GOLDEN)


def below(key: int, name: int) -> int:
    """The key of the decision `name` (see `named`) under `key`; itself a draw that is uniform over 64 bits."""
    return mixed(key ^ name)


def uniform(key: int, name: int, count: int) -> int:
    """A whole number from 0 to count - 1, each as likely; count is far below 2**64."""
    return below(key, name) * count >> BITS


def share(key: int, name: int) -> float:
    """A number from 0 up to 1, 1 left out."""
    return (below(key, name) >> 11) * 2.0**-53


class Weighted:
    """A choice among things with weights.

    >>> Weighted([("ham", 3.0), ("spam", 1.0)]).pick(record_key(7, 0), named("label")) in {"ham", "spam"}
    True
    """

    def __init__(self, pairs: Sequence[tuple[str, float]]) -> None:
        """pairs: (thing, weight). Raises ValueError where none has a weight above 0, or one has a weight below."""
        if any(weight < 0 for _, weight in pairs) or not any(weight for _, weight in pairs):
            raise ValueError("weights must not be below 0, and one must be above")
        self._things = [thing for thing, weight in pairs if weight]
        self._ends = list(accumulate(weight for _, weight in pairs if weight))

    def pick(self, key: int, name: int) -> str:
        """The thing that the decision `name` under `key` falls on."""
        return self._things[bisect_right(self._ends, share(key, name) * self._ends[-1], 0, len(self._ends) - 1)]
