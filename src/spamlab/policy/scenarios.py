"""Scenarios: what may happen that nobody decided. One TOML file in datasets/policy/scenarios is one scenario."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spamlab.errors import ContentError, UsageError
from spamlab.policy.draws import uniform
from spamlab.policy.levers import CHANNELS
from spamlab.shipped import default_folder

Array = NDArray[np.float64]

SHOCKS: Mapping[str, tuple[float, str]] = {
    **{f"response.{channel}": (1.0, "times as many people fall for a message") for channel in CHANNELS},
    **{f"audience.{channel}": (1.0, "times as many people can be reached") for channel in CHANNELS},
    **{f"inflow.{channel}": (0.0, "part of today's spending on fraud that comes from the neighbour each week")
       for channel in CHANNELS},
    "evasion": (0.0, "logits by which content passes filters more easily"),
    "neighbour_cost": (1.0, "times what sending to the neighbour costs"),
    "exempt": (0.0, "share of marketing that the law does not bind for a time"),
    "precious": (1.0, "times what a lost wanted item is worth"),
    "bypass": (0.0, "share of fraud by SMS that no network sees, as from fake base stations"),
    "defect": (0.0, "the largest operator does nothing that it need not do (1)"),
    "budget": (1.0, "times the budget of the state"),
    "staff": (1.0, "times the investigators"),
}
"""Shock -> its value in quiet times and what the value means."""


@dataclass(frozen=True)
class Shock:
    """One thing that happens. what: a name in SHOCKS. size, week, weeks: least and most; drawn once for each play."""

    what: str
    size: tuple[float, float]
    week: tuple[int, int]
    weeks: tuple[int, int]


@dataclass(frozen=True)
class Scenario:
    """A scenario: its name, title, a sentence for participants, and its shocks."""

    name: str
    title: str
    about: str
    shocks: tuple[Shock, ...]

    def path(self, weeks: int, seed: int | str) -> Array:
        """Each of SHOCKS in each week, (len(SHOCKS), weeks); size and time from the seed and the scenario's name."""
        names = list(SHOCKS)
        found = np.repeat(np.array([value for value, _ in SHOCKS.values()])[:, None], weeks, axis=1)
        drawn = uniform(seed, 3, "scenario", self.name)  # one draw of time for the whole scenario
        for number, one in enumerate(self.shocks):
            size = one.size[0] + float(uniform(seed, 1, "scenario", self.name, number)[0]) * (one.size[1] - one.size[0])
            first = round(one.week[0] + drawn[0] * (one.week[1] - one.week[0]))
            last = first + round(one.weeks[0] + drawn[1] * (one.weeks[1] - one.weeks[0]))
            found[names.index(one.what), first:last] = size
        return found


def read_scenarios(folder: Path | None = None) -> Mapping[str, Scenario]:
    """All scenarios of a folder by name, "calm" first. Raises ContentError with every fault, one a line."""
    return _read(folder or default_folder("datasets") / "policy" / "scenarios")


@lru_cache(maxsize=8)
def _read(folder: Path) -> Mapping[str, Scenario]:
    found: dict[str, Scenario] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.toml"), key=lambda path: (path.stem != "calm", path.stem)):
        try:
            read = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            faults.append(f"{path.name}: it can't be read: {error}")
            continue
        wrong = list(_faults(read))
        faults += [f"{path.name}: {fault}" for fault in wrong]
        if not wrong:
            found[path.stem] = Scenario(path.stem, read["title"], read["about"], tuple(
                Shock(one["what"], _pair(one["size"]), _whole(one["week"]), _whole(one["weeks"]))
                for one in read.get("shock", [])))
    if not found and not faults:
        faults.append("there is no scenario in the folder")
    if faults:
        raise ContentError("\n".join(faults))
    return found


def scenarios_named(names: Sequence[str], folder: Path | None = None) -> tuple[Scenario, ...]:
    """The scenarios called `names`, or all where there is no name. Raises UsageError for one that is not there."""
    known = read_scenarios(folder)
    for name in names:
        if name not in known:
            raise UsageError(f"there is no scenario called {name}: known are {', '.join(known)}.")
    return tuple(known[name] for name in dict.fromkeys(names)) if names else tuple(known.values())


def _faults(read: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(set(read) - {"title", "about", "shock"}):
        yield f"the key {key} has no meaning"
    for key in ("title", "about"):
        if not isinstance(read.get(key), str) or not read[key]:
            yield f"{key} must be a text"
    shocks = read.get("shock", [])
    if not isinstance(shocks, list) or not all(isinstance(one, dict) for one in shocks):
        yield "each shock stands under [[shock]]"
        return
    for number, one in enumerate(shocks, 1):
        for key in sorted(set(one) - {"what", "size", "week", "weeks"}):
            yield f"shock {number}: the key {key} has no meaning"
        if one.get("what") not in SHOCKS:
            yield f"shock {number}: what must be one of {', '.join(SHOCKS)}"
        if not _is_pair(one.get("size"), 0, 1000, whole=False):
            yield f"shock {number}: size must be a number, or the least and the most"
        if not _is_pair(one.get("week"), 0, 260, whole=True):
            yield f"shock {number}: week must be a whole number of weeks, or the first and the last that may be"
        if not _is_pair(one.get("weeks"), 1, 1000, whole=True):
            yield f"shock {number}: weeks must be how long it lasts, or the least and the most"


def _is_pair(value: Any, low: float, high: float, *, whole: bool) -> bool:
    kinds: Any = int if whole else int | float
    values = value if isinstance(value, list) else [value, value]
    return len(values) == 2 and all(isinstance(one, kinds) and not isinstance(one, bool) and low <= one <= high
                                    for one in values) and values[0] <= values[1]


def _pair(value: Any) -> tuple[float, float]:
    return (float(value[0]), float(value[1])) if isinstance(value, list) else (float(value), float(value))


def _whole(value: Any) -> tuple[int, int]:
    return (value[0], value[1]) if isinstance(value, list) else (value, value)
