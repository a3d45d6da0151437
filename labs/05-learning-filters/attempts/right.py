"""Everything right, the open way: answers typed, the filter written as a pipeline without the lab's helpers."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any


def _reading() -> ModuleType:
    """The sums beside this file, wherever this file is loaded from."""
    name = "spamlab_attempts_05_reading"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("reading.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


reading = _reading()
Raws = dict[str, bytes]

ANSWERS: dict[str, Callable[[Raws], Any]] = {
    "w1": reading.lost_in_mini,
    "q1": reading.copied,
    "q2": reading.late,
    "q3": reading.lost_share,
    "v1": reading.cheaper_filter,
    "q4": reading.cheapest,
    "q5": reading.promises,
    "q6": reading.pushing,
    "q7": reading.change,
    "q9": lambda _seen: dict(reading.NOTE),
    "x1": reading.exit_cut,
    "x2": reading.exit_column,
}

FILTER = """
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from spamlab.kit import dataset

messages = dataset("train") + dataset("later")
my_filter = make_pipeline(
    TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    LogisticRegression(C=30, max_iter=2000),
)
my_filter.fit(messages.texts, messages.labels)
"""

SOURCES = {"q8-open": FILTER}
