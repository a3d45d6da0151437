"""Judging one answer: form first, then right, then the known mistakes, then part of it, then one true fact.

Everything here is a pure function of question, data and answer; only the outputs of a function's known
mistakes come from a process of their own (`sources`), cached.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from spamlab.errors import ContentError
from spamlab.judge.bounds import check_value, is_blank
from spamlab.judge.catalogue import say
from spamlab.judge.filters import details_of, known_filter, part_sentence, right_sentence, trouble_of
from spamlab.judge.handed_out import set_files
from spamlab.judge.kinds.challenge import Challenge
from spamlab.judge.kinds.document import Document
from spamlab.judge.kinds.filter import Filter
from spamlab.judge.kinds.function import Function, alike
from spamlab.judge.kinds.reading import key_of
from spamlab.judge.question import FormError, Item, Kind, Mistake, Question, Verdict
from spamlab.judge.sources import run_sources
from spamlab.records.truth import Labelled

MOST_WORDS = 60
_ERROR_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}")


def judge_answer(question: Question, item: Item, answer: Any, *, silent: bool = False) -> Verdict:
    """The verdict on `answer`, any object at all, to `question` asked about `item`.

    silent: say only "saved" or name an error of form (a twin, or a question without feedback). The share of
    a "form" verdict is what an incomplete answer still earns when graded; it is never shown in class.
    Raises only for a fault of the lab (ContentError).
    """
    kind = question.kind
    if _is_missing(kind, answer):
        return Verdict("missing", 0.0, say("missing", question=_asked_id(question, item)))
    try:
        given = kind.parse(check_value(answer), item)
    except FormError as error:
        return _of_form(question, item, answer, error, silent=silent)
    if isinstance(kind, Challenge) and kind.is_choices(given):
        return Verdict("saved", 0.0, say("saved-choices", build=kind.build))
    if silent:
        return Verdict("saved", 0.0, say("saved" if question.points else "saved-silent"))
    if isinstance(kind, Challenge):
        return judge_outputs(question, item.data, given)
    if isinstance(kind, Document):
        return _document(question, kind, item, given)
    right = right_answer(question, item)
    share, part = kind.compare(right, given, item)
    share = rounded(share)
    details = _details(kind, given, item)
    if share >= 1 or kind.same(right, given):
        return Verdict("right", 1.0, _right(question, item), details=details)
    for mistake in question.mistakes:
        wrong = mistaken_answer(question, mistake, item)
        if wrong is not None and matches(kind, wrong, given, item):
            return Verdict("mistake", _mistake_share(mistake, share), text_of(mistake.message, item), mistake.code,
                           details)
    if share > 0:
        return Verdict("part", share, part or say("part-plain"), details=details)
    fact = _remark(question, item, given) or _fact(kind, right, given, item)
    return Verdict("wrong", 0.0, fact or say("wrong"), details=details)


def judge_outputs(
    question: Question, data: Mapping[str, Labelled], outputs: Any, *,
    practice: Mapping[str, Labelled] | None = None,
) -> Verdict:
    """The verdict on the outputs of a participant's function or filter on the inputs of the draw `data`.

    practice: the participant's practice draw, from which the message names an input of the failing kind; left
    out, it is `data` itself where the draw holds practice messages, else no message is named.
    """
    kind = question.kind
    if not isinstance(kind, Challenge):
        raise ContentError(f"question {question.id} does not ask for a function or a filter")
    item = Item("hidden", tuple(data), data)
    if _is_missing(kind, outputs):
        return Verdict("missing", 0.0, say("missing", question=question.id))
    try:
        read = kind.parse(check_value(outputs), item)
    except FormError as error:
        return Verdict("form", 0.0, str(error))
    if kind.is_choices(read):
        return Verdict("form", 0.0, say("form-outputs", question=question.id, function=kind.function))
    return _of_outputs(question, kind, data, read, item, practice)


def _of_outputs(question: Question, kind: Challenge, data: Mapping[str, Labelled], read: Mapping[str, Any],
                item: Item, practice: Mapping[str, Labelled] | None) -> Verdict:
    if isinstance(kind, Filter):
        return _filter(question, kind, data, read, item, practice)
    if not isinstance(kind, Function):
        raise ContentError(f"question {question.id}: the judge can't read the outputs of {type(kind).__name__}")
    shares = kind.right_inputs(data, read)
    total = len(shares)
    if not total:
        raise ContentError(f"question {question.id} has no inputs in this draw")
    good = sum(1 for share in shares.values() if share >= 1)
    share = rounded(sum(shares.values()) / total)
    if good == total:
        return Verdict("right", 1.0, say("function-right", total=total, reason=_reason(question, item)))
    known = _known_function(question, kind, data, read, shares, practice)
    if known is not None:
        return Verdict("mistake", _mistake_share(known, share), text_of(known.message, item), known.code)
    return _function_part(question, kind, data, read, shares, share, practice)


def right_answer(question: Question, item: Item) -> Any:
    """The canonical right answer; raises ContentError where the lab gives none or one that can't be read."""
    if question.answer_function is None:
        raise ContentError(f"question {question.id} has no right answer in checks.py")
    try:
        return question.kind.parse(question.answer_function(item), item)
    except FormError as error:
        raise ContentError(f"question {question.id}: the right answer does not fit its own form: {error}") from None


