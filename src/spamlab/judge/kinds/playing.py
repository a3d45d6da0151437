"""What fill-ins and artefacts share: a text is run by a function of the lab, and what it does is what counts.

The function runs on the trusted side with a text of the participant's: it parses, it never executes. Its time is
bounded, and whatever it raises over a text is an error of form.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from spamlab.errors import ContentError, SpamlabError
from spamlab.judge.bounds import within
from spamlab.judge.catalogue import say
from spamlab.judge.kinds.reading import key_of
from spamlab.judge.question import FormError, Item

Run = Callable[[str, Item], Any]
RUN_SECONDS = 2.0
_MOST_CASES = 500
_MOST_SHOWN = 90
_MOST_SENTENCE = 300


@dataclass(frozen=True)
class Outcome:
    """What the text does with one case, plain data or words that follow a colon; line: which line decided it, or 0."""

    does: Any
    line: int = 0


Outcomes = dict[str, Outcome]


def outcomes_of(run: Run, text: str, item: Item) -> Outcomes:
    """Each case (in words) -> what `text` does with it. FormError where it can't be run, says nothing or takes long.

    run: gives a mapping case -> outcome, or one outcome alone; an outcome is plain data or an `Outcome`. It raises
    ValueError or FormError with one sentence for a text that breaks the rules of its language.
    """
    try:
        found = within(RUN_SECONDS, run, text, item)
    except FormError:
        raise
    except TimeoutError:
        raise FormError(say("form-slow")) from None
    except ContentError:
        raise
    except (ValueError, SpamlabError) as error:
        raise FormError(_sentence(error)) from None
    except Exception as error:  # a text of a participant's that the lab's parser did not foresee
        raise FormError(say("form-runs-not")) from error
    cases = found if isinstance(found, Mapping) else {"": found}
    if not cases or len(cases) > _MOST_CASES:
        raise ContentError(f"a lab's own run gave {len(cases)} cases, not 1 to {_MOST_CASES}")
    return {str(case): one if isinstance(one, Outcome) else Outcome(one) for case, one in cases.items()}


def compare_outcomes(right: Outcomes, given: Outcomes, idle: Outcomes | None = None) -> tuple[float, str]:
    """The share of the right text's cases that come out as with it, and what the given one does with the first other.

    idle: what a text does that earns nothing; the share is then that of the cases beyond those it gets right.
    """
    other = [case for case in right if not _alike(right[case], given.get(case))]
    good = len(right) - len(other)
    if not other:
        return 1.0, ""
    free = sum(1 for case in right if idle and _alike(right[case], idle.get(case)))
    share = max(0.0, min(0.99, (good - free) / (len(right) - free))) if free < len(right) else 0.0
    first = other[0]
    found = given.get(first)
    does = say("label-nothing") if found is None else shown(found.does)
    if not first:
        return share, say("run-alone", does=does)
    if found is not None and found.line:
        return share, say("run-case-line", right=good, total=len(right), case=shown(first), does=does, line=found.line)
    return share, say("run-case", right=good, total=len(right), case=shown(first), does=does)


def same_outcomes(first: Outcomes, second: Outcomes) -> bool:
    """Whether two texts do the same with every case."""
    return set(first) == set(second) and all(_alike(first[case], second[case]) for case in first)


def shown(does: Any) -> str:
    """An outcome as words in a sentence, cut."""
    text = does if isinstance(does, str) else say(f"label-{key_of(does)}") if isinstance(does, bool) else (
        json.dumps(does, ensure_ascii=False, default=str))
    text = " ".join(text.split())
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."


def text_within(text: str, most: int) -> str:
    """`text` with line ends as \\n and no space at the ends of lines; FormError for one that is too long."""
    if len(text) > most:
        raise FormError(say("form-long", most=most))
    return "\n".join(line.rstrip() for line in text.splitlines())


def _alike(first: Outcome, second: Outcome | None) -> bool:
    if second is None:
        return False
    return bool(type(first.does) is type(second.does) and first.does == second.does)


def _sentence(error: Exception) -> str:
    """The error's own words where they are a sentence for a reader, not Python's."""
    text = " ".join(str(error).split())
    return text if text[:1].isupper() and text.endswith(".") and len(text) <= _MOST_SENTENCE else say("form-runs-not")
