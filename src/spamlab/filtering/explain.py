"""Why a message got its score: which terms spoke for spam and which against.

A linear model is read exactly: each term's weight times its value, and the sum with the base is the log-odds. Of any
other model one can only ask what it would say without a word.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.naive_bayes import BernoulliNB, ComplementNB, MultinomialNB
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.utils.validation import check_is_fitted

from spamlab.filtering.rules import RuleFilter
from spamlab.filtering.texts import Floats, texts_of

BASE = "(base)"
"""The term that stands for what the model says before it sees anything."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def explain(model: Any, message: Any, top: int | None = 20) -> pd.DataFrame:
    """What each term adds to one message's score: columns part, term, value, weight, contribution; strongest first.

    model: a fitted Pipeline of transformers and a linear classifier (logistic regression, linear SVM, stochastic
    gradient, multinomial naive Bayes), calibrated or within a CostThresholdClassifier or not; or a RuleFilter.
    message: one text or record. The contributions of all rows (top=None) add up to the log-odds of spam, or the score
    that the classifier gives; the row `(base)` is in it. top: so many rows at most, `(base)` first.
    Raises ValueError if the model is not linear: ask `leave_one_out`.
    """
    if isinstance(model, RuleFilter):
        fired = model.fired(message)
        return pd.DataFrame({"part": "rules", "term": fired["rule"], "value": 1.0, "weight": fired["score"],
                             "contribution": fired["score"]})
    steps, names, weights, base = _linear(model)
    row = _seen(steps, message)
    places = np.flatnonzero(row * weights)
    places = places[np.argsort(-np.abs(row[places] * weights[places]), kind="stable")]
    parts = [names[place] for place in places]
    table = pd.DataFrame({
        "part": ["", *(part for part, _ in parts)], "term": [BASE, *(term for _, term in parts)],
        "value": [1.0, *row[places]], "weight": [base, *weights[places]],
        "contribution": [base, *(row[places] * weights[places])],
    })
    return table if top is None else table.head(top + 1)


def top_terms(model: Any, top: int = 20) -> pd.DataFrame:
    """The terms of largest weight: columns part, term, weight, for; the strongest for spam, then those for wanted.

    model: as in `explain`. A weight belongs to a term's value: a rare word with a large weight moves few messages.
    """
    if isinstance(model, RuleFilter):
        check_is_fitted(model)
        names, weights = [("rules", rule.name) for rule in model.rules_], model.scores_
    else:
        _, names, weights, _ = _linear(model)
    order = np.argsort(-weights, kind="stable")
    chosen = [place for place in order[:top] if weights[place] > 0]
    chosen += [place for place in order[::-1][:top] if weights[place] < 0]
    return pd.DataFrame({
        "part": [names[place][0] for place in chosen], "term": [names[place][1] for place in chosen],
        "weight": weights[chosen], "for": ["spam" if weights[place] > 0 else "ham" for place in chosen],
    })


def leave_one_out(model: Any, message: Any, top: int | None = 20) -> pd.DataFrame:
    """How any model's score of one message falls without each of its words: columns term, without, change.

    The word is taken out wherever it stands. without: the score then; change: the score as it is, minus that (above
    0: the word speaks for spam). The score is the probability of spam, or `decision_function` where there is none.
    Words of one kind can stand in for one another, so changes do not add up.
    """
    text = texts_of([message])[0]
    words = list(dict.fromkeys(found.group().casefold() for found in _WORD.finditer(text)))
    variants = [_without(text, word) for word in words]
    scores = _scores(model, [text, *variants])
    table = pd.DataFrame({"term": words, "without": scores[1:], "change": scores[0] - scores[1:]})
    table = table.iloc[np.argsort(-np.abs(table["change"].to_numpy()), kind="stable")].reset_index(drop=True)
    return table if top is None else table.head(top)


def _without(text: str, word: str) -> str:
    kept = _WORD.sub(lambda found: "" if found.group().casefold() == word else found.group(), text)
    return re.sub(r"[ \t]{2,}", " ", kept).strip()


