"""The answers of a submission: answers/ID.json, {"answer": value}, read by the trusted side as untrusted data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from spamlab.grading.copying import read_plain
from spamlab.judge.bounds import MOST_BYTES, read_json
from spamlab.judge.question import FormError

FOLDER = "answers"
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


def read_answer(name: str, *folders: Path) -> Any:
    """The answer called `name` ("q3-twin") in the first of the folders that holds a readable one; None if none does.

    The submission stands before the run's working folder: what the participant saw being saved counts, not what the
    cells write when they are run again.
    """
    if not _ID.fullmatch(name):
        return None
    for folder in folders:
        content = read_plain(folder, FOLDER, f"{name}.json", most=2 * MOST_BYTES)
        if content is None:
            continue
        try:
            record = read_json(content, most_bytes=2 * MOST_BYTES)
        except FormError:
            continue
        if isinstance(record, dict) and "answer" in record:
            return record["answer"]
    return None
