"""Traces: none for honest work, one at least for each way of cheating, and no input that defeats them."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spamlab.content.lab import read_lab
from spamlab.course.attempts import answer_of, read_attempts
from spamlab.course.build import build_source
from spamlab.generate.recipes import read_recipe
from spamlab.generate.routes import make_route_messages
from spamlab.grading.suspects import SENTENCES, suspects
from spamlab.grading.traces import (
    MOST_TRACES,
    Trace,
    traces_of_answers,
    traces_of_files,
    traces_of_layout,
    traces_of_run,
    traces_of_sources,
)
from spamlab.judge.lab_data import load_checks
from spamlab.seeds import PURPOSES

ROOT = Path(__file__).parents[2]
LABS = ROOT / "labs"
ORDINARY = '''
%matplotlib inline
import os, re, sys, json, math, time, random, datetime, collections
os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt
from IPython.display import HTML, display
from IPython.core.interactiveshell import InteractiveShell
InteractiveShell.ast_node_interactivity = "all"
pd.options.display.max_rows = 100
pd.set_option("display.width", 120)
plt.rcParams["figure.figsize"] = (8, 4)
np.random.seed(7)
!pip install scikit-learn
%time frame = pd.DataFrame({"text": ["win <b>money</b> now", "see you at noon"] * 50, "label": [1, 0] * 50})
===
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import Pipeline

class Lengths:
    """The length of each text."""

    def __init__(self, scale=1.0):
        self.scale = scale

    def fit(self, texts, labels=None):
        return self

    def transform(self, texts):
        return [[len(text) * self.scale] for text in texts]

    def __repr__(self):
        return f"Lengths({self.scale})"

    def __eq__(self, other):
        return isinstance(other, Lengths) and other.scale == self.scale

train, test = train_test_split(frame, test_size=0.3, random_state=1)
model = Pipeline([("words", TfidfVectorizer()), ("line", LogisticRegression(max_iter=1_000))])
search = GridSearchCV(model, {"line__C": [0.1, 1, 10]}, cv=3, n_jobs=-1)
search.fit(train.text, train.label)
print(search.best_score_, "%d rows" % len(frame), f"{time.time():.0f}")
===
spam = frame.query("label == 1")
frame["length"] = frame.text.str.len()
frame["links"] = frame.text.apply(lambda text: len(re.findall(r"https?://|javascript:|<script", text)))
frame.eval("twice = length * 2")
with open("notes.txt", "w") as file:
    file.write("done")
assert frame.length.max() < 10**9, "too long"
cache = {}
def length(text):
    if text not in cache:
        cache[text] = len(text)
    return cache[text]
while True:
    if random.random() > 0.5:
        break
try:
    1 / 0
except ZeroDivisionError as error:
    print("\\033[1mno\\033[0m", error)
display(HTML("<b>bold</b><table><tr><td>1</td></tr></table>"))
display(frame.groupby("label").length.agg(["mean", "max"]))
plt.plot(range(10_000))
===
def find(raw):
    """The first address: café, Δx, القيمة."""
    قيمة = raw.decode("latin-1")
    match = re.search(r"\\[([0-9.]+)\\]", قيمة)
    lines = []
    for line in قيمة.splitlines():
        lines.append(line)
    if match is None:
        raise ValueError("no address")
    return match.group(1)
check("q3", find)
===
this is a cell that does not parse, by an honest mistake(
===
Σ = sum([1, 2]); α_hat = 3  # 50% of 2!
x = 5 % 3
'''


def codes(found: list[Trace]) -> set[str]:
    """The codes of the findings."""
    return {one.code for one in found}


def cell(name: str, source: str, **marks: Any) -> dict[str, Any]:
    """A code cell with nbgrader's marks."""
    whole = {"grade": False, "solution": False, "locked": False, "task": False, "grade_id": name, "schema_version": 3,
             **marks}
    return {"cell_type": "code", "id": name, "metadata": {"nbgrader": whole}, "source": source, "outputs": [],
            "execution_count": None}


def released() -> dict[str, Any]:
    """A small released notebook."""
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "spamlab", "display_name": "s"}},
            "cells": [cell("start", "start()", locked=True), cell("q1-open", "# yours", solution=True),
                      cell("q1", 'check("q1")', grade=True, locked=True, points=2),
                      cell("q2", "# code", grade=True, solution=True, points=3)]}


def test_an_ordinary_notebook_leaves_no_trace() -> None:
    """pandas, scikit-learn, magics, classes, an honest mistake: nothing of it is a finding."""
    found = traces_of_sources(ORDINARY.split("===\n"))
    assert found == []


