"""What is not known exactly: parameters as ranges, and the draws from them, each by its own named stream."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spamlab.errors import ContentError
from spamlab.shipped import default_folder

Array = NDArray[np.float64]
CONFIDENCE = ("high", "medium", "low")
_KEYS = {"about", "low", "high", "spread", "unit", "sources", "fitted", "confidence"}


@dataclass(frozen=True)
class Parameter:
    """One thing that is not known exactly.

    low, high: the range, in `unit`. spread: "log" or "flat". sources: rows of evidence.toml, or "own". fitted: the
    range was set with a row of evidence in sight, so that it can't be tested on it.
    """

    name: str
    about: str
    low: float
    high: float
    spread: str
    unit: str
    sources: tuple[str, ...]
    fitted: bool
    confidence: str

    def at(self, share: Array) -> Array:
        """The value at each share of the range, 0 its low and 1 its high end."""
        if self.spread == "log":
            return np.exp(math.log(self.low) + share * math.log(self.high / self.low))
        return self.low + share * (self.high - self.low)

    @property
    def middle(self) -> float:
        """The value in the middle of the range."""
        return float(self.at(np.array(0.5)))


def read_parameters(path: Path | None = None) -> Mapping[str, Parameter]:
    """The parameters in a file by name; those that come with spamlab where none is given.

    Raises ContentError with every fault, one a line.
    """
    return _read(path or default_folder("datasets") / "policy" / "parameters.toml")


@lru_cache(maxsize=8)
def _read(path: Path) -> Mapping[str, Parameter]:
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"{path.name} can't be read: {error}") from None
    if not read:
        raise ContentError(f"{path.name} holds no parameter")
    faults = [f"{path.name}: {name}: {fault}" for name, one in read.items() for fault in _faults(one)]
    if faults:
        raise ContentError("\n".join(faults))
    return {name: Parameter(name, one["about"], float(one["low"]), float(one["high"]), one["spread"], one["unit"],
                            tuple(one["sources"]), one.get("fitted", False), one["confidence"])
            for name, one in read.items()}


def _faults(one: Any) -> Iterator[str]:
    if not isinstance(one, dict):
        yield "it must be a table"
        return
    for key in sorted(set(one) - _KEYS):
        yield f"the key {key} has no meaning"
    for key in ("about", "unit"):
        if not isinstance(one.get(key), str) or not one[key]:
            yield f"{key} must be a text"
    numbers: list[Any] = [one.get(key) for key in ("low", "high")]
    if not all(isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
               for value in numbers):
        yield "low and high must be numbers"
    elif numbers[0] > numbers[1]:
        yield "low must not be above high"
    elif one.get("spread") == "log" and numbers[0] <= 0:
        yield "low must be above 0 where spread is log"
    if one.get("spread") not in ("log", "flat"):
        yield 'spread must be "log" or "flat"'
    if one.get("confidence") not in CONFIDENCE:
        yield f"confidence must be one of {', '.join(CONFIDENCE)}"
    sources = one.get("sources")
    if not isinstance(sources, list) or not sources or not all(isinstance(name, str) for name in sources):
        yield 'sources must be a list of rows of evidence.toml, or ["own"]'
    if not isinstance(one.get("fitted", False), bool):
        yield "fitted must be true or false"


def uniform(seed: int | str, runs: int, *name: str | int) -> Array:
    """`runs` numbers in [0, 1) of the stream called `name` under `seed`.

    The first n are the same however many are asked for, and no stream moves another (Philox 4x64, Salmon et al. 2011).
    """
    label = "|".join(["spamlab policy", str(seed), *(str(part) for part in name)]).encode()
    key = int.from_bytes(hashlib.blake2b(label, digest_size=16).digest(), "big")
    return np.random.Generator(np.random.Philox(key=key)).random(runs)


class Drawn(dict[str, Array]):
    """Values by parameter, (runs,) each. One that the model needs and the file lacks is a ContentError."""

    def __missing__(self, name: str) -> Array:
        raise ContentError(f"parameters.toml: the parameter {name} is missing, which the model needs")


def draw_parameters(seed: int | str, runs: int, parameters: Mapping[str, Parameter] | None = None) -> dict[str, Array]:
    """`runs` draws of every parameter, each from the stream of its name: (runs,) by name."""
    known = read_parameters() if parameters is None else parameters
    return {name: one.at(uniform(seed, runs, "parameter", name)) for name, one in known.items()}


def middle_parameters(runs: int = 1, parameters: Mapping[str, Parameter] | None = None) -> dict[str, Array]:
    """Every parameter at the middle of its range, `runs` times."""
    known = read_parameters() if parameters is None else parameters
    return {name: np.full(runs, one.middle) for name, one in known.items()}
