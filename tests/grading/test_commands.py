"""The verbs of nbgrader's steps, as a trainer types them."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

from .room import LAB, Room


def spamlab(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    return subprocess.run([sys.executable, "-m", "spamlab.cli", *map(str, words)], capture_output=True, text=True,
                          timeout=120)


def test_the_verbs_in_their_order(room: Room) -> None:
    """Collect, grade, feedback and scores do their work, and `grade --json` has the form that scripts rely on."""
    room.hand_in("p01", room.right())
    where = ("--workshop", room.workshop.root)
    assert "p01" in spamlab("collect", LAB, *where).stdout
    graded = spamlab("grade", LAB, *where, "--json")
    told = json.loads(graded.stdout)
    assert graded.returncode == 0, graded.stderr
    assert (told["graded"], told["unchanged"], told["failed"], told["scores"]) == (1, 0, 0, {"p01": 5.0})
    assert isinstance(told["seconds"], float)
    again = json.loads(spamlab("grade", LAB, "--course", room.workshop.course, "--json").stdout)
    assert (again["graded"], again["unchanged"]) == (0, 1)
    assert spamlab("feedback", LAB, *where).returncode == 0
    rows = list(csv.DictReader(spamlab("scores", *where).stdout.splitlines()))
    assert [(row["participant"], row["score"]) for row in rows] == [("p01", "5.0"), ("p02", "0.0")]
    assert spamlab("release", LAB, *where).returncode == 0  # again, with work handed in: the same cells


def test_a_submission_that_fails_shows(room: Room) -> None:
    """A submission that can't be graded is named, and the exit status is not 0."""
    room.hand_in("p01", room.right())
    room.grade()
    (room.workshop.course / "submitted" / "p01").rename(room.workshop.course / "submitted" / "nobody")
    done = spamlab("grade", LAB, "--workshop", room.workshop.root, "--json")
    assert done.returncode == 1
    assert "nobody" in done.stderr
    assert json.loads(done.stdout)["failed"] == 1


def test_mistakes_get_one_sentence(tmp_path: Path, room: Room) -> None:
    """A wrong folder, lab or option ends with a sentence and without a trace."""
    for words in (("grade", LAB, "--workshop", tmp_path / "none"), ("collect",),
                  ("grade", "02-none", "--workshop", room.workshop.root),
                  ("grade", LAB, "--course", tmp_path / "none"), ("scores", "--workshop", tmp_path),
                  ("grade", LAB, "--course", room.workshop.course, "--participant", "p99")):
        done = spamlab(*words)
        assert done.returncode == 2, (words, done.stderr)
        assert "Traceback" not in done.stderr
        assert done.stderr.strip()
