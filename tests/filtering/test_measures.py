"""Reliability, slices and drift: figures by hand, and what must hold of any."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

from spamlab.filtering import (
    brier_score,
    drift_table,
    expected_calibration_error,
    make_filter,
    metrics_at,
    new_term_share,
    population_stability_index,
    recall_at_limit,
    reliability_curve,
    slice_metrics,
    vocabulary_shift,
)
from tests.filtering.examples import labels, records


def test_a_curve_by_hand() -> None:
    """Four messages in two bins: what was predicted, what was so, how many."""
    curve = reliability_curve([0, 1, 1, 1], [0.1, 0.3, 0.8, 0.9], bins=2)
    assert curve["predicted"].tolist() == pytest.approx([0.2, 0.85])
    assert curve["observed"].tolist() == [0.5, 1.0]
    assert curve["count"].tolist() == [2, 2]
    assert curve["spam"].tolist() == [1, 2]
    assert (curve["low"] <= curve["observed"]).all()
    assert (curve["observed"] <= curve["high"]).all()
    assert expected_calibration_error([0, 1, 1, 1], [0.1, 0.3, 0.8, 0.9], bins=2) == pytest.approx((0.3 + 0.15) / 2)
    assert brier_score(["ham", "spam"], [0.2, 0.7]) == pytest.approx((0.04 + 0.09) / 2)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=50), st.sampled_from([1, 2, 5, 10]),
       st.sampled_from(["uniform", "quantile"]))
def test_bins_hold_every_message(scored: list[tuple[bool, float]], bins: int, strategy: str) -> None:
    """The bins' counts and spam add up to all, and the shares are those of scikit-learn's curve."""
    y, p = [spam for spam, _ in scored], [score for _, score in scored]
    curve = reliability_curve(y, p, bins, strategy=strategy)
    assert curve["count"].sum() == len(y)
    assert curve["spam"].sum() == sum(y)
    assert np.allclose(curve["spam"] / curve["count"], curve["observed"])
    assert 0 <= expected_calibration_error(y, p, bins, strategy=strategy) <= 1


def test_a_calibrated_filter_means_what_it_says() -> None:
    """Where the truth is drawn from the probabilities, the error is small; scores that are none are refused."""
    draw = np.random.default_rng(1)
    p = draw.uniform(size=5000)
    y = draw.uniform(size=5000) < p
    assert expected_calibration_error(y, p) < 0.03
    assert expected_calibration_error(y, p**3) > 0.1
    with pytest.raises(ValueError, match="from 0 to 1"):
        brier_score([0, 1], [-1.0, 2.0])


def test_slices_add_up() -> None:
    """The rows of one field hold each message once; the first row is of all; the month comes from the time."""
    listed = records(300)
    p = np.where(np.asarray(labels(listed)) == "spam", 0.9, 0.1)
    p[:20] = 1 - p[:20]
    table = slice_metrics(listed, labels(listed), p)
    assert table["slice"].tolist()[0] == "all"
    for name in ("language", "type", "month"):
        part = table[table["slice"] == name]
        for column in ("messages", "spam", "wanted", "found", "lost"):
            assert part[column].sum() == table[column][0], (name, column)
    assert table[table["slice"] == "month"]["value"].tolist() == ["2026-01", "2026-02", "2026-03"]
    assert table["cost"][0] == pytest.approx((10 * table["lost"][0] + table["spam"][0] - table["found"][0]) / 300)
    only = table[table["spam"] == 0]
    assert len(only)
    assert only["recall"].isna().all()
    assert only["auc"].isna().all()
    same = slice_metrics(pd.DataFrame(listed, index=range(7, 307)), labels(listed), p)
    pd.testing.assert_frame_equal(same, table)


def test_a_threshold_chosen_elsewhere() -> None:
    """The measures at one threshold are the first row of the slices, and those of the limit where it was chosen."""
    listed = records(300)
    draw = np.random.default_rng(2)
    p = np.clip(np.where(np.asarray(labels(listed)) == "spam", 0.7, 0.3) + draw.normal(0, 0.2, 300), 0, 1)
    limit = recall_at_limit(labels(listed), p, 0.05)
    found = metrics_at(labels(listed), p, limit.threshold)
    assert (found["recall"], found["lost"], found["found"]) == (limit.recall, limit.lost, limit.found)
    first = slice_metrics(listed, labels(listed), p, limit.threshold).iloc[0]
    assert first[list(found.index)].tolist() == found.tolist()


def test_a_slice_that_fails_is_seen() -> None:
    """A filter that fails on one language has its recall there and the interval away from the other's."""
    listed = records(600)
    p = np.asarray([0.9 if one["label"] == "spam" and one["language"] == "en" else 0.1 for one in listed])
    rows = slice_metrics(listed, labels(listed), p, by=["language"]).set_index("value")
    assert rows.loc["en", "recall"] == 1.0
    assert rows.loc["fr", "recall"] == 0.0
    assert rows.loc["fr", "recall_high"] < rows.loc["en", "recall_low"]


