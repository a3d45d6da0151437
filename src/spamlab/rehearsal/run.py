"""The dress rehearsal: a whole workshop with simulated participants, through real services and nbgrader."""

from __future__ import annotations

import json
import os
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
from spamlab.grading.course import CONFIG
from spamlab.judge.ledger import open_ledger
from spamlab.rehearsal import due, findings
from spamlab.rehearsal.attacks import ATTACKS
from spamlab.rehearsal.hostile import Attack
from spamlab.rehearsal.players import MOST_ATTACKS, Play, cast, deal
from spamlab.rehearsal.practice import opened_room, practise
from spamlab.rehearsal.script import MOST_MISTAKES, Stage, open_stage, write_play
from spamlab.reporting.rehearsal_report import ScoreRow

Say = Callable[[str], None]
CELL_SECONDS = 10
"""After which a participant's cell is stopped here: the loops of the hostile ones are not worth more."""


@dataclass(frozen=True)
class Outcome:
    """What the rehearsal found. trouble: sentences about anything but a score that was not as expected.

    seconds: of the whole; parts: of each part of it. submissions: that were graded; workers: that graded at once.
    traces: what the instructor sees of odd doings, [{"participant", "lab", "traces": [...]}].
    """

    rows: tuple[ScoreRow, ...]
    mistakes: tuple[dict[str, Any], ...]
    trouble: tuple[str, ...]
    notes: tuple[str, ...]
    seconds: float
    sandbox: str
    digest: str
    parts: tuple[tuple[str, float], ...] = ()
    submissions: int = 0
    workers: int = 1
    traces: tuple[dict[str, Any], ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every score is as expected and nothing else went wrong."""
        return bool(self.rows) and all(row.equal for row in self.rows) and not self.trouble

    @property
    def per_submission(self) -> dict[str, float]:
        """Seconds per submission: of grading alone, and of the whole rehearsal."""
        count = max(1, self.submissions)
        return {"grading": round(dict(self.parts).get("grading", 0.0) / count, 3),
                "whole": round(self.seconds / count, 3)}

    def to_json(self) -> dict[str, Any]:
        """The stable form of `spamlab rehearse --json`."""
        return {
            "ok": self.ok, "seconds": round(self.seconds, 2), "scores": [row.to_json() for row in self.rows],
            "submissions": self.submissions, "seconds_per_submission": self.per_submission,
            "parts": {name: round(seconds, 2) for name, seconds in self.parts}, "workers": self.workers,
            "load": [round(one, 2) for one in os.getloadavg()], "traces": list(self.traces),
            "trouble": list(self.trouble), "notes": list(self.notes), "sandbox": self.sandbox, "digest": self.digest,
        }


class _Clock:
    """Seconds of the parts of a rehearsal, those of one name added up."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.parts[name] = self.parts.get(name, 0.0) + time.monotonic() - began


@dataclass
class _Found:
    """What is gathered while the labs are played, one after another."""

    rows: list[ScoreRow]
    mistakes: list[dict[str, Any]]
    trouble: list[str]
    notes: list[str]
    traces: list[dict[str, Any]]
    sandbox: str = ""
    workers: int = 1
    submissions: int = 0


def rehearse(
    participants: int, labs: Sequence[str] = (), *, seed: int = 0, keep: Path | None = None,
    labs_folder: Path | None = None, workers: int | None = None, say: Say = lambda _line: None,
) -> Outcome:
    """Play a workshop with `participants` simulated participants through all `labs` (every lab, if none is named).

    seed: the workshop's secret comes from it, so that the same seed gives the same workshop. keep: a folder that
    does not exist yet, in which the workshop is left. workers: that grade at once, None for one a core. Raises
    UsageError for a bad request, and the error of whichever step can't be done; a score that differs is not an error
    but a row of the outcome.
    """
    if participants < 1:
        raise UsageError("a rehearsal needs at least one participant")
    if keep is not None and keep.exists():
        raise UsageError(f"{keep} exists already; name a new folder for the workshop to be kept in")
    begin = time.monotonic()
    clock = _Clock()
    with _folder(keep) as root:
        workshop = _workshop(root, participants, labs, seed, labs_folder)
        found = _Found([], [], [], [], [])
        total = sha256()
        for name in workshop.labs:
            lab = read_lab(workshop.labs_folder / name)
            stage = _play_lab(workshop, lab, found, clock, workers, say)
            with clock.part("digest"):
                _digest_draws(total, stage)
        with clock.part("digest"):
            _digest_files(total, workshop)
        return Outcome(
            tuple(found.rows), tuple(found.mistakes), tuple(found.trouble), tuple(found.notes),
            time.monotonic() - begin, found.sandbox, total.hexdigest(), tuple(clock.parts.items()),
            found.submissions, found.workers, tuple(found.traces))


def _play_lab(workshop: Workshop, lab: Lab, found: _Found, clock: _Clock, workers: int | None, say: Say) -> Stage:
    """One lab from its build to its exported scores, all of it through nbgrader's own steps."""
    say(f"{lab.id}: building and releasing")
    with clock.part("release"):
        steps.build(workshop, lab.id)
        steps.release(workshop, lab.id)
        _short_cells(workshop)
    with clock.part("plays"):
        stage = _stage(workshop, lab)
        plays, missing = _plays(stage)
        found.notes += missing
    _work(workshop, lab, plays, stage, found.trouble, clock, say)
    say(f"{lab.id}: collecting")
    with clock.part("collect"):
        steps.collect(workshop, lab.id)
    say(f"{lab.id}: grading")
    with clock.part("grading"):
        graded = steps.grade(workshop, lab.id, workers=workers)
    found.sandbox, found.workers = str(graded["sandbox"]), max(found.workers, int(graded["workers"]))
    found.submissions += len(graded["graded"])
    found.trouble += [f"{lab.id}: the submission of {one} could not be graded: {graded['reasons'].get(one, '')}"
                      for one in graded["failed"]]
    with clock.part("grading by hand"):
        _grade_letters(workshop, lab, plays, found.trouble)
    say(f"{lab.id}: releasing feedback")
    with clock.part("feedback"):
        steps.feedback(workshop, lab.id)
    with clock.part("fetch feedback"):
        found.trouble += _feedback(workshop, lab, plays)
    say(f"{lab.id}: looking at scores, ledger and reports")
    with clock.part("looking"):
        found.rows += _rows(workshop, stage, plays)
        _look(workshop, stage, plays, found)
    return stage


def _look(workshop: Workshop, stage: Stage, plays: Sequence[Play], found: _Found) -> None:
    """Ledger and reports: mistakes and hints of class, verdicts' codes, traces, copied answers, lateness."""
    ledger = open_ledger(workshop)
    try:
        room = opened_room(workshop, ledger, stage)
        found.mistakes += room.room(stage.lab.id)["mistakes"]
        entries = ledger.entries(lab=stage.lab.id)
        seen = findings.traces(entries, workshop.participants)
        found.traces += [{**row, "lab": stage.lab.id} for row in seen]
        found.trouble += findings.of_traces(stage.lab.id, plays, seen)
        found.trouble += findings.of_ledger(stage.lab.id, plays, entries, hinted(stage))
        found.trouble += findings.of_copying(workshop, room, stage.lab.id, plays)
        found.trouble += due.trouble(workshop, stage.lab.id, plays)
    finally:
        ledger.close()


def hinted(stage: Stage) -> set[str]:
    """The questions that have hints."""
    return {one.id for one in stage.checks.questions.values() if one.hints}


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


def _short_cells(workshop: Workshop) -> None:
    """Write into the course's configuration that cells are stopped early."""
    path = workshop.course / CONFIG
    line = f"c.JudgedExecute.cell_seconds = {CELL_SECONDS}\n"
    if line not in path.read_text(encoding="utf-8"):
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n# The rehearsal's endless loops end early.\n{line}")


def _stage(workshop: Workshop, lab: Lab) -> Stage:
    notebook = json.loads((workshop.course / "source" / lab.id / f"{lab.id}.ipynb").read_text(encoding="utf-8"))
    marks = [cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"]]
    return open_stage(workshop, lab, [mark["grade_id"] for mark in marks
                                      if mark.get("solution") and not mark.get("grade")])


def _plays(stage: Stage) -> tuple[list[Play], list[str]]:
    """Who plays what in this lab, and a note on known mistakes and attacks that nobody plays."""
    names = stage.workshop.participants
    known = stage.known()
    roles = cast(len(names), len(known), len(ATTACKS))
    seats = [kind for kind, _ in roles]
    mistakes = deal([(question.id, (question, mistake)) for question, mistake in known], seats.count("mistake"),
                    MOST_MISTAKES)
    attacks = deal([(_room_of(one), one) for one in ATTACKS], seats.count("hostile"), MOST_ATTACKS)
    plays: list[Play] = []
    for participant, (kind, number) in zip(names, roles, strict=True):
        by_kind = {play.kind: play for play in reversed(plays)}
        plays.append(write_play(
            stage, participant, kind, mistakes=mistakes[number] if kind == "mistake" else (),
            attacks=attacks[number] if kind == "hostile" else (),
            copied=(by_kind["guided-only"], by_kind["honest"]) if kind == "copying" else None))
    notes = []
    for what, all_of_them, dealt in (("known mistakes", len(known), {id(one[1]) for seat in mistakes for one in seat}),
                                     ("attacks", len(ATTACKS), {one.name for seat in attacks for one in seat})):
        if len(dealt) < all_of_them:
            notes.append(f"{stage.lab.id}: {len(dealt)} of {all_of_them} {what} were played; more participants play "
                         "more of them")
    return plays, notes


def _room_of(attack: Attack) -> str:
    """Attacks of one participant must not get in each other's way: one that ends, one function, one forged layout."""
    return "ends" if attack.ends else "function" if attack.function else "forge" if attack.forge else attack.name


def _work(workshop: Workshop, lab: Lab, plays: Sequence[Play], stage: Stage, trouble: list[str], clock: _Clock,
          say: Say) -> None:
    """Each participant fetches, practises with the judge's service, writes the notebook and submits."""
    with clock.part("fetch"):
        for play in plays:
            say(f"{lab.id}: {play.participant} plays {play.kind}")
            steps.fetch(workshop, play.participant, lab.id)
    say(f"{lab.id}: the class")
    with clock.part("class"):
        trouble += practise(workshop, stage, plays, hinted(stage))
    say(f"{lab.id}: handing in")
    with clock.part("submit"):
        for play in plays:
            if play.submits and not play.late:
                _write(workshop.home(play.participant) / lab.id, lab, play)
                steps.submit(workshop, play.participant, lab.id)
        if any(play.late for play in plays):
            due.set_now(workshop, lab.id)
        for play in plays:
            if play.late:
                _write(workshop.home(play.participant) / lab.id, lab, play)
                steps.submit(workshop, play.participant, lab.id)


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
    for number, source in enumerate(play.own):
        notebook["cells"].append({"cell_type": "code", "id": f"own-{number}", "metadata": {}, "source": source,
                                  "outputs": [], "execution_count": None})
    for attack in play.attacks:
        notebook = attack.forge(notebook) if attack.forge else notebook
        if attack.place:
            attack.place(folder)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _grade_letters(workshop: Workshop, lab: Lab, plays: Sequence[Play], trouble: list[str]) -> None:
    """The simulated grader reads the documents and gives the points that each play's letter deserves."""
    given = [steps.ByHand(play.participant, question, points, "Read with the rubric.")
             for play in plays for question, points in play.letter_points.items()]
    try:
        steps.grade_all_by_hand(workshop, lab.id, given)
    except SpamlabError as error:
        trouble.append(f"{lab.id}: {error}")


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


def _rows(workshop: Workshop, stage: Stage, plays: Sequence[Play]) -> list[ScoreRow]:
    scores = {row["participant"]: row for row in steps.export_scores(workshop) if row["lab"] == stage.lab.id}
    most = sum(question.points for question in stage.checks.questions.values())
    rows = []
    for play in plays:
        graded = scores.get(play.participant, {"score": 0.0, "max": most})
        rows.append(ScoreRow(play.participant, play.kind, stage.lab.id, round(play.deserved, 4),
                             round(float(graded["score"]), 4), float(graded["max"])))
    return rows


def _digest_draws(total: Any, stage: Stage) -> None:
    """Add each participant's messages, which the secret alone decides."""
    for participant in stage.workshop.participants:
        for purpose in ("practice", "twin", "hidden"):
            for name, one in sorted(stage.data(participant, purpose).items()):
                total.update(f"{participant} {stage.lab.id} {purpose} {name}".encode() + b"\0" + one.message.raw)


def _digest_files(total: Any, workshop: Workshop) -> None:
    """Add source notebooks and released files."""
    for kind in ("source", "release"):
        for path in sorted((workshop.course / kind).rglob("*")):
            if path.is_file():
                total.update(path.relative_to(workshop.course).as_posix().encode() + b"\0" + path.read_bytes())
