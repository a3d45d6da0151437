"""From what a participant handed in to the points of each question, in the trusted process.

Everything that is asked of the child is here too: which messages it may see, which inputs are put to a function, in
which order and under which names. None of it holds truth.
"""

from __future__ import annotations

import json
import textwrap
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spamlab.content.identity import Workshop, read_workshop
from spamlab.content.lab import Lab, read_lab
from spamlab.course.attempts import scored_purpose
from spamlab.errors import GradingError, SpamlabError
from spamlab.grading.answers import read_answer
from spamlab.grading.layout import as_block
from spamlab.grading.signs import plain_signs
from spamlab.judge.bounds import check_value
from spamlab.judge.handed_out import ITEMS, set_files
from spamlab.judge.judging import judge_answer, judge_outputs
from spamlab.judge.kinds.challenge import Challenge
from spamlab.judge.kinds.document import Document
from spamlab.judge.lab_data import Data, load_checks, separate_draw
from spamlab.judge.question import Checks, FormError, Question, Verdict
from spamlab.seeds import PURPOSES, derive, stream

LETTER_COLUMNS = 100
MOST_LETTER = 20_000


@dataclass(frozen=True)
class Paper:
    """One participant's work in one lab as the trusted side knows it: questions, the three draws and their seeds."""

    lab: Lab
    participant: str
    checks: Checks
    draws: Mapping[str, Data]
    seeds: Mapping[str, bytes]

    def question(self, name: str) -> Question:
        """The question of a graded cell; raises GradingError for one that checks.py does not know."""
        found = self.checks.questions.get(name)
        if found is None:
            raise GradingError(f"{self.lab.id}: checks.py has no question for the graded cell {name}; build it again")
        return found

    def function(self, name: str) -> str:
        """The name of the function that a question asks for, "" for every other kind of question."""
        kind = self.question(name).kind
        return kind.function if isinstance(kind, Challenge) else ""

    def inputs(self, name: str) -> tuple[list[tuple[str, Any]], dict[str, str]]:
        """The hidden inputs of a function question in an order of the participant's own, under names that say nothing,
        and which input each name stands for."""
        kind = self.question(name).kind
        if not isinstance(kind, Challenge):
            return [], {}
        pairs = list(kind.inputs(self.draws["hidden"]))
        stream(self.seeds["hidden"], "grading", "order", name).shuffle(pairs)
        return ([(f"i{number:03d}", value) for number, (_, value) in enumerate(pairs)],
                {f"i{number:03d}": key for number, (key, _) in enumerate(pairs)})


def read_paper(root: Path, lab: str, participant: str) -> Paper:
    """What is needed to mark one submission; raises GradingError where anything of it can't be read."""
    try:
        workshop = read_workshop(root)
        known = read_lab(workshop.labs_folder / lab)
        return make_paper(known, load_checks(known.folder), participant, seeds(workshop, lab, participant),
                          workshop.datasets_folder)
    except SpamlabError as error:
        raise GradingError(f"{lab} can't be graded for {participant}: {error}") from error


def seeds(workshop: Workshop, lab: str, participant: str) -> dict[str, bytes]:
    """The seeds of one participant's three draws: all that a job needs of the workshop's secret."""
    secret = workshop.secret()
    return {purpose: derive(secret, workshop.known(participant), lab, purpose) for purpose in PURPOSES}


def make_paper(lab: Lab, checks: Checks, participant: str, seeds: Mapping[str, bytes], datasets: Path) -> Paper:
    """As `read_paper`, from plain data."""
    draws = {purpose: separate_draw(seed, lab, purpose, checks, datasets) for purpose, seed in seeds.items()}
    return Paper(lab, participant, checks, draws, seeds)


