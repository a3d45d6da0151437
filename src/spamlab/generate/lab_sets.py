"""Sets of records for a lab's participants: each from a traffic recipe, and from a seed of the participant's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from spamlab.errors import UsageError
from spamlab.generate.languages import Language, read_language
from spamlab.generate.traffic import Traffic
from spamlab.generate.traffic_recipe import Recipe, read_traffic_recipe
from spamlab.records.message import Message
from spamlab.records.truth import NO_ROUTE, Labelled


@dataclass(frozen=True)
class Wanted:
    """One set. name: of the set; its records are called NAME-0001 and so on. recipe: a traffic recipe in the folder
    `datasets`/recipes. labels: whether they are handed out with the records."""

    name: str
    recipe: str
    count: int
    labels: bool
    datasets: Path


_LINE = json.JSONEncoder(ensure_ascii=False)


def make_record_sets(sets: Sequence[Wanted], seed: bytes, draw: int = 0) -> dict[str, Labelled]:
    """All records of the sets by name.

    seed: from `seeds.derive`. draw: 0 for the first try, 1, 2, ... for a draw again. The same arguments give the same
    records on any machine, and a further set moves none of another. Raises UsageError for an unknown recipe,
    ContentError for one with faults.
    """
    made: dict[str, Labelled] = {}
    for wanted in sets:
        traffic = _traffic(wanted, f"{seed.hex()}|{wanted.name}|{draw}")
        for number in range(wanted.count):
            one = traffic.made(number)
            name = f"{wanted.name}-{number + 1:04d}"
            record = {key: value for key, value in one.record.items() if wanted.labels or key != "label"}
            made[name] = labelled_record({**record, "id": name}, {**one.truth, "id": name})
    return made


def labelled_record(record: Mapping[str, Any], facts: Mapping[str, Any]) -> Labelled:
    """A record and its truth under the record's "id", as the labs pass messages on."""
    line = _LINE.encode(record)
    return Labelled(Message(str(record["id"]), f"{line}\r\n".encode(), "", ()), NO_ROUTE, record, facts)


def _traffic(wanted: Wanted, seed: str) -> Traffic:
    path = wanted.datasets / "recipes" / f"{wanted.recipe}.toml"
    if not path.is_file():
        raise UsageError(f"there is no recipe called {wanted.recipe}")
    recipe = _recipe(path, path.stat().st_mtime_ns)
    languages = {code: _language(wanted.datasets / "languages" / code, recipe.channel) for code in recipe.languages}
    return Traffic(recipe, languages, seed)


@lru_cache(maxsize=16)
def _recipe(path: Path, _changed: int) -> Recipe:
    return read_traffic_recipe(path)


@lru_cache(maxsize=16)
def _language(folder: Path, channel: str) -> Language:
    return read_language(folder, channel)
