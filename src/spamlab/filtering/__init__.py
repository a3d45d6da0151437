"""Rules and scikit-learn estimators for spam, with cost-aware evaluation; docs/filtering.md has a table of them.

Does not belong here: making the traffic (generate), scores of participants (judge).
"""

from spamlab.filtering.corpora import read_corpus
from spamlab.filtering.costs import (
    AtLimit,
    CostThresholdClassifier,
    best_threshold,
    cost_curve,
    expected_cost,
    recall_at_limit,
    threshold_from_costs,
)
from spamlab.filtering.drift import drift_table, new_term_share, population_stability_index, vocabulary_shift
from spamlab.filtering.explain import explain, leave_one_out, top_terms
from spamlab.filtering.features import FEATURES, MessageFeatures
from spamlab.filtering.intervals import Interval, proportion
from spamlab.filtering.leaks import near_repeats, shared_share, telltale_fields
from spamlab.filtering.normalize import Normalize, normalize
from spamlab.filtering.pipelines import make_filter, spam_probability
from spamlab.filtering.reliability import brier_score, expected_calibration_error, reliability_curve
from spamlab.filtering.rules import Rule, RuleFilter, RuleScorer, RuleSet, read_rules
from spamlab.filtering.slices import metrics_at, slice_metrics
from spamlab.filtering.soundness import filter_faults

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
    "drift_table",
    "expected_calibration_error",
    "expected_cost",
    "explain",
    "filter_faults",
    "leave_one_out",
    "make_filter",
    "metrics_at",
    "near_repeats",
    "new_term_share",
    "normalize",
    "population_stability_index",
    "proportion",
    "read_corpus",
    "read_rules",
    "recall_at_limit",
    "reliability_curve",
    "shared_share",
    "slice_metrics",
    "spam_probability",
    "telltale_fields",
    "threshold_from_costs",
    "top_terms",
    "vocabulary_shift",
]
