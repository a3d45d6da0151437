"""The texts and labels of messages, in whatever of the usual forms they are given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Messages = Any
"""Texts, records with "text" (dictionaries), a column (pandas, numpy) or a table with a column "text"."""

Booleans = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def texts_of(messages: Messages) -> list[str]:
    """The text of each message, as it stands.

    Raises TypeError if `messages` is a single text or no sequence, ValueError if one of them has no text: the sentence
    names its place, counted from 0 as in Python.
    """
    if isinstance(messages, str | bytes | Mapping):
        raise TypeError("a filter takes a list of messages; put the one message into a list: [message]")
    columns = getattr(messages, "columns", None)
    if columns is not None:
        messages = messages[_text_column(list(columns))]
    shape = getattr(messages, "shape", None)
    if shape is not None and len(shape) == 2:
        if shape[1] != 1:
            raise ValueError(f"a filter takes one text a message; this table has {shape[1]} columns")
        messages = messages[:, 0]
    if not isinstance(messages, Iterable) or (shape is not None and len(shape) == 0):
        raise TypeError(f"a filter takes a list of messages, not {type(messages).__name__}")
    texts = list(messages)
    for place, one in enumerate(texts):
        if type(one) is not str:
            texts[place] = _text_of(one, place)
    return texts


def _text_of(one: Any, place: int) -> str:
    text = one
    if isinstance(one, Mapping):
        if "text" not in one:
            raise ValueError(f"message {place} is a record without the key text")
        text = one["text"]
    if not isinstance(text, str):
        raise ValueError(f"message {place} has no text: {type(text).__name__} is given in its place")
    return str(text)


def _text_column(columns: list[Any]) -> Any:
    if "text" in columns:
        return "text"
    if len(columns) == 1:
        return columns[0]
    raise ValueError(f"the table has no column text, only {', '.join(str(one) for one in columns)}")


def spam_mask(y: Any) -> Booleans:
    """Which of the labels say spam, as one boolean a message: labels are "spam"/"ham", 1/0 or True/False.

    Raises ValueError on any other label.
    """
    labels = np.asarray(y)
    if labels.ndim != 1:
        raise ValueError(f"labels are one a message; these have the shape {labels.shape}")
    known = set(np.unique(labels).tolist()) if labels.dtype != object else set(labels.tolist())
    if known <= {"spam", "ham"}:
        mask: Booleans = labels == "spam"
        return mask
    if known <= {0, 1}:
        return labels.astype(bool)
    odd = sorted(str(one) for one in known - {"spam", "ham", 0, 1})
    raise ValueError(f"labels are spam and ham, or 1 and 0; these hold also {', '.join(odd[:3]) or 'a mix of both'}")


def probabilities(p: Any) -> Floats:
    """One score a message: `p` itself, or the last column of what `predict_proba` gives.

    Raises ValueError if a score is missing (NaN) or there are more than two columns.
    """
    scores = np.asarray(p, dtype=np.float64)
    if scores.ndim == 2 and scores.shape[1] == 2:
        scores = scores[:, 1]
    if scores.ndim != 1:
        raise ValueError(f"scores are one a message; these have the shape {scores.shape}")
    if np.isnan(scores).any():
        raise ValueError(f"score {int(np.flatnonzero(np.isnan(scores))[0])} is missing (NaN)")
    return scores


def pairs(y: Any, p: Any) -> tuple[Booleans, Floats]:
    """Labels as booleans and scores, of one length and not empty. Raises ValueError otherwise."""
    spam, scores = spam_mask(y), probabilities(p)
    if len(spam) != len(scores):
        raise ValueError(f"there are {len(spam)} labels and {len(scores)} scores; each message needs one of both")
    if not len(spam):
        raise ValueError("there are no messages to measure")
    return spam, scores
