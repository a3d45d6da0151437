"""Answering by typing, and checking an answer: the judge decides, outside this process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spamlab.kit import session as where
from spamlab.kit.answers import check_id, keep, kept
from spamlab.kit.asking import ask_judge
from spamlab.kit.calling import Called, call_all, can_be_asked, read_input
from spamlab.kit.errors import KitError, NotChecked, ServiceAway, ServiceRefused
from spamlab.kit.feedback import Feedback, builder, kit_words
from spamlab.kit.http import Judge, judge
from spamlab.kit.markup import escape, visible
from spamlab.kit.show import say_line, show
from spamlab.kit.words import say


def answer(question: str, value: Any) -> None:
    """Keep `value` as the answer and tell the judge: the typed equal of the form.

    Raises AnswerError, one sentence, for a value that can't be kept.

    >>> answer("q3", 4)
    >>> answer("q3-twin", 2)
    """
    keep(question, value)
    now = where.session()
    if now.graded:
        say_line(say("answer-kept", question=question))
        return
    try:
        service, lab = judge(now), where.lab()
        feedback = ask_judge(service, lab, question, value)
        if not feedback.twin:
            forms = service.question(lab, question)
            feedback = kit_words(replace(feedback, alone=not forms.get("twin")), _practice(forms))
    except ServiceAway:
        feedback = Feedback(question, "kept", say("answer-kept-only"))
    show(feedback.html(), feedback.text())


def answered(question: str, *, right: bool = False) -> Any:
    """The answer saved for `question` in the form or with `answer`, or None where there is none.

    right: only one that the judge calls right, None where it can't be asked; so nobody carries a mistake of the
    practice home.

    >>> answered("q3")
    """
    there, value = kept(question)
    now = where.session()
    if not there or not right:
        return value
    if now.graded:
        return None
    try:
        feedback = ask_judge(judge(now), where.lab(), question, value, again=False)
    except (ServiceAway, ServiceRefused):
        return None
    return value if feedback.state == "right" else None


def check(question: str, function: Any = None) -> None:
    """Ask the judge about the saved answers of a question, or about what `function` gives for practice inputs.

    A fitted filter, such as a scikit-learn pipeline, stands in the place of a function.

    Raises NotChecked where there is no judge to ask: nothing passes unchecked. In a graded run the answer is judged
    outside this process, and only a line is printed.

    >>> check("q3")
    >>> check("q7", classify_route)
    """
    check_id(question)
    now = where.session()
    if now.graded:
        say_line(say("check-graded", question=question))
        return
    if function is not None and not can_be_asked(function):
        raise KitError(say("check-callable", question=question, function="classify_route"))
    try:
        service, lab = judge(now), where.lab()
        if function is not None:
            _check_function(service, lab, question, function)
        else:
            _check_answers(service, lab, question)
    except (ServiceAway, ServiceRefused) as trouble:
        raise NotChecked(say("check-not-done", reason=str(trouble))) from None


def _check_answers(service: Judge, lab: str, question: str) -> None:
    """Practice and twin, each if it is answered; says so where nothing is."""
    forms = service.question(lab, question.removesuffix("-twin"))
    names = [question] if question.endswith("-twin") or not forms.get("twin") else [question, f"{question}-twin"]
    boxes: list[tuple[str, Feedback]] = []
    for name in names:
        there, value = kept(name)
        if there:
            feedback = ask_judge(service, lab, name, value, again=False, alone=len(names) == 1)
            boxes.append((name, _as_shown(feedback, _practice(forms))))
    if not boxes:
        feedback = Feedback(question, "missing", say("check-none", question=question))
        show(feedback.html(), feedback.text())
        return
    heads = {name: say("check-twin" if name.endswith("-twin") else "check-practice") if len(names) > 1 else ""
             for name in names}
    note = say("twin-none") if len(names) > 1 and boxes[-1][0] == question else ""
    show("".join(one.html(heads[name]) for name, one in boxes) + (f"<p>{escape(note)}</p>" if note else ""),
         "\n".join([*(one.text(heads[name]) for name, one in boxes), *([note] if note else [])]),
         {name: one.state for name, one in boxes})


def _practice(forms: Mapping[str, Any]) -> Mapping[str, Any]:
    form = forms.get("practice")
    return form if isinstance(form, Mapping) else {}


def _as_shown(feedback: Feedback, form: Mapping[str, Any]) -> Feedback:
    """Beside a check cell: saved choices whose function is not built yet are no answer so far."""
    if feedback.state == "saved" and builder(form):
        return replace(feedback, state="stale", message=say("check-no-rule", build=builder(form)))
    return kit_words(feedback, form)


def _is_stale(question: str, function: Any) -> bool:
    """Whether `function` was made (attribute made_from) from other choices than those now saved.

    A function of the participant's own has no such attribute, and is judged as it is.
    """
    made = getattr(function, "made_from", None)
    if made is None:
        return False
    there, saved = kept(question)
    if not there:
        return False
    if isinstance(made, Mapping) and isinstance(saved, Mapping):
        return any(str(saved.get(name)) != str(choice) for name, choice in made.items())
    return bool(made != saved)


def _check_function(service: Judge, lab: str, question: str, function: Any) -> None:
    """Run the function here on the practice inputs, and ask the judge about its outputs."""
    given = service.challenges(lab, question)
    if _is_stale(question, function):
        feedback = Feedback(question, "stale", say("check-stale", build=getattr(function, "made_by", "build_rule")))
        show(feedback.html(), feedback.text())
        return
    inputs = [(str(one.get("name")), read_input(one.get("input")))
              for one in given.get("inputs") or [] if isinstance(one, dict)]
    called = call_all(function, inputs)
    feedback = ask_judge(service, lab, question, called.outputs, again=False, alone=True)
    below, words = _below(called, len(inputs))
    show(feedback.html() + below, "\n".join([feedback.text(), *words]), {question: feedback.state})


def _below(called: Called, total: int) -> tuple[str, list[str]]:
    """After the judge's word: which calls failed, Python's words and what was printed, folded."""
    parts, words = "", []
    if called.failed:
        first = called.failed[0]
        words.append(say("check-stopped", n=len(called.failed), total=total, name=first))
        error = called.outputs[first]["error"]
        words.append(f"{first}: {visible(error)}")
        parts += f"<p>{escape(words[0])}</p>" + _fold(say("check-trace", name=first), called.trace or error)
    if called.printed:
        parts += _fold(say("check-printed"), called.printed)
    return parts, words


def _fold(title: str, text: str) -> str:
    return (f'<details class="spamlab-fold"><summary>{escape(title)}</summary>'
            f'<pre dir="ltr">{escape(text, lines=True)}</pre></details>')
