"""Measures by slice: one figure for all messages hides the language or the type on which a filter fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import roc_auc_score

from spamlab.filtering.intervals import proportion
from spamlab.filtering.texts import Booleans, Floats, pairs

COLUMNS = ("messages", "spam", "wanted", "found", "recall", "recall_low", "recall_high", "lost", "lost_share",
           "lost_low", "lost_high", "cost", "auc", "brier")
"""What is measured of each slice: counts; recall and share of wanted messages lost, with their intervals; mean cost a
message; area under the ROC curve (NaN where one class is missing); Brier score (NaN where p are no probabilities)."""


def slice_metrics(records: Any, y: Any, p: Any, threshold: float = 0.5, *,
                  by: Sequence[str] = ("language", "type", "month"), cost_lost: float = 10.0, cost_missed: float = 1.0,
                  level: float = 0.95) -> pd.DataFrame:
    """The measures of all messages and of each slice: columns slice, value and COLUMNS; the first row is of all.

    records: a list of records or a table, one a message, with the fields that `by` names; "month" comes from `sent` if
    there is no such field. A field that no record has is left out; a record without it counts as "(none)".
    threshold: a message is called spam from this score on. Raises ValueError if the lengths differ or no field of `by`
    is there.
    """
    spam, scores = pairs(y, p)
    table = as_table(records)
    if len(table) != len(spam):
        raise ValueError(f"there are {len(table)} records and {len(spam)} labels; each message needs one of both")
    rows: list[dict[str, Any]] = [{"slice": "all", "value": "all",
                                   **measures(spam, scores, threshold, cost_lost, cost_missed, level)}]
    fields = {name: values for name in by if (values := field(table, name)) is not None}
    if by and not fields:
        raise ValueError(f"the records have none of the fields {', '.join(by)}, so there is nothing to slice by")
    for name, values in fields.items():
        for value in sorted(set(values)):
            chosen = values == value
            rows.append({"slice": name, "value": value,
                         **measures(spam[chosen], scores[chosen], threshold, cost_lost, cost_missed, level)})
    return pd.DataFrame(rows)


def metrics_at(y: Any, p: Any, threshold: float = 0.5, *, cost_lost: float = 10.0, cost_missed: float = 1.0,
               level: float = 0.95) -> pd.Series:
    """The measures of all messages at one threshold, by the names in COLUMNS; for a threshold chosen on others."""
    spam, scores = pairs(y, p)
    return pd.Series(measures(spam, scores, threshold, cost_lost, cost_missed, level), dtype=object)


def measures(spam: Booleans, scores: Floats, threshold: float, cost_lost: float = 10.0, cost_missed: float = 1.0,
             level: float = 0.95) -> dict[str, Any]:
    """The COLUMNS of one set of messages, which must not be empty."""
    called = scores >= threshold
    spams, found, lost = int(spam.sum()), int(np.sum(called & spam)), int(np.sum(called & ~spam))
    wanted = len(spam) - spams
    recall, gone = proportion(found, spams, level=level), proportion(lost, wanted, level=level)
    likely = bool(scores.min() >= 0 and scores.max() <= 1)
    return {
        "messages": len(spam), "spam": spams, "wanted": wanted,
        "found": found, "recall": recall.value, "recall_low": recall.low, "recall_high": recall.high,
        "lost": lost, "lost_share": gone.value, "lost_low": gone.low, "lost_high": gone.high,
        "cost": (cost_lost * lost + cost_missed * (spams - found)) / len(spam),
        "auc": float(roc_auc_score(spam, scores)) if spams and wanted else float("nan"),
        "brier": float(np.mean((scores - spam) ** 2)) if likely else float("nan"),
    }


def as_table(records: Any) -> pd.DataFrame:
    """Records as a table, one row each; a table stays one, but its rows are numbered anew.

    Raises ValueError if a record is no dictionary.
    """
    if isinstance(records, pd.DataFrame):
        return records.reset_index(drop=True)
    listed = list(records)
    for place, one in enumerate(listed):
        if not isinstance(one, Mapping):
            raise ValueError(f"record {place} is no dictionary but {type(one).__name__}: fields such as language and "
                             "sent are needed here")
    return pd.DataFrame(listed)


def field(table: pd.DataFrame, name: str) -> npt.NDArray[np.object_] | None:
    """One field of every record as texts, "(none)" where it is missing; None if no record has it."""
    if name in table.columns:
        values = table[name]
    elif name == "month" and "sent" in table.columns:
        values = months(table["sent"])
    else:
        return None
    filled: npt.NDArray[np.object_] = values.astype(object).where(values.notna(), "(none)").astype(str).to_numpy(object)
    return filled


def months(sent: Any) -> pd.Series:
    """The month of each time (RFC 3339, with any offset) in UTC, as 2026-03; missing where there is no time in it."""
    times = pd.to_datetime(pd.Series(sent), utc=True, errors="coerce", format="ISO8601")
    return times.dt.strftime("%Y-%m")
