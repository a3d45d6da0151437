"""What the reports of a lab are made from, gathered from the workshop's folders and ledger, as plain data.

The page shows them and the commands print them. A comparison of submissions takes seconds, so the command keeps it
in the workshop's folder `reports/` and the page shows what was kept last.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from spamlab.content.identity import Workshop
from spamlab.course.attempts import scored_purpose
from spamlab.errors import GradingError, UsageError
from spamlab.grading.answers import read_answer
from spamlab.grading.copying import read_plain
from spamlab.judge.entries import Entry
from spamlab.judge.judging import judge_answer, right_answer
from spamlab.judge.kinds.challenge import Challenge
from spamlab.judge.kinds.document import Document
from spamlab.judge.room import TWIN, Opened, Room
from spamlab.reporting.copied import copied_report
from spamlab.reporting.similarity import Given, Work, similarity_report
from spamlab.reporting.statistics import Asked, lab_statistics

MOST_BYTES = 5_000_000
MOST_FILES = 200
LEAST_WORDS = 8
"""An answer's text with fewer words is a choice or a value, not prose."""


def statistics_of(room: Room, lab: str, *, by_hand: bool = True) -> dict[str, Any]:
    """The item statistics of a lab. by_hand: with the points that a person gave, read from nbgrader's gradebook."""
    opened = room.opened(lab)
    questions = [
        Asked(one.id, one.title, one.points, {mistake.code: mistake.trainer for mistake in one.mistakes},
              one.manual or isinstance(one.kind, Document))
        for one in opened.checks.questions.values()
    ]
    manual = [one.id for one in questions if one.manual and one.points]
    entries = room.ledger.entries(lab=lab, answers=False)
    hand = hand_given(room.workshop, lab, manual) if by_hand and manual else {}
    return {**lab_statistics(lab, questions, entries, room.workshop.participants, hand), "title": opened.lab.title}


def hand_given(workshop: Workshop, lab: str, questions: Sequence[str]) -> dict[tuple[str, str], float]:
    """(participant, question) -> share, of what a person has graded in the Formgrader; {} where nothing is graded."""
    if not any((workshop.course / "autograded").glob(f"*/{lab}")):
        return {}
    from nbgrader.api import MissingEntry

    from spamlab.grading import course

    found: dict[tuple[str, str], float] = {}
    with course.opened(workshop.course, course.read_config(workshop.course)) as api, api.gradebook as book:
        for participant in workshop.participants:
            for question in questions:
                try:
                    grade = book.find_grade(question, lab, lab, participant)
                except MissingEntry:
                    continue
                if grade.manual_score is not None and not grade.needs_manual_grade and grade.max_score:
                    found[participant, question] = min(1.0, max(0.0, float(grade.score) / float(grade.max_score)))
    return found


def similarity_of(workshop: Workshop, room: Room, lab: str) -> dict[str, Any]:
    """Submissions and answers of a lab compared; raises UsageError where fewer than two are collected."""
    report = similarity_of_course(workshop.course, lab, prompts_of(room, lab))
    answers, right, wrong = answers_of(room, lab)
    return {**report, "answers": copied_report(answers, right, wrong), "title": room.opened(lab).lab.title}


def similarity_of_course(course: Path, lab: str, texts: Sequence[str] = ()) -> dict[str, Any]:
    """Submissions in an nbgrader course folder compared, without answers. texts: what else the lab gave out."""
    names = sorted(path.parent.name for path in (course / "submitted").glob(f"*/{lab}") if path.is_dir())
    if len(names) < 2:
        raise UsageError(f"two submissions of {lab} are needed to compare any, and {len(names)} "
                         f"{'is' if len(names) == 1 else 'are'} collected.")
    given = given_out(course, lab, texts)
    works = [work_of(course / "submitted" / name / lab, name) for name in names]
    return {"lab": lab, "at": datetime.now().isoformat(timespec="seconds"), "submissions": len(works),
            **similarity_report(works, given), "answers": copied_report({}, {})}


def work_of(folder: Path, participant: str) -> Work:
    """One submission: the code cells of its notebooks, and the prose of its answers and open text cells."""
    code: dict[str, str] = {}
    texts: dict[str, str] = {}
    for name in names_in(folder, ".ipynb"):
        for index, (kind, cell, source) in enumerate(cells_of(folder, name), 1):
            (code if kind == "code" else texts)[f"{Path(name).stem}, cell {cell or index}"] = source
    for name in names_in(folder / "answers", ".json"):
        answer = read_answer(name.removesuffix(".json"), folder)
        text = "\n".join(prose(answer))
        if text:
            texts[f"answer {name.removesuffix('.json')}"] = text
    return Work(participant, code, texts)


def given_out(course: Path, lab: str, texts: Sequence[str] = ()) -> Given:
    """What the lab gave out: its released notebook and files, or its source where it was never released."""
    folders = [course / name / lab for name in ("release", "source") if (course / name / lab).is_dir()]
    code: list[str] = []
    words = list(texts)
    for folder in folders[:1]:
        for name in names_in(folder, ".ipynb"):
            for kind, _, source in cells_of(folder, name):
                (code if kind == "code" else words).append(source)
        for name in names_in(folder, ".py"):
            content = read_plain(folder, name, most=MOST_BYTES)
            source = (content or b"").decode("utf-8", "replace")
            code.append(source)
            words.append(source)
    return Given(code, words)


