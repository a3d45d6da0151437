"""Finds what makes a filter look better than it is: fields that give the label away, and messages on both sides.

A leak is something known while learning that no filter will have when a message comes in: the folder a message was
filed in, the time of its collection, or the very message that it is tested on.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from spamlab.filtering.normalize import normalize
from spamlab.filtering.slices import as_table, field
from spamlab.filtering.texts import Messages, spam_mask, texts_of

_BANDS, _ROWS = 20, 4
"""Texts that share 60 % of their word sequences meet in a band with probability 0.94, 20 % with 0.03."""
_ALIKE = 0.5
_COMPARED = 8
"""Of texts that meet, the first few are compared: joined are those that share half of their sequences or more."""


def telltale_fields(records: Any, y: Any, *, fields: Sequence[str] = (), folds: int = 5, seed: int = 0) -> pd.DataFrame:
    """How well each field alone tells spam from wanted messages: columns field, auc, chance; the worst leak first.

    auc: area under the ROC curve of a small model of the field's characters and its number, out of fold; 0.5 is no
    better than a coin. chance: what chance alone would still reach (two standard errors above 0.5; Mann and Whitney
    1947). fields: all but text and label where none are given. Raises ValueError where a class has fewer than `folds`.
    """
    table, spam = as_table(records), spam_mask(y)
    if len(table) != len(spam):
        raise ValueError(f"there are {len(table)} records and {len(spam)} labels; each message needs one of both")
    spams, wanted = int(spam.sum()), int((~spam).sum())
    if min(spams, wanted) < folds:
        raise ValueError(f"{folds} folds need as many spam and wanted messages; there are {spams} and {wanted}")
    names = list(fields) or [str(name) for name in table.columns if name not in ("text", "label", "raw")]
    split = StratifiedKFold(folds, shuffle=True, random_state=seed)
    chance = 0.5 + 2 * float(np.sqrt((spams + wanted + 1) / (12 * spams * wanted)))
    rows = []
    for name in names:
        values = field(table, name)
        if values is None:
            raise ValueError(f"no record has the field {name}")
        rows.append({"field": name, "auc": float(roc_auc_score(spam, _out_of_fold(values, spam, split))),
                     "chance": chance})
    return pd.DataFrame(rows, columns=["field", "auc", "chance"]).sort_values("auc", ascending=False, ignore_index=True)


def near_repeats(messages: Messages) -> npt.NDArray[np.int64]:
    """The group of each message: messages that say nearly the same are in one. For scikit-learn's GroupKFold.

    Texts are compared by their sequences of three words, numbers and case aside, with MinHash (Broder 1997): two that
    share 60 % of them are almost surely together, two that share 40 % hardly ever; groups are joined where they touch.
    Groups are numbered by their first message.
    """
    texts = texts_of(messages)
    parent = list(range(len(texts)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    least = np.asarray([_least(text) for text in texts], dtype=np.uint64).reshape(len(texts), _BANDS * _ROWS)
    met: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for place, mine in enumerate(least):
        for band, start in enumerate(range(0, _BANDS * _ROWS, _ROWS)):
            others = met[band, mine[start:start + _ROWS].tobytes()]
            for other in others:
                if root(other) != root(place) and np.mean(least[other] == mine) >= _ALIKE:
                    low, high = sorted((root(other), root(place)))
                    parent[high] = low
            if len(others) < _COMPARED:
                others.append(place)
    number: dict[int, int] = defaultdict(lambda: len(number))
    return np.asarray([number[root(place)] for place in range(len(texts))], dtype=np.int64)


def shared_share(train: Messages, test: Messages) -> float:
    """The share of test messages that have a near repeat among those learned from; NaN without test messages."""
    learned, asked = texts_of(train), texts_of(test)
    groups = near_repeats([*learned, *asked])
    known = set(groups[:len(learned)].tolist())
    return float(np.mean([group in known for group in groups[len(learned):].tolist()])) if asked else float("nan")


def _out_of_fold(values: Iterable[Any], spam: npt.NDArray[np.bool_], split: StratifiedKFold) -> npt.NDArray[np.float64]:
    """The scores of a small model of one field, each from a model that has not seen the message's fold.

    The signs of all values are counted once: one that no message of the other folds has gets the weight 0, as if it
    were not there. Equal values are one row that weighs as much as they are many.
    """
    place: dict[str, int] = {}
    rows = np.asarray([place.setdefault(str(value), len(place)) for value in values])
    signs = _merged(CountVectorizer(analyzer=_signs, binary=True, dtype=np.float64).fit_transform(list(place)))
    scores = np.empty(len(rows))
    for learned, asked in split.split(rows, spam):
        kinds, counts = np.unique(2 * rows[learned] + spam[learned], return_counts=True)
        model = LogisticRegression(solver="newton-cg", tol=1e-5).fit(
            signs[kinds // 2], kinds % 2, sample_weight=counts)
        scores[asked] = model.decision_function(signs)[rows[asked]]
    return scores


def _merged(signs: Any) -> Any:
    """The table of signs with those that always come together in one column, times the root of how many they are.

    A model with a penalty on the squares of its weights is the same with both: it gives equal columns equal weights.
    """
    columns = signs.tocsc()
    ends = columns.indptr.tolist()
    seen: dict[bytes, int] = {}
    counts: list[int] = []
    kept: list[int] = []
    for column, (start, end) in enumerate(itertools.pairwise(ends)):
        number = seen.setdefault(columns.indices[start:end].tobytes(), len(kept))
        if number == len(kept):
            kept.append(column)
            counts.append(0)
        counts[number] += 1
    return columns[:, kept].multiply(np.sqrt(counts)).tocsr()


def _signs(value: str) -> list[str]:
    """What may give a label away in a field's value: the value itself, its beginning and end, its length, each sign."""
    text = str(value)
    parts = [f"is {text}", f"length {len(text)}", f"begins {text[:4]}", f"ends {text[-3:]}"]
    parts += [f"part {one}" for one in re.split(r"[^0-9A-Za-z]+", text) if one]
    return parts + [f"sign {place} {sign}" for place, sign in enumerate(text[:40])]


_DRAW = np.random.default_rng(1997)
# Odd factors of 64 bits: the product wraps, and its upper half orders the codes anew for each (multiply-shift hashing).
_FACTORS = _DRAW.integers(0, 2**64 - 1, size=_BANDS * _ROWS, dtype=np.uint64) | np.uint64(1)
_ADDED = _DRAW.integers(0, 2**64 - 1, size=_BANDS * _ROWS, dtype=np.uint64)
_WORD = re.compile(r"[^\W\d_]+|\d+")


def _least(text: str) -> npt.NDArray[np.uint64]:
    """The MinHash of a text: for each of the hash functions the least value over its sequences of words."""
    words = ["0" if word.isdigit() else word for word in _WORD.findall(normalize(text).casefold())]
    runs = {" ".join(words[place:place + 3]) for place in range(max(1, len(words) - 2))}
    codes = np.asarray([zlib.crc32(run.encode("utf-8", "surrogatepass")) for run in sorted(runs)], dtype=np.uint64)
    least: npt.NDArray[np.uint64] = ((codes[:, None] * _FACTORS + _ADDED) >> np.uint64(32)).min(axis=0)
    return least
