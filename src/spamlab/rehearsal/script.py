"""What each simulated participant is to do in one lab, written from the lab's own attempts and known mistakes.

What a play deserves is worked out here, in the trusted process, straight from the lab's declarations. The
gradebook's score takes the long way through notebook, exchange, sandbox, judge and nbgrader; both must meet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spamlab.content.identity import Workshop
from spamlab.content.lab import Lab
from spamlab.course.attempts import Attempt, answer_of, read_attempts
from spamlab.errors import ContentError
from spamlab.judge.judging import judge_answer, judge_outputs, mistaken_answer, rounded
from spamlab.judge.kinds.challenge import Challenge
from spamlab.judge.kinds.document import Document
from spamlab.judge.lab_data import Data, lab_data, load_checks
from spamlab.judge.question import Checks, Item, Mistake, Question
from spamlab.judge.sources import run_sources
from spamlab.rehearsal.hostile import attack_sources
from spamlab.rehearsal.players import Play

WEAK_LETTER_SHARE = 0.4


@dataclass(frozen=True)
class Stage:
    """One lab as the rehearsal plays it: its checks, its attempts, and the ids of the notebook's open cells."""

    workshop: Workshop
    lab: Lab
    checks: Checks
    right: Attempt
    guided: Attempt
    open_cells: tuple[str, ...]

    @property
    def mistake_rounds(self) -> int:
        """The largest number of known mistakes that one question has."""
        return max((len(question.mistakes) for question in self.checks.questions.values()), default=0)

    def data(self, participant: str, purpose: str) -> Data:
        """One participant's messages."""
        return lab_data(self.workshop, participant, self.lab, purpose, checks=self.checks)


def open_stage(workshop: Workshop, lab: Lab, open_cells: Sequence[str]) -> Stage:
    """Read what the rehearsal needs of a lab; raises ContentError where the lab lacks an attempt."""
    return Stage(workshop, lab, load_checks(lab.folder), _attempt(lab, "right"), _attempt(lab, "guided"),
                 tuple(open_cells))


def _attempt(lab: Lab, name: str) -> Attempt:
    found = read_attempts(lab, name)
    if not found:
        raise ContentError(f"{lab.id}: the rehearsal needs attempts/{name}.py")
    return found[0]


def write_play(stage: Stage, participant: str, kind: str, number: int, copied: Play | None = None) -> Play:
    """The play of one participant. `copied` is the play whose answers a copying participant hands in."""
    if kind == "perfect":
        return _perfect(stage, participant)
    if kind == "guided":
        return _guided(stage, participant)
    if kind == "mistakes":
        return _mistakes(stage, participant, number)
    if kind == "silent":
        return Play(participant, "silent", submits=False)
    if kind == "hostile":
        return _hostile(stage, participant)
    if kind == "copying" and copied is not None:
        return _copying(stage, participant, copied)
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


def _perfect(stage: Stage, participant: str) -> Play:
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
    return Play(participant, "perfect", _practice(stage, answers),
                {name: value for name, value in answers.items() if name not in typed}, sources, expected, letters)


def _guided(stage: Stage, participant: str) -> Play:
    """The guided way: forms only, not one line of code."""
    answers = _solved(stage, participant, stage.guided)
    expected, letters = _full(stage)
    return Play(participant, "guided", _practice(stage, answers), answers, {}, expected, letters)


def _mistakes(stage: Stage, participant: str, number: int) -> Play:
    """In each question the known mistake of this number, or the last one where there are fewer."""
    good = _solved(stage, participant, stage.guided)
    practice_data, twin_data = stage.data(participant, "practice"), stage.data(participant, "twin")
    tries: list[tuple[str, Any, str, str]] = []
    answers: dict[str, Any] = {}
    sources: dict[str, str] = {}
    expected: dict[str, float] = {}
    letters: dict[str, float] = {}
    for question in stage.checks.questions.values():
        mistake = question.mistakes[min(number, len(question.mistakes) - 1)] if question.mistakes else None
        if isinstance(question.kind, Document):
            if question.id in good:
                answers[question.id] = good[question.id]
                letters[question.id] = rounded(WEAK_LETTER_SHARE) * question.points
            continue
        if isinstance(question.kind, Challenge):
            if mistake is not None and mistake.source is not None:
                sources[f"{question.id}-open"] = mistake.source
                expected[question.id] = _function_points(stage, question, mistake, participant)
            continue
        practice, twin = question.item("practice", practice_data), question.item("twin", twin_data)
        if mistake is not None and practice is not None and mistake.answer is not None:
            wrong = mistake.answer(practice)
            if wrong is not None and not question.silent:
                state = "mistake" if mistaken_answer(question, mistake, practice) is not None else ""
                tries.append((question.id, wrong, state, mistake.code))
        if twin is not None:
            wrong = mistake.answer(twin) if mistake is not None and mistake.answer is not None else None
            answers[f"{question.id}-twin"] = good.get(f"{question.id}-twin") if wrong is None else wrong
            if question.points:
                share = judge_answer(question, twin, answers[f"{question.id}-twin"]).share
                expected[question.id] = share * question.points
    return Play(participant, f"mistakes {number + 1}", tries, answers, sources, expected, letters)


def _function_points(stage: Stage, question: Question, mistake: Mistake, participant: str) -> float:
    """What the mistaken function earns on this participant's hidden inputs."""
    assert isinstance(question.kind, Challenge)
    assert mistake.source is not None
    hidden = stage.data(participant, "hidden")
    outputs = run_sources(question.kind.function, {mistake.code: mistake.source}, question.kind.inputs(hidden),
                          folder=stage.lab.folder)[mistake.code]
    return judge_outputs(question, hidden, outputs).share * question.points


def _hostile(stage: Stage, participant: str) -> Play:
    """Attacks in every open cell and on the graded cells; one honest answer by form, which still counts."""
    answers = _solved(stage, participant, stage.guided)
    honest = next(one for one in graded_questions(stage.checks) if f"{one.id}-twin" in answers)
    kept = {f"{honest.id}-twin": answers[f"{honest.id}-twin"]}
    return Play(participant, "hostile", (), kept, attack_sources(list(stage.open_cells)),
                {honest.id: honest.points}, {}, tampers=True)


def _copying(stage: Stage, participant: str, copied: Play) -> Play:
    """Another's saved answers handed in as one's own: they are judged against one's own messages."""
    twin = stage.data(participant, "twin")
    expected: dict[str, float] = {}
    for question in graded_questions(stage.checks):
        item: Item | None = question.item("twin", twin)
        given = copied.answers.get(f"{question.id}-twin")
        if item is not None and given is not None:
            expected[question.id] = judge_answer(question, item, given).share * question.points
    answers = {name: value for name, value in copied.answers.items() if name.endswith("-twin")}
    return Play(participant, "copying", (), answers, {}, expected, {})
