"""However many processes make a data set, and wherever they stand, its bytes are the same; and it is whole or not."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from spamlab.errors import ContentError, MachineError, ServiceError, UsageError
from spamlab.generate import shards
from spamlab.generate.shards import Order, generate, packed, unpacked
from spamlab.generate.writers import BLOCK

from .small import small_datasets

ENDINGS = (".jsonl", ".jsonl.gz", ".csv", ".parquet", ".mbox", "/")
SCRIPT = """
import sys
from pathlib import Path
from spamlab.errors import SpamlabError
from spamlab.generate.shards import Order, generate
if __name__ == "__main__":
    datasets, recipe, count, out, workers = sys.argv[1:6]
    try:
        generate(Order(Path(datasets), recipe, "1", int(count), {}), out, labels=False, workers=int(workers))
    except SpamlabError as error:
        print(error)
        sys.exit(error.exit_status)
"""


@pytest.fixture(scope="module")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small folder of content."""
    return small_datasets(tmp_path_factory.mktemp("content") / "datasets")


def bytes_of(path: Path) -> dict[str, bytes]:
    """A file's bytes, or those of all files in a folder by name."""
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    return {one.name if path.is_dir() else "": one.read_bytes() for one in files}


def names(folder: Path) -> list[str]:
    """What is in a folder, hidden or not."""
    return sorted(one.name for one in folder.iterdir())


