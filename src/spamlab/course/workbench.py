"""Checks a lab as a whole: it builds, its attempts earn what they should, its mistakes are told apart.

Nothing here starts a server or a kernel; a lab is checked in seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from spamlab.content.lab import Lab, read_lab
from spamlab.content.prose import MOST_IN_LAB, message_smells, smells, words
from spamlab.course.attempts import (
    Attempt,
    Draws,
    answer_of,
    play,
    read_attempts,
    score,
    scored_purpose,
    share_of,
    total,
)
from spamlab.course.build import build_source, notebook_file
from spamlab.course.percent import read_cells
from spamlab.errors import ContentError, SpamlabError
from spamlab.judge.judging import (
    judge_answer,
    judge_outputs,
    mistaken_answer,
    patterns,
)
from spamlab.judge.kinds import Challenge, Document
from spamlab.judge.lab_data import clashes, lab_data, load_checks, one_draw
from spamlab.judge.question import Checks, Item, Mistake, Question, Verdict
from spamlab.seeds import derive

SECRET = b"spamlab labs check: no workshop!"
"""Fixed, so that a check of the same lab gives the same result; no workshop uses it."""

MOST_BETWEEN = 80
MOST_VISIBLE_LINES = 3
MOST_COPIED = 0.3
_PLAYED = 3


@dataclass
class Report:
    """What the check of one lab found; shares are of the lab's points.

    solution: the right attempt. guided: the guided-only one, of the core points. empty: the empty form.
    copied: the most that one participant's right answers earn another, functions and documents apart.
    wrong: the best of any wrong attempt. separated: draws, of `draws`, in which all answers differ.
    redrawn: how many of these had to be drawn again. faults stop the lab; notes are for its author.
    """

    lab: str
    solution: float = 0.0
    guided: float = 0.0
    empty: float = 0.0
    wrong: float = 0.0
    separated: int = 0
    seconds: float = 0.0
    ok: bool = False
    draws: int = 0
    redrawn: int = 0
    copied: float = 0.0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def check_lab(lab: Lab, *, draws: int = 200, progress: Callable[[int, int], None] | None = None) -> Report:
    """Check one lab over `draws` draws. Never raises for a fault of the lab: it stands in the report."""
    began = time.monotonic()
    report = Report(lab.id, draws=draws)
    try:
        checks = load_checks(lab.folder)
        build_source(lab, checks)
        report.faults += list(_content_faults(lab, checks))
        report.notes += list(_content_notes(lab, checks))
        _separate(lab, checks, report, progress)
        _play(lab, checks, report)
    except SpamlabError as error:
        report.faults += str(error).splitlines()
    except Exception as error:  # a lab's own code may raise anything; the other labs go on
        report.faults.append(f"{lab.id}: {type(error).__name__}: {error}")
    report.faults = list(dict.fromkeys(report.faults))
    report.seconds = round(time.monotonic() - began, 2)
    report.ok = not report.faults
    return report


def check_folder(folder: Any, *, draws: int = 200, progress: Callable[[int, int], None] | None = None) -> Report:
    """As `check_lab`, for a folder whose lab.toml may itself be at fault."""
    try:
        lab = read_lab(folder)
    except ContentError as error:
        return Report(folder.name, draws=draws, faults=str(error).splitlines())
    return check_lab(lab, draws=draws, progress=progress)


def draws_of(lab: Lab, checks: Checks, participant: str) -> Draws:
    """The three sets of one imagined participant."""
    return Draws(*(lab_data(SECRET, participant, lab, purpose, checks=checks)
                   for purpose in ("practice", "twin", "hidden")))


def _separate(lab: Lab, checks: Checks, report: Report, progress: Callable[[int, int], None] | None) -> None:
    """Count the draws in which all answers differ, drawn again as a workshop would."""
    for number in range(report.draws):
        good = True
        for purpose in ("practice", "twin"):
            participant = f"draw{number}"
            first = one_draw(lab, derive(SECRET, participant, lab.id, purpose), purpose)
            found = clashes(checks, first, purpose)
            if not found:
                continue
            report.redrawn += 1
            try:
                lab_data(SECRET, participant, lab, purpose, checks=checks, first_draw=1)
            except ContentError:
                good = False
                report.faults += [f"{lab.id}: {purpose}: {what}" for what in found]
        report.separated += good
        if progress is not None:
            progress(number + 1, report.draws)


def _play(lab: Lab, checks: Checks, report: Report) -> None:
    """Play all attempts for some participants; the worst of the good ones and the best of the bad ones count."""
    found = {name: _attempts(lab, name, report) for name in ("right", "guided", "wrong")}
    right, guided, wrong = found["right"], found["guided"], found["wrong"]
    solutions, guideds, empties, wrongs, copied = [], [], [], [0.0], [0.0]
    players = [draws_of(lab, checks, f"played{number}") for number in range(_PLAYED)]
    for draws, neighbour in zip(players, [*players[1:], players[0]], strict=True):
        copied += [_copied(checks, one, neighbour, draws) for one in right]
        solutions += [_full(lab, checks, one, draws, report, core=False) for one in right]
        guideds += [_full(lab, checks, one, draws, report, core=True) for one in guided]
        empties.append(_empty(lab, checks, draws, report))
        wrongs.append(_mistakes(lab, checks, draws, report))
        wrongs += [total(checks, score(lab, checks, one, draws)) for one in wrong]
    report.solution = round(min(solutions, default=0.0), 4)
    report.guided = round(min(guideds, default=0.0), 4)
    report.empty, report.wrong = round(max(empties), 4), round(max(wrongs), 4)
    report.copied = round(max(copied), 4)
    if report.copied > MOST_COPIED:
        report.notes.append(f"{lab.id}: a neighbour's right answers earn {report.copied:.0%} of the closed questions")
    if report.wrong >= 1:
        report.faults.append(f"{lab.id}: a wrong attempt earns every point")


def _copied(checks: Checks, attempt: Attempt, neighbour: Draws, own: Draws) -> float:
    """The share of the closed questions' points that the neighbour's right answers earn."""
    shares = {}
    for question in checks.questions.values():
        if not question.points or "twin" not in question.about or isinstance(question.kind, Challenge | Document):
            continue
        item = question.item("twin", own.twin)
        answer = answer_of(attempt, question, neighbour.twin, "twin")
        shares[question.id] = judge_answer(question, item, answer).share if item else 0.0
    return total(checks, shares)


def _attempts(lab: Lab, name: str, report: Report) -> list[Attempt]:
    """The attempts of one file; a fault where it can't be read, or is missing and needed."""
    try:
        found = read_attempts(lab, name)
    except ContentError as error:
        report.faults += str(error).splitlines()
        return []
    if not found and name != "wrong":
        report.faults.append(f"{lab.id}: attempts/{name}.py is missing")
    return found


