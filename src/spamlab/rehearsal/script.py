"""What each simulated participant is to do in one lab, written from the lab's own attempts and known mistakes.

What a play deserves is worked out here, in the trusted process, straight from the lab's declarations. The
gradebook's score takes the long way through notebook, exchange, sandbox, judge and nbgrader; both must meet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from spamlab.content.identity import Workshop
from spamlab.content.lab import Lab
from spamlab.course.attempts import Attempt, answer_of, read_attempts
from spamlab.errors import ContentError
from spamlab.judge.handed_out import set_files
from spamlab.judge.judging import judge_answer, judge_outputs, patterns, rounded
from spamlab.judge.kinds.challenge import Challenge
from spamlab.judge.kinds.document import Document
from spamlab.judge.lab_data import Data, lab_data, load_checks
from spamlab.judge.question import Checks, Mistake, Question, Verdict
from spamlab.judge.sources import run_sources
from spamlab.rehearsal.hostile import Attack, sources_of
from spamlab.rehearsal.players import Play

WEAK_LETTER_SHARE = 0.4
MOST_MISTAKES = 8
"""Known mistakes of one participant, each in another question."""

Known = tuple[Question, Mistake]


@dataclass(frozen=True)
class Stage:
    """One lab as the rehearsal plays it: its checks, its attempts, and the ids of the notebook's open cells.

    drawn: each participant's messages by purpose, drawn once.
    """

    workshop: Workshop
    lab: Lab
    checks: Checks
    right: Attempt
    guided: Attempt
    open_cells: tuple[str, ...]
    drawn: dict[tuple[str, str], Data] = field(default_factory=dict)

    def data(self, participant: str, purpose: str) -> Data:
        """One participant's messages."""
        key = (participant, purpose)
        if key not in self.drawn:
            self.drawn[key] = lab_data(self.workshop, participant, self.lab, purpose, checks=self.checks)
        return self.drawn[key]

    def known(self) -> list[Known]:
        """The known mistakes of closed questions, the most telling ones first.

        Of each question its first mistake, the questions with most points ahead; then of each its second; and so on.
        Those of questions without points come last: they show in class alone.
        """
        closed = [one for one in self.checks.questions.values()
                  if not isinstance(one.kind, Document) and not one.manual]
        rows = [(not one.points, place, -one.points, order, (one, mistake)) for order, one in enumerate(closed)
                for place, mistake in enumerate(one.mistakes)]
        return [row[4] for row in sorted(rows, key=lambda row: row[:4])]


def open_stage(workshop: Workshop, lab: Lab, open_cells: Sequence[str]) -> Stage:
    """Read what the rehearsal needs of a lab; raises ContentError where the lab lacks an attempt."""
    return Stage(workshop, lab, load_checks(lab.folder), _attempt(lab, "right"), _attempt(lab, "guided"),
                 tuple(open_cells))


def _attempt(lab: Lab, name: str) -> Attempt:
    found = read_attempts(lab, name)
    if not found:
        raise ContentError(f"{lab.id}: the rehearsal needs attempts/{name}.py")
    return found[0]


def write_play(stage: Stage, participant: str, kind: str, *, mistakes: Sequence[Known] = (),
               attacks: Sequence[Attack] = (), copied: tuple[Play, Play] | None = None) -> Play:
    """The play of one participant. copied: whose answers, and whose code, a copying participant hands in."""
    if kind == "honest":
        return _honest(stage, participant)
    if kind in ("guided-only", "late"):
        return _guided(stage, participant, kind)
    if kind == "mistake":
        return _mistaken(stage, participant, mistakes)
    if kind == "weak":
        return _weak(stage, participant)
    if kind in ("silent", "absent"):
        return Play(participant, kind, submits=kind == "silent")
    if kind == "hostile":
        return _hostile(stage, participant, attacks)
    if kind == "copying" and copied is not None:
        return _copying(stage, participant, *copied)
    raise ValueError(f"no participant plays {kind!r}")


def graded_questions(checks: Checks) -> list[Question]:
    """The questions that earn points."""
    return [question for question in checks.questions.values() if question.points]


def _solved(stage: Stage, participant: str, attempt: Attempt) -> dict[str, Any]:
    """The attempt's answers to practice and twin items, solved from what this participant can see."""
    answers: dict[str, Any] = {}
    for question in stage.checks.questions.values():
        if question.id not in attempt.answers:
            continue
        for purpose, name in (("practice", question.id), ("twin", f"{question.id}-twin")):
            if purpose in question.about:
                answers[name] = answer_of(attempt, question, stage.data(participant, purpose), purpose)
    return answers


