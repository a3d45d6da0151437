"""Lets scikit-learn's checks, which feed numbers, reach an estimator of texts: each row is written out as a message."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin, clone
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted, validate_data

WORDS = ("won", "claim", "free", "see you", "meet", "love", "later", "call")


def written(rows: Any) -> list[str]:
    """Each row of numbers as a text: the sign of a number chooses a word, its size how often it is said."""
    texts = []
    for row in np.asarray(rows, dtype=float):
        said = []
        for place, number in enumerate(row):
            word = WORDS[(2 * place + int(number > 0)) % len(WORDS)]
            said.append(" ".join([word] * (1 + min(4, int(abs(number))))) + f" {number:.3f}")
        texts.append(", ".join(said))
    return texts


class _Written(BaseEstimator):  # type: ignore[misc]
    estimator: Any

    def _fit(self, X: Any, y: Any) -> Self:  # noqa: N803
        rows, labels = (validate_data(self, X), None) if y is None else validate_data(self, X, y)
        self.estimator_ = clone(self.estimator).fit(written(rows), labels)
        return self

    def _see(self, X: Any) -> list[str]:  # noqa: N803
        check_is_fitted(self)
        return written(validate_data(self, X, reset=False))


class WrittenTransformer(TransformerMixin, _Written):  # type: ignore[misc]
    """A transformer of texts, fed with numbers."""

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: N803
        """Fit the inner transformer on the rows written out."""
        return self._fit(X, y)

    def transform(self, X: Any) -> Any:  # noqa: N803
        """What the inner transformer makes of the rows written out."""
        return self.estimator_.transform(self._see(X)) if hasattr(self, "estimator_") else self._see(X)


class WrittenClassifier(ClassifierMixin, _Written):  # type: ignore[misc]
    """A classifier of texts, fed with numbers."""

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def fit(self, X: Any, y: Any) -> Self:  # noqa: N803
        """Fit the inner classifier on the rows written out."""
        if y is None:
            raise ValueError("requires y to be passed, but the target y is None")
        self._fit(X, y)
        self.classes_ = self.estimator_.classes_
        return self

    def predict(self, X: Any) -> Any:  # noqa: N803
        """The inner classifier's verdicts."""
        return self.estimator_.predict(self._see(X)) if hasattr(self, "estimator_") else self._see(X)

    def decision_function(self, X: Any) -> Any:  # noqa: N803
        """The inner classifier's scores."""
        return self.estimator_.decision_function(self._see(X)) if hasattr(self, "estimator_") else self._see(X)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        inner = get_tags(self.estimator)
        tags.classifier_tags = inner.classifier_tags
        return tags
