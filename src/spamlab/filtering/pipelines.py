"""A filter to begin with, short enough to be read in class."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, MaxAbsScaler

from spamlab.filtering.features import MessageFeatures
from spamlab.filtering.normalize import Normalize
from spamlab.filtering.rules import RuleScorer
from spamlab.filtering.texts import Floats, Messages, probabilities


def make_filter(*, rules: Any = None, leet: bool = False, seed: int = 0) -> Pipeline:
    """A filter: what the words are, what the characters are, how it is written; weighed, and calibrated.

    rules: a list of Rule or the path of a rules file, to let each rule be weighed too. leet: as in `Normalize`.
    Takes messages and labels; `predict_proba` gives calibrated probabilities. The same messages and seed give the same
    filter. `explain` and `top_terms` read it.
    """
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=2, sublinear_tf=True,
                                 max_features=50_000)
    logarithms = FunctionTransformer(np.log1p, feature_names_out="one-to-one")
    seen = [
        ("words", make_pipeline(Normalize(leet), words)),
        ("characters", make_pipeline(Normalize(leet), characters)),
        ("written", make_pipeline(MessageFeatures(), logarithms, MaxAbsScaler())),
    ]
    if rules is not None:
        seen.append(("rules", make_pipeline(RuleScorer(rules), MaxAbsScaler())))
    # liblinear starts no threads of its own, which would get into each other's way on a server full of participants.
    weighed = LogisticRegression(C=10.0, class_weight="balanced", solver="liblinear", random_state=seed)
    calibrated = CalibratedClassifierCV(weighed, method="sigmoid", cv=5, ensemble=False)
    return Pipeline([("see", FeatureUnion(seen)), ("judge", calibrated)])


def spam_probability(model: Any, messages: Messages) -> Floats:
    """The probability of spam of each message, by a fitted model with `predict_proba`; its second class is spam."""
    return probabilities(model.predict_proba(messages))
