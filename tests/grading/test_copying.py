"""Participants' files are taken as ordinary files, without following a link."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spamlab.grading.copying import Budget, copy_plain, drop_links, make_room, read_plain


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with ordinary files, links to a secret, a pipe, and a folder that is a link."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("tell-nobody")
    folder = tmp_path / "given"
    (folder / "answers").mkdir(parents=True)
    (folder / "answers" / "q1.json").write_text("1")
    (folder / "answers" / "q2.json").symlink_to(tmp_path / "secret" / "key")
    (folder / "all").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "pipe")
    return folder


def test_only_ordinary_files_are_copied(tree: Path, tmp_path: Path) -> None:
    """Links, linked folders and pipes are left out, and named."""
    left = copy_plain(tree, tmp_path / "copy")
    assert left == ["all", "answers/q2.json", "pipe"]
    assert sorted(str(path.relative_to(tmp_path / "copy")) for path in (tmp_path / "copy").rglob("*")) == [
        "answers", "answers/q1.json"]


def test_bounds_hold(tmp_path: Path) -> None:
    """No more files, bytes and folders are taken than allowed."""
    deep = tmp_path / "given"
    for _ in range(20):
        deep = deep / "d"
    deep.mkdir(parents=True)
    for number in range(5):
        (tmp_path / "given" / f"file{number}").write_bytes(b"x" * 100)
    assert copy_plain(tmp_path / "given", tmp_path / "a", Budget(files=3)) == [
        "d/d/d/d/d/d/d/d/d", "file3", "file4"]
    assert copy_plain(tmp_path / "given", tmp_path / "b", Budget(bytes=250))[-3:] == ["file2", "file3", "file4"]


def test_a_linked_folder_is_not_copied(tree: Path, tmp_path: Path) -> None:
    """The folder itself may be no link."""
    assert copy_plain(tree / "all", tmp_path / "copy") == ["all"]
    assert list((tmp_path / "copy").iterdir()) == []


def test_reading_follows_nothing(tree: Path) -> None:
    """A file is read by its name alone; a link anywhere, a pipe, a folder or too much is nothing."""
    assert read_plain(tree, "answers", "q1.json", most=10) == b"1"
    for parts in (("answers", "q2.json"), ("all", "key"), ("pipe",), ("answers",), ("none",)):
        assert read_plain(tree, *parts, most=100) is None
    assert read_plain(tree, "answers", "q1.json", most=0) is None


def test_links_are_dropped(tree: Path) -> None:
    """Links and pipes are removed; what they pointed to stays."""
    assert drop_links(tree) == ["all", "answers/q2.json", "pipe"]
    assert (tree.parent / "secret" / "key").read_text() == "tell-nobody"


def test_room_for_the_labs_files(tmp_path: Path) -> None:
    """A folder in the place of a file of the lab's, and a file in the place of a folder, make room."""
    (tmp_path / "masters" / "data").mkdir(parents=True)
    (tmp_path / "masters" / "helpers.py").write_text("")
    (tmp_path / "mine" / "helpers.py").mkdir(parents=True)
    (tmp_path / "mine" / "data").write_text("")
    (tmp_path / "mine" / "own").write_text("")
    make_room(tmp_path / "mine", tmp_path / "masters")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["own"]
