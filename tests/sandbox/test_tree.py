"""Counting what a tree of processes uses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from spamlab.sandbox.tree import bytes_in, descendants, processes_of_user, use_of


def test_a_tree_is_counted_whole() -> None:
    """A process, its child and its grandchild are three, and have memory."""
    code = "import os, sys, time\nfor _ in range(2):\n    if os.fork(): break\nprint('up', flush=True)\ntime.sleep(30)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as one:
        assert one.stdout is not None
        for _ in range(3):
            one.stdout.readline()
        below = descendants(one.pid)
        use = use_of(one.pid)
        for pid in reversed(below):
            os.kill(pid, 9)
    assert len(below) == use.processes == 3
    assert use.memory_bytes > 1_000_000


def test_a_process_that_is_gone_uses_nothing() -> None:
    """Looking at a process that has ended is no error."""
    one = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    assert use_of(int(one.stdout)).processes == 0


def test_own_processes_are_counted() -> None:
    """This process counts among the user's."""
    assert processes_of_user() >= 1


def test_bytes_follow_no_link(tmp_path: Path) -> None:
    """A link to a large folder adds nothing; too many files count as endless."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_bytes(b"x" * 10_000)
    (tmp_path / "link").symlink_to("/usr")
    assert 10_000 <= bytes_in(str(tmp_path)) < 100_000
    assert bytes_in(str(tmp_path), most_files=1) > 2**60