def names_in(folder: Path, suffix: str) -> list[str]:
    """The names of the files directly in a folder with this suffix, sorted, at most MOST_FILES."""
    try:
        names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(suffix))
    except OSError:
        return []
    return names[:MOST_FILES]


def cells_of(folder: Path, name: str) -> list[tuple[str, str, str]]:
    """The cells of a participant's notebook as (kind, nbgrader's id, source); [] for a file that is no notebook."""
    content = read_plain(folder, name, most=MOST_BYTES)
    try:
        cells = json.loads(content or b"{}").get("cells", [])
    except (ValueError, AttributeError, RecursionError):
        return []
    found = []
    for cell in cells if isinstance(cells, list) else []:
        if not isinstance(cell, dict):
            continue
        source = cell.get("source", "")
        text = "".join(str(line) for line in source) if isinstance(source, list) else str(source)
        metadata = cell.get("metadata")
        about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        grade_id = str(about.get("grade_id", ""))[:40] if isinstance(about, dict) else ""
        found.append(("code" if cell.get("cell_type") == "code" else "text", grade_id, text))
    return found


def prose(value: Any) -> list[str]:
    """The texts of an answer that are long enough to be prose."""
    if isinstance(value, str):
        return [value] if len(value.split()) >= LEAST_WORDS else []
    if isinstance(value, Mapping):
        return [text for one in value.values() for text in prose(one)]
    return [text for one in value for text in prose(one)] if isinstance(value, list) else []


def prompts_of(room: Room, lab: str) -> list[str]:
    """The tasks and hints as one participant reads them: the lab gave them out, so quoting them is nobody's own."""
    opened = room.opened(lab)
    if not room.workshop.participants:
        return []
    data = room.data(opened, room.workshop.participants[0], "practice")
    texts = []
    for question in opened.checks.questions.values():
        item = question.item("practice", data)
        if item is not None:
            texts.append(question.asked(item))
            texts += [hint.text(item) if callable(hint.text) else hint.text for hint in question.hints]
    return texts


Answers = dict[str, dict[str, Any]]


def answers_of(room: Room, lab: str) -> tuple[Answers, Answers, dict[str, list[str]]]:
    """What was handed in, what would be right, and which answers are wrong, by participant and question.

    Only closed questions with points count: a document or a function has no one right answer to copy.
    """
    opened = room.opened(lab)
    answers: Answers = {}
    right: Answers = {}
    wrong: dict[str, list[str]] = {}
    for participant in room.workshop.participants:
        folder = room.workshop.course / "submitted" / participant / lab
        if not folder.is_dir():
            continue
        for name, key, given, earned in closed_answers(room, opened, participant, folder):
            right.setdefault(participant, {})[name] = key
            if given is not None:
                answers.setdefault(participant, {})[name] = given
                if earned < 1:
                    wrong.setdefault(participant, []).append(name)
    return answers, right, wrong


def closed_answers(room: Room, opened: Opened, participant: str, folder: Path) -> Iterable[tuple[str, Any, Any, float]]:
    """(question or twin, the right answer, the given one, its share) of one participant."""
    for question in opened.checks.questions.values():
        if isinstance(question.kind, Document | Challenge) or question.answer_function is None or not question.points:
            continue
        for purpose in dict.fromkeys(("practice", scored_purpose(question))):
            item = question.item(purpose, room.data(opened, participant, purpose))
            if item is None:
                continue
            name = question.id + (TWIN if purpose == "twin" else "")
            given = read_answer(name, folder)
            share = 0.0 if given is None else judge_answer(question, item, given).share
            yield name, right_answer(question, item), given, share


def kept_file(workshop: Workshop, lab: str) -> Path:
    """Where the last comparison of a lab is kept."""
    return workshop.root / "reports" / lab / "similarity.json"


def keep(workshop: Workshop, lab: str, report: Mapping[str, Any]) -> None:
    """Keep a comparison for the page, readable by its owner alone."""
    file = kept_file(workshop, lab)
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".part")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(report, out, ensure_ascii=False)
    half.replace(file)


def kept(workshop: Workshop, lab: str) -> dict[str, Any] | None:
    """The comparison kept last; None where there is none. Raises GradingError for a file that can't be read."""
    try:
        found: dict[str, Any] = json.loads(kept_file(workshop, lab).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise GradingError("the comparison that was kept can't be read: compare again") from None
    return found


def traces_of(entries: Iterable[Entry], participants: Sequence[str]) -> list[dict[str, Any]]:
    """Traces by participant: [{"participant", "traces": [{"at", "code", "where", "sentence"}]}], most traces first.

    Each is told once, when it was seen first; participants without any are left out.
    """
    by_one: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
    for entry in entries:
        if entry.event != "note" or entry.state != "trace":
            continue
        try:
            sentence = json.loads(entry.answer)
        except ValueError:
            sentence = entry.answer
        row = {"at": entry.at, "code": entry.code, "where": entry.question, "sentence": str(sentence)[:200]}
        by_one.setdefault(entry.participant, {}).setdefault((entry.code, entry.question), row)
    order = {name: index for index, name in enumerate(participants)}
    rows = [{"participant": name, "traces": list(found.values())} for name, found in by_one.items()]
    return sorted(rows, key=lambda row: (-len(row["traces"]), order.get(str(row["participant"]), len(order)),
                                         str(row["participant"])))