def write_data(paper: Paper, folder: Path) -> None:
    """What the participant has in class, for the child: items.json, NAME.eml and SET.jsonl, no truth."""
    folder.mkdir(parents=True, exist_ok=True)
    items = []
    sets = set_files(paper.draws[purpose] for purpose in ("practice", "twin"))
    named = json.loads(sets.pop(ITEMS))["sets"] if sets else []
    for name, text in sets.items():
        (folder / name).write_text(text, encoding="utf-8")
    for purpose in ("practice", "twin"):
        for name, one in paper.draws[purpose].items():
            if one.record:
                continue
            items.append({"name": name, "message_id": one.message.message_id, "set": purpose, "file": f"{name}.eml"})
            (folder / f"{name}.eml").write_bytes(one.message.raw)
    (folder / "items.json").write_text(json.dumps({"items": items, "sets": named}), encoding="utf-8")


def mark(paper: Paper, name: str, folders: tuple[Path, ...], outputs: Mapping[str, Any] | None) -> tuple[Verdict, Any]:
    """The verdict on one question, and the answer that it is about.

    folders: where answers/ is looked for. outputs: of the question's function by neutral name, None where there is no
    function. Raises GradingError where the judge itself fails: that is no verdict.
    """
    question = paper.question(name)
    try:
        if isinstance(question.kind, Challenge):
            _, keys = paper.inputs(name)
            given = {keys[key]: _output(value) for key, value in (outputs or {}).items() if key in keys}
            return judge_outputs(question, paper.draws["hidden"], given, practice=paper.draws["practice"]), None
        purpose = scored_purpose(question)
        item = question.item(purpose, paper.draws[purpose])
        if item is None:
            raise GradingError(f"{paper.lab.id}: question {name} has no set {purpose!r}")
        answer = read_answer(f"{name}-twin" if purpose == "twin" else name, *folders)
        return judge_answer(question, item, answer, silent=False), answer
    except GradingError:
        raise
    except Exception as error:  # whatever the judge raises is a fault of ours and must not become a score
        raise GradingError(f"{paper.lab.id}: the judge failed at {name}: {type(error).__name__}: {error}") from error


def points_of(verdict: Verdict, most: float) -> float:
    """The points of a verdict: its share of `most`, never below 0 or above it."""
    return min(most, max(0.0, round(verdict.share * most, 4)))


def letter(paper: Paper, name: str, folders: tuple[Path, ...]) -> str:
    """A document's saved answer as text for the Formgrader, each field with its label; "" where nothing is saved."""
    kind = paper.question(name).kind
    answer = read_answer(name, *folders)
    if not isinstance(kind, Document):
        return ""
    if isinstance(answer, str):
        answer = {str(kind.fields[0][0]): answer} if kind.fields else {}
    if not isinstance(answer, dict):
        return ""
    parts = []
    for one in kind.fields:
        value = answer.get(str(one[0]))
        if isinstance(value, str | int | float) and str(value).strip():
            parts.append(f"{one[1]}:\n{_wrapped(str(value).strip()[:MOST_LETTER])}")
    return as_block(plain_signs("\n\n".join(parts))) if parts else ""


def rubric(paper: Paper, name: str) -> str:
    """The rubric of a document as a list in markdown, from the lab's rubric.toml; "" where it has none for `name`."""
    try:
        read = tomllib.loads((paper.lab.folder / "rubric.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return ""
    rows = read.get("rows")
    if read.get("question") != name or not isinstance(rows, list):
        return ""
    lines = [f"- {row['points']:g}: {row['full']}" for row in rows
             if isinstance(row, dict) and isinstance(row.get("points"), int | float) and row.get("full")]
    return "\n".join(["**Rubric: points, and what must be true for them**", "", *lines]) if lines else ""


def _wrapped(text: str) -> str:
    """The text in lines that the grader's page shows whole; a line that is short enough stays as it is."""
    return "\n".join(
        line if len(line) <= LETTER_COLUMNS else textwrap.fill(
            line, LETTER_COLUMNS, break_long_words=False, break_on_hyphens=False)
        for line in text.splitlines())


def _output(value: Any) -> dict[str, Any]:
    """One output as the judge knows it; what is no plain bounded value is an error of the function."""
    try:
        plain = check_value(value)
    except FormError:
        plain = None
    if isinstance(plain, dict) and set(plain) == {"value"}:
        return plain
    if isinstance(plain, dict) and set(plain) == {"error"} and isinstance(plain["error"], str):
        return {"error": plain["error"][:200]}
    return {"error": "NotPlainData"}
