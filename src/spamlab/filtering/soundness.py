"""Checks that any filter must stand, ours and a participant's; scikit-learn's own checks ask none of them."""

from __future__ import annotations

import pickle
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from spamlab.filtering.texts import Floats, Messages, texts_of

ODD_TEXTS = ("", " ", "\n\n", "a", "é" * 3, "👩\u200d👧", "\u202etxet", "x" * 20_000, "0" * 300, "<p>", "\x00\x07",
             "\ufffd", "مرحبا", "你好", "привет")
"""Texts that stand in real traffic and that a filter must give a score to."""


def filter_faults(model: Any, messages: Messages) -> list[str]:
    """What is wrong with a fitted filter, a sentence each; an empty list if nothing is.

    model: anything with `predict_proba` or `decision_function` over a list of texts. messages: some fifty of the kind
    that it is for, with other fields where there are any. Asked is: one finite score a message, not the same for all;
    the same score whatever a message's neighbours, its Unicode form and its other fields are; a score for odd texts;
    that it can be pickled. Where a check itself raises, the error's name stands in the sentence.
    """
    texts = texts_of(messages)
    if len(texts) < 2:
        raise ValueError("a filter is checked on at least two messages")
    try:
        score = _scorer(model)
        scores = score(texts)
    except Exception as error:
        return [f"it gives no scores: {_named(error)}"]
    first = list(_fault_of_scores(model, scores, len(texts)))
    if first:
        return first
    found = []
    for sentence, ask in _questions(model, messages, texts, score, scores):
        try:
            if not ask():
                found.append(sentence)
        except Exception as error:
            found.append(f"{sentence} ({_named(error)})")
    return found


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else 'no more is said'}"


def _scorer(model: Any) -> Callable[[Any], Floats]:
    for method in ("predict_proba", "decision_function"):
        if hasattr(model, method):
            ask = getattr(model, method)
            return lambda given: _column(np.asarray(ask(given), dtype=np.float64))
    raise AttributeError("neither predict_proba nor decision_function")


def _column(scores: Floats) -> Floats:
    return scores[:, -1] if scores.ndim == 2 else scores


def _fault_of_scores(model: Any, scores: Floats, count: int) -> Iterator[str]:
    if scores.shape != (count,):
        yield f"it gives {scores.shape} scores for {count} messages"
    elif not np.isfinite(scores).all():
        yield "some scores are missing or infinite"
    elif hasattr(model, "predict_proba") and (scores.min() < 0 or scores.max() > 1):
        yield "some probabilities are below 0 or above 1"
    elif np.ptp(scores) == 0:
        yield "it gives every message the same score"


def _questions(model: Any, messages: Messages, texts: list[str], score: Callable[[Any], Floats],
               scores: Floats) -> Iterator[tuple[str, Callable[[], bool]]]:
    def same(given: Any, expected: Floats) -> bool:
        return bool(np.allclose(score(given), expected, rtol=1e-6, atol=1e-9))

    def finite(text: str) -> bool:
        return bool(np.isfinite(score([text, texts[0]])).all())

    yield "a message's score depends on its neighbours", lambda: same(texts[::-1], scores[::-1]) and all(
        same([text], scores[place:place + 1]) for place, text in enumerate(texts[:5]))
    yield "the same text in another form of Unicode (NFC, NFD) gets another score", lambda: np.allclose(
        score([unicodedata.normalize("NFC", text) for text in texts]),
        score([unicodedata.normalize("NFD", text) for text in texts]), rtol=1e-6, atol=1e-9)
    records = list(messages) if not hasattr(messages, "columns") else []
    if records and all(isinstance(one, Mapping) for one in records) and _takes(score, records):
        emptied = [{"text": text} for text in texts]
        yield "a message's score depends on more than its text", lambda: same(records, scores) and same(emptied, scores)
    for text in ODD_TEXTS:
        yield f"it gives no score to {_shown(text)}", partial(finite, text)
    yield "pickled and read again it gives other scores", lambda: bool(np.allclose(
        _scorer(pickle.loads(pickle.dumps(model)))(texts), scores, rtol=1e-6, atol=1e-9))


def _takes(score: Callable[[Any], Floats], records: Any) -> bool:
    """Whether the filter reads records at all; one of texts alone does not have to."""
    try:
        score(records[:2])
    except Exception:
        return False
    return True


def _shown(text: str) -> str:
    return ascii(text) if len(text) <= 12 else f"{len(text)} times {text[0]!a}"
