"""What of this machine works, what falls back, and why: one check a function, plain values out."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from spamlab.sandbox import Level, available_level, floor
from spamlab.sandbox import filter as filter_of_calls
from spamlab.workshop.level import protection
from spamlab.workshop.ports import DEFAULT_BASE, HOST, is_free, plan_ports

NEEDED_MB = 500
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Check:
    """One finding: what was looked at, whether it is as it should be, what was found, what is used instead if not.

    needed: the workshop can't run without it.
    """

    what: str
    ok: bool
    detail: str
    instead: str = ""
    needed: bool = False

    def as_json(self) -> dict[str, object]:
        """The form that scripts rely on: what, ok, detail, instead."""
        return {key: value for key, value in asdict(self).items() if key != "needed"}


def python() -> Check:
    """Python 3.11 or newer."""
    found = ".".join(map(str, sys.version_info[:3]))
    return Check(
        "Python",
        sys.version_info >= (3, 11),
        f"{found} at {sys.executable}",
        "install Python 3.11 or newer",
        needed=True,
    )


def environment() -> Check:
    """An environment of its own, with what the lock names."""
    inside = sys.prefix != sys.base_prefix
    lacking = [name for name in ("jupyterlab", "nbgrader", "ipywidgets", "aiosmtpd") if not has_package(name)]
    if lacking:
        return Check("packages", False, f"missing: {', '.join(lacking)}", "run make install", needed=True)
    detail = f"in {sys.prefix}" if inside else "in the system's Python"
    return Check("packages", inside, detail, "works, but make install keeps the versions that were tested")


def has_package(name: str) -> bool:
    """Whether a package can be imported; it is not imported."""
    from importlib.util import find_spec

    return find_spec(name) is not None


def sandbox() -> Check:
    """The level at which participants' code runs."""
    level = available_level()
    known = protection(level)
    return Check(
        "sandbox",
        level is Level.BUBBLEWRAP,
        f"{known.name}. {known.sentence}",
        "" if not known.low else why_no_bubblewrap(),
    )


def landlock() -> Check:
    """Landlock, from which the level floor is made, by its version."""
    version = floor.abi()
    if version == 0:
        return Check("Landlock", False, "this kernel has none", "the sandbox's level floor can't be had")
    detail = f"version {version}"
    lacks = [what for since, what in (
        (3, "files that are shown could be cut, so the calls for it are denied"),
        (floor.SIGNALS_SCOPED_FROM, "signals are not kept inside: at the level floor code may signal itself alone, "
                                    "and nothing that it has started"),
    ) if version < since]
    return Check("Landlock", not lacks, detail, "; ".join(lacks))


def calls() -> Check:
    """The filter of the kernel's calls (seccomp), without which there is neither bubblewrap nor floor."""
    if filter_of_calls.available():
        return Check("seccomp", True, f"the filter of calls works on {os.uname().machine}")
    return Check("seccomp", False, f"no filter of calls on {os.uname().machine}",
                 "participants' code runs at the level plain; x86_64 or aarch64 and Linux 5.13 or newer give more")


def processes() -> Check:
    """Whether the kernel itself limits how many processes a user has."""
    code = "import os, resource; resource.setrlimit(resource.RLIMIT_NPROC, (0, 0)); os.fork() or os._exit(0)"
    try:
        done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, timeout=10, env={},
                              stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Check("limit on processes", False, f"can't be tried: {error}")
    if b"BlockingIOError" in done.stderr:
        return Check("limit on processes", True, "RLIMIT_NPROC binds this user")
    return Check("limit on processes", False, "RLIMIT_NPROC does not bind this user",
                 "the sandbox counts processes itself, every 50 ms, and ends a run that has too many")


def why_no_bubblewrap() -> str:
    """What keeps bubblewrap from working, in one sentence."""
    for setting, value, way in (
        ("/proc/sys/kernel/unprivileged_userns_clone", "0", "sudo sysctl kernel.unprivileged_userns_clone=1"),
        ("/proc/sys/user/max_user_namespaces", "0", "sudo sysctl user.max_user_namespaces=15000"),
        (
            "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile for bwrap",
        ),
    ):
        try:
            if Path(setting).read_text().strip() == value:
                return f"the system forbids user namespaces; an administrator can allow them: {way}"
        except OSError:
            continue
    return "bubblewrap does not run here: inside a container it needs the seccomp profile that docker/ brings"


def ports() -> Check:
    """The ports of a workshop with one participant."""
    taken = [port for _, port in plan_ports(DEFAULT_BASE, 1).named() if not is_free(port)]
    first, last = DEFAULT_BASE, DEFAULT_BASE + 5
    if taken:
        return Check(
            "ports",
            False,
            f"taken: {', '.join(map(str, taken))} of {first} to {last}",
            "choose others with --port, as in make up PORT=9000 (a running workshop takes them too)",
        )
    return Check("ports", True, f"{first} to {last} are free")


def loopback() -> Check:
    """A server on loopback can be reached."""
    try:
        with socket.create_server((HOST, 0)) as server, socket.create_connection(server.getsockname(), 2):
            return Check("loopback", True, f"{HOST} answers", needed=True)
    except OSError as error:
        return Check(
            "loopback", False, f"{HOST} does not answer: {error}", "the network's loopback must be up", needed=True
        )


def disk(folder: Path | None = None) -> Check:
    """Room for a workshop's folder."""
    place = folder or Path.cwd()
    free = shutil.disk_usage(place).free // 1_000_000
    return Check(
        "disk",
        free >= NEEDED_MB,
        f"{free} MB free in {place}",
        f"a workshop needs {NEEDED_MB} MB: make room",
        needed=True,
    )


def memory() -> Check:
    """Memory for the servers: about 150 MB for each participant, 600 MB for the rest."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        free = next(int(line.split()[1]) // 1000 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):
        return Check("memory", True, "can't be read on this system")
    people = max(0, (free - 600) // 250)
    return Check(
        "memory",
        people >= 1,
        f"{free} MB available: enough for about {people} participants at once",
        "close other programs, or use fewer participants",
    )


def browser() -> Check:
    """Chromium, which only the tests need."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    return Check(
        "Chromium",
        found is not None,
        found or "not found",
        "the browser tests are skipped; participants use any browser (sudo apt-get install chromium)",
    )


def engine() -> Check:
    """A container engine, for the images only."""
    for name in ("docker", "podman"):
        if shutil.which(name) and answers([name, "info"]):
            return Check("container engine", True, f"{name} answers")
    there = [name for name in ("docker", "podman") if shutil.which(name)]
    detail = f"{' and '.join(there)} found, but no engine answers" if there else "none found"
    return Check("container engine", False, detail, "not needed: spamlab up runs without containers")


def answers(command: list[str]) -> bool:
    """Whether a command ends well within five seconds."""
    try:
        return subprocess.run(command, capture_output=True, timeout=5, stdin=subprocess.DEVNULL).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def user() -> Check:
    """An ordinary user: root's limits on the number of processes bind nobody."""
    if os.geteuid() != 0:
        return Check("user", True, "an ordinary user")
    return Check(
        "user", False, "root", "works, but the limit on processes does not bind root: start it as an ordinary user"
    )


CHECKS: tuple[Callable[[], Check], ...] = (
    python,
    environment,
    user,
    sandbox,
    landlock,
    calls,
    processes,
    loopback,
    ports,
    disk,
    memory,
    browser,
    engine,
)


def examine() -> list[Check]:
    """All checks, in the order in which they matter."""
    return [check() for check in CHECKS]
