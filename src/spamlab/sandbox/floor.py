"""Landlock: which files a process may reach where no namespaces can be had, and whom it may signal.

Rules only allow, and hold for the process and what it starts; they can't be taken off. Landlock leaves open: whether
a file exists and how large it is, changing modes and times (`filter.floor_program` sees to that), datagrams over UDP
(`filter.program` denies sockets). Source: https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from spamlab.errors import SandboxError
from spamlab.sandbox import filter as calls
from spamlab.sandbox.binds import interpreter_paths, system_paths

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every architecture
_VERSION, _PATH_BENEATH = 1, 1
_PR_SET_NO_NEW_PRIVS, _PR_CAPBSET_DROP, _PR_CAP_AMBIENT, _AMBIENT_CLEAR = 38, 24, 47, 4
_CAPABILITY_VERSION = 0x2008_0522

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE, MAKE_CHAR, MAKE_DIR = (1 << bit for bit in range(8))
MAKE_REG, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK, MAKE_SYM, REFER, TRUNCATE, IOCTL_DEV = (1 << bit for bit in range(8, 16))
_READ = EXECUTE | READ_FILE | READ_DIR
_WRITE = (_READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SOCK | MAKE_FIFO | MAKE_SYM
          | REFER | TRUNCATE)
_OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_BIND_TCP, _CONNECT_TCP = 1, 2
_ABSTRACT_SOCKETS, _SIGNALS = 1, 2
SIGNALS_SCOPED_FROM = 6
"""The version of Landlock from which signals and abstract sockets stay inside."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """The version of Landlock that this kernel has, 0 for none."""
    return max(0, int(_libc().syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))))


def available() -> bool:
    """Whether the level floor can be had: Landlock, and a filter of calls."""
    return abi() >= 1 and calls.available()


def confine(read_only: Iterable[Path], read_write: Iterable[Path], *, network: bool, hidden: Iterable[Path] = ()
            ) -> None:
    """Hold the calling process, with one thread, and what it starts: these files, the system's and Python's, no others.

    Without `network` no TCP either. Rights of root are given up. hidden: folders that can't be read although they lie
    in one that can; what is named below them can. All names in such a folder stay visible, and those beside it where it
    is a Python package. Raises SandboxError.
    """
    rules = ruleset(read_only, read_write, network=network, hidden=hidden)
    try:
        give_up_rights()
        restrict(rules)
    finally:
        os.close(rules)
    calls.install(calls.floor_program(abi()))


def ruleset(read_only: Iterable[Path], read_write: Iterable[Path], *, network: bool, hidden: Iterable[Path] = ()
            ) -> int:
    """A descriptor of the kernel's rules, which a process may lay on itself with `restrict`; close it afterwards."""
    version = abi()
    if version < 1:
        raise SandboxError("this kernel has no Landlock, so files can't be guarded at the level floor")
    files = (1 << 13) - 1
    files |= (REFER if version >= 2 else 0) | (TRUNCATE if version >= 3 else 0) | (IOCTL_DEV if version >= 5 else 0)
    net = _BIND_TCP | _CONNECT_TCP if version >= 4 and not network else 0
    rules = _create(files, net, _ABSTRACT_SOCKETS | _SIGNALS if version >= SIGNALS_SCOPED_FROM else 0, version)
    try:
        shut = [Path(os.path.abspath(one)) for one in hidden]
        asked = [Path(os.path.abspath(one)) for one in read_only]
        for path in (*system_paths(), *interpreter_paths()):
            if any(path.is_relative_to(one) for one in shut):
                continue
            for part, rights in _around(path, shut):
                _allow(rules, part, rights & files, must=False)
        for path in asked:
            for part, rights in _around(path, [one for one in shut if one != path]):
                _allow(rules, part, rights & files, must=part == path)
        for path in shut:
            if any(one.is_relative_to(path) for one in asked):  # Python lists the folders in which it looks for modules
                _allow(rules, path, READ_DIR, must=False)
                if (path / "__init__.py").exists():
                    _allow(rules, path.parent, READ_DIR, must=False)
        for name in _DEVICES:
            _allow(rules, Path(name), (READ_FILE | WRITE_FILE | TRUNCATE) & files, must=False)
        for path in read_write:
            _allow(rules, Path(os.path.abspath(path)), _WRITE & files, must=True)
    except BaseException:
        os.close(rules)
        raise
    return rules


def signal_scope() -> int:
    """Rules that keep signals of the process and its children inside and do nothing else; -1 where there are none."""
    version = abi()
    if version < SIGNALS_SCOPED_FROM:
        return -1
    rules = _create(REFER, 0, _SIGNALS, version)
    try:
        _allow(rules, Path("/"), REFER, must=True)  # moving to another folder is denied by any rules that do not say so
    except BaseException:
        os.close(rules)
        raise
    return rules


def restrict(rules: int) -> None:
    """Lay rules on the calling thread and what it starts. Raises SandboxError."""
    libc = _libc()
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.syscall(_RESTRICT, rules, ctypes.c_uint32(0)):
        raise SandboxError(f"Landlock does not take the rules: {os.strerror(ctypes.get_errno())}")


def give_up_rights() -> None:
    """No capability is left, none can be had again, and no program that is started gains any. Raises SandboxError."""
    libc = _libc()
    for number in range(64):
        if libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0):
            break  # beyond the last that the kernel knows; or no right to drop any, and then none to lose
    libc.prctl(_PR_CAP_AMBIENT, _AMBIENT_CLEAR, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    if libc.capset(header, (ctypes.c_uint32 * 6)()) or libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise SandboxError(f"rights can't be given up: {os.strerror(ctypes.get_errno())}")


def _around(path: Path, hidden: list[Path]) -> Iterator[tuple[Path, int]]:
    """The path with reading rights; or its parts, where something in it is hidden: rules can't take back."""
    if path in hidden:
        return
    below = [one for one in hidden if one.is_relative_to(path)]
    if not below:
        yield path, _READ
        return
    yield path, READ_DIR
    try:
        children = sorted(path.iterdir())
    except OSError:
        return
    for child in children:
        yield from _around(child, below)


def _create(files: int, net: int, scoped: int, version: int) -> int:
    given = _Ruleset(files, net, scoped)
    size = 8 if version < 4 else 16 if version < SIGNALS_SCOPED_FROM else 24
    found = int(_libc().syscall(_CREATE, ctypes.byref(given), ctypes.c_size_t(size), ctypes.c_uint32(0)))
    if found < 0:
        raise SandboxError(f"Landlock makes no rules: {os.strerror(ctypes.get_errno())}")
    return found


def _allow(rules: int, path: Path, rights: int, *, must: bool) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError as error:
        if not must:
            return
        raise SandboxError(f"{path.name} can't be shown in the sandbox: {os.strerror(error.errno or 0)}") from None
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _OF_A_FILE
        given = _Beneath(rights, place)
        if rights and _libc().syscall(_ADD, rules, _PATH_BENEATH, ctypes.byref(given), ctypes.c_uint32(0)):
            number = ctypes.get_errno()
            if number != errno.EINVAL or must:
                raise SandboxError(f"{path.name} can't be shown in the sandbox: {os.strerror(number)}")
    finally:
        os.close(place)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
