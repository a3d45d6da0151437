"""Artefact: a whole text such as a DNS record, a Sieve script or a policy; it is validated, then played."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from spamlab.judge.catalogue import say
from spamlab.judge.kinds.base import Plain, single
from spamlab.judge.kinds.playing import (
    Outcomes,
    Run,
    compare_outcomes,
    outcomes_of,
    same_outcomes,
    shown,
    text_within,
)
from spamlab.judge.question import FormError, Item

_MOST_DETAILS = 30
_MOST_CASES_NAMED = 3
_MOST_CLAUSE = 60


@dataclass(frozen=True)
class Artefact(Plain):
    """One text of one or many lines.

    run: (text, Item) -> {case: outcome}; with `Outcome(does, line)` the judge tells the effect of each line. FormError
    or ValueError with one sentence, such as "Line 2 has no semicolon.", where the text breaks its standard: that is an
    error of form, and counts no try.
    label: of the field. lines: False for a single line. start: what the field holds at first, or a function of the
    item; unchanged it is no answer. most: characters. comment: a line that begins so is no clause. idle: a text that
    earns nothing, such as "keep all", or a function of the item.

    Share: the share of the right artefact's cases that come out as with it, beyond those that `idle` gets right.
    """

    name: ClassVar[str] = "artefact"
    run: Run
    label: str = ""
    lines: bool = True
    start: str | Callable[[Item], str] = ""
    most: int = 8000
    comment: str = "#"
    idle: str | Callable[[Item], str] = ""

    def parse(self, given: Any, item: Item) -> str:
        """The text with plain line ends. FormError: no text, too long, or not valid."""
        if isinstance(given, list) and all(isinstance(line, str) for line in given):
            given = "\n".join(given)
        if isinstance(given, Mapping) and set(given) == {"text"}:
            given = given["text"]
        if not isinstance(given, str):
            raise FormError(say("form-artefact"))
        text = text_within(given, self.most).strip("\n")
        if not text.strip():
            raise FormError(say("form-artefact"))
        if text.strip() == self._text(self.start, item).strip():
            raise FormError(say("form-start"))
        if not self.lines and "\n" in text:
            raise FormError(say("form-one-line", field=self.label or say("label-artefact")))
        self.outcomes(text, item)
        return text

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """The share of cases that come out right; the sentence names one that does not, and its line."""
        idle = self._text(self.idle, item)
        return compare_outcomes(self.outcomes(right, item), self.outcomes(given, item),
                                self.outcomes(idle, item) if idle else None)

    def matches(self, known: Any, given: Any, item: Item) -> bool:
        """Whether both texts do the same with every case."""
        return same_outcomes(self.outcomes(known, item), self.outcomes(given, item))

    def fact(self, right: Any, given: Any, item: Item) -> str:
        """What the text does with the first case that comes out wrong."""
        return self.compare(right, given, item)[1]

    def details(self, given: Any, item: Item) -> tuple[str, ...]:
        """The effect of each line that is a clause: which cases it decides, and how."""
        by_line: dict[int, list[tuple[str, str]]] = {}
        for case, outcome in self.outcomes(given, item).items():
            by_line.setdefault(outcome.line, []).append((case, shown(outcome.does)))
        if set(by_line) == {0}:
            return ()
        told = []
        for number, line in enumerate(given.split("\n"), 1):
            if line.strip() and not (self.comment and line.strip().startswith(self.comment)):
                told.append(_effect(number, line, by_line.get(number, [])))
        if 0 in by_line:
            told.append(_effect(0, "", by_line[0]))
        return tuple(told[:_MOST_DETAILS])

    def outcomes(self, text: str, item: Item) -> Outcomes:
        """What the text does."""
        return outcomes_of(self.run, text, item)

    def form(self, item: Item) -> dict[str, Any]:
        """One field for the text, with what it holds at first."""
        form = single("code" if self.lines else "text", self.label or say("label-artefact"))
        start = self._text(self.start, item)
        if start:
            form["fields"][0]["start"] = start
        return form

    @staticmethod
    def _text(text: str | Callable[[Item], str], item: Item) -> str:
        return text(item) if callable(text) else text


def _effect(number: int, line: str, cases: list[tuple[str, str]]) -> str:
    """One line of details: the clause and the first of the cases that it decides."""
    clause = " ".join(line.split()).replace("`", "'")
    clause = clause if len(clause) <= _MOST_CLAUSE else f"{clause[:_MOST_CLAUSE]}..."
    if not cases:
        return say("artefact-line-none", line=number, clause=clause)
    named = "; ".join(f"{case}: {does}" for case, does in cases[:_MOST_CASES_NAMED])
    return (say("artefact-line", n=len(cases), line=number, clause=clause, cases=named) if number
            else say("artefact-rest", n=len(cases), cases=named))
