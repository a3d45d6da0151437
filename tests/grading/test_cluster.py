"""Grading on a Dask cluster of real processes; the gradebook is the same as without."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import spamlab
from spamlab.errors import GradingError
from spamlab.grading import marking, steps
from spamlab.grading.bundle import Bundle, code_identity, other_code

from .cluster import cluster, end, free_port, start_scheduler, start_worker, wait_for_workers
from .crowd import rows
from .elsewhere import elsewhere
from .room import FIND, LAB, SECRET, Room

pytest.importorskip("distributed", reason="Dask is not installed: the extra `cluster`")

WEAKER = """
from spamlab.grading import protection
from spamlab.sandbox import Level
protection.available_level = lambda: Level.FLOOR
"""
OLDER = """
from spamlab.grading import bundle
bundle._own_code = lambda: ("0.0.9", "other")
"""


def two(room: Room) -> None:
    """Two submissions: one right, one wrong that leaves a trace."""
    room.hand_in("p01", room.right(), {"q3-open": FIND})
    room.hand_in("p02", {"q1-twin": "192.0.2.1"}, {"q1-open": "import ctypes\nctypes.string_at(0)"})


def same(there: dict[str, Any], here: dict[str, Any]) -> None:
    """Both runs gave the same points and traces, and failed nobody."""
    assert there["failed"] == here["failed"] == [], there["reasons"]
    assert there["scores"] == here["scores"] == {"p01": 9.0, "p02": 0.0}
    assert {name: [one["code"] for one in found] for name, found in there["traces"].items()} == {
        name: [one["code"] for one in found] for name, found in here["traces"].items()}


def test_a_cluster_gives_the_same_scores(room: Room, tmp_path: Path) -> None:
    """Two workers of a scheduler grade what this machine grades, to the point, and traces come back too."""
    two(room)
    here = room.grade(workers=2)
    with cluster(tmp_path) as found:
        there = room.grade(scheduler=found.address, again=True)
    same(there, here)


@pytest.mark.slow
def test_workers_on_other_machines(room: Room, tmp_path: Path) -> None:
    """Workers in own network namespaces, ordinary users with their own home, to whom this machine's workshop, labs
    and datasets do not exist, grade to the same rows: a job needs only its data."""
    from distributed import Client

    two(room)
    here = room.grade(workers=1)
    before = rows(room.workshop)
    project = Path(spamlab.__file__).resolve().parents[2]
    hidden = [tmp_path, room.workshop.labs_folder.parent,
              *(project / name for name in ("labs", "datasets", "instructor", "tests") if (project / name).is_dir())]
    outside = [str(one) for one in (room.workshop.root, room.workshop.labs_folder, room.workshop.datasets_folder,
                                    room.workshop.secret_file)]

    def look() -> dict[str, Any]:
        import socket

        return {"user": os.geteuid(), "home": os.environ["HOME"], "cards": [name for _, name in socket.if_nameindex()],
                "seen": [one for one in outside if os.access(one, os.R_OK)]}

    with elsewhere(2, hidden) as (own, places):
        port = free_port()
        processes = [start_scheduler(tmp_path, port, host=own)]
        address = f"tcp://{own}:{port}"
        try:
            processes += [start_worker(one.folder, address, host=one.address, env=one.env, before=one.before)
                          for one in places]
            wait_for_workers(address, 2)
            with Client(address, set_as_default=False) as client:
                seen = client.run(look)
            there = room.grade(scheduler=address, again=True)
        finally:
            end(processes)
    assert len(seen) == 2
    for one, place in zip(sorted(seen.values(), key=lambda one: str(one["home"])),
                          sorted(places, key=lambda one: str(one.folder)), strict=True):
        assert one == {"user": place.folder.stat().st_uid if place.folder.exists() else one["user"],
                       "home": str(place.folder), "cards": ["lo", "eth0"], "seen": []}
        assert one["user"] != 0
    same(there, here)
    assert rows(room.workshop) == before


@pytest.mark.parametrize(("preload", "told"), [
    pytest.param(WEAKER, "refuses: this machine's sandbox gives only the level floor", id="weaker"),
    pytest.param(OLDER, "refuses: it has spamlab 0.0.9, and the run comes from spamlab", id="older")])
def test_a_worker_that_is_not_fit_refuses(room: Room, tmp_path: Path, preload: str, told: str) -> None:
    """A worker with a weaker sandbox than asked for, or with another spamlab, ends the run with a sentence that names
    it, and nobody is graded."""
    room.hand_in("p01", room.right())
    steps.collect(room.workshop, LAB)
    with cluster(tmp_path, 1, preload=preload) as found, pytest.raises(GradingError) as error:
        steps.grade(room.workshop, LAB, scheduler=found.address)
    assert str(error.value).startswith("the worker at tcp://127.0.0.1:")
    assert told in str(error.value)
    assert "\n" not in str(error.value)
    assert not (room.workshop.course / "autograded").exists()


def test_versions_and_code_are_told_apart() -> None:
    """The same spamlab is taken; another version, other code of the same version, and a bundle without either not."""
    here = code_identity()
    assert other_code(here) == ""
    assert "spamlab 9.9" in other_code({**here, "version": "9.9"})
    assert "other code" in other_code({**here, "code": "0"})
    assert "unknown version" in other_code({})


def test_what_is_sent_holds_no_secret(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bundle and jobs hold neither secret nor tokens nor paths of this machine; a job no other participant's files or
    seeds."""
    names = ("p01", "p02")
    for name in names:
        room.hand_in(name, room.right(name), {"q1-open": f"# written by {name} alone"})
    sent: dict[str, Any] = {}

    @contextmanager
    def caught(_address: str, bundle: Bundle, jobs: Iterable[Any]) -> Iterator[Iterator[Any]]:
        sent.update(bundle={**bundle.as_plain(), **code_identity()}, jobs={one["participant"]: one for one in jobs})
        yield iter(())

    monkeypatch.setattr("spamlab.grading.cluster.results", caught)
    room.grade(scheduler="tcp://127.0.0.1:1")
    assert sorted(sent["jobs"]) == list(names)
    workshop = room.workshop
    everything = opened(sent["bundle"]) + b"".join(map(opened, sent["jobs"].values()))
    tokens = [workshop.instructor_token(), *(workshop.participant_token(name) for name in workshop.participants)]
    for secret in (SECRET, SECRET.hex().encode(), base64.b64encode(SECRET), workshop.secret_file.read_bytes().strip(),
                   *(one.encode() for one in tokens), str(workshop.root).encode(), b"gradebook.db"):
        assert secret not in everything
    for name, other in (names, names[::-1]):
        seeds = {one.hex().encode() for one in marking.seeds(workshop, LAB, other).values()}
        for foreign in (f"written by {other} alone".encode(), *seeds):
            assert foreign not in opened(sent["jobs"][name])
            assert foreign not in opened(sent["bundle"])
            assert foreign in opened(sent["jobs"][other])


