"""`spamlab up` with bad input: one sentence, a status, no trace, nothing made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def up(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "spamlab.cli", "up", *options], cwd=folder, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--participants", "0"], "choose from 1 to 200"),
        (["--participants", "Anna"], "needs an id of small letters"),
        (["--labs", "99-none"], "there is no lab called 99-none"),
        (["--port", "80"], "--port 80 does not fit"),
        (["--port", "many"], "not a valid integer"),
    ],
)
def test_bad_options_get_one_sentence(tmp_path: Path, options: list[str], said: str) -> None:
    """A wrong option ends with status 2 and one sentence."""
    run = up(tmp_path, *options)
    assert run.returncode == 2
    assert said in run.stderr
    assert "Traceback" not in run.stderr + run.stdout
    assert not (tmp_path / "workshop").exists()


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    """A folder that holds other things is not made a workshop."""
    (tmp_path / "workshop").mkdir()
    (tmp_path / "workshop/thesis.txt").write_text("x")
    run = up(tmp_path)
    assert run.returncode == 2
    assert "holds no workshop" in run.stderr


def test_a_broken_workshop_file_is_told_by_line(tmp_path: Path) -> None:
    """A workshop.toml that can't be read gets the reader's sentences, not a trace."""
    (tmp_path / "workshop").mkdir()
    (tmp_path / "workshop/workshop.toml").write_text("title = \n")
    run = up(tmp_path)
    assert run.returncode != 0
    assert "workshop.toml" in run.stderr
    assert "Traceback" not in run.stderr
