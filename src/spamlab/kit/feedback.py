"""The box in which the judge's word on an answer stands: the message, the state in words, what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from spamlab.kit.markup import escape, plain, rich
from spamlab.kit.words import say

_KINDS = {"right": "right", "part": "part", "mistake": "not-yet", "wrong": "not-yet", "saved": "saved",
          "form": "form", "missing": "missing", "error": "error", "kept": "kept", "stale": "stale"}
_SHAPES = {"right": "✓", "part": "◐", "not-yet": "○", "saved": "■", "form": "✎", "missing": "–", "error": "△",
           "kept": "□", "stale": "△"}
_MOST_DETAILS = 40
_NOT_YET = ("not-yet", "part", "error")


@dataclass(frozen=True)
class HintOffer:
    """One hint as the judge lists it: open already, or still waiting for some seconds (None: for a first try)."""

    step: int
    title: str
    open: bool
    wait: float | None


@dataclass(frozen=True)
class Feedback:
    """What is said of one answer. state: a key of the judge's states, or "kept". share: 0 to 1.

    alone: the question has no part for points beside this one. guided: it stands in a form, which speaks of its
    buttons and not of cells. details: sentences that stand folded below the message.
    """

    question: str
    state: str
    message: str
    share: float | None = None
    hints: tuple[HintOffer, ...] = field(default=())
    go_on: bool = False
    alone: bool = False
    guided: bool = False
    details: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """right, part, not-yet, saved, form, missing, error, kept or stale."""
        return _KINDS.get(self.state, "not-yet")

    @property
    def word(self) -> str:
        """The state in words."""
        return say(f"state-{self.kind}")

    @property
    def twin(self) -> bool:
        """Whether this is about the part for points."""
        return self.question.endswith("-twin")

    def next_steps(self) -> list[str]:
        """Sentences: how much is right, what to do next, which hint is offered, whether to go on."""
        steps = []
        if self.kind == "part" and self.share is not None and 0 < self.share < 1:
            steps.append(say("share", percent=round(100 * self.share)))
        if self.kind == "right" and not self.twin:
            steps.append(say("next-right-alone" if self.alone else "next-right"))
        elif self.kind in _NOT_YET:
            steps.append(say("next-not-yet"))
        elif self.kind == "form":
            steps.append(say("next-form"))
        if self.kind in _NOT_YET:
            steps += self._hint_offer()
            if self.go_on:
                steps.append(say("go-on-alone" if self.alone else "go-on"))
        return steps

    def _hint_offer(self) -> list[str]:
        offered = next((one for one in self.hints if not one.open), None)
        if offered is None:
            return []
        title = plain(offered.title)
        if offered.wait is not None and offered.wait > 0:
            return [say("offer-hint-wait" if self.guided else "offer-hint-wait-cell", title=title,
                        question=self.question.removesuffix("-twin"))]
        return [say("offer-hint-form" if self.guided else "offer-hint", title=title, question=self.question)]

    @property
    def body(self) -> str:
        """The message without the state's word, which the box says already."""
        return self.message.removeprefix(self._opening).strip()

    @property
    def _opening(self) -> str:
        """The state's word as the box begins: a sentence, or the beginning of the message's own ("Saved at ...")."""
        begun = self.kind == "saved" and self.message.startswith(f"{self.word} ")
        return self.word if begun else f"{self.word}."

    def html(self, heading: str = "") -> str:
        """The box as HTML; its state is said by a word and a shape."""
        head = f"<h5>{escape(heading)}</h5>" if heading else ""
        mark = (f'<span class="spamlab-word"><span aria-hidden="true">{_SHAPES[self.kind]} </span>'
                f"{escape(self._opening)}</span>")
        body = rich(self.body) or "<p></p>"
        body = body.replace("<p>", f"<p>{mark}", 1)
        steps = "".join(f"<p>{escape(step)}</p>" for step in self.next_steps())
        return f'{head}<div class="spamlab-box {self.kind}" role="status">{body}{self._folded()}{steps}</div>'

    def text(self, heading: str = "") -> str:
        """The same as text."""
        head = [f"{heading}:"] if heading else []
        return "\n".join([*head, f"{self._opening} {plain(self.body)}", *(f"- {plain(one)}" for one in self.details),
                          *self.next_steps()])

    def _folded(self) -> str:
        if not self.details:
            return ""
        rows = "".join(f"<li>{_inline(one)}</li>" for one in self.details)
        return (f'<details class="spamlab-fold"><summary>{escape(say("details", n=len(self.details)))}</summary>'
                f"<ul>{rows}</ul></details>")


def kit_words(feedback: Feedback, form: Mapping[str, Any]) -> Feedback:
    """The feedback on a question's own part, in the kit's words where the judge only saved it.

    Nothing is told back where there are no points; saved choices become a function first. The time makes a second
    saving visible.
    """
    if feedback.state != "saved" or feedback.twin:
        return feedback
    time = datetime.now().astimezone().strftime("%H:%M:%S %Z").strip()
    if builder(form):
        return replace(feedback, message=say("saved-choices", time=time, build=builder(form)))
    if form.get("points") == 0:
        return replace(feedback, message=say("saved-silent", time=time))
    return feedback


def builder(form: Mapping[str, Any]) -> str:
    """The lab's helper that makes a function or a filter of saved choices; "" for every other kind of question."""
    return str(form.get("build") or ("build_rule" if form.get("kind") == "function" else ""))


def from_judge(question: str, said: Mapping[str, Any]) -> Feedback:
    """The feedback in an answer of the judge's; odd parts of it are left out, never raised."""
    share, listed = said.get("share"), said.get("details")
    return Feedback(
        question, str(said.get("state", "wrong")), str(said.get("message", "")),
        float(share) if isinstance(share, int | float) and not isinstance(share, bool) else None,
        hint_offers(said.get("hints")), bool(said.get("go_on")),
        details=tuple(str(one) for one in listed[:_MOST_DETAILS]) if isinstance(listed, list) else (),
    )


def _inline(text: str) -> str:
    """One sentence as HTML without the paragraph around it."""
    return rich(text).removeprefix("<p>").removesuffix("</p>")


def hint_offers(listed: object) -> tuple[HintOffer, ...]:
    """The hints of a list as the judge gives it."""
    offers = []
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and isinstance(one.get("step"), int):
            wait = one.get("wait")
            offers.append(HintOffer(one["step"], str(one.get("title", "")), bool(one.get("open")),
                                    float(wait) if isinstance(wait, int | float) else None))
    return tuple(offers)
