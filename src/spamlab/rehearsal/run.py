"""The dress rehearsal: a whole workshop with simulated participants, through real services and nbgrader."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from spamlab.content.identity import Workshop, create_workshop
from spamlab.content.lab import Lab, read_lab, read_labs
from spamlab.errors import SpamlabError, UsageError
from spamlab.grading import steps
from spamlab.judge.lab_data import lab_data, load_checks
from spamlab.judge.ledger import open_ledger
from spamlab.judge.room import Room
from spamlab.rehearsal.hostile import tamper
from spamlab.rehearsal.players import Play, cast
from spamlab.rehearsal.practice import practise
from spamlab.rehearsal.script import open_stage, write_play
from spamlab.reporting.rehearsal_report import ScoreRow

Say = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What the rehearsal found. trouble: sentences about anything but a score that was not as expected."""

    rows: tuple[ScoreRow, ...]
    mistakes: tuple[dict[str, Any], ...]
    trouble: tuple[str, ...]
    notes: tuple[str, ...]
    seconds: float
    sandbox: str
    digest: str

    @property
    def ok(self) -> bool:
        """Whether every score is as expected and nothing else went wrong."""
        return bool(self.rows) and all(row.equal for row in self.rows) and not self.trouble

    def to_json(self) -> dict[str, Any]:
        """The stable form of `spamlab rehearse --json`."""
        return {
            "ok": self.ok, "seconds": round(self.seconds, 2), "scores": [row.to_json() for row in self.rows],
            "trouble": list(self.trouble), "notes": list(self.notes), "sandbox": self.sandbox, "digest": self.digest,
        }


def rehearse(
    participants: int, labs: Sequence[str] = (), *, seed: int = 0, keep: Path | None = None,
    labs_folder: Path | None = None, say: Say = lambda _line: None,
) -> Outcome:
    """Play a workshop with `participants` simulated participants through all `labs` (every lab, if none is named).

    seed: the workshop's secret comes from it, so that the same seed gives the same workshop. keep: a folder that
    does not exist yet, in which the workshop is left. Raises UsageError for a bad request, and the error of
    whichever step can't be done; a score that differs is not an error but a row of the outcome.
    """
    if participants < 1:
        raise UsageError("a rehearsal needs at least one participant")
    if keep is not None and keep.exists():
        raise UsageError(f"{keep} exists already; name a new folder for the workshop to be kept in")
    begin = time.monotonic()
    with _folder(keep) as root:
        workshop = _workshop(root, participants, labs, seed, labs_folder)
        rows: list[ScoreRow] = []
        trouble: list[str] = []
        notes: list[str] = []
        mistakes: list[dict[str, Any]] = []
        sandbox = ""
        for name in workshop.labs:
            lab = read_lab(workshop.labs_folder / name)
            say(f"{lab.id}: building and releasing")
            steps.build(workshop, lab.id)
            steps.release(workshop, lab.id)
            plays, missing = _plays(workshop, lab)
            notes += missing
            trouble += _work(workshop, lab, plays, say)
            say(f"{lab.id}: collecting and grading")
            steps.collect(workshop, lab.id)
            graded = steps.grade(workshop, lab.id)
            sandbox = str(graded.get("sandbox", ""))
            trouble += [f"{lab.id}: the submission of {one} could not be graded" for one in graded["failed"]]
            _grade_letters(workshop, lab, plays)
            say(f"{lab.id}: releasing feedback")
            steps.feedback(workshop, lab.id)
            trouble += _feedback(workshop, lab, plays)
            rows += _rows(workshop, lab, plays)
            mistakes += _mistakes(workshop, lab)
        return Outcome(tuple(rows), tuple(mistakes), tuple(trouble), tuple(notes), time.monotonic() - begin, sandbox,
                       digest(workshop))


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    folder = Path(tempfile.mkdtemp(prefix="spamlab-rehearsal-"))
    try:
        yield folder / "workshop"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _workshop(root: Path, participants: int, labs: Sequence[str], seed: int, labs_folder: Path | None) -> Workshop:
    secret = sha256(f"rehearsal {seed}".encode()).digest()
    workshop = create_workshop(root, title="Dress rehearsal", labs=labs, participants=participants, secret=secret,
                               labs_folder=labs_folder, hint_wait_seconds=0)
    if labs:
        for lab in labs:
            read_lab(workshop.labs_folder / lab)
        return workshop
    found, faults = read_labs(workshop.labs_folder)
    if faults or not found:
        raise UsageError("the labs can't be read; `spamlab labs check` says what is wrong")
    shutil.rmtree(root)
    return create_workshop(root, title="Dress rehearsal", labs=[lab.id for lab in found], participants=participants,
                           secret=secret, labs_folder=labs_folder, hint_wait_seconds=0)


