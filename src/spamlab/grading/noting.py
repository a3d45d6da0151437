"""What grading writes into the workshop's ledger: what each answer earned, and traces of odd doings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spamlab.content.identity import Workshop, read_workshop
from spamlab.judge.entries import Entry

if TYPE_CHECKING:
    from spamlab.grading.judged import Marked

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


class Notes:
    """The workshop's ledger, open for the length of a run; silent where there is none. A trace is noted once."""

    def __init__(self, workshop: Workshop, lab: str) -> None:
        # Not at the top: a grading process makes entries and opens no ledger, which takes the whole database library.
        from spamlab.judge.ledger import has_ledger, open_ledger

        self._ledger = open_ledger(workshop) if has_ledger(workshop) else None
        self._known: set[tuple[str, str, str]] = set()
        if self._ledger is not None:
            self._known = {_key(one) for one in self._ledger.entries(lab=lab, event="note")}

    def write(self, entries: Sequence[Entry]) -> None:
        """Add entries in one transaction, traces that are there already left out."""
        new = [one for one in entries if one.event != "note" or _key(one) not in self._known]
        if self._ledger is not None and new:
            self._ledger.record_all(new)
            self._known.update(_key(one) for one in new if one.event == "note")

    def close(self) -> None:
        """Close the ledger."""
        if self._ledger is not None:
            self._ledger.close()


def write(root: Path, lab: str, entries: Sequence[Entry]) -> None:
    """Write entries into the ledger of the workshop in `root`, where there is one."""
    notes = Notes(read_workshop(root), lab)
    try:
        notes.write(entries)
    finally:
        notes.close()


def _key(entry: Entry) -> tuple[str, str, str]:
    return entry.participant, entry.question, entry.code


def as_plain(entry: Entry) -> dict[str, Any]:
    """An entry as JSON."""
    return asdict(entry)


def from_plain(plain: Mapping[str, Any]) -> Entry:
    """The entry that `as_plain` told of; raises ValueError or TypeError for anything else."""
    return Entry(**plain)
