"""Whole attempts at a lab, as its folder's attempts/ holds them, played without notebook or service.

A module of attempts/ defines ANSWERS: question -> a function from {message name: raw bytes} to the answer, or
the answer itself. A twin set is put to it under the practice names, so one function answers both. A function
question takes either a record of the rule form, of which the lab's helpers.build_rule makes the function, or a
source in SOURCES under the question's or its open cell's id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from spamlab.content.lab import Lab
from spamlab.errors import ContentError
from spamlab.judge.handed_out import set_files
from spamlab.judge.judging import judge_answer, judge_outputs
from spamlab.judge.kinds import Challenge, Document
from spamlab.judge.lab_data import Data, load_module
from spamlab.judge.question import Checks, Question, Verdict
from spamlab.judge.sources import run_sources

Solve = Callable[[dict[str, bytes]], Any]


@dataclass(frozen=True)
class Attempt:
    """One whole attempt. answers: question -> function or answer. sources: question or cell -> source."""

    name: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Draws:
    """The three sets of one participant."""

    practice: Data
    twin: Data
    hidden: Data

    def of(self, purpose: str) -> Data:
        """One of the sets by its purpose."""
        return {"practice": self.practice, "twin": self.twin, "hidden": self.hidden}[purpose]


def read_attempts(lab: Lab, name: str) -> list[Attempt]:
    """The attempts of attempts/NAME.py: one from ANSWERS (and SOURCES), or as many as its list ATTEMPTS holds.

    Empty where there is no such file. Raises ContentError where it can't be read.
    """
    path = lab.folder / "attempts" / f"{name}.py"
    shown = f"{lab.id}/attempts/{name}.py"
    if not path.is_file():
        return []
    module = load_module(path, shown)
    several = getattr(module, "ATTEMPTS", None)
    answers = getattr(module, "ANSWERS", None)
    if several is None and isinstance(answers, list):
        several = answers
    if several is not None:
        return [_one_of_several(f"{name} {number}", one, getattr(module, "SOURCES", {}))
                for number, one in enumerate(several, 1)]
    if not isinstance(answers, Mapping):
        raise ContentError(f"{shown}: it must define ANSWERS, a record of functions by question")
    return [Attempt(name, answers, getattr(module, "SOURCES", {}))]


def _one_of_several(name: str, one: Mapping[str, Any], sources: Mapping[str, str]) -> Attempt:
    """An entry of ATTEMPTS: {"name", "answers", "sources"}, or the answers alone."""
    if "answers" not in one:
        return Attempt(name, one, sources)
    return Attempt(f"{name}: {one.get('name', '')}".rstrip(": "), one["answers"], one.get("sources", sources))


def play(lab: Lab, question: Question, attempt: Attempt, draws: Draws, purpose: str) -> Verdict:
    """The verdict on what the attempt answers to one question on one set; for a function, purpose is its inputs'."""
    if isinstance(question.kind, Challenge):
        return _play_function(lab, question, question.kind, attempt, draws, purpose)
    data = draws.of(purpose)
    item = question.item(purpose, data)
    if item is None:
        raise ContentError(f"{lab.id}: question {question.id} has no set {purpose!r}")
    return judge_answer(question, item, answer_of(attempt, question, data, purpose))


def answer_of(attempt: Attempt, question: Question, data: Data, purpose: str) -> Any:
    """What the attempt answers on this set; None where it answers nothing."""
    given = attempt.answers.get(question.id)
    return given(as_seen(question, data, purpose)) if callable(given) else given


def as_seen(question: Question, data: Data, purpose: str) -> dict[str, bytes]:
    """The raw messages of a set under their practice names: T1 of a twin is put as M1."""
    names = dict(zip(question.about.get(purpose, ()), question.about.get("practice", ()), strict=False))
    return {names.get(name, f"M{name[1:]}" if purpose == "twin" and name[:1] == "T" else name): one.message.raw
            for name, one in data.items()}


def scored_purpose(question: Question) -> str:
    """The set from which a question's points come: hidden inputs, the twin, or practice where it has no twin."""
    if isinstance(question.kind, Challenge):
        return "hidden"
    return "twin" if "twin" in question.about else "practice"


def share_of(question: Question, verdict: Verdict) -> float:
    """The share that a verdict earns; a document counts in full when its form check is silent."""
    if isinstance(question.kind, Document):
        return 1.0 if verdict.state == "saved" else 0.0
    return verdict.share


def score(lab: Lab, checks: Checks, attempt: Attempt, draws: Draws, *, core: bool = False) -> dict[str, float]:
    """Each question's share of its points; those of no points are left out, with `core` also the others."""
    return {question.id: share_of(question, play(lab, question, attempt, draws, scored_purpose(question)))
            for question in checks.questions.values() if question.points and (question.core or not core)}


def total(checks: Checks, shares: Mapping[str, float]) -> float:
    """The share of the points of the questions named, 0 to 1."""
    most = sum(checks.questions[name].points for name in shares)
    return sum(checks.questions[name].points * share for name, share in shares.items()) / most if most else 0.0


def _play_function(
    lab: Lab, question: Question, kind: Challenge, attempt: Attempt, draws: Draws, purpose: str,
) -> Verdict:
    source = attempt.sources.get(question.id) or attempt.sources.get(f"{question.id}-open")
    if source is None:
        given = answer_of(attempt, question, draws.practice, "practice")
        if isinstance(given, str):
            source = given
        elif isinstance(given, Mapping) and kind.is_choices(given):
            source = f"from helpers import {kind.build}\n{kind.function} = {kind.build}({dict(given)!r})\n"
        else:
            return judge_outputs(question, draws.of(purpose), given, practice=draws.practice)
    outputs = run_sources(kind.function, {"attempt": source}, kind.inputs(draws.of(purpose)), folder=lab.folder,
                          files=set_files([draws.practice, draws.twin]))
    return judge_outputs(question, draws.of(purpose), outputs["attempt"], practice=draws.practice)
