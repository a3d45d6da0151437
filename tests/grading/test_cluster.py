"""Grading on a Dask cluster of real processes; the gradebook is the same as without."""

from __future__ import annotations

from pathlib import Path

import pytest
from spamlab.errors import GradingError
from spamlab.grading import steps

from .cluster import cluster, free_port
from .room import FIND, LAB, Room

pytest.importorskip("distributed", reason="Dask is not installed: the extra `cluster`")


def test_a_cluster_gives_the_same_scores(room: Room, tmp_path: Path) -> None:
    """Two workers of a scheduler grade what this machine grades, to the point, and traces come back too."""
    room.hand_in("p01", room.right(), {"q3-open": FIND})
    room.hand_in("p02", {"q1-twin": "192.0.2.1"}, {"q1-open": "import ctypes\nctypes.string_at(0)"})
    here = room.grade(workers=2)
    with cluster(tmp_path) as found:
        there = room.grade(scheduler=found.address, again=True)
    assert there["failed"] == [], there["reasons"]
    assert there["scores"] == here["scores"] == {"p01": 9.0, "p02": 0.0}
    assert {name: [one["code"] for one in found] for name, found in there["traces"].items()} == {
        name: [one["code"] for one in found] for name, found in here["traces"].items()}


def test_no_scheduler_is_one_sentence(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody answers, nothing is graded and the sentence names the address."""
    monkeypatch.setattr("spamlab.grading.cluster.CONNECT_SECONDS", 1)
    room.hand_in("p01", room.right())
    steps.collect(room.workshop, LAB)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(GradingError, match=address):
        steps.grade(room.workshop, LAB, scheduler=address)
    with pytest.raises(GradingError, match="no Dask scheduler"):
        steps.grade(room.workshop, LAB, scheduler="nonsense://here")
    assert not (room.workshop.course / "autograded").exists()
