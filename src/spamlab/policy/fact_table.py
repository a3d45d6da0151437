"""The stylised facts as data: what each says, in which bands it holds, what was fitted. How to compute: facts.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spamlab.errors import ContentError
from spamlab.policy.evidence import Evidence, read_evidence, read_table
from spamlab.shipped import default_folder

_FACT_KEYS = ("id", "statement", "sources", "fitted", "how", "fails", "band")
_BAND_KEYS = ("name", "label", "low", "high", "unit", "fitted")
UNITS = ("share", "ratio", "points", "weeks")


@dataclass(frozen=True)
class Band:
    """Where a quantity must lie, ends included. low or high None: open. fitted: it shows the fit only."""

    name: str
    label: str
    unit: str
    low: float | None = None
    high: float | None = None
    fitted: bool = False

    def inside(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which values lie in the band; nan never does."""
        low = -np.inf if self.low is None else self.low
        high = np.inf if self.high is None else self.high
        found: NDArray[np.bool_] = (values >= low) & (values <= high)
        return found

    @property
    def told(self) -> str:
        """The band in words."""
        if self.low is None:
            return f"at most {self.high:g}"
        return f"at least {self.low:g}" if self.high is None else f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Fact:
    """One stylised fact. sources: ids of evidence. how: in a sentence. fitted: all of it shows the fit only.

    fails: why the simulator misses it, where it does; else empty.
    """

    id: str
    statement: str
    sources: tuple[str, ...]
    fitted: bool
    how: str
    bands: tuple[Band, ...]
    fails: str = ""


@dataclass(frozen=True)
class FactTable:
    """All facts by id. fitted: id of evidence -> what was taken. least_share: of draws that must lie in a band."""

    facts: Mapping[str, Fact]
    fitted: Mapping[str, str]
    least_share: float
    least_draws: int


def read_facts(folder: Path | None = None) -> FactTable:
    """facts.toml in `folder` (else of datasets/policy), with the evidence beside it.

    Raises UsageError where a file can't be read, ContentError with all faults, one a line.
    """
    return _read(folder or default_folder("datasets") / "policy")


@cache
def _read(folder: Path) -> FactTable:
    path = folder / "facts.toml"
    read, evidence = read_table(path), read_evidence(folder)
    faults = list(_faults(read, evidence))
    if faults:
        raise ContentError("\n".join(f"{path.name}: {fault}" for fault in faults))
    facts = {row["id"]: Fact(row["id"], row["statement"], tuple(row["sources"]), row["fitted"], row["how"],
                             tuple(Band(**band) for band in row["band"]), row.get("fails", ""))
             for row in read["fact"]}
    return FactTable(MappingProxyType(facts), MappingProxyType({row["id"]: row["what"] for row in read["fitted"]}),
                     float(read["least_share"]), int(read["least_draws"]))


def _faults(read: Mapping[str, Any], evidence: Mapping[str, Evidence]) -> Iterator[str]:
    for key in sorted(set(read) - {"least_share", "least_draws", "fitted", "fact"}):
        yield f"the key {key} has no meaning; allowed: least_share, least_draws, fitted, [[fact]]"
    for key, most in (("least_share", 1), ("least_draws", 100_000)):
        if not _is_number(read.get(key)) or not 0 < read[key] <= most:
            yield f"{key} must be a number above 0, at most {most}"
    rows = read.get("fitted")
    if not isinstance(rows, list) or not all(isinstance(row, dict) and set(row) == {"id", "what"} for row in rows):
        yield "fitted must be a list of {id, what}"
    else:
        yield from (f"fitted: there is no evidence {row['id']}" for row in rows if row["id"] not in evidence)
    facts = read.get("fact")
    if not isinstance(facts, list) or not facts or not all(isinstance(row, dict) for row in facts):
        yield "there is no [[fact]]"
        return
    names = [row.get("id", f"fact {number}") for number, row in enumerate(facts, 1)]
    yield from (f"{name}: the id stands twice" for name in sorted({name for name in names if names.count(name) > 1}))
    for name, row in zip(names, facts, strict=True):
        yield from (f"{name}: {fault}" for fault in _fact_faults(row, evidence))


def _fact_faults(row: Mapping[str, Any], evidence: Mapping[str, Evidence]) -> Iterator[str]:
    for key in sorted(set(row) - set(_FACT_KEYS)):
        yield f"the key {key} has no meaning; allowed: {', '.join(_FACT_KEYS)}"
    for key in ("id", "statement", "how", *({"fails"} & set(row))):
        if not isinstance(row.get(key), str) or not row[key]:
            yield f"{key} must be a text"
    if not isinstance(row.get("fitted"), bool):
        yield "fitted must be true or false"
    sources = row.get("sources")
    if not isinstance(sources, list) or not sources:
        yield "sources must be a list of ids of evidence"
    else:
        yield from (f"there is no evidence {source}" for source in sources if source not in evidence)
    bands = row.get("band")
    if not isinstance(bands, list) or not bands or not all(isinstance(band, dict) for band in bands):
        yield "band must be a list of {name, label, low, high, unit}"
        return
    for band in bands:
        yield from (f"band {band.get('name', '?')}: {fault}" for fault in _band_faults(band))


def _band_faults(band: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(set(band) - set(_BAND_KEYS)):
        yield f"the key {key} has no meaning; allowed: {', '.join(_BAND_KEYS)}"
    for key in ("name", "label"):
        if not isinstance(band.get(key), str) or not band[key]:
            yield f"{key} must be a text"
    if band.get("unit") not in UNITS:
        yield f"unit must be one of {', '.join(UNITS)}"
    ends = [band[end] for end in ("low", "high") if end in band]
    if not ends or not all(_is_number(end) for end in ends):
        yield "low or high, or both, must be numbers"
    elif len(ends) == 2 and ends[0] > ends[1]:
        yield "low is above high"
    if not isinstance(band.get("fitted", False), bool):
        yield "fitted must be true or false"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
