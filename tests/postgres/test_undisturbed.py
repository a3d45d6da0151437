"""Runs whose gradebook and ledger lie in PostgreSQL: disturbed, they end as one on SQLite that nothing disturbed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from grading.crowd import Rows, crowd, graded_count, noted, rows
from grading.room import LAB
from grading.test_undisturbed import start, wait_for

from spamlab.content.identity import Workshop
from spamlab.errors import GradingError, ServiceError
from spamlab.grading import steps
from spamlab.grading.writer import Writer

from .server import PASSWORD, QUOTED, Server

COUNT = int(os.environ.get("SPAMLAB_CROWD", "8"))

Undisturbed = tuple[Rows, dict[str, Any]]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """What gradebook and ledger of a run on SQLite say at its end."""
    workshop = crowd(tmp_path_factory.mktemp("files"), COUNT)
    assert steps.grade(workshop, LAB)["failed"] == []
    return rows(workshop), noted(workshop)


@pytest.fixture
def workshop(postgres: Server, tmp_path: Path) -> Workshop:
    """The same crowd, not graded yet, with one PostgreSQL database for gradebook and ledger."""
    url = postgres.url(postgres.database())
    return crowd(tmp_path, COUNT, gradebook_url=url, ledger_url=url)


def test_the_engine_is_killed(workshop: Workshop, undisturbed: Undisturbed) -> None:
    """kill -9 of the engine, twice at random moments; the next run ends it, with the rows of the run on SQLite."""
    for share in (0.1, 0.6):
        process = start(workshop, "--workers", "2")
        wait_for(workshop, process, max(1, int(COUNT * share)))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    told = steps.grade(workshop, LAB)
    assert told["failed"] == []
    assert told["unchanged"]
    assert rows(workshop) == undisturbed[0]
    assert noted(workshop) == undisturbed[1]


def test_the_server_is_restarted(workshop: Workshop, undisturbed: Undisturbed, postgres: Server) -> None:
    """The server ends at once and comes back half way: one sentence without the password, then the next run ends it."""

    def restart(done: int, _total: int) -> None:
        if done == COUNT // 2:
            postgres.stop()
            postgres.start()

    with pytest.raises((GradingError, ServiceError), match=r"can't be written") as error:
        steps.grade(workshop, LAB, progress=restart)
    said = str(error.value)
    assert "\n" not in said
    assert PASSWORD not in said
    assert QUOTED not in said
    assert 0 < graded_count(workshop) < COUNT
    told = steps.grade(workshop, LAB)
    assert told["failed"] == []
    assert told["unchanged"]
    assert rows(workshop) == undisturbed[0]
    assert noted(workshop) == undisturbed[1]


def test_a_second_engine_is_refused(workshop: Workshop, undisturbed: Undisturbed) -> None:
    """While one run is at work a second one on the same course ends with a sentence and changes nothing."""
    second: list[subprocess.CompletedProcess[str]] = []

    def try_too(done: int, _total: int) -> None:
        if done == 1:
            words = [sys.executable, "-m", "spamlab.cli", "grade", LAB, "--workshop", str(workshop.root)]
            second.append(subprocess.run(words, capture_output=True, text=True, timeout=120))

    assert steps.grade(workshop, LAB, progress=try_too)["failed"] == []
    assert second[0].returncode != 0
    assert len(second[0].stderr.strip().splitlines()) == 1
    assert "another grading of this course is under way" in second[0].stderr
    assert rows(workshop) == undisturbed[0]
    assert noted(workshop) == undisturbed[1]


def test_two_writers_on_one_gradebook(workshop: Workshop, undisturbed: Undisturbed) -> None:
    """Two writers that write the same new participants at the same time do not hurt each other; nothing is doubled."""
    steps.grade(workshop, LAB)
    names = [f"new{number}" for number in range(12)]
    failures: list[BaseException] = []
    barrier = threading.Barrier(2)

    def write(points: float) -> None:
        try:
            writer = Writer(workshop.gradebook_address, "spamlab", LAB)
            try:
                for name in names:
                    barrier.wait(30)
                    writer.write(name, None, {LAB: {"q1": points, "q2": points}}, {})
            finally:
                writer.close()
        except BaseException as error:
            failures.append(error)
            barrier.abort()

    threads = [threading.Thread(target=write, args=(points,)) for points in (1.0, 2.0)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert failures == []
    found = [row for row in rows(workshop)["grade"] if row[0] in names and row[1] in {"q1", "q2"}]
    assert len(found) == 2 * len(names)
    by_name = {name: {row[2] for row in found if row[0] == name} for name in names}
    assert all(points in ({1.0}, {2.0}) for points in by_name.values())
    assert [row for row in rows(workshop)["grade"] if row[0] not in names] == undisturbed[0]["grade"]
