"""What a lab's checks.py is written with: questions, known mistakes, hints, verdicts.

A question is data and small functions of one participant's data (an `Item`); the kinds under
`spamlab.judge.kinds` say how an answer is parsed, compared and asked for by a form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from spamlab.errors import ContentError
from spamlab.records.message import Message
from spamlab.records.truth import Labelled, RouteTruth

State = Literal["right", "part", "mistake", "wrong", "form", "saved", "missing", "error"]


@dataclass(frozen=True)
class Item:
    """What one question is asked about, in one draw of one participant.

    names: the messages that the question shows, in order. data: every message of the draw by name.
    """

    purpose: str
    names: tuple[str, ...]
    data: Mapping[str, Labelled]

    @property
    def truth(self) -> RouteTruth:
        """The truth of the first message that the question shows."""
        return self.data[self.names[0]].truth

    @property
    def message(self) -> Message:
        """The first message that the question shows."""
        return self.data[self.names[0]].message


@dataclass(frozen=True)
class Verdict:
    """What the judge says of one answer.

    state: "right"; "part" (some of it); "mistake" (a known one, named by `code`); "wrong" (unknown);
      "form" (not counted as an attempt); "saved" (a twin, silent); "missing"; "error" (the participant's
      function failed). share: 0 to 1 of the points. message: what the participant reads, at most 60 words.
    details: what may stand folded below the message, one sentence a line: each clause's effect, each slice.
    """

    state: State
    share: float
    message: str
    code: str = ""
    details: tuple[str, ...] = ()


class FormError(Exception):
    """The answer can't be read: one sentence that tells the participant the form asked for.

    partial: what could be read of an answer that is only incomplete, in canonical form, else None. In class
    an incomplete answer is sent back and counts no attempt; in grading what is there still earns its part.
    """

    def __init__(self, sentence: str, partial: Any = None) -> None:
        super().__init__(sentence)
        self.partial = partial


@dataclass(frozen=True)
class Mistake:
    """A known mistake as a function from this participant's data to the wrong answer that it gives.

    answer: Item -> the answer (JSON), or None where this data can't show the mistake (never in a released draw
      unless `optional`). source: for a function or a filter, the Python source of the mistaken one.
    share: the part of the points that the mistake still earns; None lets the kind compute it.
    """

    code: str
    trainer: str
    message: str | Callable[[Item], str]
    answer: Callable[[Item], Any] | None = None
    source: str | None = None
    share: float | None = None
    optional: bool = False


@dataclass(frozen=True)
class Hint:
    """One of three steps: where to look, the rule, the same step worked on a sibling. Never the answer."""

    title: str
    text: str | Callable[[Item], str]


class Kind(Protocol):
    """How one kind of answer is parsed, compared and asked for."""

    @property
    def name(self) -> str:
        """The kind's own name, such as "value", "pick" or "fill"."""

    def parse(self, given: Any, item: Item) -> Any:
        """The canonical answer, plain JSON; raises FormError."""

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """Share from 0 to 1 and, for a partly right answer, one sentence that says which part."""

    def same(self, first: Any, second: Any) -> bool:
        """Whether two canonical answers count as the same (a tolerance belongs here)."""

    def form(self, item: Item) -> dict[str, Any]:
        """The guided form: {"shape": "single"|"record"|"table", "fields": [...]} (see docs/reference/forms.md)."""


@dataclass
class Question:
    """One question of a lab, filled by decorators in checks.py.

    about: names of the messages shown, by purpose ("practice", "twin"). reason: one sentence said when right.
    manual: graded by a person in the Formgrader (a document); the judge then only checks the form.
    points 0: a vote or an exit-ticket item; silent: no feedback on practice either.
    core: part of what the guided way must earn in full. folder: the lab's folder, set when it is read.
    """

    id: str
    title: str
    kind: Kind
    points: float
    minutes: float
    about: Mapping[str, tuple[str, ...]]
    prompt: str | Callable[[Item], str] = ""
    reason: str | Callable[[Item], str] = ""
    manual: bool = False
    silent: bool = False
    core: bool = True
    answer_function: Callable[[Item], Any] | None = None
    remark_function: Callable[[Item, Any], str] | None = None
    mistakes: list[Mistake] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    folder: Path | None = None

    def item(self, purpose: str, data: Mapping[str, Labelled]) -> Item | None:
        """What the question is asked about in the draw `data`; None where it has no such set.

        Raises ContentError if a message named in `about` is not in the draw.
        """
        if purpose not in self.about:
            return None
        lacking = [name for name in self.about[purpose] if name not in data]
        if lacking:
            raise ContentError(f"question {self.id} asks about {', '.join(lacking)}, which the data set "
                               f"{purpose!r} does not hold")
        return Item(purpose, tuple(self.about[purpose]), data)

    def asked(self, item: Item) -> str:
        """The task as one text for this participant."""
        return self.prompt(item) if callable(self.prompt) else self.prompt

    def answer(self, function: Callable[[Item], Any]) -> Callable[[Item], Any]:
        """Decorator: the right answer as a function of the participant's data."""
        self.answer_function = function
        return function

    def mistake(
        self, code: str, *, trainer: str, message: str | Callable[[Item], str], share: float | None = None,
        optional: bool = False,
    ) -> Callable[[Callable[[Item], Any]], Callable[[Item], Any]]:
        """Decorator: a known mistake as a function of the participant's data."""

        def add(function: Callable[[Item], Any]) -> Callable[[Item], Any]:
            self.mistakes.append(Mistake(code, trainer, message, function, None, share, optional))
            return function

        return add

    def mistake_source(
        self, code: str, *, trainer: str, message: str | Callable[[Item], str], source: str, share: float | None = None
    ) -> None:
        """A known mistake of a function or filter question, as the source that a participant would write."""
        self.mistakes.append(Mistake(code, trainer, message, None, source, share))

    def remark(self, function: Callable[[Item, Any], str]) -> Callable[[Item, Any], str]:
        """Decorator: one true fact about an unknown wrong answer."""
        self.remark_function = function
        return function

    def hint(self, title: str, text: str | Callable[[Item], str]) -> None:
        """Add the next of the three hints."""
        self.hints.append(Hint(title, text))


@dataclass
class Checks:
    """All questions of one lab, in order; a lab's checks.py makes one called `checks`."""

    questions: dict[str, Question] = field(default_factory=dict)
    folder: Path | None = None

    def question(self, id: str, kind: Kind, *, title: str, points: float, minutes: float,
                 about: Mapping[str, tuple[str, ...]], **rest: Any) -> Question:
        """Add a question; raises ValueError for an id used twice."""
        if id in self.questions:
            raise ValueError(f"question {id} stands twice in checks.py")
        made = Question(id, title, kind, points, minutes, about, **rest)
        self.questions[id] = made
        return made
