"""The libraries' first use, once for all runs."""

from __future__ import annotations

import subprocess
import sys


def test_the_first_use_loads_nothing_more() -> None:
    """After it, an ordinary lab on pandas and scikit-learn loads no further part of the libraries."""
    asked = """
import sys
import pandas as pd
import sklearn.linear_model
from spamlab.grading.warmup import warm_up
assert warm_up() == [], "a library did not take it"
before = set(sys.modules)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
frame = pd.DataFrame({"text": ["one two", "two three", "three four", "four five"] * 5, "label": ["x", "y"] * 10})
pd.crosstab(frame["label"], frame["text"])
frame.groupby("label")["text"].count()
parts = train_test_split(frame["text"], frame["label"], test_size=0.5, random_state=1, stratify=frame["label"])
matrix = TfidfVectorizer().fit_transform(parts[0])
LogisticRegression().fit(matrix, parts[2]).predict(matrix)
print(sorted(set(sys.modules) - before))
"""
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=120)
    assert run.stdout.strip() == "[]"