def test_the_lab_itself_leaves_no_trace() -> None:
    """The lab's own notebook, as released and as answered with a rule of one's own, leaves no trace."""
    for folder in sorted(path for path in LABS.iterdir() if (path / "lab.toml").is_file()):
        lab = read_lab(folder)
        notebook = json.loads(build_source(lab, load_checks(folder)))
        assert traces_of_layout(notebook, notebook) == []
        assert traces_of_sources(notebook["cells"]) == []
        for name in ("right", "guided", "wrong"):
            for attempt in read_attempts(lab, name):
                worked = copy.deepcopy(notebook)
                for one in worked["cells"]:
                    key = one["metadata"].get("nbgrader", {}).get("grade_id")
                    if key in attempt.sources:
                        one["source"] = attempt.sources[key]
                    if one["cell_type"] == "code":
                        one["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {
                            "text/html": "<div class='spamlab'>right</div>", "text/plain": "right"}}]
                assert traces_of_layout(json.dumps(worked).encode(), notebook) == []
                assert traces_of_sources(worked["cells"]) == []


@pytest.mark.parametrize("name", ["right", "guided", "wrong"])
def test_honest_answers_leave_no_trace(name: str) -> None:
    """The files of answers that every attempt at lab 02 gives leave no trace, whether they are right or not."""
    lab = read_lab(LABS / "02-header-forensics")
    checks = load_checks(lab.folder)
    recipe = read_recipe(ROOT / "datasets" / "recipes" / "header-forensics.toml")
    drawn = {purpose: make_route_messages(recipe, purpose, b"traces") for purpose in PURPOSES}
    for attempt in read_attempts(lab, name):
        files = {}
        for question in checks.questions.values():
            for purpose in question.about:
                value = answer_of(attempt, question, dict(drawn[purpose]), purpose)
                key = question.id + ("-twin" if purpose == "twin" else "")
                files[f"{key}.json"] = (json.dumps({"answer": value}, indent=1, ensure_ascii=False) + "\n").encode()
        assert len(files) > 8
        assert traces_of_answers(files) == []