@pytest.mark.parametrize(("listed", "by", "says"), [
    ([{"text": "a"}], ["language"], "none of the fields language"), (["a"], ["language"], "record 0 is no dictionary"),
    ([], ["language"], "0 records and 1 labels"),
])
def test_slices_of_what_has_no_fields(listed: Any, by: list[str], says: str) -> None:
    """Without the fields there is nothing to slice by, and a sentence says so."""
    with pytest.raises(ValueError, match=says):
        slice_metrics(listed, [1], [0.5], by=by)


def test_a_missing_value_is_a_slice() -> None:
    """Records without the field stand in a slice of their own."""
    table = slice_metrics([{"language": "en"}, {}, {"language": None}], [1, 0, 1], [0.9, 0.2, 0.8], by=["language"])
    assert dict(zip(table["value"], table["messages"], strict=True)) == {"all": 3, "(none)": 2, "en": 1}


def test_months_in_any_offset() -> None:
    """A time's month is that in UTC, whatever its offset; what is no time has none."""
    listed = [{"sent": "2026-03-01T01:00:00+05:00"}, {"sent": "2026-03-01T01:00:00Z"}, {"sent": "yesterday"}]
    table = slice_metrics(listed, [1, 1, 1], [0.9, 0.9, 0.9], by=["month"])
    assert table["value"].tolist() == ["all", "(none)", "2026-02", "2026-03"]


def _moving() -> list[dict[str, Any]]:
    """Four months; in the last two, spam uses other words."""
    listed = records(800, months=4)
    for one in listed:
        if one["sent"] >= "2026-03" and one["label"] == "spam":
            one["text"] = "See you at the garden, Mum asked to bring gold bars tomorrow, thanks " + one["id"]
    return listed


def test_drift_is_seen_where_it_begins() -> None:
    """A filter of the first month holds in the second and fails from the third on; learning anew mends it."""
    listed = _moving()
    model = make_pipeline(CountVectorizer(), MultinomialNB())
    still = drift_table(model, listed, labels(listed)).set_index("period")
    again = drift_table(model, listed, labels(listed), learn="all").set_index("period")
    assert still.index.tolist() == ["2026-02", "2026-03", "2026-04"]
    assert still.loc["2026-02", "recall"] > 0.95
    assert still.loc["2026-04", "recall"] < 0.5
    assert again.loc["2026-04", "recall"] > 0.95
    assert still.loc["2026-02", "vocabulary_shift"] < 0.02
    assert still.loc["2026-03", "vocabulary_shift"] > 0.1
    assert still.loc["2026-03", "new_terms"] > 2 * still.loc["2026-02", "new_terms"]
    assert still.loc["2026-02", "score_shift"] == 0.0
    assert still.loc["2026-03", "score_shift"] > 0.25


def test_a_given_model_is_left_alone() -> None:
    """The model that is given is copied: a fitted one keeps what it knows."""
    listed = records(200)
    model = make_filter().fit(listed, labels(listed))
    before = model.predict_proba(listed)
    drift_table(model, listed, labels(listed))
    assert np.array_equal(model.predict_proba(listed), before)


@pytest.mark.parametrize(("how", "says"), [
    ({"first": 3}, "leave none to measure"), ({"first": 0}, "at least 1"), ({"learn": "never"}, "first or all"),
    ({"period": "week"}, "the field week"),
])
def test_too_few_periods(how: dict[str, Any], says: str) -> None:
    """Without a period to learn from and one to measure, a sentence says so."""
    listed = records(60)
    with pytest.raises(ValueError, match=says):
        drift_table(make_filter(), listed, labels(listed), **how)


def test_a_shift_of_vocabulary() -> None:
    """0 for one language divided by chance, near 1 for no word in common, and the same both ways."""
    listed = [one["text"] for one in records(400)]
    assert vocabulary_shift(listed[::2], listed[1::2]) < 0.01
    assert vocabulary_shift(["alpha beta"] * 50, ["gamma delta"] * 50) > 0.95
    english, french = ([one["text"] for one in records(400) if one["language"] == code] for code in ("en", "fr"))
    assert 0.3 < vocabulary_shift(english, french) <= 1
    assert new_term_share(["a big parcel"], ["a big garden, a parcel"]) == pytest.approx(1 / 3)
    assert math.isnan(new_term_share(["a b"], ["", "!"]))
    with pytest.raises(ValueError, match="words on both sides"):
        vocabulary_shift(["..."], ["word"])


def test_stability_index_by_hand() -> None:
    """Half of the messages move from the lower half to the upper one."""
    before, after = np.r_[np.zeros(50), np.ones(50)], np.r_[np.zeros(25), np.ones(75)]
    expected = (0.25 - 0.5) * math.log(0.25 / 0.5) + (0.75 - 0.5) * math.log(0.75 / 0.5)
    assert population_stability_index(before, after, bins=2) == pytest.approx(expected)
    with pytest.raises(ValueError, match="at least one number"):
        population_stability_index([], [1.0])


@settings(max_examples=40)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_stability_index_of_any(before: list[float], after: list[float]) -> None:
    """Never below 0, and 0 of a set with itself."""
    assert population_stability_index(before, after) >= 0
    assert population_stability_index(before, before) == 0
