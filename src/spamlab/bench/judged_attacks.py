"""spamlab under attack: each attack is one participant of one workshop around the tiny lab, beside honest ones."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spamlab.bench.attacks import FUNCTION, Attack
from spamlab.content.identity import Workshop, create_workshop
from spamlab.grading import steps
from spamlab.judge.lab_data import lab_data
from spamlab.judge.ledger import Ledger

LAB = "01-tiny"
SECRET = b"thirty-two bytes for the attacks"
HONEST = ("a01", "b01", "z01")
"""Before all attackers in nbgrader's order, beside them, and after them."""
CELL_SECONDS = 1.5


@dataclass(frozen=True)
class Judged:
    """What spamlab made of one attack: points by question, None where it was not graded; the codes of its traces."""

    points: Mapping[str, float] | None
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Fought:
    """The whole run. honest: whether all honest participants have all their points. seconds: of grading."""

    judged: Mapping[str, Judged]
    honest: bool
    seconds: float


def fight(attacks: Sequence[Attack], lab: Path, folder: Path) -> Fought:
    """Grade all attacks in one run, in a workshop made in `folder`."""
    labs = folder / "labs"
    shutil.copytree(lab, labs / LAB, ignore=shutil.ignore_patterns("__pycache__"))
    (labs / LAB / "notebook.percent").rename(labs / LAB / "notebook.py")
    names = {one.name: f"c{number:03d}" for number, one in enumerate(attacks)}
    workshop = create_workshop(folder / "workshop", title="Attacks", labs=[LAB], secret=SECRET,
                               participants=[*HONEST, *names.values()], labs_folder=labs)
    Ledger(workshop.ledger_file).close()
    steps.build(workshop, LAB)
    steps.release(workshop, LAB)
    with (workshop.course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(f"\nc.JudgedExecute.cell_seconds = {CELL_SECONDS}\n")
    for name in HONEST:
        _hand_in(workshop, name, None)
    for one in attacks:
        _hand_in(workshop, names[one.name], one)
    steps.collect(workshop, LAB)
    began = time.monotonic()
    told = steps.grade(workshop, LAB)
    seconds = time.monotonic() - began
    points = _points(workshop)
    codes = {name: tuple(sorted({str(one["code"]) for one in found}))
             for name, found in told.get("traces", {}).items()}
    judged = {one.name: Judged(points.get(names[one.name]), codes.get(names[one.name], ())) for one in attacks}
    whole = {"q1": 2.0, "q2": 3.0, "q3": 4.0}
    return Fought(judged, all(points.get(name) == whole for name in HONEST), seconds)


def _hand_in(workshop: Workshop, participant: str, one: Attack | None) -> None:
    steps.fetch(workshop, participant, LAB)
    folder = workshop.home(participant) / LAB
    path = folder / f"{LAB}.ipynb"
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    truth = lab_data(workshop, participant, LAB, "twin")["T1"].truth
    right = {"q1-twin": truth.handover_address, "q2-twin": int(truth.notes["number"])}
    if one is None:
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == "q3-open":
                cell["source"] = FUNCTION
        path.write_text(json.dumps(notebook), encoding="utf-8")
    else:
        text = one.forged(notebook)
        one.place(folder)
        path.write_text(text, encoding="utf-8")
    (folder / "answers").mkdir(exist_ok=True)
    for name in right if one is None else one.answers:
        (folder / "answers" / f"{name}.json").write_text(json.dumps({"answer": right[name]}), encoding="utf-8")
    steps.submit(workshop, participant, LAB)


def _points(workshop: Workshop) -> dict[str, dict[str, float]]:
    """The automatic points in the gradebook, by participant and question; q4 is graded by a person."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{workshop.course / 'gradebook.db'}") as book:
        return {one.student.id: {grade.name: float(grade.auto_score or 0) for notebook in one.notebooks
                                 for grade in notebook.grades if grade.name != "q4"}
                for one in book.assignment_submissions(LAB)}
