"""Rules and scikit-learn estimators for spam, with cost-aware evaluation; docs/filtering.md has a table of them.

Does not belong here: making the traffic (generate), scores of participants (judge).
"""

from spamlab.filtering.costs import (
    AtLimit,
    CostThresholdClassifier,
    best_threshold,
    cost_curve,
    expected_cost,
    recall_at_limit,
    threshold_from_costs,
)
from spamlab.filtering.features import FEATURES, MessageFeatures
from spamlab.filtering.intervals import Interval, proportion
from spamlab.filtering.normalize import Normalize, normalize
from spamlab.filtering.pipelines import make_filter, spam_probability
from spamlab.filtering.reliability import brier_score, expected_calibration_error, reliability_curve
from spamlab.filtering.rules import Rule, RuleFilter, RuleScorer, RuleSet, read_rules

__all__ = [
    "FEATURES",
    "AtLimit",
    "CostThresholdClassifier",
    "Interval",
    "MessageFeatures",
    "Normalize",
    "Rule",
    "RuleFilter",
    "RuleScorer",
    "RuleSet",
    "best_threshold",
    "brier_score",
    "cost_curve",
    "expected_calibration_error",
    "expected_cost",
    "make_filter",
    "normalize",
    "proportion",
    "read_rules",
    "recall_at_limit",
    "reliability_curve",
    "spam_probability",
    "threshold_from_costs",
]
