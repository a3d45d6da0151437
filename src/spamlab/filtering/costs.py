"""What a filter's errors cost, and the threshold that follows: a wanted message lost is dearer than a spam let through.

Everywhere a message counts as spam if its score is at least the threshold. `y` are labels ("spam"/"ham" or 1/0), `p`
scores of spam, mostly probabilities: one a message. Lost: wanted messages called spam. Missed: spam let through.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.model_selection import check_cv, cross_val_predict
from sklearn.utils import get_tags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, column_or_1d

from spamlab.filtering.intervals import proportion
from spamlab.filtering.texts import Booleans, Floats, pairs


@dataclass(frozen=True)
class AtLimit:
    """How much spam is found where at most `limit` of the wanted messages may be lost.

    recall, low, high: share of spam found and its confidence interval (0 to 1). threshold: where that is reached.
    found of spam, lost of wanted: the counts behind it.
    """

    limit: float
    recall: float
    low: float
    high: float
    threshold: float
    found: int
    spam: int
    lost: int
    wanted: int

    def __str__(self) -> str:
        return (f"{self.found} of {self.spam} spam found ({100 * self.recall:.1f} %, {100 * self.low:.1f} to "
                f"{100 * self.high:.1f} %), {self.lost} of {self.wanted} wanted messages lost, at {self.threshold:.4g}")


def expected_cost(y: Any, p: Any, threshold: float, cost_lost: float = 10.0, cost_missed: float = 1.0) -> float:
    """The mean cost of a message's verdict at `threshold`, in the unit of the two costs.

    Raises ValueError if labels and scores do not fit each other or a cost is negative.
    """
    spam, scores = pairs(y, p)
    _check_costs(cost_lost, cost_missed)
    called = scores >= threshold
    lost, missed = np.sum(called & ~spam), np.sum(~called & spam)
    return float((cost_lost * lost + cost_missed * missed) / len(spam))


def cost_curve(y: Any, p: Any, cost_lost: float = 10.0, cost_missed: float = 1.0) -> pd.DataFrame:
    """Every threshold that makes a difference, lowest first: columns threshold, lost, missed, cost (mean a message).

    The thresholds lie halfway between neighbouring scores; the first calls all messages spam (minus infinity), the last
    none (infinity).
    """
    spam, scores = pairs(y, p)
    _check_costs(cost_lost, cost_missed)
    thresholds, lost, missed = _steps(spam, scores)
    cost = (cost_lost * lost + cost_missed * missed) / len(spam)
    return pd.DataFrame({"threshold": thresholds, "lost": lost, "missed": missed, "cost": cost})


def best_threshold(y: Any, p: Any, *, cost_lost: float | None = None, cost_missed: float = 1.0,
                   most_lost: float | None = None) -> float:
    """The threshold that suits these messages best, by cost or by a limit on wanted messages lost.

    cost_lost, cost_missed: take the threshold of least cost. most_lost: the share of wanted messages (0 to 1) that may
    be lost; take the threshold that finds most spam within it. Of equals, the highest: it loses fewest. Infinity means
    that it is best to call nothing spam. Raises ValueError unless exactly one way is asked for.
    """
    spam, scores = pairs(y, p)
    _check_ways(cost_lost, cost_missed, most_lost)
    return _best(spam, scores, cost_lost, cost_missed, most_lost)


def threshold_from_costs(cost_lost: float, cost_missed: float = 1.0) -> float:
    """The best threshold for perfectly calibrated probabilities: cost_lost / (cost_lost + cost_missed).

    Source: Elkan, "The foundations of cost-sensitive learning" (IJCAI 2001), equation 2.
    """
    _check_costs(cost_lost, cost_missed)
    if cost_lost + cost_missed == 0:
        raise ValueError("one of the costs must be above 0")
    return cost_lost / (cost_lost + cost_missed)


def recall_at_limit(y: Any, p: Any, limit: float, *, level: float = 0.95, method: str = "wilson") -> AtLimit:
    """How much spam is found where at most the share `limit` of wanted messages is lost (0 to 1).

    level, method: of the interval, as in `proportion`. The interval is that of the recall at this threshold: that the
    threshold was chosen on the same messages is not in it, so choose it on others for an honest figure.
    """
    spam, scores = pairs(y, p)
    _check_ways(None, 1.0, limit)
    threshold = _best(spam, scores, None, 1.0, limit)
    called = scores >= threshold
    found, lost = int(np.sum(called & spam)), int(np.sum(called & ~spam))
    total = int(spam.sum())
    share = proportion(found, total, level=level, method=method)
    return AtLimit(limit, share.value, share.low, share.high, threshold, found, total, lost, len(spam) - total)


def _check_costs(cost_lost: float, cost_missed: float) -> None:
    for name, cost in (("cost_lost", cost_lost), ("cost_missed", cost_missed)):
        if not (np.isfinite(cost) and cost >= 0):
            raise ValueError(f"{name} must be a number of at least 0, not {cost}")


def _check_ways(cost_lost: float | None, cost_missed: float, most_lost: float | None) -> None:
    if (cost_lost is None) == (most_lost is None):
        raise ValueError("a threshold is chosen by cost_lost (with cost_missed) or by most_lost: give one of them")
    if cost_lost is not None:
        _check_costs(cost_lost, cost_missed)
    if most_lost is not None and not 0 <= most_lost <= 1:
        raise ValueError(f"most_lost is a share of the wanted messages, from 0 to 1, not {most_lost}")


def _steps(spam: Booleans, scores: Floats) -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Thresholds from minus infinity to infinity, with the wanted lost and the spam missed at each."""
    order = np.argsort(scores, kind="stable")
    ranked, is_spam = scores[order], spam[order]
    starts = np.flatnonzero(np.r_[True, np.diff(ranked) > 0])
    below_spam = np.r_[0, np.cumsum(is_spam)]
    below_ham = np.r_[0, np.cumsum(~is_spam)]
    ends = np.r_[starts, len(ranked)]
    lower, upper = ranked[starts[1:] - 1], ranked[starts[1:]]
    middle = lower + (upper - lower) / 2
    # Between two neighbouring floats there is nothing: then the upper one, so that the lower stays below.
    middle = np.where(middle > lower, middle, upper)
    thresholds = np.r_[-np.inf, middle, np.inf]
    return thresholds, (below_ham[-1] - below_ham[ends]).astype(np.int64), below_spam[ends].astype(np.int64)


