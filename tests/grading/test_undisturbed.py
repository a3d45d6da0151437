"""Whatever ends a run half way, after the next run the gradebook is that of a run that nothing disturbed."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from spamlab.content.identity import Workshop, read_workshop
from spamlab.errors import GradingError
from spamlab.grading import steps, writer
from spamlab.sandbox.scratch import MEMORY, began

from .cluster import cluster, start_scheduler, start_worker
from .crowd import Rows, crowd, graded_count, noted, rows
from .room import LAB

COUNT = int(os.environ.get("SPAMLAB_CROWD", "16"))
"""Submissions of a run; SPAMLAB_CROWD=100 for the whole thing."""

Undisturbed = tuple[Path, Rows, dict[str, Any]]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """A workshop that is not graded yet, and the gradebook and ledger that a run without trouble leaves."""
    folder = tmp_path_factory.mktemp("crowd")
    crowd(folder, COUNT)
    shutil.copytree(folder / "workshop", folder / "graded")
    graded = read_workshop(folder / "graded")
    assert steps.grade(graded, LAB)["failed"] == []
    return folder / "workshop", rows(graded), noted(graded)


@pytest.fixture
def workshop(undisturbed: Undisturbed, tmp_path: Path) -> Workshop:
    """A copy that is not graded yet."""
    shutil.copytree(undisturbed[0], tmp_path / "workshop")
    return read_workshop(tmp_path / "workshop")


def start(workshop: Workshop, *more: str) -> subprocess.Popen[str]:
    """`spamlab grade` as a program of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "spamlab.cli", "grade", LAB, "--workshop", str(workshop.root), *more],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(workshop: Workshop, process: subprocess.Popen[str], count: int) -> None:
    """Until so many are graded, or the run has ended, and a random moment more."""
    while graded_count(workshop) < count and process.poll() is None:
        time.sleep(0.01)
    time.sleep(random.uniform(0, 0.2))


def children(pid: int) -> list[tuple[int, str]]:
    """The processes that a process has started: id and command line."""
    found = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            for one in Path(f"/proc/{pid}/task/{thread}/children").read_text().split():
                with contextlib.suppress(OSError):
                    found.append((int(one), Path(f"/proc/{one}/cmdline").read_text().replace("\0", " ")))
    return found


def below(pid: int) -> dict[int, int]:
    """All processes below a process, with the times at which they began."""
    found: dict[int, int] = {}
    waiting = [pid]
    while waiting:
        for one, _ in children(waiting.pop()):
            found[one] = began(one)
            waiting.append(one)
    return found


def alive(processes: dict[int, int]) -> list[int]:
    """Those that are still there."""
    return [pid for pid, time_ in processes.items() if time_ and began(pid) == time_]


def folders_of(pids: set[int]) -> list[Path]:
    """Folders for a while that processes of these ids have made."""
    return [path for place in (tempfile.gettempdir(), MEMORY) for path in Path(place).glob("spamlab-*-*-*-*")
            if path.name.split("-")[2].isdecimal() and int(path.name.split("-")[2]) in pids]


def test_the_engine_is_killed(workshop: Workshop, undisturbed: Undisturbed) -> None:
    """kill -9 of the engine, three times at random moments: all that it had started ends by itself, the next run ends
    the work, and neither a process nor a folder is left."""
    killed: set[int] = set()
    for share in (0.1, 0.4, 0.7):
        process = start(workshop, "--workers", "2")
        wait_for(workshop, process, max(1, int(COUNT * share)))
        started = below(process.pid) if process.poll() is None else {}
        killed |= {process.pid, *started}
        assert folders_of({process.pid}) or not started  # now: another run on this machine may sweep them at once
        process.send_signal(signal.SIGKILL)
        process.communicate()
        end = time.monotonic() + 60
        while alive(started) and time.monotonic() < end:
            time.sleep(0.1)
        assert alive(started) == []
    assert graded_count(workshop) > 0
    told = steps.grade(workshop, LAB)
    assert told["failed"] == []
    assert told["unchanged"]
    assert rows(workshop) == undisturbed[1]
    assert noted(workshop) == undisturbed[2]
    end = time.monotonic() + 20
    while folders_of(killed) and time.monotonic() < end:  # another run on this machine may be sweeping them just now
        time.sleep(0.1)
    assert folders_of(killed) == []