def _full(stage: Stage) -> tuple[dict[str, float], dict[str, float]]:
    """Full points, automatic and manual apart."""
    graded = graded_questions(stage.checks)
    automatic = {one.id: one.points for one in graded if not one.manual}
    return automatic, {one.id: one.points for one in graded if one.manual}


def _practice(stage: Stage, answers: Mapping[str, Any]) -> list[tuple[str, Any, str, str]]:
    """Right tries on the practice items, as the judge's service is to see them."""
    tries: list[tuple[str, Any, str, str]] = []
    for question in stage.checks.questions.values():
        if question.id not in answers or isinstance(question.kind, Challenge) or "practice" not in question.about:
            continue
        silent = question.silent or isinstance(question.kind, Document)
        tries.append((question.id, answers[question.id], "saved" if silent else "right", ""))
    return tries


def _honest(stage: Stage, participant: str) -> Play:
    """The open way: every answer typed into an open cell, the function written as code."""
    answers = _solved(stage, participant, stage.right)
    documents = {one.id for one in stage.checks.questions.values() if isinstance(one.kind, Document)}
    sources = dict(stage.right.sources)
    for name, value in answers.items():
        if name in documents:
            continue
        cell = f"{name.removesuffix('-twin')}-open"
        if cell in stage.open_cells and cell not in stage.right.sources:
            sources[cell] = f"{sources.get(cell, '')}answer({name!r}, {value!r})\n"
    typed = {name for name in answers if f"{name.removesuffix('-twin')}-open" in sources and name not in documents}
    expected, letters = _full(stage)
    return Play(participant, "honest", _practice(stage, answers),
                answers={name: value for name, value in answers.items() if name not in typed}, sources=sources,
                expected=expected, letter_points=letters)


def _guided(stage: Stage, participant: str, kind: str) -> Play:
    """The guided way: forms only, not one line of code."""
    answers = _solved(stage, participant, stage.guided)
    expected, letters = _full(stage)
    return Play(participant, kind, _practice(stage, answers), answers=answers, expected=expected,
                letter_points=letters, late=kind == "late")


def _mistaken(stage: Stage, participant: str, mistakes: Sequence[Known]) -> Play:
    """All right by forms, but for these known mistakes, made in class and again for the points."""
    answers = _solved(stage, participant, stage.guided)
    expected, letters = _full(stage)
    tries: list[tuple[str, Any, str, str]] = []
    sources: dict[str, str] = {}
    codes: dict[str, str] = {}
    for question, mistake in mistakes:
        wrong = _tried(stage, participant, question, mistake)
        tries += [wrong] if wrong is not None else []
        verdict = _scored(stage, participant, question, mistake, answers, sources)
        if verdict is not None and question.points:
            expected[question.id] = verdict.share * question.points
            codes[question.id] = verdict.code
    return Play(participant, "mistake:" + ",".join(f"{question.id}:{mistake.code}" for question, mistake in mistakes),
                tries, hints=[name for name, _, state, _ in tries if state == "mistake"], answers=answers,
                sources=sources, expected=expected, codes=codes, letter_points=letters)


def _tried(stage: Stage, participant: str, question: Question, mistake: Mistake) -> tuple[str, Any, str, str] | None:
    """The mistake as it is tried in class; None where this practice set can't show it."""
    practice = stage.data(participant, "practice")
    if isinstance(question.kind, Challenge):
        outputs = _outputs(question, question.kind, mistake, practice, practice)
        verdict = judge_outputs(question, practice, outputs)
        return question.id, outputs, verdict.state, verdict.code
    item = question.item("practice", practice)
    wrong = mistake.answer(item) if item is not None and mistake.answer is not None else None
    if item is None or wrong is None:
        return None
    verdict = judge_answer(question, item, wrong, silent=question.silent)
    # Of a vote the ledger keeps what was chosen; of another silent question nothing.
    code = mistake.code if question.silent and not question.points else verdict.code
    return question.id, wrong, verdict.state, code


