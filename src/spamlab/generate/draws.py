"""Draws by name: record i of a data set depends on (recipe, version, seed, i), and each decision on its own name.

A key is a number of 64 bits. A decision's key is made from the key above it and the decision's name, never from the
draws before it, so a decision that is added moves no other value, and records can be made in any order, by any number
of processes. The key of a record is mixed by the finalizer of SplitMix64 (Steele, Lea and Flood, "Fast splittable
pseudorandom number generators", 2014, section 5), a bijection of 64 bits. A decision under it takes the upper bits of
(key ^ name) * ODD, cut to 64 bits: multiplicative hashing (Knuth, "The Art of Computer Programming", volume 3, section
6.4), which is enough for names that are random themselves, and costs a third.

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
from typing import Generic, TypeVar

BITS = 64
MASK = (1 << BITS) - 1
ODD = 0xD1342543DE82EF95
"""An odd number with good spectral properties for 2**64 (Steele and Vigna, "Computationally easy, spectrally good
multipliers for congruential pseudorandom number generators", 2021, table 7)."""
GOLDEN = 0x9E3779B97F4A7C15


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
    return mixed(dataset + (number + 1) * GOLDEN)


def below(key: int, name: int) -> int:
    """The key of the decision `name` (see `named`) under `key`; its upper bits are a draw."""
    key = (key ^ name) * ODD & MASK
    return key ^ key >> 32


def uniform(key: int, name: int, count: int) -> int:
    """A whole number from 0 to count - 1, each as likely; count is far below 2**64."""
    return ((key ^ name) * ODD & MASK) * count >> BITS


def share(key: int, name: int) -> float:
    """A number from 0 up to 1, 1 left out."""
    return (((key ^ name) * ODD & MASK) >> 11) * 2.0**-53


def limit(often: float) -> int:
    """What `happens` compares with: for a share from 0 to 1."""
    return int(often * 2**BITS)


def happens(key: int, name: int, below_this: int) -> bool:
    """Whether the decision `name` under `key` falls below `limit(often)`, which it does in that share of keys."""
    return (key ^ name) * ODD & MASK < below_this


Thing = TypeVar("Thing")


class Weighted(Generic[Thing]):
    """A choice among things with weights.

    >>> Weighted([("ham", 3.0), ("spam", 1.0)]).pick(record_key(7, 0), named("label")) in {"ham", "spam"}
    True
    """

    def __init__(self, pairs: Sequence[tuple[Thing, float]]) -> None:
        """pairs: (thing, weight). Raises ValueError where none has a weight above 0, or one has a weight below."""
        if any(weight < 0 for _, weight in pairs) or not any(weight for _, weight in pairs):
            raise ValueError("weights must not be below 0, and one must be above")
        self.things = [thing for thing, weight in pairs if weight]
        total = sum(weight for _, weight in pairs)
        self.ends = [int(end / total * 2**BITS) for end in accumulate(weight for _, weight in pairs if weight)][:-1]

    def pick(self, key: int, name: int) -> Thing:
        """The thing that the decision `name` under `key` falls on."""
        return self.things[bisect_right(self.ends, (key ^ name) * ODD & MASK)]
