"""Explanations add up to the score that they explain, and name the term that made it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from spamlab.filtering import CostThresholdClassifier, Rule, RuleFilter, explain, leave_one_out, make_filter, top_terms
from tests.filtering.examples import labels, records

LISTED = records(300)
_SPAM = "Urgent: market account blocked, verify at https://market.test/9"


def _log_odds(p: Any) -> float:
    return float(np.log(p[0, 1] / p[0, 0]))


@pytest.mark.parametrize("model", [
    make_filter(), make_filter(rules=[Rule("r", 1.0, "r", "urgent")]),
    make_pipeline(TfidfVectorizer(), LogisticRegression()),
    make_pipeline(CountVectorizer(), MultinomialNB()), CostThresholdClassifier(make_filter(), cv=3),
], ids=["filter", "with rules", "logistic", "bayes", "threshold"])
def test_contributions_add_up_to_the_log_odds(model: Any) -> None:
    """The contributions of all terms and the base are the log-odds of the probability that the model gives."""
    model = model.fit([one["text"] for one in LISTED], labels(LISTED))
    for text in (_SPAM, LISTED[3]["text"], "quite other words", ""):
        table = explain(model, text, top=None)
        assert table["contribution"].sum() == pytest.approx(_log_odds(model.predict_proba([text])), abs=1e-6)
        assert table["term"][0] == "(base)"
    assert np.allclose(table["contribution"], table["value"] * table["weight"])


@pytest.mark.parametrize("classifier", [LinearSVC(), SGDClassifier(random_state=0)], ids=["svm", "sgd"])
def test_contributions_add_up_to_the_score(classifier: Any) -> None:
    """Where there are no probabilities, they add up to the classifier's score."""
    model = make_pipeline(TfidfVectorizer(), classifier).fit([one["text"] for one in LISTED], labels(LISTED))
    total = explain(model, {"text": _SPAM}, top=None)["contribution"].sum()
    assert total == pytest.approx(float(model.decision_function([_SPAM])[0]))


def test_the_telling_terms_come_first() -> None:
    """The strongest terms of spam and of wanted messages are those that only one of them has."""
    model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit([one["text"] for one in LISTED], labels(LISTED))
    table = top_terms(model, 12)
    assert {"blocked", "winner"} & set(table[table["for"] == "spam"]["term"])
    assert {"see", "thanks", "lunch", "at"} & set(table[table["for"] == "ham"]["term"])
    assert table["weight"].is_monotonic_decreasing or len(table) == 24
    first = explain(model, _SPAM, top=3)
    assert len(first) == 4
    assert first["part"].eq("").all()
    assert set(explain(make_filter().fit(LISTED, labels(LISTED)), _SPAM)["part"]) >= {"", "words", "written"}


def test_leave_one_out_asks_any_model() -> None:
    """For a model that can't be read, the word without which the score falls most is one of the telling ones."""
    model = make_pipeline(CountVectorizer(), RandomForestClassifier(50, random_state=0))
    model.fit([one["text"] for one in LISTED], labels(LISTED))
    table = leave_one_out(model, "see you, your account is blocked", top=None)
    assert set(table["term"]) == {"see", "you", "your", "account", "is", "blocked"}
    assert table["change"].abs().is_monotonic_decreasing
    score = model.predict_proba(["see you, your account is blocked"])[0, 1]
    assert np.allclose(table["without"] + table["change"], score)
    assert set(table.head(3)["term"]) & {"your", "blocked", "account"}
    assert leave_one_out(model, "...").empty


def test_rules_explain_themselves() -> None:
    """Of a filter of rules, the explanation is the rules that fire, with their scores."""
    rules = [Rule("u", 2.0, "u", "urgent"), Rule("n", -1.0, "n", "you"), Rule("x", 1.0, "x", "xyz")]
    model = RuleFilter(rules).fit([""])
    assert explain(model, "urgent, you")["term"].tolist() == ["u", "n"]
    assert explain(model, "urgent, you")["contribution"].sum() == model.score_messages(["urgent, you"])[0]
    assert top_terms(model)["term"].tolist() == ["u", "x", "n"]


@pytest.mark.parametrize(("model", "says"), [
    (make_pipeline(CountVectorizer(), RandomForestClassifier(5)), "no weight for each term"),
    (make_pipeline(CountVectorizer(), ComplementNB()), "no weight for each term"),
    (make_pipeline(CountVectorizer(), CalibratedClassifierCV(LogisticRegression(), cv=2)), "ensemble=False"),
    (make_pipeline(CountVectorizer(), CalibratedClassifierCV(LogisticRegression(), method="isotonic", ensemble=False)),
     "sigmoid"),
    (make_pipeline(CountVectorizer(), CalibratedClassifierCV(MultinomialNB(), ensemble=False)), "probabilities"),
])
def test_what_is_not_linear_is_told(model: Any, says: str) -> None:
    """A model without one weight for each term is refused with the way that works."""
    model.fit([one["text"] for one in LISTED], labels(LISTED))
    with pytest.raises(ValueError, match=says):
        explain(model, _SPAM)