def _scored(stage: Stage, participant: str, question: Question, mistake: Mistake, answers: dict[str, Any],
            sources: dict[str, str]) -> Verdict | None:
    """Make the mistake in what is handed in: in `answers` or `sources`; its verdict, None where the data can't show it.
    """
    if isinstance(question.kind, Challenge):
        if mistake.source is None:
            return None
        hidden = stage.data(participant, "hidden")
        sources[f"{question.id}-open"] = mistake.source
        practice = stage.data(participant, "practice")
        return judge_outputs(question, hidden, _outputs(question, question.kind, mistake, hidden, practice),
                             practice=practice)
    purpose, name = ("twin", f"{question.id}-twin") if "twin" in question.about else ("practice", question.id)
    item = question.item(purpose, stage.data(participant, purpose))
    wrong = mistake.answer(item) if item is not None and mistake.answer is not None else None
    if item is None or wrong is None:
        return None
    answers[name] = wrong
    return judge_answer(question, item, wrong)


def _outputs(question: Question, kind: Challenge, mistake: Mistake, data: Data, practice: Data) -> dict[str, Any]:
    """What the mistaken function gives on the inputs of a draw, from the same run as the judge's own patterns."""
    return patterns(question, kind, data, practice)[question.mistakes.index(mistake)]


def _weak(stage: Stage, participant: str) -> Play:
    """The first half right, then one known mistake, then nothing; a weak letter."""
    good = _solved(stage, participant, stage.guided)
    graded = [one for one in graded_questions(stage.checks) if f"{one.id}-twin" in good]
    half = graded[:(len(graded) + 1) // 2]
    answers = {f"{one.id}-twin": good[f"{one.id}-twin"] for one in half}
    expected = {one.id: one.points for one in half}
    codes: dict[str, str] = {}
    for question in graded[len(half):]:
        verdict = next((_scored(stage, participant, question, one, answers, {}) for one in question.mistakes), None)
        if verdict is not None:
            expected[question.id] = verdict.share * question.points
            codes[question.id] = verdict.code
            break
    letters = {}
    for one in graded_questions(stage.checks):
        if one.manual and one.id in good:
            answers[one.id] = good[one.id]
            letters[one.id] = rounded(WEAK_LETTER_SHARE) * one.points
    return Play(participant, "weak", answers=answers, expected=expected, codes=codes, letter_points=letters)


def _hostile(stage: Stage, participant: str, attacks: Sequence[Attack]) -> Play:
    """Attacks, and an honest answer by form to every second question, which still counts in full."""
    good = _solved(stage, participant, stage.guided)
    closed = [one for one in graded_questions(stage.checks) if f"{one.id}-twin" in good]
    functions = {f"{one.id}-open": one.kind.function for one in stage.checks.questions.values()
                 if isinstance(one.kind, Challenge) and f"{one.id}-open" in stage.open_cells}
    sources, own = sources_of(attacks, stage.open_cells, functions)
    return Play(participant, "hostile:" + ",".join(one.name for one in attacks),
                answers={f"{one.id}-twin": good[f"{one.id}-twin"] for one in closed[::2]}, sources=sources, own=own,
                expected={one.id: one.points for one in closed[::2]}, attacks=tuple(attacks))


def _copying(stage: Stage, participant: str, answered: Play, coded: Play) -> Play:
    """One's saved answers and another's code handed in as one's own: judged against one's own messages."""
    practice, twin, hidden = (stage.data(participant, purpose) for purpose in ("practice", "twin", "hidden"))
    answers = {name: value for name, value in answered.answers.items() if name.endswith("-twin")}
    sources = {f"{one.id}-open": coded.sources[f"{one.id}-open"] for one in stage.checks.questions.values()
               if isinstance(one.kind, Challenge) and f"{one.id}-open" in coded.sources}
    expected: dict[str, float] = {}
    for question in graded_questions(stage.checks):
        item = question.item("twin", twin)
        given = answers.get(f"{question.id}-twin")
        if item is not None and given is not None:
            expected[question.id] = judge_answer(question, item, given).share * question.points
        elif isinstance(question.kind, Challenge) and f"{question.id}-open" in sources:
            outputs = run_sources(question.kind.function, {"copied": sources[f"{question.id}-open"]},
                                  question.kind.inputs(hidden), folder=stage.lab.folder,
                                  files=set_files([practice, twin]))
            verdict = judge_outputs(question, hidden, outputs["copied"], practice=practice)
            expected[question.id] = verdict.share * question.points
    return Play(participant, "copying", answers=answers, sources=sources, expected=expected,
                copied=(answered.participant, coded.participant if sources else ""))
