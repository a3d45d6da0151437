"""Asking the judge about one answer, once for each answer.

A form's button and the check cell below it ask about the same answer. The second question would count as a second
try, so what the judge said is remembered in this process for as long as the answer stays the same.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from spamlab.kit.feedback import Feedback, from_judge, hint_offers
from spamlab.kit.http import Judge

_said: dict[tuple[str, str, str], tuple[str, Feedback]] = {}


def ask_judge(service: Judge, lab: str, question: str, answer: Any, *, again: bool = True,
              alone: bool = False, guided: bool = False) -> Feedback:
    """What the judge says of `answer`. Raises ServiceAway or ServiceRefused.

    again: send it even if the last answer was the same; else the judge is only asked for hints and whether to
    go on (so that a judge that is away is still noticed). alone: the question has no part for points.
    guided: for a form.
    """
    key = (service.url, lab, question)
    text = json.dumps(answer, sort_keys=True)
    before, feedback = _said.get(key, ("", None))
    if not again and feedback is not None and before == text:
        now = service.question(lab, question.removesuffix("-twin"))
        return replace(feedback, hints=hint_offers(now.get("hints")), go_on=bool(now.get("go_on")), alone=alone,
                       guided=guided)
    feedback = replace(from_judge(question, service.answer(lab, question, answer)), alone=alone, guided=guided)
    if feedback.state == "saved" or feedback.kind in ("right", "part", "not-yet"):
        _said[key] = (text, feedback)
    return feedback
