"""Every estimator of the room passes scikit-learn's own checks, and what those checks do not ask."""

from __future__ import annotations

import inspect
import pickle
import unicodedata
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError, SkipTestWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import check_estimator, parametrize_with_checks

import spamlab.filtering
from spamlab.filtering import (
    CostThresholdClassifier,
    MessageFeatures,
    Normalize,
    Rule,
    RuleFilter,
    RuleScorer,
    make_filter,
)
from tests.filtering.examples import labels, records
from tests.filtering.numbers_as_text import WORDS, WrittenClassifier, WrittenTransformer

RULES = tuple(Rule(word.replace(" ", "-"), 1.5 - place % 3, "a test's", word) for place, word in enumerate(WORDS))
TEXT_ESTIMATORS = [Normalize(), Normalize(leet=True), MessageFeatures(), MessageFeatures(["links", "digits"]),
                   RuleScorer(RULES), RuleFilter(RULES, threshold=2.0)]
_LIKE_SKLEARN = "as for scikit-learn's own TunedThresholdClassifierCV: the threshold is not at 0.5 on purpose"


def _failing(estimator: Any) -> dict[str, str]:
    proba = isinstance(estimator, CostThresholdClassifier) and isinstance(estimator.estimator, LogisticRegression)
    return {"check_classifiers_train": _LIKE_SKLEARN} if proba else {}


@pytest.mark.filterwarnings("ignore")
@parametrize_with_checks([  # type: ignore[untyped-decorator]
    CostThresholdClassifier(LogisticRegression(), cv=3),
    CostThresholdClassifier(LinearSVC(random_state=0), most_lost=0.1, cv=3),
    WrittenTransformer(MessageFeatures()),
    WrittenTransformer(RuleScorer(RULES)),
    WrittenClassifier(RuleFilter(RULES, threshold=2.0)),
], expected_failed_checks=_failing)
def test_sklearns_checks(estimator: Any, check: Any) -> None:
    """Each check of scikit-learn's for estimators of this kind; those of texts are fed with rows written out."""
    check(estimator)


@pytest.mark.parametrize("estimator", TEXT_ESTIMATORS, ids=str)
def test_tags_say_that_texts_are_taken(estimator: Any) -> None:
    """A text estimator has the tags of scikit-learn's own vectorizers, so that its checks know that rows are no use."""
    tags = get_tags(estimator)
    assert tags.input_tags.string
    assert not tags.input_tags.two_d_array
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkipTestWarning)
        assert all(one["status"] == "passed" for one in check_estimator(estimator, on_skip=None))


def test_every_estimator_is_checked_here() -> None:
    """No class of the room that is an estimator is missing from the lists above."""
    found = {one for _, one in inspect.getmembers(spamlab.filtering, inspect.isclass) if issubclass(one, BaseEstimator)}
    assert found == {type(one) for one in TEXT_ESTIMATORS} | {CostThresholdClassifier}


@pytest.mark.parametrize("estimator", [*TEXT_ESTIMATORS, make_filter(), CostThresholdClassifier(make_filter(), cv=3)],
                         ids=lambda one: type(one).__name__)
def test_forms_of_input_are_one(estimator: Any) -> None:
    """Texts, records, a column, a table and an array give the same output, pickled and cloned too; rows do not mix."""
    listed = records(120)
    texts = [one["text"] for one in listed]
    fitted = clone(estimator).fit(texts, labels(listed))
    use = fitted.predict if hasattr(fitted, "predict") else fitted.transform
    expected = np.asarray(use(texts))
    objects = np.asarray(texts, dtype=object)
    forms = [listed, tuple(texts), pd.Series(texts), pd.DataFrame(listed), np.asarray(texts), objects, objects[:, None]]
    for form in forms:
        assert np.array_equal(np.asarray(use(form)), expected)
    again = pickle.loads(pickle.dumps(fitted))
    turned = np.asarray((again.predict if hasattr(again, "predict") else again.transform)(texts[::-1]))
    assert np.allclose(turned[::-1], expected) if expected.dtype.kind == "f" else np.array_equal(turned[::-1], expected)
    assert fitted.get_params().keys() == estimator.get_params().keys()


@pytest.mark.parametrize("estimator", TEXT_ESTIMATORS, ids=str)
@pytest.mark.parametrize(("bad", "kind", "says"), [
    ("one text", TypeError, "into a list"), ({"text": "a"}, TypeError, "into a list"),
    (3, TypeError, "list of messages"), (["a", None], ValueError, "message 1"),
    (["a", "b", float("nan")], ValueError, "message 2"),
    ([{"id": "x"}], ValueError, "without the key text"), (pd.DataFrame({"a": ["x"], "b": ["y"]}), ValueError, "a, b"),
    (np.zeros((2, 3)), ValueError, "3 columns"), (np.zeros(2), ValueError, "message 0"),
])
def test_what_is_no_message_is_named(estimator: Any, bad: Any, kind: type[Exception], says: str) -> None:
    """What has no text gets one sentence that names the place."""
    with pytest.raises(kind, match=says):
        estimator.fit(bad)


def test_nothing_is_said_before_learning() -> None:
    """What must be fitted raises scikit-learn's own error before."""
    for estimator in (RuleScorer(RULES), RuleFilter(RULES), CostThresholdClassifier(make_filter())):
        with pytest.raises(NotFittedError):
            (estimator.predict if hasattr(estimator, "predict") else estimator.transform)(["a"])


def test_another_canonical_form_gets_the_same_verdict() -> None:
    """The same text, composed or decomposed (NFC, NFD), gets the same probability to the last digit."""
    listed = records(200)
    model = make_filter().fit(listed, labels(listed))
    texts = ["Félicitations, vous avez gagné 40 euros à réclamer", "Ça va très bien, à bientôt Zoë", "привет, мой ёж"]
    decomposed = [unicodedata.normalize("NFD", text) for text in texts]
    assert decomposed != texts
    assert np.array_equal(model.predict_proba(texts), model.predict_proba(decomposed))


def test_a_filter_sees_no_label_and_no_time() -> None:
    """With every field but the text changed, a filter's probabilities stay the same."""
    listed = records(150)
    model = make_filter().fit(listed, labels(listed))
    other = [{**one, "label": "ham", "sent": "1999-01-01T00:00:00Z", "id": "x", "type": "y"} for one in listed]
    assert np.array_equal(model.predict_proba(listed), model.predict_proba(other))


def test_the_same_seed_makes_the_same_filter() -> None:
    """Fitted twice on the same messages, a filter gives the same probabilities."""
    listed = records(150)
    first, second = (make_filter(seed=3).fit(listed, labels(listed)).predict_proba(listed) for _ in range(2))
    assert np.array_equal(first, second)


def test_rules_can_be_weighed_in_a_filter() -> None:
    """With rules given, the filter has a column for each and finds spam in both languages."""
    listed = records(400)
    model = make_filter(rules=[Rule("won", 1.0, "wins", "winner|gagn")]).fit(listed[:300], labels(listed[:300]))
    assert "rules__won" in model[0].get_feature_names_out()
    assert model.score(listed[300:], labels(listed[300:])) > 0.95