def _scores(model: Any, texts: list[str]) -> Floats:
    if hasattr(model, "predict_proba"):
        return np.asarray(model.predict_proba(texts), dtype=np.float64)[:, -1]
    if hasattr(model, "decision_function"):
        return np.asarray(model.decision_function(texts), dtype=np.float64)
    raise ValueError(f"{type(model).__name__} gives no score, neither predict_proba nor decision_function")


def _linear(model: Any) -> tuple[list[Any], list[tuple[str, str]], Floats, float]:
    """The transformers, part and name of each term, their weights and the base of a linear model."""
    check_is_fitted(model)
    model = _inside(model)
    if not isinstance(model, Pipeline):
        raise ValueError(f"{type(model).__name__} is no Pipeline of transformers and a classifier, so its terms have "
                         "no names; leave_one_out explains any model")
    steps = [step for _, step in model.steps[:-1] if step is not None and step != "passthrough"]
    named = [place for place, step in enumerate(steps) if hasattr(step, "get_feature_names_out")]
    if not named:
        raise ValueError("no step of the pipeline names its terms (get_feature_names_out)")
    try:
        terms = steps[named[0]].get_feature_names_out()
        for step in steps[named[0] + 1:]:
            terms = step.get_feature_names_out(terms)
    except AttributeError as error:
        raise ValueError(f"a step of the pipeline does not name its terms: {error}") from error
    weights, base = _weights(model.steps[-1][1])
    # A union of transformers writes part__term; elsewhere two underscores are the term's own.
    united = isinstance(steps[named[0]], FeatureUnion | ColumnTransformer)
    names = [tuple(str(term).split("__", 1)) if united and "__" in str(term) else ("", str(term)) for term in terms]
    return steps, [(part, term) for part, term in names], weights, base


def _inside(model: Any) -> Any:
    """The model within those that only choose a threshold."""
    while not isinstance(model, Pipeline) and hasattr(model, "estimator_"):
        model = model.estimator_
    return model


def _weights(classifier: Any) -> tuple[Floats, float]:
    """Weights and base of a linear classifier of two classes; those of a calibrated one after its calibration."""
    classifier = _inside(classifier)
    calibrated = getattr(classifier, "calibrated_classifiers_", None)
    if calibrated is not None:
        if len(calibrated) != 1:
            raise ValueError("the calibration holds several models, whose mean is not linear: use ensemble=False")
        if not hasattr(calibrated[0].estimator, "decision_function"):
            raise ValueError("a calibration of probabilities is not linear; leave_one_out explains any model")
        weights, base = _weights(calibrated[0].estimator)
        curve = calibrated[0].calibrators[0]
        if not hasattr(curve, "a_"):
            raise ValueError("only a calibration by method=\"sigmoid\" keeps a model linear")
        # Platt's sigmoid is 1 / (1 + exp(a f + b)), so the log-odds are -a f - b.
        return -curve.a_ * weights, float(-curve.a_ * base - curve.b_)
    if isinstance(classifier, MultinomialNB):
        logs, prior = classifier.feature_log_prob_, classifier.class_log_prior_
        _two_classes(classifier)
        return logs[1] - logs[0], float(prior[1] - prior[0])
    if isinstance(classifier, ComplementNB | BernoulliNB) or not hasattr(classifier, "coef_"):
        raise ValueError(f"{type(classifier).__name__} has no weight for each term; leave_one_out explains any model")
    _two_classes(classifier)
    weights = np.asarray(classifier.coef_, dtype=np.float64)
    return weights.ravel(), float(np.ravel(classifier.intercept_)[0])


def _two_classes(classifier: Any) -> None:
    if len(classifier.classes_) != 2:
        raise ValueError(f"the model tells {len(classifier.classes_)} classes apart; an explanation is of two")


def _seen(steps: list[Any], message: Any) -> Floats:
    """The row of values that the classifier gets for one message."""
    row: Any = texts_of([message])
    for step in steps:
        row = step.transform(row)
    dense = row.toarray() if hasattr(row, "toarray") else np.asarray(row)
    return np.asarray(dense, dtype=np.float64).ravel()

