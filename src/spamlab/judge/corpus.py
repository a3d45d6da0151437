"""Real messages that a trainer put into the workshop's folder `corpus`: handed out as one more set, never graded."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

NAME = "corpus"
MOST_RECORDS = 4000
MOST_SIGNS = 2000
_KEPT = ("channel", "language", "type", "sent")


def corpus_records(folder: Path) -> list[dict[str, Any]]:
    """The records of the folder: "id", "label", "text", and of the rest what a slice may be cut by; [] without one.

    Of more than 4000 records every second, third, ... is taken; a text is cut after 2000 signs. Read once for as long
    as no file changes. Raises UsageError or ContentError where it can't be read (`spamlab.filtering.read_corpus`).
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()] if folder.is_dir() else []
    return list(_records(folder, tuple((str(path), path.stat().st_mtime_ns) for path in files))) if files else []


@lru_cache(maxsize=2)
def _records(folder: Path, _files: tuple[tuple[str, int], ...]) -> tuple[dict[str, Any], ...]:
    from spamlab.filtering import read_corpus  # it brings scikit-learn: only for those who have a corpus

    found = read_corpus(folder)
    step = -(-len(found) // MOST_RECORDS)
    return tuple({"id": f"{NAME}-{number:04d}", "label": one["label"], "text": str(one["text"])[:MOST_SIGNS],
                  **{key: str(one[key]) for key in _KEPT if one.get(key)}}
                 for number, one in enumerate(found[::step], 1))
