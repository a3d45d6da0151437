"""A small workshop around the tiny lab, for tests: released once, copied for each test, played and graded for real."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from spamlab.content.identity import Workshop, create_workshop, read_workshop
from spamlab.grading import steps
from spamlab.judge.lab_data import lab_data
from spamlab.judge.ledger import Ledger

LAB = "01-tiny"
SOURCE = Path(__file__).with_name("lab")
SECRET = hashlib.sha256(b"the small workshop").digest()
FIND = "def find(raw):\n    return first_address(raw)"


@dataclass
class Room:
    """A workshop whose lab is released, and what a participant can do in it."""

    workshop: Workshop

    def truth(self, participant: str = "p01", purpose: str = "twin", name: str = "T1") -> Any:
        """The truth of one message."""
        return lab_data(self.workshop, participant, LAB, purpose)[name].truth

    def right(self, participant: str = "p01") -> dict[str, Any]:
        """The right answers to the closed questions."""
        truth = self.truth(participant)
        return {"q1-twin": truth.handover_address, "q2-twin": int(truth.notes["number"])}

    def notebook(self, participant: str = "p01") -> dict[str, Any]:
        """The participant's notebook, fetched if it is not there yet."""
        folder = self.workshop.home(participant) / LAB
        if not folder.exists():
            steps.fetch(self.workshop, participant, LAB)
        found: dict[str, Any] = json.loads((folder / f"{LAB}.ipynb").read_text(encoding="utf-8"))
        return found

    def hand_in(self, participant: str = "p01", answers: Mapping[str, Any] | None = None,
                sources: Mapping[str, str] | None = None, notebook: Any = None) -> Path:
        """Write answers and sources of cells into the participant's folder, and submit it; that folder."""
        content = self.notebook(participant) if notebook is None else notebook
        folder = self.workshop.home(participant) / LAB
        if isinstance(content, dict):
            for cell in content["cells"]:
                marks = cell["metadata"].get("nbgrader")
                name = marks.get("grade_id") if isinstance(marks, dict) else None
                if sources and isinstance(name, str):
                    cell["source"] = sources.get(name, cell["source"])
            content = json.dumps(content)
        (folder / f"{LAB}.ipynb").write_text(content, encoding="utf-8")
        (folder / "answers").mkdir(exist_ok=True)
        for name, value in (answers or {}).items():
            (folder / "answers" / f"{name}.json").write_text(json.dumps({"answer": value}), encoding="utf-8")
        steps.submit(self.workshop, participant, LAB)
        return folder

    def grade(self, **how: Any) -> dict[str, Any]:
        """Collect and grade."""
        steps.collect(self.workshop, LAB)
        return steps.grade(self.workshop, LAB, **how)

    def points(self, participant: str = "p01") -> dict[str, float | None]:
        """The automatic points in nbgrader's gradebook, by question."""
        from nbgrader.api import Gradebook

        with Gradebook(self.workshop.gradebook_address) as book:
            submission = book.find_submission(LAB, participant)
            return {grade.name: grade.auto_score for one in submission.notebooks for grade in one.grades}

    def graded(self, participant: str = "p01") -> dict[str, Any]:
        """The graded notebook's cells by grade id; cells of the participant's own as "own-N"."""
        path = self.workshop.course / "autograded" / participant / LAB / f"{LAB}.ipynb"
        cells = nbformat.read(path, as_version=4).cells
        return {cell["metadata"].get("nbgrader", {}).get("grade_id", cell["id"]): cell for cell in cells}

    def page(self, participant: str = "p01") -> str:
        """The feedback page as the participant fetches it."""
        steps.feedback(self.workshop, LAB)
        return steps.fetch_feedback(self.workshop, participant, LAB)[-1].read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workshop whose lab is released."""
    folder = tmp_path_factory.mktemp("released")
    shutil.copytree(SOURCE, folder / "labs" / LAB, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "labs" / LAB / "notebook.percent").rename(folder / "labs" / LAB / "notebook.py")
    root = folder / "workshop"
    workshop = create_workshop(root, title="Test", labs=[LAB], participants=2, secret=SECRET,
                               labs_folder=folder / "labs")
    Ledger(workshop.ledger_file).close()
    steps.build(workshop, LAB)
    steps.release(workshop, LAB)
    return root


@pytest.fixture
def room(released: Path, tmp_path: Path) -> Room:
    """A copy of the released workshop, as if it had been made here."""
    shutil.copytree(released, tmp_path / "workshop")
    return Room(read_workshop(tmp_path / "workshop"))