def _best(spam: Booleans, scores: Floats, cost_lost: float | None, cost_missed: float,
          most_lost: float | None) -> float:
    thresholds, lost, missed = _steps(spam, scores)
    if most_lost is not None:
        # Half a message of slack, for 0.01 of 300 is 3 and not 2.9999999999999996.
        bad = np.where(lost > most_lost * np.sum(~spam) + 1e-9, np.inf, missed)
    else:
        assert cost_lost is not None
        bad = cost_lost * lost + cost_missed * missed
    # Of equals the last: the highest threshold.
    return float(thresholds[len(bad) - 1 - int(np.argmin(bad[::-1]))])


def _has_probabilities(self: CostThresholdClassifier) -> bool:
    return hasattr(getattr(self, "estimator_", self.estimator), "predict_proba")


class CostThresholdClassifier(ClassifierMixin, MetaEstimatorMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier whose threshold is chosen by cost, or by a limit on wanted messages lost.

    The threshold is chosen on scores out of fold (each message is scored by a model that has not seen it), all folds
    pooled; then `estimator` learns from all messages. scikit-learn's TunedThresholdClassifierCV takes the mean of
    each fold's curve over a grid of thresholds: no limit on lost messages can be kept so, and a rare cost is lost.

    estimator: any classifier of two classes with `predict_proba` or `decision_function`; spam is the second class, as
    in "ham" < "spam" and 0 < 1. cost_lost, cost_missed, most_lost: as in `best_threshold`; without any, lost costs 10
    times as much as missed. cv: folds, as everywhere in scikit-learn.

    Learned: `estimator_`, `threshold_`, `classes_`.
    """

    def __init__(self, estimator: Any, *, cost_lost: float | None = None, cost_missed: float = 1.0,
                 most_lost: float | None = None, cv: Any = 5) -> None:
        self.estimator = estimator
        self.cost_lost = cost_lost
        self.cost_missed = cost_missed
        self.most_lost = most_lost
        self.cv = cv

    def fit(self, X: Any, y: Any) -> Self:  # noqa: N803 - scikit-learn's name
        """Choose the threshold out of fold, then learn from all. X: what the estimator takes; y: labels."""
        cost_lost = 10.0 if self.cost_lost is None and self.most_lost is None else self.cost_lost
        _check_ways(cost_lost, self.cost_missed, self.most_lost)
        if y is None:
            raise ValueError("a classifier requires y to be passed, but the target y is None: it learns from labels")
        y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        kind = type_of_target(y, input_name="y")
        if kind != "binary":
            raise ValueError(f"Only binary classification is supported. The type of the target is {kind}.")
        self.estimator_ = clone(self.estimator).fit(X, y)
        self.classes_ = self.estimator_.classes_
        if len(self.classes_) == 1:
            raise ValueError("a threshold lies between two classes, but all labels say one class")
        folds = check_cv(self.cv, y, classifier=True)
        scores = cross_val_predict(self.estimator, X, y, cv=folds, method=self._method())
        spam = y == self.classes_[-1]
        self.threshold_ = _best(spam, _one_column(scores), cost_lost, self.cost_missed, self.most_lost)
        return self

    @property
    def n_features_in_(self) -> int:
        """The number of columns of X, where the estimator counts them."""
        return int(self.estimator_.n_features_in_)

    def predict(self, X: Any) -> Any:  # noqa: N803
        """The verdict on each message at the chosen threshold."""
        check_is_fitted(self)
        spam = self._scores(X) >= self.threshold_
        return self.classes_[spam.astype(int)]

    def decision_function(self, X: Any) -> Floats:  # noqa: N803
        """By how much each score lies above the threshold: what is above 0 is spam.

        At the threshold itself that is the least number above 0, for scikit-learn calls nothing else the second class.
        """
        check_is_fitted(self)
        above: Floats = self._scores(X) - np.nextafter(self.threshold_, -np.inf)
        return above

    @available_if(_has_probabilities)  # type: ignore[untyped-decorator]
    def predict_proba(self, X: Any) -> Any:  # noqa: N803
        """The estimator's probabilities, as they are; the threshold does not move them."""
        check_is_fitted(self)
        return self.estimator_.predict_proba(X)

    def _scores(self, X: Any) -> Floats:  # noqa: N803
        return _one_column(getattr(self.estimator_, self._method())(X))

    def _method(self) -> str:
        return "predict_proba" if hasattr(self.estimator_, "predict_proba") else "decision_function"

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        inner = get_tags(self.estimator)
        tags.input_tags = inner.input_tags
        tags.classifier_tags.multi_class = False
        tags.target_tags.required = True
        return tags


def _one_column(scores: Any) -> Floats:
    found: Floats = np.asarray(scores, dtype=np.float64)
    return found[:, -1] if found.ndim == 2 else found
