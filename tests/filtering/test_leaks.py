"""Leaks are found: a field that tells, a message on both sides; and chance is not called a leak."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from spamlab.filtering import near_repeats, shared_share, telltale_fields
from spamlab.filtering.leaks import _merged, _signs
from tests.filtering.examples import labels, records


def test_a_field_that_tells_is_found() -> None:
    """An id with another beginning for spam, and a label in a folder's name, stand above chance; the others do not."""
    listed = records(400)
    draw = random.Random(3)
    for one in listed:
        one["id"] = f"{'s' if one['label'] == 'spam' else 'h'}{draw.randrange(10**6)}"
        one["folder"] = f"/mail/{one['label']}/2026"
        one["sender"] = f"+4479460{draw.randrange(10**5):05}"
        del one["type"]
    table = telltale_fields(listed, labels(listed))
    assert table["auc"].is_monotonic_decreasing
    found = table[table["auc"] > table["chance"] + 0.05]
    assert set(found["field"]) == {"id", "folder"}
    assert set(table["field"]) == {"id", "folder", "sender", "language", "channel", "sent"}
    assert telltale_fields(listed, labels(listed), fields=["sender"])["field"].tolist() == ["sender"]
    with pytest.raises(ValueError, match="no record has the field shoe"):
        telltale_fields(listed, labels(listed), fields=["shoe"])
    with pytest.raises(ValueError, match="5 folds need"):
        telltale_fields(listed[:4], labels(listed[:4]))


def test_each_field_is_scored_as_by_the_plain_pipeline() -> None:
    """Counting signs once, joining equal rows and columns is the same model as one pipeline for each fold."""
    listed = records(400)
    draw = random.Random(5)
    for one in listed:
        one["id"] = f"m-{draw.randrange(10**6)}-{'a' if one['label'] == 'spam' and draw.random() < 0.3 else 'b'}"
    found = telltale_fields(listed, labels(listed)).set_index("field")["auc"]
    spam = np.asarray([one == "spam" for one in labels(listed)])
    for name in ("id", "sent", "language", "type"):
        plain = make_pipeline(CountVectorizer(analyzer=_signs, binary=True), LogisticRegression(max_iter=2000))
        scores = cross_val_predict(plain, [one[name] for one in listed], spam, method="predict_proba",
                                   cv=StratifiedKFold(5, shuffle=True, random_state=0))[:, 1]
        assert found[name] == pytest.approx(roc_auc_score(spam, scores), abs=2e-3), name
    assert found["id"] > 0.55


def test_signs_that_come_together_are_one_column() -> None:
    """Equal columns are joined, and what a row says of another (the inner product) stays."""
    signs = csr_matrix(np.array([[1, 0, 1, 1], [1, 1, 1, 0], [1, 0, 1, 1]], dtype=float))
    merged = _merged(signs)
    assert merged.shape == (3, 3)
    assert (merged @ merged.T).toarray() == pytest.approx((signs @ signs.T).toarray())


def test_near_repeats_are_grouped() -> None:
    """Other numbers, case and one word changed make a repeat; other sentences do not."""
    texts = [
        "Your parcel 123 is held at the depot, please pay the small fee of 2.99 today to get it to your door",
        "See you at the station at five, bring the old umbrella and the book that I left in the kitchen",
        "YOUR parcel 987 is held at the depot, please pay the small fee of 4.50 today to get it to your house",
        "ok", "", "ok", "see you",
    ]
    assert near_repeats(texts).tolist() == [0, 1, 0, 2, 3, 2, 4]
    assert shared_share(texts[:2], texts[2:4]) == 0.5
    assert near_repeats([]).tolist() == []


def test_alike_by_half_is_the_border() -> None:
    """Of word sequences shared, three quarters make a repeat nearly always and a quarter nearly never."""
    draw = random.Random(4)
    words = [f"w{chr(97 + place % 26)}{chr(97 + place // 26)}" for place in range(600)]
    together = {}
    for kept in (12, 26, 37):
        pairs = 0
        for _ in range(60):
            base = draw.sample(words, 40)
            other = base[:kept] + draw.sample(words, 40 - kept)
            pairs += len(set(near_repeats([" ".join(base), " ".join(other)]).tolist())) == 1
        together[kept] = pairs
    assert together[12] <= 2
    assert together[37] >= 55


def test_groups_do_not_depend_on_the_order() -> None:
    """The same messages in another order make the same groups."""
    texts = [one["text"] for one in records(200)]
    groups = near_repeats(texts)
    back = near_repeats(texts[::-1])[::-1]
    assert len(set(zip(groups.tolist(), back.tolist(), strict=True))) == len(set(groups.tolist()))
