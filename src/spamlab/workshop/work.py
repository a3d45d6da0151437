"""How far each participant's work has gone: handed in, collected, graded, feedback; read from nbgrader's folders."""

from __future__ import annotations

from pathlib import Path

from spamlab.content.identity import Workshop

STAGES = (("feedback", "feedback ready"), ("autograded", "graded"), ("submitted", "collected"))


def work_done(workshop: Workshop, lab: str) -> dict[str, str]:
    """Participant -> the furthest stage reached; who has handed nothing in is not named."""
    found = dict.fromkeys(handed_in(workshop.exchange, lab), "handed in")
    for participant in workshop.participants:
        for folder, word in STAGES:
            if (workshop.course / folder / participant / lab).is_dir():
                found[participant] = later(workshop, participant, lab, word)
                break
    return found


def handed_in(exchange: Path, lab: str) -> set[str]:
    """Who has a submission of the lab in the exchange; nbgrader names it PARTICIPANT+LAB+TIME."""
    return {entry.name.split("+")[0] for entry in exchange.glob(f"*/inbound/*+{lab}+*")}


def later(workshop: Workshop, participant: str, lab: str, word: str) -> str:
    """The stage, unless a newer submission waits in the exchange."""
    arrived = [entry.name.split("+")[2] for entry in workshop.exchange.glob(f"*/inbound/{participant}+{lab}+*")]
    try:
        collected = (
            (workshop.course / "submitted" / participant / lab / "timestamp.txt").read_text(encoding="utf-8").strip()
        )
    except OSError:
        return word
    return "handed in again" if arrived and max(arrived) > collected else word


def not_yet(workshop: Workshop, lab: str, step: str) -> str:
    """Why a step can't do anything yet, in one sentence; "" where it can."""
    if step == "grade" and not any((workshop.course / "submitted").glob(f"*/{lab}")):
        return "Nothing of this lab is collected yet: press Collect first."
    return ""
