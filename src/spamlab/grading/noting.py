"""What grading writes into the workshop's ledger: what each answer earned, and traces of odd doings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from spamlab.content.identity import read_workshop
from spamlab.grading.judged import Marked
from spamlab.judge.ledger import Entry, has_ledger, open_ledger

MOST_ANSWER = 16_000


def graded(participant: str, lab: str, marked: Marked) -> Entry:
    """The entry for one question's verdict."""
    text = "" if marked.answer is None else json.dumps(marked.answer, ensure_ascii=False)
    return Entry(participant, lab, marked.question, "graded", text if len(text) < MOST_ANSWER else "",
                 marked.verdict.state, marked.verdict.code, marked.verdict.share, marked.points)


def traced(participant: str, lab: str, trace: Mapping[str, Any]) -> Entry:
    """The entry for a trace: {"code", "where", "sentence"}."""
    return Entry(participant, lab, str(trace["where"])[:80], "note", json.dumps(str(trace["sentence"])), "trace",
                 str(trace["code"])[:80])


def write(root: Path, entries: Sequence[Entry]) -> None:
    """Write entries into the workshop's ledger, where there is one."""
    workshop = read_workshop(root)
    if not has_ledger(workshop):
        return
    ledger = open_ledger(workshop)
    try:
        ledger.record_all(entries)
    finally:
        ledger.close()


def as_plain(entry: Entry) -> dict[str, Any]:
    """An entry as JSON."""
    return asdict(entry)


def from_plain(plain: Mapping[str, Any]) -> Entry:
    """The entry that `as_plain` told of; raises ValueError or TypeError for anything else."""
    return Entry(**plain)