def _full(lab: Lab, checks: Checks, attempt: Attempt, draws: Draws, report: Report, *, core: bool) -> float:
    """The score of an attempt that must be full, and right on the practice set as well."""
    for question in checks.questions.values():
        if core and not question.core:
            continue
        purposes = {"practice", scored_purpose(question)} if question.points else {"practice"}
        for purpose in sorted(purposes):
            if purpose not in question.about and not isinstance(question.kind, Challenge):
                continue
            if not question.points and question.id not in attempt.answers:
                continue
            verdict = play(lab, question, attempt, draws, purpose)
            if share_of(question, verdict) < 1:
                report.faults.append(f"{lab.id}: {question.id}: attempts/{attempt.name} on {purpose} is judged "
                                     f"“{verdict.state}” ({verdict.share:g}): {verdict.message}")
            _say(report, f"{lab.id}: {question.id}: when right", verdict.message)
    return total(checks, score(lab, checks, attempt, draws, core=core))


def _empty(lab: Lab, checks: Checks, draws: Draws, report: Report) -> float:
    """The best that any empty form earns; it must be nothing."""
    shares = {}
    for question in checks.questions.values():
        if not question.points:
            continue
        best = 0.0
        for answer in _empty_forms(question, draws):
            attempt = Attempt("empty", {question.id: answer})
            best = max(best, share_of(question, play(lab, question, attempt, draws, scored_purpose(question))))
        if best > 0:
            report.faults.append(f"{lab.id}: {question.id}: the empty form earns {best:g}")
        shares[question.id] = best
    return total(checks, shares)


def _empty_forms(question: Question, draws: Draws) -> list[Any]:
    item = question.item("practice", draws.practice) or Item("practice", tuple(draws.practice), draws.practice)
    form = question.kind.form(item)
    if form["shape"] == "single":
        return [None, "", [], *(one["start"] for one in form["fields"] if one.get("start"))]
    if form["shape"] == "table":
        rows: dict[str, dict[str, Any]] = {}
        for one in form["fields"]:
            rows.setdefault(one["row"], {})[one["column"]] = None
        return [None, {}, rows]
    return [None, {}, {one["name"]: None for one in form["fields"]}, {one["name"]: "" for one in form["fields"]}]


def _mistakes(lab: Lab, checks: Checks, draws: Draws, report: Report) -> float:
    """Put every known mistake to the judge; the share that an attempt made of the best of them would earn."""
    shares = {}
    for question in checks.questions.values():
        best = 0.0
        for verdict in _mistaken(lab, question, draws, report):
            best = max(best, verdict.share)
        if question.points and not isinstance(question.kind, Document):
            shares[question.id] = best
    return total(checks, shares)


def _mistaken(lab: Lab, question: Question, draws: Draws, report: Report) -> Iterator[Verdict]:
    kind = question.kind
    if isinstance(kind, Challenge):
        for purpose in ("practice", "hidden"):
            for place, outputs in patterns(question, kind, draws.of(purpose), draws.practice).items():
                verdict = judge_outputs(question, draws.of(purpose), outputs, practice=draws.practice)
                yield _own(lab, question, question.mistakes[place], verdict, purpose, report)
        return
    for purpose in ("practice", "twin"):
        item = question.item(purpose, draws.of(purpose))
        if item is None:
            continue
        for mistake in question.mistakes:
            answer = mistake.answer(item) if mistake.answer else None
            if answer is None:
                continue
            if mistake.optional and mistaken_answer(question, mistake, item) is None:
                continue
            verdict = judge_answer(question, item, answer)
            if mistake.optional and verdict.state == "right":
                continue
            yield _own(lab, question, mistake, verdict, purpose, report)


