"""How a filter ages: trained on the first months, measured on those that follow; and how far the traffic has moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial.distance import jensenshannon
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer

from spamlab.filtering.normalize import normalize
from spamlab.filtering.slices import as_table, field, measures
from spamlab.filtering.texts import Floats, Messages, spam_mask, texts_of

_FLOOR = 1e-4
_SPLITS = 5


def drift_table(model: Any, records: Any, y: Any, threshold: float = 0.5, *, period: str = "month", first: int = 1,
                learn: str = "first", cost_lost: float = 10.0, cost_missed: float = 1.0) -> pd.DataFrame:
    """A model trained on the first periods and measured on each later one.

    model: any classifier of messages with `predict_proba`, fitted or not; a copy is trained. records: with text and
    `sent` (or the field that `period` names, whose values sort in time). first: how many periods to begin with. learn:
    "first" never learns again; "all" learns anew before each period, from all earlier ones, as a filter with daily
    labels would. Columns: period, then those of `slice_metrics`, then vocabulary_shift and new_terms (against the
    messages learned from) and score_shift (population stability index of its scores, against the first period
    measured). Raises ValueError if there are too few periods, or a record has none.
    """
    if learn not in ("first", "all"):
        raise ValueError(f"learn is first or all, not {learn}")
    table, spam, texts = as_table(records), spam_mask(y), texts_of(records)
    if len(table) != len(spam):
        raise ValueError(f"there are {len(table)} records and {len(spam)} labels; each message needs one of both")
    when = field(table, period)
    if when is None or "(none)" in set(when):
        raise ValueError(f"each record needs the field {'sent' if period == 'month' else period} to have its period")
    periods = sorted(set(when))
    if not 1 <= first < len(periods):
        raise ValueError(f"there are {len(periods)} periods; the first {first} of them leave none to measure"
                         if first >= 1 else "first must be at least 1 period")
    labels = np.asarray(y)
    rows: list[dict[str, Any]] = []
    fitted, learned, before = None, np.zeros(len(table), dtype=bool), np.zeros(0)
    for place, name in enumerate(periods[first:], first):
        if fitted is None or learn == "all":
            learned = np.isin(when, periods[:place])
            if len(set(spam[learned])) < 2:
                raise ValueError(f"the periods before {name} hold no spam or no wanted messages to learn from")
            fitted = clone(model).fit(_chosen(texts, learned), labels[learned])
        here = when == name
        scores = np.asarray(fitted.predict_proba(_chosen(texts, here)), dtype=np.float64)[:, -1]
        old, new = _chosen(texts, learned), _chosen(texts, here)
        before = before if rows else scores
        rows.append({
            "period": name, **measures(spam[here], scores, threshold, cost_lost, cost_missed),
            "vocabulary_shift": vocabulary_shift(old, new), "new_terms": new_term_share(old, new),
            "score_shift": population_stability_index(before, scores),
        })
    return pd.DataFrame(rows)


def vocabulary_shift(before: Messages, after: Messages, *, seed: int = 0) -> float:
    """How far the words' frequencies have moved: 0 as far as within one set by chance, 1 no word in common.

    The Jensen-Shannon divergence (Lin 1991; base 2, so from 0 to 1) of the two sets' frequencies of words. Two samples
    of one and the same language differ too, the more the smaller they are: so the mean divergence of random
    divisions of all messages into two such sets is taken off, and what is left is scaled to end at 1.
    Raises ValueError if one of them has no words.
    """
    old, new = _words(before), _words(after)
    index = {word: place for place, word in enumerate(sorted(set().union(*old, *new)))}
    if not any(old) or not any(new):
        raise ValueError("a shift of vocabulary needs words on both sides")
    documents = [np.asarray([index[word] for word in one], dtype=np.int64) for one in (*old, *new)]
    order = np.arange(len(documents))
    found = _divergence(documents, order, len(old), len(index))
    chance = []
    for split in range(_SPLITS):
        shuffled = np.random.default_rng([seed, split]).permutation(order)
        chance.append(_divergence(documents, shuffled, len(old), len(index)))
    usual = float(np.mean(chance))
    return float(max(0.0, (found - usual) / (1 - usual))) if usual < 1 else 0.0


def new_term_share(before: Messages, after: Messages) -> float:
    """The share of the words in `after` (each time it stands there) that `before` never has; NaN without any words."""
    known = set().union(*_words(before))
    counts = Counter(word for one in _words(after) for word in one)
    total = sum(counts.values())
    return sum(number for word, number in counts.items() if word not in known) / total if total else float("nan")


def population_stability_index(before: Any, after: Any, bins: int = 10) -> float:
    """How far a number's distribution has moved: the sum of (after - before) * ln(after / before) over the bins.

    The bins are the deciles of `before`. An old rule of thumb of credit scoring: under 0.1 steady, over 0.25 moved.
    An empty bin counts as one of 0.0001. Raises ValueError if one side is empty or a number is missing.
    """
    old, new = _numbers(before), _numbers(after)
    edges = np.unique(np.quantile(old, np.linspace(0, 1, bins + 1)[1:-1]))
    first = np.bincount(np.searchsorted(edges, old, side="right"), minlength=len(edges) + 1) / len(old)
    second = np.bincount(np.searchsorted(edges, new, side="right"), minlength=len(edges) + 1) / len(new)
    first, second = np.maximum(first, _FLOOR), np.maximum(second, _FLOOR)
    return float(np.sum((second - first) * np.log(second / first)))


def _numbers(values: Any) -> Floats:
    numbers = np.asarray(values, dtype=np.float64).ravel()
    if not len(numbers) or np.isnan(numbers).any():
        raise ValueError("a shift of numbers needs at least one number on both sides, and none of them missing")
    return numbers


_SPLIT = CountVectorizer(preprocessor=normalize).build_analyzer()


def _words(messages: Messages) -> list[list[str]]:
    return [_SPLIT(text.lower()) for text in texts_of(messages)]


def _divergence(documents: list[Any], order: Any, size: int, width: int) -> float:
    def frequencies(chosen: Iterable[int]) -> Floats:
        parts = [documents[place] for place in chosen]
        counted = np.bincount(np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64), minlength=width)
        return counted.astype(np.float64)

    first, second = frequencies(order[:size]), frequencies(order[size:])
    if not first.sum() or not second.sum():
        return 0.0
    return float(jensenshannon(first, second, base=2) ** 2)


def _chosen(texts: list[str], which: Any) -> list[str]:
    return [texts[place] for place in np.flatnonzero(which)]
