"""Each attack of attacks/ as a participant's cell, through exchange and nbgrader; its header says what it earns."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from grading.room import FIND, Room
from spamlab.grading.executor import JudgedExecute

ATTACKS = sorted(Path(__file__).with_name("attacks").glob("*.py"))


def header(text: str, name: str) -> str:
    """A line of the attack's header, "" where there is none."""
    found = re.search(rf"^# {name}: (.+)$", text, re.MULTILINE)
    return found.group(1) if found else ""


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda path: path.stem)
def test_an_attack_earns_what_its_answers_earn(attack: Path, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attack takes no point that its answers do not deserve, costs none that were answered, and stops nobody."""
    monkeypatch.setattr(JudgedExecute.cell_seconds, "default_value", 3.0)
    text = attack.read_text(encoding="utf-8")
    right = room.right()
    answers = {name: right[name] for name in header(text, "answers").split()}
    sources = {header(text, "cell"): text}
    if header(text, "function"):
        sources["q3-open"] = FIND
    room.hand_in("p01", answers, sources)
    beside = bool(header(text, "beside"))
    if beside:
        room.hand_in("p02", room.right("p02"), {"q3-open": FIND})
    began = time.monotonic()
    told = room.grade()
    assert told["failed"] == [], told["reasons"]
    if beside:
        assert room.points("p02") == {"q1": 2.0, "q2": 3.0, "q3": 4.0, "q4": 0.0}
    expected = {name: float(value) for name, value in (one.split("=") for one in header(text, "points").split())}
    assert room.points("p01") == {**expected, "q4": 0.0}
    assert time.monotonic() - began < 90