def mistaken_answer(question: Question, mistake: Mistake, item: Item) -> Any | None:
    """The canonical answer that `mistake` gives on this item; None where it has none or none of its form."""
    if mistake.answer is None:
        return None
    wrong = mistake.answer(item)
    if wrong is None:
        return None
    parse = getattr(question.kind, "parse_known", question.kind.parse)
    try:
        return parse(wrong, item)
    except FormError:
        return None


def matches(kind: Kind, known: Any, given: Any, item: Item) -> bool:
    """Whether a canonical answer counts as the known one: the same, or of a kind that is run, doing the same."""
    function = getattr(kind, "matches", None)
    return bool(function(known, given, item) if function else kind.same(known, given))


def rounded(share: float) -> float:
    """A share rounded down to hundredths, within 0 and 1: what is shown is what counts."""
    return min(1.0, max(0.0, math.floor(share * 100 + 1e-6) / 100))


def text_of(text: str | Callable[[Item], str], item: Item) -> str:
    """A text of the lab for this item."""
    return str(text(item) if callable(text) else text)


def _is_missing(kind: Kind, answer: Any) -> bool:
    """Whether nothing was answered; a function that gives nothing on every input has answered."""
    if isinstance(kind, Challenge) and not kind.is_choices(answer):
        return all(one in (None, "") for one in answer.values()) if isinstance(answer, dict) else is_blank(answer)
    return is_blank(answer)


def _asked_id(question: Question, item: Item) -> str:
    return f"{question.id}-twin" if item.purpose == "twin" else question.id


def _mistake_share(mistake: Mistake, computed: float) -> float:
    return min(0.99, computed if mistake.share is None else mistake.share)


def _of_form(question: Question, item: Item, answer: Any, error: FormError, *, silent: bool) -> Verdict:
    """An error of form; but a known mistake of another form (a name where an address is asked) is that mistake."""
    if not silent and isinstance(answer, str | int | float):
        for mistake in question.mistakes:
            wrong = mistake.answer(item) if mistake.answer else None
            if isinstance(wrong, str) and wrong.strip() and key_of(wrong) == key_of(answer):
                return Verdict("mistake", _mistake_share(mistake, 0.0), text_of(mistake.message, item), mistake.code)
        known = _known_alone(question, item, answer)
        if known is not None:
            return Verdict("mistake", _mistake_share(known, 0.0), text_of(known.message, item), known.code)
    share = 0.0
    if error.partial and not isinstance(question.kind, Challenge | Document):
        share = min(0.99, rounded(question.kind.compare(right_answer(question, item), error.partial, item)[0]))
    return Verdict("form", share, str(error))


def _known_alone(question: Question, item: Item, answer: Any) -> Mistake | None:
    """The known mistake that a part of an answer is by itself: the number of an estimate without its range."""
    parse = getattr(question.kind, "parse_known", None)
    if parse is None:
        return None
    try:
        given = parse(answer, item)
    except FormError:
        return None
    for mistake in question.mistakes:
        wrong = mistaken_answer(question, mistake, item)
        if wrong is not None and matches(question.kind, wrong, given, item):
            return mistake
    return None


def _right(question: Question, item: Item) -> str:
    reason = _reason(question, item)
    return say("right", reason=reason) if reason else say("right-plain")


def _reason(question: Question, item: Item) -> str:
    try:
        return text_of(question.reason, item)
    except (KeyError, IndexError, ContentError):
        return ""


def _remark(question: Question, item: Item, given: Any) -> str:
    if question.remark_function is None:
        return ""
    try:
        return str(question.remark_function(item, given) or "")
    except Exception:  # a remark is an extra: its fault must not cost the participant the verdict
        return ""


def _details(kind: Kind, given: Any, item: Item) -> tuple[str, ...]:
    function = getattr(kind, "details", None)
    return tuple(function(given, item)) if function else ()


def _fact(kind: Kind, right: Any, given: Any, item: Item) -> str:
    function = getattr(kind, "fact", None)
    return str(function(right, given, item)) if function else ""


