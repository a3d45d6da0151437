"""Draws for many records at once: the functions of draws.py on columns of keys, with the same results."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spamlab.generate.draws import GOLDEN, MASK, ODD, Weighted

Keys = NDArray[np.uint64]
Wholes = NDArray[np.int64]
_HALF = np.uint64(32)


def record_keys(dataset: int, start: int, stop: int) -> Keys:
    """`draws.record_key` of the records from `start` up to `stop`."""
    first = np.uint64((dataset + (start + 1) * GOLDEN) & MASK)
    numbers = np.arange(stop - start, dtype=np.uint64) * np.uint64(GOLDEN) + first
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def drawn(keys: Keys, name: int) -> Keys:
    """The 64 bits of the decision `name` under each key."""
    return (keys ^ np.uint64(name)) * np.uint64(ODD)


def uniform(keys: Keys, name: int, count: int | Wholes) -> Wholes:
    """`draws.uniform` under each key; count, one for all or one for each, is below 2**32."""
    found, many = drawn(keys, name), np.asarray(count).astype(np.uint64)
    low = ((found & np.uint64(0xFFFFFFFF)) * many) >> _HALF
    return (((found >> _HALF) * many + low) >> _HALF).astype(np.int64)


def share(keys: Keys, name: int) -> NDArray[np.float64]:
    """`draws.share` under each key."""
    return (drawn(keys, name) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def happens(keys: Keys, name: int, below_this: int) -> NDArray[np.bool_]:
    """`draws.happens` under each key."""
    if not below_this:
        return np.zeros(len(keys), np.bool_)
    return drawn(keys, name) <= np.uint64(below_this - 1)


def picked(weighted: Weighted[Any], keys: Keys, name: int) -> Wholes:
    """The place, among the things of a choice, of what is picked under each key."""
    # An end of 2**64, of a thing before one of next to no weight, lies above all draws.
    ends = np.array([end for end in weighted.ends if end <= MASK], np.uint64)
    return np.searchsorted(ends, drawn(keys, name), side="right")
