"""Whether a test meets after the last cell what it would have met in its place."""

from __future__ import annotations

import time

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


@pytest.mark.parametrize("later", [
    "import pandas as np", "import numpy\nnumpy.sum = None", "from numpy import random as r\nr.seed(1)",
    "import numpy\nnumpy.random.seed(1)", "sys.modules['numpy'] = None\nimport numpy as np",
    "import sys as s\ns.modules.pop('numpy')\nimport numpy as np", "np.seterr(all='raise')",
    "old = np.seterr(all='raise')", "pd.set_option('mode.copy_on_write', True)",
    "pd.options.mode.copy_on_write = True", "warnings.simplefilter('error')",
    "from warnings import simplefilter\nsimplefilter('error')", "os.chdir('..')",
    "import builtins\nbuiltins.len = None",
    "import importlib\nimportlib.reload(np)", "os.environ['TZ'] = 'UTC'",
])
def test_what_modules_have_in_common(later: str) -> None:
    """Another module under the name, a part of it put in place of another, a setting: all are seen."""
    earlier = ["import numpy as np\nimport pandas as pd\nimport os, sys, warnings", *EARLIER]
    assert same_at_the_end("assert np.sum(kept['n']) == 3", earlier, ["import numpy as np\nnp.mean(kept['n'])"])
    assert not same_at_the_end("assert np.sum(kept['n']) == 3", earlier, [later])


@pytest.mark.parametrize("later", [
    "other = kept\nother['n'] = 0", "part = kept['n'].values\npart[0] = 1",
    "for one in (kept, 1):\n    one.dropna(inplace=True)", "a, b = kept, 2\na.pop('n')", "first['n'] = 0",
    "tidy()", "fresh()", "again()", "thing.spoil()", "A().empty(kept)", "import random\nrandom.shuffle(kept)",
    "from heapq import heappush\nheappush(kept, 1)", "match 1:\n    case kept: pass", "far()",
])
def test_what_is_changed_by_another_name_or_from_afar(later: str) -> None:
    """A second name for the same thing, a function of the notebook that changes it, a library's that is known to."""
    helpers = ("def tidy():\n    kept.drop(columns='text', inplace=True)\ndef fresh():\n    global kept\n    kept = 1\n"
               "def again():\n    tidy()\ndef far():\n    mine = kept\n    mine['n'] = 0\n"
               "class A:\n    def spoil(self): kept.pop('n')\n    def empty(self, frame): frame.pop('n')\nthing = A()")
    earlier = ["first = frame", "kept = first", helpers]
    assert same_at_the_end("assert kept['n'].sum() == 3", earlier, ["def own(kept):\n    return kept['n']\nx = 1"])
    assert not same_at_the_end("assert kept['n'].sum() == 3", earlier, [later])


@pytest.mark.parametrize("later", [
    ">>> kept = 5", "  kept = 5", "_ = %reset -f", "x = !rm a.csv", "reset -f", "run other.py", "/tidy", "cd data",
])
def test_ipythons_own_language_is_seen(later: str) -> None:
    """A cell that Python can't read may be one that IPython can."""
    assert not same_at_the_end(TEST, EARLIER, [later])


@pytest.mark.parametrize(("test", "later"), [
    ("assert np.random.rand() < 0.6", "x = np.random.rand(3)"), ("assert draw() == 3", "rows = kept.sample(5)"),
    ("assert len(pd.read_csv('a.csv')) == 3", "kept.head().to_csv('a.csv')"),
    ("assert Path('a.txt').exists()", "Path('a.txt').unlink()"),
    ("assert plt.gca().get_title() == 'x'", "plt.title('y')"), ("assert plt.gca().get_title()", "spoil(plt.gca())"),
])
def test_what_lies_outside_the_names(test: str, later: str) -> None:
    """Random numbers, files and the drawing that is at work are the same for all cells; other tests have no part."""
    earlier = ["import random\nimport numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt", *EARLIER,
               "from pathlib import Path\ndef draw(): return random.randint(1, 6)\ndef spoil(axes): axes.clear()"]
    assert not same_at_the_end(test, earlier, [later])
    assert same_at_the_end("assert clean('A') == 'a'", earlier, [later])


def test_what_comes_before_does_not_matter() -> None:
    """Only cells after the test count."""
    assert same_at_the_end(TEST, [*EARLIER, "kept = kept.head(2)"], [])


@pytest.mark.parametrize("later", [
    ",".join(f"a{one}" for one in range(9000)) + "=" + ",".join(f"b{one}" for one in range(9000)),
    "\n".join(f"{' ' * depth}def f(x):" for depth in range(90)) + f"\n{' ' * 90}" + "x=1;" * 20_000,
    "x" + ".a" * 40_000 + " = 1", "x = " + "[" * 90 + "]" * 90, "-" * 90_000 + "1",
])
def test_a_source_that_is_made_to_take_long(later: str) -> None:
    """The look at it is short, whatever it finds."""
    began = time.process_time()
    same_at_the_end(TEST, [later], [later])
    assert time.process_time() - began < 10


@given(st.text(), st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_it_never_raises(test: str, earlier: list[str], later: list[str]) -> None:
    """Whatever stands in the cells, there is an answer."""
    assert same_at_the_end(test, earlier, later) in (True, False)