def _own(lab: Lab, question: Question, mistake: Mistake, verdict: Verdict, purpose: str, report: Report) -> Verdict:
    """Note where a known mistake is not judged as itself, or earns everything."""
    where = f"{lab.id}: {question.id}: {mistake.code}"
    if verdict.code != mistake.code and not mistake.optional:
        report.faults.append(f"{where} on {purpose} is judged “{verdict.state}” {verdict.code}: {verdict.message}")
    if verdict.share >= 1:
        report.faults.append(f"{where} earns everything")
    _say(report, where, verdict.message)
    return verdict


def _say(report: Report, where: str, message: str) -> None:
    report.faults += [f"{where}: the message has {what}" for what in message_smells(message)]


def _content_faults(lab: Lab, checks: Checks) -> Iterator[str]:
    """What a machine can see of a lab's prose and completeness."""
    path = notebook_file(lab, lab.language)
    shown = f"{lab.id}/notebook.py"
    cells, _faults = read_cells(path.read_text(encoding="utf-8"), shown)
    prose = sum(words(cell.source) for cell in cells if cell.kind == "markdown")
    if prose > MOST_IN_LAB:
        yield f"{shown}: {prose} words of prose, at most {MOST_IN_LAB}"
    if lab.language == "en":
        for cell in cells:
            if cell.kind == "markdown":
                for smell in smells(cell.source, cell.line + 1):
                    yield f"{shown}, line {smell.line}: {smell.what}"
    for cell in cells:
        lines = [line for line in cell.source.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        if cell.kind == "code" and cell.role in {"", "check"} and len(lines) > MOST_VISIBLE_LINES:
            yield (f"{shown}, line {cell.line}: {len(lines)} lines of visible code, at most {MOST_VISIBLE_LINES}; "
                   'give the cell role="helper"')
    if not lab.file("sheet.md").is_file():
        yield f"{lab.id}: sheet.md, the trainer's sheet, is missing"
    if any(question.manual for question in checks.questions.values()) and not lab.file("rubric.toml").is_file():
        yield f"{lab.id}: rubric.toml is missing, but a question is graded by a person"
    for question in checks.questions.values():
        yield from (f"{lab.id}: {question.id}: {what}" for what in _question_faults(lab, question))


def _question_faults(lab: Lab, question: Question) -> Iterator[str]:
    closed = bool(question.points) and not isinstance(question.kind, Document)
    if closed and len(question.mistakes) < 3:
        yield f"{len(question.mistakes)} known mistakes, at least 3"
    if question.points and not question.silent and len(question.hints) != 3:
        yield f"{len(question.hints)} hints, not 3"
    if closed and not isinstance(question.kind, Challenge) and "twin" not in question.about:
        yield "it has points but no twin, so what earns them has had feedback"
    if lab.language == "en":
        texts = [("prompt", question.prompt), *((f"hint {n}", hint.text) for n, hint in enumerate(question.hints, 1))]
        for name, text in texts:
            if isinstance(text, str):
                yield from (f"{name}: {smell.what}" for smell in smells(text))
        for hint in question.hints:
            yield from (f"a hint's title: {smell.what}" for smell in smells(hint.title))


def _content_notes(lab: Lab, checks: Checks) -> Iterator[str]:
    """What the author may want to look at; it does not stop the lab."""
    kinds = {question.kind.name for question in checks.questions.values()}
    if len(kinds) < 4:
        yield f"{lab.id}: {len(kinds)} kinds of questions; a whole lab has at least four"
    minutes = sum(question.minutes for question in checks.questions.values())
    if minutes > lab.minutes:
        yield f"{lab.id}: the questions take {minutes:g} minutes, the lab has {lab.minutes}"
    sheet = lab.file("sheet.md")
    text = sheet.read_text(encoding="utf-8") if sheet.is_file() else ""
    for question in checks.questions.values():
        if question.points and question.remark_function is None and question.kind.name in {"value", "pick"}:
            yield f"{lab.id}: {question.id}: an unknown wrong answer gets no fact about itself (@{question.id}.remark)"
        for mistake in question.mistakes:
            if text and mistake.code not in text:
                yield f"{lab.id}: sheet.md says nothing about {mistake.code} of {question.id}"
    cells, _faults = read_cells(notebook_file(lab, lab.language).read_text(encoding="utf-8"), lab.id)
    between, line = 0, 0
    for cell in cells:  # what stands after the last code cell, such as a glossary, is before nothing
        if cell.kind == "markdown" and cell.role != "document":
            between, line = between + words(cell.source), line or cell.line
            continue
        if between > MOST_BETWEEN:
            yield f"{lab.id}/notebook.py, line {line}: {between} words before the next thing to do"
        between, line = 0, 0
