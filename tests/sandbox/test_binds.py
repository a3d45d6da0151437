"""Which folders are seen."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from spamlab.sandbox import Level, Limits, available_level, run
from spamlab.sandbox.binds import interpreter_paths, ordered


def test_deeper_paths_win() -> None:
    """Outer folders are mounted before those in them, whatever they were asked for as."""
    binds = ordered([Path("/a/b")], [Path("/a/b/c/d")], [Path("/a/b/c"), Path("/elsewhere")])
    assert [(str(bind.path), bind.way) for bind in binds] == [
        ("/a/b", "read"), ("/a/b/c", "hide"), ("/a/b/c/d", "write")]


def test_writing_wins_over_reading() -> None:
    """A folder asked for both ways can be written."""
    assert [bind.way for bind in ordered([Path("/a")], [Path("/a")], [])] == ["write"]


def test_the_interpreter_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each hop of a chain of links to the interpreter is among its paths."""
    real = tmp_path / "far" / "python3"
    real.parent.mkdir()
    real.write_bytes(b"")
    link = tmp_path / "near" / "python"
    link.parent.mkdir()
    link.symlink_to(os.path.join("..", "far", "python3"))
    monkeypatch.setattr(sys, "executable", str(link))
    found = interpreter_paths()
    assert link in found
    assert real in found


@pytest.mark.skipif(available_level() < Level.BUBBLEWRAP, reason="needs bubblewrap")
def test_hidden_and_shown(tmp_path: Path) -> None:
    """A hidden folder is empty inside but for what is shown below it, and can't be written."""
    for path in ("open/a", "open/shut/b", "open/shut/in/c"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x")
    code = (f"import os; os.chdir({str(tmp_path / 'open')!r}); "
            "print(sorted(os.listdir('.')), os.listdir('shut'), os.listdir('shut/in'), os.access('shut', os.W_OK))")
    outcome = run([sys.executable, "-c", code], level=Level.BUBBLEWRAP, environment={}, limits=Limits(),
                  read_only=[tmp_path / "open", tmp_path / "open/shut/in"], hidden=[tmp_path / "open/shut"])
    assert outcome.output.decode() == "['a', 'shut'] ['in'] ['c'] False\n", outcome.errors
