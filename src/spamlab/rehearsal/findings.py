"""What the rehearsal looks at beside the scores: that ledger and reports tell the instructor what happened."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from spamlab.content.identity import Workshop
from spamlab.judge.entries import Entry
from spamlab.judge.room import Room
from spamlab.rehearsal.players import Play
from spamlab.workshop.reports import similarity_of, traces_of


def traces(entries: Sequence[Entry], participants: Sequence[str]) -> list[dict[str, Any]]:
    """The traces that the instructor sees, by participant."""
    return traces_of(entries, participants)


def of_traces(lab: str, plays: Sequence[Play], seen: Sequence[dict[str, Any]]) -> list[str]:
    """A sentence for each attacker without a trace, and for each other one with one."""
    by_one = {row["participant"]: row["traces"] for row in seen}
    found = []
    for play in plays:
        told = by_one.get(play.participant, [])
        if play.attacks and not told:
            found.append(f"{lab}: the attacks of {play.participant} ({play.kind}) left no trace")
        if not play.attacks and told:
            codes = ", ".join(sorted({str(one["code"]) for one in told}))
            found.append(f"{lab}: {play.participant} ({play.kind}) did nothing odd, and the ledger says: {codes}")
    return found


def of_ledger(lab: str, plays: Sequence[Play], entries: Sequence[Entry], hinted: Collection[str]) -> list[str]:
    """A sentence for each known mistake that class or grading did not name, and each hint that was not noted."""
    by_one: dict[str, set[tuple[str, str, str]]] = {}
    for entry in entries:
        event = "tried" if entry.event == "saved" else str(entry.event)
        by_one.setdefault(entry.participant, set()).add((entry.question, event, entry.code))
    found = []
    for play in plays:
        there = by_one.get(play.participant, set())
        wanted = {(question, "tried", code) for question, _, _, code in play.practice if code}
        wanted |= {(question, "hint", "1") for question in play.hints if question in hinted}
        wanted |= {(question, "graded", code) for question, code in play.codes.items() if code}
        for question, event, code in sorted(wanted - there):
            found.append(f"{lab}: the ledger lacks what {play.participant} did: {question} {event} {code}")
    return found


def of_copying(workshop: Workshop, room: Room, lab: str, plays: Sequence[Play]) -> list[str]:
    """A sentence where the comparison of submissions does not name who copied, and from whom."""
    if not any(play.copied[0] for play in plays):
        return []
    report = similarity_of(workshop, room, lab)
    answers = {(row["participant"], row["other"]) for row in report["answers"]["pairs"]}
    code = {frozenset((row["first"], row["second"])) for row in report["code"]["pairs"]}
    found = []
    for play in plays:
        answered, coded = play.copied
        if answered and (play.participant, answered) not in answers:
            found.append(f"{lab}: the comparison of answers does not say that {play.participant} copied {answered}'s")
        if coded and frozenset((play.participant, coded)) not in code:
            found.append(f"{lab}: the comparison of code does not name {play.participant} and {coded}")
    return found