def started(datasets: Path, folder: Path, out: str, count: int, workers: int) -> subprocess.Popen[str]:
    """A process that makes e-mails, in a file of its own as a script is."""
    script = folder.parent / "make.py"
    script.write_text(SCRIPT, encoding="utf-8")
    return subprocess.Popen([sys.executable, str(script), str(datasets), "email", str(count), f"{folder}/{out}",
                             str(workers)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def children(process: subprocess.Popen[str]) -> list[int]:
    """Ids of the processes that make records for it."""
    found = []
    for one in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((one / "stat").read_text().rpartition(")")[2].split()[1])
            command = (one / "cmdline").read_text()
        except OSError:
            continue
        if parent == process.pid and "spawn_main" in command:
            found.append(int(one.name))
    return found


def until_half_way(folder: Path, process: subprocess.Popen[str]) -> None:
    """Wait until a part of the file has been written."""
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        if any(one.stat().st_size > 0 for one in folder.glob(".*.new") if one.is_file()):
            return
        time.sleep(0.01)
    raise AssertionError(process.communicate()[0])


@pytest.mark.parametrize("ending", ENDINGS)
def test_processes_give_the_same_bytes(datasets: Path, tmp_path: Path, ending: str) -> None:
    """One process and two give the same bytes, whatever their number of blocks, truth and all."""
    order = Order(datasets, "email" if ending in (".mbox", "/") else "sms", "7", 2 * BLOCK + 50, {})
    done: list[int] = []
    for workers in (1, 2):
        what, _ = generate(order, f"{tmp_path}/w{workers}{ending}", labels=False, workers=workers, progress=done.append)
        assert what.out.exists()
        assert what.ledger.exists()
    assert bytes_of(tmp_path / f"w1{ending}") == bytes_of(tmp_path / f"w2{ending}")
    assert (tmp_path / f"w1{ending}.truth.jsonl".replace("/", "")).read_bytes() == (
        tmp_path / f"w2{ending}.truth.jsonl".replace("/", "")).read_bytes()
    assert done == [BLOCK, 2 * BLOCK, 2 * BLOCK + 50] * 2


def test_a_longer_set_begins_with_the_shorter(datasets: Path, tmp_path: Path) -> None:
    """More records are more of the same: whole blocks stand alike at the beginning, packed ones too."""
    for ending in (".jsonl", ".jsonl.gz", ".csv"):
        for count in (BLOCK, 2 * BLOCK):
            generate(Order(datasets, "sms", "1", count, {}), tmp_path / f"{count}{ending}", workers=1)
        short, long = ((tmp_path / f"{count}{ending}").read_bytes() for count in (BLOCK, 2 * BLOCK))
        assert long.startswith(short)


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes(tmp_path: Path) -> None:
    """Workers of a Dask scheduler, to whom the folder of content doesn't exist, give the bytes of this process."""
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: the extra `cluster`")
    here = small_datasets(tmp_path / "datasets")
    order = Order(here, "email", "7", 2 * BLOCK + 5, {"language": "en"})
    for ending in (".jsonl.gz", ".parquet", "/"):
        generate(order, f"{tmp_path}/here{ending}", workers=1)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
                                  host="127.0.0.1", local_directory=str(tmp_path)) as cluster:
        for ending in (".jsonl.gz", ".parquet", "/"):
            generate(order, f"{tmp_path}/there{ending}", scheduler=cluster.scheduler_address)
            assert bytes_of(tmp_path / f"there{ending}") == bytes_of(tmp_path / f"here{ending}")
        path = here / "languages/en/email/parcel.toml"
        path.write_text(path.read_text(encoding="utf-8").replace("x.example", "parcel-fee.com"), encoding="utf-8")
        with pytest.raises(ContentError, match=r"email-\d+ \(parcel\) holds parcel-fee.com, a host"):
            generate(order, tmp_path / "real.jsonl", scheduler=cluster.scheduler_address)
    assert not (tmp_path / "real.jsonl").exists()


def test_no_cluster(datasets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler that does not answer, or is none, is told in one sentence, and nothing is left."""
    pytest.importorskip("distributed", reason="Dask is not installed: the extra `cluster`")
    monkeypatch.setattr("spamlab.cluster_client.CONNECT_SECONDS", 1)
    for address in ("tcp://127.0.0.1:1", "nonsense://x", "tcp://"):
        with pytest.raises(ServiceError, match=f"no Dask scheduler answers at {address}: "):
            generate(Order(datasets, "sms", "1", 10, {}), tmp_path / "a.jsonl", scheduler=address)
    assert names(tmp_path) == []


def test_other_code_is_refused(datasets: Path, tmp_path: Path) -> None:
    """A worker with other code gives no bytes but says so; one with the same makes what it is asked for."""
    order, what = Order(datasets, "sms", "1", 10, {}), shards.plan(tmp_path / "a.jsonl", "sms")
    kind, told = shards._elsewhere(packed(datasets), (order, what, "other"), 0)
    assert kind == "ServiceError"
    assert "has another spamlab" in told
    kind, block = shards._elsewhere(packed(datasets), (replace(order, datasets=Path()), what, shards._identity()), 0)
    assert (kind, block.count) == ("", 10)


def test_content_travels_whole(datasets: Path, tmp_path: Path) -> None:
    """What is laid out elsewhere is what was packed, byte for byte."""
    (datasets / "languages/en/words").mkdir(exist_ok=True)
    (datasets / "languages/en/words/odd.txt").write_bytes("é中\r\n".encode())
    unpacked(packed(datasets), tmp_path)
    assert bytes_of(tmp_path) == bytes_of(datasets)


def test_a_bad_order(datasets: Path, tmp_path: Path) -> None:
    """What can't be made is told before any process starts."""
    for order, how, told in (
            (Order(datasets, "sms", "1", 0, {}), {}, "the count must be 1 or more, not 0"),
            (Order(datasets, "sms", "1", 5, {}), {"workers": 0}, "the number of workers must be 1 or more, not 0"),
            (Order(datasets, "fax", "1", 5, {}), {}, "no recipe called fax; there are: email, sms"),
            (Order(datasets, "sms", "1", 5, {"language": "xx"}), {}, "no language called xx")):
        with pytest.raises(UsageError, match=told):
            generate(order, tmp_path / "a.jsonl", **how)
    assert names(tmp_path) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_what_may_be_real_is_told_by_the_first_record(tmp_path: Path, workers: int) -> None:
    """The same sentence, of the same record, whoever finds it."""
    here = small_datasets(tmp_path / "datasets")
    path = here / "languages/en/sms/friends.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("see you", "call 07911 123456"), encoding="utf-8")
    with pytest.raises(ContentError, match=r"^sms-00000000\d \(friends\) holds 07911 123456, a number"):
        generate(Order(here, "sms", "1", 5 * BLOCK, {}), tmp_path / "a.csv", workers=workers)
    assert names(tmp_path) == ["datasets"]


def test_a_process_that_is_killed(datasets: Path, tmp_path: Path) -> None:
    """Where a process that makes records is killed, one sentence says so, nothing is left, and no process stays."""
    folder = tmp_path / "out"
    folder.mkdir()
    process = started(datasets, folder, "a.jsonl", 2_000_000, 2)
    until_half_way(folder, process)
    workers = children(process)
    assert len(workers) == 2
    os.kill(workers[1], signal.SIGKILL)
    told = process.communicate(timeout=30)[0]
    assert told == "a process that made records was ended from outside (SIGKILL); nothing was left behind\n"
    assert process.returncode == MachineError.exit_status
    assert names(folder) == []
    assert not Path(f"/proc/{workers[0]}").exists()


def test_workers_end_with_who_started_them(datasets: Path, tmp_path: Path) -> None:
    """Where the one who started them is killed, processes that make records end by themselves."""
    folder = tmp_path / "out"
    folder.mkdir()
    process = started(datasets, folder, "a.jsonl", 2_000_000, 2)
    until_half_way(folder, process)
    workers = children(process)
    process.kill()
    process.wait()
    end = time.monotonic() + 20
    while time.monotonic() < end and any(Path(f"/proc/{one}").exists() for one in workers):
        time.sleep(0.05)
    assert not [one for one in workers if Path(f"/proc/{one}").exists()]


FULL_OF = ("sms 1 .jsonl", "sms 2 .jsonl", "sms 1 .jsonl.gz", "sms 1 .csv", "sms 1 .parquet", "email 1 .mbox",
           "email 1 /", "email 2 /")
FULL = """
import errno, os, sys
from pathlib import Path
from spamlab.errors import MachineError
from spamlab.generate.shards import Order, generate
if __name__ == "__main__":
    datasets, disk = Path(sys.argv[1]), Path(sys.argv[2])
    for told in sys.argv[3:]:
        recipe, workers, ending = told.split()
        try:
            generate(Order(datasets, recipe, "1", 3000, {}), f"{disk}/a{ending}", labels=False, workers=int(workers))
            print(told, "was written")
        except MachineError as error:
            print(told, error, os.listdir(disk))
"""


def test_a_full_disk(datasets: Path, tmp_path: Path) -> None:
    """On a disk that is full half way, each form says so, made by one process or by two, and leaves nothing."""
    (tmp_path / "full.py").write_text(FULL, encoding="utf-8")
    (tmp_path / "disk").mkdir()
    mount = f"mount -t tmpfs -o size=100k none {tmp_path}/disk"
    inside = [*(["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-Urm"]), "sh", "-c"]
    if shutil.which("unshare") is None or subprocess.run([*inside, mount], capture_output=True).returncode:
        pytest.skip("no disk of a given size can be made here")
    told = subprocess.run([*inside, f'{mount} && exec "$@"', "sh", sys.executable, str(tmp_path / "full.py"),
                           str(datasets), str(tmp_path / "disk"), *FULL_OF], capture_output=True, text=True, check=True)
    expected = [f"{one} {tmp_path}/disk/a{one.split()[2].rstrip('/')} can't be written: the disk is full; "
                "nothing was left behind []" for one in FULL_OF]
    assert told.stdout.splitlines() == expected, told.stderr
    assert told.stderr == ""


def test_a_disk_that_fails_at_the_end(datasets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault when all is written, and only its place must be taken, leaves nothing either."""
    def refuse(*_: object) -> Iterator[None]:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(MachineError, match="can't be written: Input/output error; nothing was left behind"):
        generate(Order(datasets, "sms", "1", 10, {}), tmp_path / "a.jsonl", labels=False)
    assert names(tmp_path) == []
