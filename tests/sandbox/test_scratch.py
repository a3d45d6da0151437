"""Folders with an owner: in use they stay, after a kill they are swept, whatever a run has done in them."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from spamlab.sandbox.scratch import Scratch, began, sweep

OWNER = """
import sys
from spamlab.sandbox.scratch import Scratch
made = Scratch("engine", sys.argv[1])
(made.path / "inner").mkdir()
(made.path / "inner" / "file").write_text("x")
print(made.path, flush=True)
sys.stdin.read()
"""


def owner(place: Path) -> tuple[subprocess.Popen[str], Path]:
    """A process that owns a folder, and the folder."""
    process = subprocess.Popen([sys.executable, "-c", OWNER, str(place)], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_a_killed_owners_folder_is_swept(tmp_path: Path) -> None:
    """While the owner lives its folder stays; after kill -9 it goes, with folders whose rights a run has taken away."""
    process, folder = owner(tmp_path)
    try:
        assert folder not in sweep([tmp_path])
        assert (folder / "inner" / "file").is_file()
    finally:
        process.kill()
        process.communicate()
    (folder / "inner").chmod(0)
    folder.chmod(0o500)
    assert folder in sweep([tmp_path])
    assert not folder.exists()


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    """Other names, files, links and folders that somebody still holds (another container's) are left alone."""
    gone = f"{2**22 + 1}-1"
    for name in ("spamlab-abc123", f"other-engine-{gone}-abc", f"spamlab-engine-{gone}", "mail"):
        (tmp_path / name).mkdir()
    (tmp_path / f"spamlab-engine-{gone}-file").write_text("x")
    (tmp_path / f"spamlab-engine-{gone}-link").symlink_to(tmp_path / "mail")
    held = tmp_path / f"spamlab-engine-{gone}-held"
    held.mkdir()
    handle = os.open(held, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    before = sorted(os.listdir(tmp_path))
    assert not [one for one in sweep([tmp_path]) if one.parent == tmp_path]
    assert sorted(os.listdir(tmp_path)) == before
    os.close(handle)
    assert held in sweep([tmp_path])


def test_a_later_process_with_the_same_number_owns_nothing(tmp_path: Path) -> None:
    """A process id that was given out again does not keep the folder of its first owner."""
    folder = tmp_path / f"spamlab-engine-{os.getpid()}-{began(os.getpid()) - 1}-abc"
    folder.mkdir()
    assert folder in sweep([tmp_path])


def test_close_removes(tmp_path: Path) -> None:
    """As a context it is there, private, named by its owner, and gone at the end."""
    with Scratch("desk", tmp_path) as folder:
        assert folder.name.startswith(f"spamlab-desk-{os.getpid()}-{began(os.getpid())}-")
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()


def test_it_looks_where_folders_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a place named, the system's place for temporary files is swept."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    process, folder = owner(tmp_path)
    process.kill()
    process.communicate()
    assert folder in sweep()
