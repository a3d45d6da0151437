"""Which folders of the machine are seen inside: what is asked for, what Python needs, and nothing else."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

Way = Literal["read", "write", "hide"]

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
ETC = ("/etc/ssl", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/alternatives",
       "/etc/mime.types", "/etc/hosts", "/etc/nsswitch.conf", "/etc/fonts")


@dataclass(frozen=True)
class Bind:
    """One path as it is seen inside: read, write, or hidden behind an empty folder."""

    path: Path
    way: Way


def interpreter_paths() -> list[Path]:
    """Where this interpreter and its packages live: prefixes, library folders, and each hop to the executable.

    A venv's executable may be a link to an interpreter anywhere (pyenv, uv, conda, a home).
    """
    return list(_interpreter_paths(sys.executable, sys.prefix))


@lru_cache(maxsize=4)
def _interpreter_paths(executable: str, prefix: str) -> tuple[Path, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    found = [prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix,
             *(sysconfig.get_paths().get(name, "") for name in names)]
    found += [str(hop) for hop in _hops(Path(executable))]
    found += [os.path.realpath(one) for one in found if one]
    return tuple(_outermost(Path(one) for one in found if one and os.path.exists(one)))


def system_paths() -> list[Path]:
    """The parts of the system that programs need to run at all."""
    return [Path(one) for one in (*SYSTEM, *ETC) if os.path.exists(one)]


def ordered(read_only: Iterable[Path], read_write: Iterable[Path], hidden: Iterable[Path]) -> list[Bind]:
    """All binds, outer folders first, so that the deeper one wins; of one path, writing wins over reading over hiding.

    A folder that is hidden matters only inside one that is seen.
    """
    ways: dict[Path, Way] = {}
    asked: list[tuple[Iterable[Path], Way]] = [(hidden, "hide"), (read_only, "read"), (read_write, "write")]
    for paths, way in asked:
        for path in paths:
            ways[Path(os.path.abspath(path))] = way
    seen = [path for path, way in ways.items() if way != "hide"]
    return [Bind(path, ways[path]) for path in sorted(ways, key=lambda path: (len(path.parts), path))
            if ways[path] != "hide" or any(path.is_relative_to(one) for one in seen)]


def _hops(executable: Path) -> Iterator[Path]:
    for _ in range(20):
        yield executable
        if not executable.is_symlink():
            return
        executable = Path(os.path.normpath(executable.parent / os.readlink(executable)))


def _outermost(paths: Iterable[Path]) -> list[Path]:
    """The paths that lie in no other of them and in no folder of the system."""
    system = [Path(one) for one in SYSTEM]
    kept: list[Path] = []
    for path in sorted(set(paths), key=lambda one: len(one.parts)):
        if len(path.parts) > 1 and not any(path.is_relative_to(one) for one in [*system, *kept]):
            kept.append(path)
    return kept