def _plays(workshop: Workshop, lab: Lab) -> tuple[list[Play], list[str]]:
    """Who plays what in this lab, and a note on known mistakes that nobody plays."""
    notebook = json.loads((workshop.course / "source" / lab.id / f"{lab.id}.ipynb").read_text(encoding="utf-8"))
    marks = [cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"]]
    stage = open_stage(workshop, lab, [mark["grade_id"] for mark in marks
                                       if mark.get("solution") and not mark.get("grade")])
    plays: list[Play] = []
    roles = cast(len(workshop.participants), stage.mistake_rounds)
    for participant, (kind, number) in zip(workshop.participants, roles, strict=True):
        copied = next((play for play in plays if play.kind == "guided"), None)
        plays.append(write_play(stage, participant, kind, number, copied))
    rounds = {number for kind, number in roles if kind == "mistakes"}
    unplayed = stage.mistake_rounds - len(rounds)
    note = [f"{lab.id}: {unplayed} of {stage.mistake_rounds} rounds of known mistakes were not played; "
            f"with {6 + stage.mistake_rounds - 2} participants all are"] if unplayed > 0 else []
    return plays, note


def _work(workshop: Workshop, lab: Lab, plays: Sequence[Play], say: Say) -> list[str]:
    """Each participant fetches, practises with the judge's service, writes the notebook and submits."""
    trouble: list[str] = []
    for play in plays:
        say(f"{lab.id}: {play.participant} plays {play.kind}")
        steps.fetch(workshop, play.participant, lab.id)
    trouble += practise(workshop, lab, plays)
    for play in plays:
        if play.submits:
            _write(workshop.home(play.participant) / lab.id, lab, play)
            steps.submit(workshop, play.participant, lab.id)
    return trouble


def _write(folder: Path, lab: Lab, play: Play) -> None:
    """The participant's work in the fetched folder: the forms' answers, the open cells, the attacks."""
    answers = folder / "answers"
    answers.mkdir(exist_ok=True)
    for name, value in play.answers.items():
        (answers / f"{name}.json").write_text(json.dumps({"answer": value}), encoding="utf-8")
    path = folder / f"{lab.id}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        source = play.sources.get(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
        if source is not None:
            cell["source"] = source
    if play.tampers:
        notebook = tamper(notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _grade_letters(workshop: Workshop, lab: Lab, plays: Sequence[Play]) -> None:
    """The simulated grader reads the documents and gives the points that each play's letter deserves."""
    for play in plays:
        for question, points in play.letter_points.items():
            steps.grade_by_hand(workshop, lab.id, play.participant, question, points, "Read with the rubric.")


def _feedback(workshop: Workshop, lab: Lab, plays: Sequence[Play]) -> list[str]:
    """What is wrong with the feedback: it must reach each one who submitted."""
    trouble = []
    for play in plays:
        if not play.submits:
            continue
        try:
            pages = steps.fetch_feedback(workshop, play.participant, lab.id)
        except SpamlabError as error:
            trouble.append(f"{lab.id}: {play.participant} can't fetch the feedback: {error}")
            continue
        if not pages:
            trouble.append(f"{lab.id}: no feedback reached {play.participant}")
    return trouble


def _mistakes(workshop: Workshop, lab: Lab) -> list[dict[str, Any]]:
    ledger = open_ledger(workshop)
    try:
        found: list[dict[str, Any]] = Room(workshop, ledger).room(lab.id)["mistakes"]
        return found
    finally:
        ledger.close()


def _rows(workshop: Workshop, lab: Lab, plays: Sequence[Play]) -> list[ScoreRow]:
    scores = {row["participant"]: row for row in steps.export_scores(workshop) if row["lab"] == lab.id}
    most = sum(question.points for question in load_checks(lab.folder).questions.values())
    rows = []
    for play in plays:
        graded = scores.get(play.participant, {"score": 0.0, "max": most})
        rows.append(ScoreRow(play.participant, play.kind, lab.id, round(play.deserved, 4),
                             round(float(graded["score"]), 4), float(graded["max"])))
    return rows


def digest(workshop: Workshop) -> str:
    """SHA-256 over what the secret alone decides: source notebooks, released files, each participant's messages."""
    total = sha256()
    for kind in ("source", "release"):
        for path in sorted((workshop.course / kind).rglob("*")):
            if path.is_file():
                total.update(path.relative_to(workshop.course).as_posix().encode() + b"\0" + path.read_bytes())
    for participant in workshop.participants:
        for lab in workshop.labs:
            for purpose in ("practice", "twin", "hidden"):
                for name, one in sorted(lab_data(workshop, participant, lab, purpose).items()):
                    total.update(f"{participant} {lab} {purpose} {name}".encode() + b"\0" + one.message.raw)
    return total.hexdigest()
