"""A lab author's own snippets are run in a process of their own."""

import time
from pathlib import Path

import pytest

from spamlab.errors import ContentError
from spamlab.judge.sources import run_sources


def test_outputs_come_back_by_source_and_input() -> None:
    """Values, errors and results that are no plain data are told apart; printing does not disturb."""
    sources = {
        "a": "def f(raw):\n    print('x')\n    return {'n': len(raw)}",
        "b": "def f(x):\n    raise KeyError(x)",
        "c": "def f(x):\n    return object()",
    }
    found = run_sources("f", sources, [("P1", {"base64": "YWJj"})])
    assert found == {
        "a": {"P1": {"value": {"n": 3}}},
        "b": {"P1": {"error": "KeyError"}},
        "c": {"P1": {"error": "NotPlainData"}},
    }


def test_a_labs_helpers_may_be_imported(tmp_path: Path) -> None:
    """A snippet imports the helpers.py of its lab's folder."""
    (tmp_path / "helpers.py").write_text("def twice(x):\n    return 2 * x\n")
    found = run_sources("f", {"a": "from helpers import twice\nf = twice"}, [("P1", 4)], folder=tmp_path)
    assert found["a"]["P1"] == {"value": 8}


@pytest.mark.parametrize("source", ["g = 1", "def f(:", "import nothing_of_this_name"])
def test_a_source_that_makes_no_function_is_the_labs_fault(source: str) -> None:
    """The sentence names the snippet."""
    with pytest.raises(ContentError, match="source of a"):
        run_sources("f", {"a": source}, [("P1", 1)])


def test_a_source_that_never_ends_is_stopped() -> None:
    """The time limit ends it."""
    began = time.monotonic()
    with pytest.raises(ContentError, match="did not end"):
        run_sources("f", {"a": "def f(x):\n    while True: pass"}, [("P1", 1)], seconds=1)
    assert time.monotonic() - began < 10
