"""The process that runs labs' own snippets stays from one task to the next, and keeps nothing of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spamlab.errors import ContentError
from spamlab.judge.sources import run_sources


def process(seconds: float = 60) -> int:
    """The process that forked the child of a task."""
    source = f"import os\ndef f(x):\n    return [os.getpid(), os.getppid(), {os.urandom(4).hex()!r}]"
    own, parent, _ = run_sources("f", {"a": source}, [("P1", 1)], seconds=seconds)["a"]["P1"]["value"]
    assert own != parent != os.getpid()
    return int(parent)


def test_tasks_share_a_process_and_nothing_else(tmp_path: Path) -> None:
    """Each task has a child of its own: what one does to modules, folder or path, the next never sees."""
    first = process()
    (tmp_path / "helpers.py").write_text("found = 1\n")
    run_sources("f", {"a": "import textwrap, helpers\ntextwrap.wrap = None\nopen('left', 'w').close()\nf = len"},
                [("P1", "x")], folder=tmp_path)
    source = ("import os, sys, textwrap\ndef f(x):\n"
              "    return [textwrap.wrap is None, os.listdir('.'), 'helpers' in sys.modules]")
    assert run_sources("f", {"a": source}, [("P1", 1)])["a"]["P1"] == {"value": [False, [], False]}
    assert process() == first


def test_libraries_are_imported_once() -> None:
    """A library that a snippet imports is there before the next one is."""
    source = "import sys\nbefore = 'colorsys' in sys.modules\nimport colorsys\ndef f(x):\n    return [x, before]"
    process()
    first = run_sources("f", {"a": source}, [("P1", 1)])["a"]["P1"]["value"]
    second = run_sources("f", {"a": source}, [("P1", 2)])["a"]["P1"]["value"]
    assert first[0] == 1
    assert second == [2, True]


def test_a_snippet_that_ends_its_process_is_told() -> None:
    """An exit in the middle is the lab's fault in a sentence, and the next task runs."""
    with pytest.raises(ContentError, match="could not be run"):
        run_sources("f", {"a": "import os\nos._exit(3)"}, [("P1", 1)])
    assert process()


def test_what_is_late_is_stopped_and_the_next_runs() -> None:
    """A time limit ends the child and not the process that stays."""
    before = process()
    with pytest.raises(ContentError, match="did not end"):
        run_sources("f", {"a": "import time\ndef f(x):\n    time.sleep(50)"}, [("P1", 1)], seconds=0.5)
    assert process() == before
