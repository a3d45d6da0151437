"""Whether a test meets after the last cell what it would have met in its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.grading.unchanged import same_at_the_end

TEST = "assert kept['text'].notna().all()\nassert clean('A') == 'a'\nassert len(kept) == 3"
EARLIER = ["import pandas as pd\nLIMIT = 3", "kept = frame.dropna()\ndef clean(text):\n    return text.lower()[:LIMIT]"]


@pytest.mark.parametrize("later", [
    "", "x = kept['text'].str.lower()", "model.fit(kept['text'], kept['label'])", "print(kept.head())",
    "rows = [one for one in kept['text']]", "other = kept.drop(columns=['text'])",
    "counts = {}\ncounts['a'] = len(kept)",
    "this is no Python",
])
def test_what_only_reads_changes_nothing(later: str) -> None:
    """Cells that read the names, and give them to a library, leave the test's answer as it is."""
    assert same_at_the_end(TEST, EARLIER, [later])


@pytest.mark.parametrize("later", [
    "kept = 5", "kept['text'] = ''", "kept.text = ''", "kept.drop(columns='text', inplace=True)", "del kept['text']",
    "for kept in range(3): pass", "def clean(text): return text", "LIMIT = 1", "import os as kept", "exec('kept = 5')",
    "globals()['kept'] = 5", "%reset -f", "kept.loc[0, 'text'] = None", "kept['text'].values.fill(0)", "kept += 1",
    "def spoil(frame): frame.pop('text')\nspoil(kept)", "with open('x') as kept: pass", "from os import *",
    "kept.update(other)", "setattr(kept, 'text', 1)", "try:\n    pass\nexcept Exception as kept:\n    pass",
])
def test_what_may_change_is_seen(later: str) -> None:
    """A new meaning, a change in place, or anything open: then the test is put again in its place."""
    assert not same_at_the_end(TEST, EARLIER, ["x = 1", later])


@pytest.mark.parametrize(("later", "same"), [
    ("clean(np.array([1]))", True), ("clean(np)", False), ("clean([np, np.array([1])])", False),
    ("np.array = None", False), ("import numpy as np", True), ("import other as clean", False),
    ("clean(kept.head())", False),
])
def test_a_module_is_not_what_its_functions_give(later: str, same: bool) -> None:
    """A function of the notebook that is given what a library made can't change the library; a frame's view can."""
    assert same_at_the_end("assert np.sum(kept) == clean(3)", ["import numpy as np", *EARLIER], [later]) is same


def test_what_comes_before_does_not_matter() -> None:
    """Only cells after the test count."""
    assert same_at_the_end(TEST, [*EARLIER, "kept = kept.head(2)"], [])


@given(st.text(), st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_it_never_raises(test: str, earlier: list[str], later: list[str]) -> None:
    """Whatever stands in the cells, there is an answer."""
    assert same_at_the_end(test, earlier, later) in (True, False)