def opened(plain: Any) -> bytes:
    """All text of plain data, files unpacked."""
    files = [base64.b64decode(one) for one in plain["files"].values()]
    return json.dumps(plain).encode() + b"\n".join(files)


@pytest.fixture
def certificates(tmp_path: Path) -> dict[str, dict[str, str]]:
    """Settings of Dask for the environment: "ours", and "theirs", who have a certificate of another authority."""
    found = {}
    for name in ("ours", "theirs"):
        folder = tmp_path / f"tls-{name}"
        folder.mkdir()
        for words in (
            "req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca-key.pem -out ca.pem -subj /CN=ca",
            "req -newkey rsa:2048 -nodes -keyout key.pem -out request.pem -subj /CN=spamlab",
            "x509 -req -in request.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -out cert.pem",
        ):
            try:
                subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)
            except FileNotFoundError:
                pytest.skip("openssl is not installed")
        tls = {"CA_FILE": folder / "ca.pem"}
        for role in ("SCHEDULER", "WORKER", "CLIENT"):
            tls |= {f"{role}__CERT": folder / "cert.pem", f"{role}__KEY": folder / "key.pem"}
        found[name] = {f"DASK_DISTRIBUTED__COMM__TLS__{key}": str(path) for key, path in tls.items()}
        found[name]["DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION"] = "true"
    return found


@pytest.mark.slow
def test_tls_with_certificates(room: Room, tmp_path: Path, certificates: dict[str, dict[str, str]]) -> None:
    """`--scheduler tls://...` grades with Dask's own configuration; without a certificate, or with one of another
    authority, or without TLS, nobody gets in, and one sentence says so."""
    two(room)
    here = room.grade(workers=1)
    port = free_port()
    address = f"tls://127.0.0.1:{port}"

    def grade(at: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "spamlab.cli", "grade", LAB, "--workshop", str(room.workshop.root), "--again",
                 "--json", "--scheduler", at]
        return subprocess.run(words, env={**os.environ, **env}, capture_output=True, text=True, timeout=120)

    processes = [start_scheduler(tmp_path, port, protocol="tls", env=certificates["ours"])]
    try:
        processes.append(start_worker(tmp_path, address, env=certificates["ours"]))
        done = grade(address, certificates["ours"])
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["scores"] == here["scores"]
        for at, env in ((address, {}), (address, certificates["theirs"]), (f"tcp://127.0.0.1:{port}", {})):
            done = grade(at, env)
            assert done.returncode != 0
            assert done.stderr.strip().splitlines()[-1].startswith("spamlab: no Dask scheduler answers at"), done.stderr
            assert "Traceback" not in done.stderr
    finally:
        end(processes)


def test_no_scheduler_is_one_sentence(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody answers, nothing is graded and the sentence names the address."""
    monkeypatch.setattr("spamlab.cluster_client.CONNECT_SECONDS", 1)
    room.hand_in("p01", room.right())
    steps.collect(room.workshop, LAB)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(GradingError, match=address):
        steps.grade(room.workshop, LAB, scheduler=address)
    with pytest.raises(GradingError, match="no Dask scheduler"):
        steps.grade(room.workshop, LAB, scheduler="nonsense://here")
    assert not (room.workshop.course / "autograded").exists()


def test_workers_may_come_later(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that begins before there is a worker waits for one; where none comes, one sentence says so."""
    room.hand_in("p01", room.right(), {"q3-open": FIND})
    with cluster(tmp_path, 0) as found:
        monkeypatch.setattr("spamlab.grading.cluster.WORKER_SECONDS", 1)
        with pytest.raises(GradingError, match="the cluster has had no worker for 1 seconds"):
            room.grade(scheduler=found.address)
        monkeypatch.undo()
        later = threading.Timer(1.0, lambda: found.workers.append(start_worker(tmp_path, found.address)))
        later.start()
        told = room.grade(scheduler=found.address)
        later.join()
    assert told["scores"] == {"p01": 9.0}