def test_an_honest_run_and_honest_files_leave_no_trace() -> None:
    """Text, pictures, errors with colours and failing functions are what honest notebooks show."""
    error = {"type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["\x1b[0;31mValueError\x1b[0m: no"]}
    played = SimpleNamespace(
        ended={}, shown={0: [{"type": "stream", "name": "stdout", "text": "hello\n"}], 1: [error],
                         2: [{"type": "result", "data": {"text/plain": "24.0", "image/png": "iVBORw0KGgo="}}]},
        outputs={"q3": {"i0": {"value": "x"}, "i1": {"error": "ValueError: no"}}, "q4": None})
    assert traces_of_run(played) == []
    assert traces_of_files([], ["notebook.ipynb", "helpers.py", "answers/q1.json", "take-home/report.txt", "café.csv",
                                "data/mail.csv", "secretary.csv", "my notes.txt", "القيمة.txt"]) == []


CHANGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "deleted-cell": lambda notebook: notebook["cells"].pop(2),
    "doubled-cell": lambda notebook: notebook["cells"].append(copy.deepcopy(notebook["cells"][2])),
    "moved-cell": lambda notebook: notebook["cells"].reverse(),
    "retyped-cell": lambda notebook: notebook["cells"][2].update(cell_type="markdown"),
    "changed-cell": lambda notebook: notebook["cells"][2].update(source="2.0"),
    "forged-marks": lambda notebook: notebook["cells"][2]["metadata"]["nbgrader"].update(points=1000),
    "forged-output": lambda notebook: notebook["cells"][2]["outputs"].append(
        {"output_type": "execute_result", "data": {"text/plain": "2.0"}, "metadata": {}, "execution_count": 1}),
    "forged-cell": lambda notebook: notebook["cells"].append(5),
    "forged-notebook": lambda notebook: notebook["metadata"].update(kernelspec={"name": "../../evil"}),
    "own-signs": lambda notebook: notebook["cells"].append(
        {"cell_type": "markdown", "metadata": {}, "source": "<script>alert(1)</script>"}),
    "raw-cell": lambda notebook: notebook["cells"].append({"cell_type": "raw", "metadata": {}, "source": "x"}),
    "odd-signs": lambda notebook: notebook["cells"][1].update(source="x = 1 # \u202etxet"),
    "big-source": lambda notebook: notebook["cells"][1].update(source="x = 1\n" * 50_000),
    "big-metadata": lambda notebook: notebook["cells"][1]["metadata"].update(x="y" * 100_000),
    "many-cells": lambda notebook: notebook["cells"].extend(
        {"cell_type": "markdown", "metadata": {}, "source": "x"} for _ in range(3000)),
    "unreadable-notebook": lambda notebook: notebook.pop("cells"),
}


@pytest.mark.parametrize("code", CHANGES)
def test_a_change_of_the_layout_is_named(code: str) -> None:
    """Each way to change the layout has its code, and its place is named where it has one."""
    notebook = released()
    CHANGES[code](notebook)
    found = traces_of_layout(json.dumps(notebook), released())
    assert code in codes(found)
    assert all(len(one.sentence) <= 160 and one.sentence.isprintable() for one in found)


SOURCES = {
    "always-equal": "class A(str):\n    def __eq__(self, other):\n        return True",
    "answer-files": "open(f'answers/{name}.json', 'w')",
    "at-exit": "import atexit",
    "code-from-text": "exec('x = 1')",
    "descriptors": "import os\nos.write(3, b'x')",
    "endless-loop": "while True:\n    try:\n        pass\n    except BaseException:\n        pass",
    "ends-interpreter": "import os\nos._exit(0)",
    "environment": "import os\nprint(os.environ)",
    "fills-disk": "for n in range(100_000):\n    open(str(n), 'w')",
    "forged-verdict": "def find(raw):\n    return {'share': 1.0}\ncheck('q3', find)",
    "frames": "import sys\nsys._getframe(1)",
    "grader-aware": "import os\nos.environ.get('SPAMLAB_GRADED')",
    "huge-size": "x = 'x' * 10**9",
    "import-hook": "import sys\nsys.meta_path.insert(0, object())",
    "ipython-hook": "get_ipython().ast_transformers.append(None)",
    "keeps-inputs": "kept = []\ndef find(raw):\n    kept.append(raw)\n    return 1\ncheck('q3', find)",
    "links": "import os\nos.symlink('a', 'b')",
    "lookup-table": "T = {}\ndef find(raw):\n    return T.get(raw)\ncheck('q3', find)",
    "memory-map": "import mmap",
    "mixed-letters": "сheck = 1",  # the first letter is Cyrillic
    "native-code": "import ctypes\nctypes.string_at(0)",
    "network": "import socket",
    "object-search": "import gc\ngc.get_objects()",
    "odd-paths": "open('/proc/self/mem')",
    "odd-signs": "print('\\x1b]0;title\\x07')",
    "own-signs": "from IPython.display import HTML\nHTML('<script>x</script>')",
    "patching": "import json\njson.dumps = None",
    "pickle": "import pickle",
    "privileges": "import resource\nresource.setrlimit(0, (1, 1))",
    "processes": "import os\nos.fork()",
    "recursion": "import sys\nsys.setrecursionlimit(10**9)",
    "secret-files": "open('../course/gradebook.db')",
    "shell": "!cat /proc/1/environ",
    "signals": "import os\nos.kill(-1, 9)",
    "stalls": "import time\ndef find(raw):\n    time.sleep(1)\ncheck('q3', find)",
    "threads": "import threading",
    "trusted-code": "from spamlab.judge import ledger",
    "watch-hook": "import sys\nsys.settrace(None)",
    "writes-modules": "open(f'{name}.py', 'w')",
    "big-source": "x = 1\n" * 40_000,
}


@pytest.mark.parametrize("code", SENTENCES)
def test_each_sentence_has_a_source_that_earns_it(code: str) -> None:
    """There is no code without an example."""
    assert code in codes(traces_of_sources([SOURCES[code]]))


def test_a_source_that_does_not_parse_is_read_by_its_words() -> None:
    """A hook could turn it into Python, so the words are looked at."""
    assert "native-code" in suspects("let me import ctypes please;;;")


@pytest.mark.parametrize(("files", "code"), [
    ({"q1.json": b"[" * 100_000}, "odd-answer"), ({"q1.json": b'{"answer": NaN}'}, "odd-answer"),
    ({"q1.json": b'{"answer": 1, "answer": 2}'}, "odd-answer"), ({"q1.json": b'{"answer": 1e999}'}, "odd-answer"),
    ({"q1.json": b"\x80\x04\x95."}, "odd-answer"), ({"../q1.json": b"{}"}, "odd-answer"),
    ({"q1.json": b'{"answer": "' + b"x" * 200_000 + b'"}'}, "odd-answer"), ({"q1.json": b"{}"}, "odd-answer"),
    ({"q1.json": b'{"answer": "\\u001b]0;x"}'}, "odd-signs"), ({"q1.json": b'{"answer": "<script>"}'}, "own-signs"),
    ({f"q{n}.json": b'{"answer": 1}' for n in range(400)}, "many-answers"),
    ({"q1.json": b'{"answer": ' + b"[" * 20 + b"]" * 20 + b"}"}, "odd-answer"),
])
def test_an_odd_answer_is_named(files: dict[str, bytes], code: str) -> None:
    """What neither form nor notebook writes is named."""
    assert code in codes(traces_of_answers(files))


@pytest.mark.parametrize(("left_out", "taken", "code"), [
    (["secret"], [], "left-out"), ([], ["json.py"], "named-as-library"), ([], ["spamlab/kit.py"], "named-as-library"),
    ([], ["gradebook.db"], "named-as-graders"), ([], ["ledger.sqlite"], "named-as-graders"),
    ([], ["a\u202etxt.exe"], "odd-name"), ([], ["<img src=x>"], "odd-name"), ([], ["\x1b[2J"], "odd-name"),
    ([], ["раper.txt"], "odd-name"), ([], [f"f{n}" for n in range(450)], "many-files"),
])
def test_odd_files_are_named(left_out: list[str], taken: list[str], code: str) -> None:
    """Links, files named as libraries or as the grader's, and names that deceive are named."""
    found = traces_of_files(left_out, taken)
    assert code in codes(found)
    assert all(one.where.isprintable() and len(one.where) <= 80 for one in found)


@pytest.mark.parametrize(("played", "code"), [
    ({"ended": {3: "The notebook's interpreter ended here."}}, "ended"),
    ({"shown": {0: "no list"}}, "forged-reply"), ({"shown": {0: [{"type": "score"}]}}, "forged-reply"),
    ({"shown": {0: [{"type": "stream", "name": "stdout", "text": "x" * 100_000}]}}, "cut-output"),
    ({"shown": {0: [{"type": "stream", "name": "stdout", "text": "\x1b[2J"}]}}, "odd-signs"),
    ({"outputs": {"q3": {"i0": {"error": "Ended: the function's interpreter ended"}}}}, "ended"),
    ({"outputs": {"q3": {"i0": True}}}, "forged-reply"), ({"unexpected": 3}, "forged-reply"),
    ({"cut": [2]}, "cut-output"),
])
def test_an_odd_run_is_named(played: dict[str, Any], code: str) -> None:
    """Ends, cuts and replies that the interpreter does not send are named."""
    assert code in codes(traces_of_run(SimpleNamespace(**played)))


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
                    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
                        st.sampled_from(["cells", "metadata", "nbgrader", "grade_id", "source", "outputs", "data",
                                         "attachments", "cell_type", "kernelspec", "text", "type", "x"]), inner,
                        max_size=6), max_leaves=30)