def _filter(question: Question, kind: Filter, data: Mapping[str, Labelled], outputs: Mapping[str, Any], item: Item,
            practice: Mapping[str, Labelled] | None) -> Verdict:
    """Trouble with the scores first, then right, a known mistake, and how far it comes."""
    counted = kind.count(data, outputs)
    if not counted.spam or not counted.wanted:
        raise ContentError(f"question {question.id} needs wanted and unwanted messages in this draw")
    details = details_of(kind, data, counted)
    share = rounded(counted.share)
    if counted.trouble:
        return Verdict("error", min(0.99, share), trouble_of(counted), details=details)
    if share >= 1:
        return Verdict("right", 1.0, right_sentence(counted, _reason(question, item)), details=details)
    known = known_filter(question, kind, data, counted, patterns(question, kind, data, practice))
    if known is not None:
        return Verdict("mistake", _mistake_share(known, share), text_of(known.message, item), known.code, details)
    said = part_sentence(kind, data, counted)
    return Verdict("part" if share > 0 else "wrong", share, said, details=details)


def _document(question: Question, kind: Document, item: Item, given: dict[str, Any]) -> Verdict:
    trouble = kind.trouble(given, item)
    if trouble is None:
        return Verdict("saved", 0.0, say("saved-document"))
    code, said = trouble
    for mistake in question.mistakes:
        if mistake.code == said:
            return Verdict("mistake", 0.0, text_of(mistake.message, item), mistake.code)
    return Verdict("mistake", 0.0, said, code)


def _known_function(
    question: Question, kind: Function, data: Mapping[str, Labelled], outputs: Mapping[str, Any],
    shares: Mapping[str, float], practice: Mapping[str, Labelled] | None,
) -> Mistake | None:
    """The known mistake that fails on the same inputs, and with the same outputs on most of them; or None."""
    best: tuple[float, Mistake] | None = None
    for mistake, pattern in patterns(question, kind, data, practice).items():
        known = question.mistakes[mistake]
        known_shares = kind.right_inputs(data, pattern)
        failing = {name for name, share in shares.items() if share < 1}
        if failing != {name for name, share in known_shares.items() if share < 1} or not failing:
            continue
        alike_ones = sum(1 for name in failing if _same_output(outputs.get(name, {}), pattern.get(name, {})))
        degree = alike_ones / len(failing)
        if degree >= 0.75 and (best is None or degree > best[0]):
            best = (degree, known)
    return best[1] if best else None


def patterns(
    question: Question, kind: Challenge, data: Mapping[str, Labelled], practice: Mapping[str, Labelled] | None = None,
) -> dict[int, dict[str, Any]]:
    """For each known mistake that has a source, by its place in the list: its outputs on the draw.

    practice: the participant's practice draw, whose sets of records the sources may read; left out, it is `data`.
    """
    sources = {str(place): mistake.source for place, mistake in enumerate(question.mistakes) if mistake.source}
    if not sources:
        return {}
    files = set_files([data if practice is None else practice])
    found = run_sources(kind.function, sources, kind.inputs(data), folder=question.folder, files=files)
    return {int(place): outputs for place, outputs in found.items()}


def _same_output(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    if "value" in first and "value" in second:
        return alike(first["value"], second["value"]) and alike(second["value"], first["value"])
    return "value" not in first and "value" not in second


def _function_part(
    question: Question, kind: Function, data: Mapping[str, Labelled], outputs: Mapping[str, Any],
    shares: Mapping[str, float], share: float, practice: Mapping[str, Labelled] | None,
) -> Verdict:
    """Names the kind of input that fails, errors first, and a practice message of that kind."""
    total, good = len(shares), sum(1 for one in shares.values() if one >= 1)
    lacking = [name for name in shares if name not in outputs]
    crashed = [name for name in shares if "error" in outputs.get(name, {})]
    failing = [name for name, one in shares.items() if one < 1 and name not in lacking]
    if lacking and not failing:
        return Verdict("error", share, say("function-lacking", n=len(lacking), total=total, rest=""))
    name = (crashed or failing)[0]
    sort = kind.sort(data[name]).rstrip(". ")
    shown = _practice_example(kind, sort, data, name, practice)
    code = "function-error" if crashed else "function-part"
    said = say(f"{code}-shown" if shown else code, right=good, total=total, sort=sort, name=shown)
    if not good and not crashed and share == 0:
        said = say("function-none", total=total)
        extra = _remark(question, Item("hidden", (name,), data), outputs)
        return Verdict("wrong", 0.0, extra or said)
    return Verdict("error" if crashed else ("part" if share > 0 else "wrong"), share, said)


def _practice_example(
    kind: Function, sort: str, data: Mapping[str, Labelled], failing: str,
    practice: Mapping[str, Labelled] | None,
) -> str:
    draw = practice if practice is not None else (data if failing[:1] not in {"H"} else {})
    if draw is data:
        return failing
    for name, _input in kind.inputs(draw) if draw else ():
        if kind.sort(draw[name]).rstrip(". ") == sort:
            return name
    return ""


def error_names(outputs: Mapping[str, Any]) -> list[str]:
    """The names of the errors in a function's outputs, cleaned: what a trainer may be shown."""
    found = []
    for output in outputs.values():
        match = _ERROR_NAME.match(str(output.get("error", ""))) if isinstance(output, Mapping) else None
        if match and match.group() not in found:
            found.append(match.group())
    return found
