"""Whether a probability means what it says: of the messages called spam with 0.8, eight in ten should be spam."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from spamlab.filtering.intervals import proportion
from spamlab.filtering.texts import Floats, pairs


def reliability_curve(y: Any, p: Any, bins: int = 10, *, strategy: str = "uniform",
                      level: float = 0.95) -> pd.DataFrame:
    """What was predicted against what was so, by bins of probability; empty bins are left out.

    strategy: "uniform" (bins of one width) or "quantile" (bins of about as many messages), as in scikit-learn's
    calibration_curve, which makes the two shares. Columns: predicted (mean probability), observed (share of spam), low
    and high (its Wilson interval), count, spam. Raises ValueError if a probability is not within 0 to 1.
    """
    spam, scores = pairs(y, p)
    _check_probabilities(scores)
    observed, predicted = calibration_curve(spam, scores, n_bins=bins, strategy=strategy)
    place = np.searchsorted(_inner_edges(scores, bins, strategy), scores)
    counts = np.bincount(place, minlength=bins)
    spams = np.bincount(place, weights=spam, minlength=bins)
    filled = counts > 0
    shares = [proportion(int(part), int(whole), level=level)
              for part, whole in zip(spams[filled], counts[filled], strict=True)]
    return pd.DataFrame({
        "predicted": predicted, "observed": observed, "low": [one.low for one in shares],
        "high": [one.high for one in shares], "count": counts[filled], "spam": spams[filled].astype(int),
    })


def brier_score(y: Any, p: Any) -> float:
    """The mean squared distance of probability and truth: 0 is perfect, 0.25 is a coin (Brier 1950)."""
    spam, scores = pairs(y, p)
    _check_probabilities(scores)
    return float(brier_score_loss(spam, scores, pos_label=True))


def expected_calibration_error(y: Any, p: Any, bins: int = 10, *, strategy: str = "uniform") -> float:
    """The mean distance of predicted and observed over the bins, weighed by their messages: 0 is perfect.

    Source: Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning" (AAAI 2015).
    """
    curve = reliability_curve(y, p, bins, strategy=strategy)
    distance = (curve["predicted"] - curve["observed"]).abs()
    return float((distance * curve["count"]).sum() / curve["count"].sum())


def _check_probabilities(scores: Floats) -> None:
    if scores.min() < 0 or scores.max() > 1:
        raise ValueError("probabilities lie from 0 to 1; scores of another kind must be calibrated first")


def _inner_edges(scores: Floats, bins: int, strategy: str) -> Floats:
    """The same edges as calibration_curve has, without the outer two."""
    shares = np.linspace(0.0, 1.0, bins + 1)
    edges: Floats = np.percentile(scores, shares * 100) if strategy == "quantile" else shares
    return edges[1:-1]