@settings(max_examples=150, deadline=None)
@given(JSON, st.binary(max_size=50), st.text(max_size=300))
def test_nothing_defeats_the_look(value: Any, content: bytes, text: str) -> None:
    """Whatever comes, findings come back, so many and no more, all printable."""
    found = [*traces_of_layout(value, released()), *traces_of_layout(content, released()),
             *traces_of_layout({"cells": [value, value]}, value), *traces_of_sources([text, value, (1, text)]),
             *traces_of_files([text], [text, str(value)]), *traces_of_answers({text: content, "q1.json": content}),
             *traces_of_run(SimpleNamespace(ended=value, shown={0: value}, outputs={"q": value}, cut=value)),
             *traces_of_run(value)]
    for one in found:
        assert one.code.isascii()
        assert one.sentence.isprintable()
        assert one.where.isprintable()


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abcdef()[]{}.,:=!%'\"\\\n \t_@0123456789*+-<>#~\x00\ud800é", max_size=200))
def test_no_source_raises(source: str) -> None:
    """Any text is a source; the codes found are known."""
    assert set(suspects(source, {"a"})) <= set(SENTENCES)


@pytest.mark.parametrize("source", [
    "(" * 100_000, "-" * 100_000 + "1", "a" + ".b" * 50_000, "x = " + "+".join(["1"] * 50_000), "[" * 90 + "]" * 90,
    "if x:\n" + "".join(" " * n + "if x:\n" for n in range(1, 90)), "f(" * 150 + ")" * 150, "'" * 199_999,
    "while True:\n" + " while True:\n" * 3, "!" * 200_000, "\n".join(["x = 2 ** 2 ** 2 ** 2 ** 9999"] * 5000),
    "lambda: " * 3000 + "1", "\x00" * 1000, "x=" * 60_000 + "1", "%%" + "a" * 199_000, "a, " * 60_000 + "= !b",
    "import a" + ".a" * 99_000, "not " * 40_000 + "1",
], ids=range(18))
def test_a_look_takes_bounded_time(source: str) -> None:
    """Sources made to take long are looked at in seconds."""
    began = time.process_time()  # other programs of this machine do not count
    suspects(source, {"find"})
    assert time.process_time() - began < 5


def test_a_notebook_of_code_takes_bounded_time() -> None:
    """More code than is looked at is said to be so, and findings are bounded in number."""
    dense = "\n".join(f"a{n} = b.c(d[{n}]) + 'e' * {n}" for n in range(5000))
    began = time.monotonic()
    found = traces_of_sources([dense] * 100)
    assert time.monotonic() - began < 20
    assert "big-source" in codes(found)
    assert len(traces_of_sources(["import ctypes, socket, pickle"] * 1000)) == MOST_TRACES
