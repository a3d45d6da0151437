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


def test_a_first_error_loads_nothing_more_and_leaves_no_trace() -> None:
    """After `prepare`, a cell that fails is shown without a further import, and no error of ours is left to be seen."""
    asked = """
import sys
from spamlab.grading import child
child.prepare()
assert not any(hasattr(sys, name) for name in ("last_type", "last_value", "last_traceback", "last_exc"))
assert child.outputs.all == []
shell, stdout = child.make_shell(), sys.stdout
none = child.run_cell(shell, "%tb", 0.0)
before = set(sys.modules)
shown = child.run_cell(shell, "def half(n):\\n    return n / 0\\nhalf(1)", 0.0)
sys.stdout = stdout
print(none[0]["text"].strip(), shown[0]["ename"], shell.execution_count, sorted(set(sys.modules) - before))
"""
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=120)
    assert run.stdout.strip() == "No traceback available to show. ZeroDivisionError 3 []"
