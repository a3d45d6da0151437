"""What a participant is handed out of a lab's sets of records: as JSON over HTTP, and as files for a run without it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from spamlab.records.truth import Labelled

ITEMS = "items.json"


def set_of(name: str) -> str:
    """The set of the record called `name`: "train" of "train-0007"."""
    return name.rpartition("-")[0]


def sets_of(data: Mapping[str, Labelled]) -> dict[str, list[dict[str, Any]]]:
    """The records of a draw by set, in their order, as they are handed out. Messages with a route are left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, one in data.items():
        if one.record:
            found.setdefault(set_of(name), []).append(dict(one.record))
    return found


def set_files(draws: Iterable[Mapping[str, Labelled]]) -> dict[str, str]:
    """The sets of some draws as files: SET.jsonl for each, and items.json, which names them; empty without sets."""
    files = {}
    for data in draws:
        for name, records in sets_of(data).items():
            files[f"{name}.jsonl"] = "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in records)
    if files:
        files[ITEMS] = json.dumps({"items": [], "sets": sorted(name.removesuffix(".jsonl") for name in files)})
    return files