@pytest.mark.parametrize("which", ["spamlab.grading.worker", "spamlab.sandbox.warmed"])
def test_a_process_of_the_engine_is_killed(workshop: Workshop, undisturbed: Undisturbed, which: str) -> None:
    """kill -9 of a worker, or of the warm process: the run goes on with a new one and fails nobody."""
    process = start(workshop, "--workers", "2", "--json")
    for share in (0.1, 0.5):
        wait_for(workshop, process, max(1, int(COUNT * share)))
        found = [pid for pid, line in (children(process.pid) if process.poll() is None else []) if which in line]
        for pid in found[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    said, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    assert '"failed": 0' in said
    assert rows(workshop) == undisturbed[1]
    assert noted(workshop) == undisturbed[2]


def test_the_schedulers_machine_goes_away(
    workshop: Workshop, undisturbed: Undisturbed, tmp_path: Path,
) -> None:
    """kill -9 of the Dask scheduler ends the run with a sentence; of a Dask worker only costs time."""
    pytest.importorskip("distributed", reason="Dask is not installed: the extra `cluster`")
    folder = tmp_path / "dask"
    folder.mkdir()
    with cluster(folder) as found:
        process = start(workshop, "--scheduler", found.address)
        wait_for(workshop, process, max(1, COUNT // 4))
        found.workers[0].kill()
        wait_for(workshop, process, max(1, COUNT // 2))
        found.scheduler.kill()
        _, errors = process.communicate(timeout=300)
        if process.returncode:  # it may have been done already
            assert "grade again to go on" in errors
            assert "Traceback" not in errors
        port = int(found.address.rpartition(":")[2])
        for one in [*found.workers, found.scheduler]:
            one.kill()
            one.wait()
        found.scheduler = start_scheduler(folder, port)
        found.workers = [start_worker(folder, found.address)]
        told = steps.grade(workshop, LAB, scheduler=found.address)
    assert told["failed"] == [], told["reasons"]
    assert rows(workshop) == undisturbed[1]
    assert noted(workshop) == undisturbed[2]


def test_the_gradebook_is_locked(
    workshop: Workshop, undisturbed: Undisturbed, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody holds the gradebook for longer than we wait: one sentence, nothing half, and the next run ends it."""
    monkeypatch.setattr(writer, "BUSY_MILLISECONDS", 300)
    holder = sqlite3.connect(workshop.course / "gradebook.db", isolation_level=None, timeout=30)

    def lock_half_way(done: int, _total: int) -> None:
        if done == COUNT // 2:
            holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(GradingError, match="gradebook can't be written: database is locked"):
        steps.grade(workshop, LAB, progress=lock_half_way)
    holder.execute("ROLLBACK")
    holder.close()
    assert 0 < graded_count(workshop) < COUNT
    assert steps.grade(workshop, LAB)["failed"] == []
    assert rows(workshop) == undisturbed[1]
    assert noted(workshop) == undisturbed[2]


class Stop(BaseException):
    """Stands for whatever ends a run without a word."""


def test_it_ends_between_two_writings(
    workshop: Workshop, undisturbed: Undisturbed, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A run that ends after the gradebook and before the ledger, or before the folder is in its place, loses nothing;
    and a gradebook that is put back to an older copy is filled again."""
    book = workshop.course / "gradebook.db"
    before = book.read_bytes()

    def stop(*_words: object) -> None:
        raise Stop

    for place in ("spamlab.grading.noting.Notes.write", "spamlab.grading.run._remove"):
        with monkeypatch.context() as patch:
            patch.setattr(place, stop if place.endswith("write") else _stop_at_the_old_folder)
            with pytest.raises(Stop):
                steps.grade(workshop, LAB, workshop.participants[:2], workers=1)
        assert graded_count(workshop) == 0
    told = steps.grade(workshop, LAB)
    assert told["failed"] == told["unchanged"] == []
    assert rows(workshop) == undisturbed[1]
    assert noted(workshop) == undisturbed[2]
    for old in workshop.course.glob("gradebook.db*"):
        old.unlink()
    book.write_bytes(before)
    assert len(steps.grade(workshop, LAB)["graded"]) == COUNT
    assert rows(workshop) == undisturbed[1]


def _stop_at_the_old_folder(folder: Path) -> None:
    if not folder.name.startswith("."):
        raise Stop
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """A disk of so many bytes, which can be made bigger; needs root to mount it."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = False

    def sized(size: int) -> Path:
        nonlocal mounted
        how = ["-o", f"remount,size={size}"] if mounted else ["-t", "tmpfs", "-o", f"size={size}", "tmpfs"]
        run = subprocess.run(["mount", *how, str(place)], capture_output=True, text=True, check=False)
        if run.returncode:
            pytest.skip(f"no small disk can be mounted here (root is needed): {run.stderr.strip()}")
        mounted = True
        return place

    yield sized
    if mounted:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_the_disk_is_full(undisturbed: Undisturbed, small_disk: Callable[[int], Path]) -> None:
    """The disk fills half way: one sentence, no half-written work, and with room the next run ends it."""
    place = small_disk(400_000_000)
    shutil.copytree(undisturbed[0], place / "workshop")
    workshop = read_workshop(place / "workshop")
    used = sum(path.stat().st_blocks * 512 for path in place.rglob("*") if path.is_file())
    small_disk(used + 200_000)
    process = start(workshop)
    _, errors = process.communicate(timeout=300)
    assert process.returncode != 0
    assert "Traceback" not in errors
    assert "full" in errors
    assert graded_count(workshop) < COUNT
    small_disk(400_000_000)
    told = steps.grade(workshop, LAB)
    assert told["failed"] == [], told["reasons"]
    assert rows(workshop) == undisturbed[1]
    assert noted(workshop) == undisturbed[2]
    assert list((workshop.course / "autograded").glob("*/.*.new")) == []
