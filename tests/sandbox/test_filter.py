"""The filter of calls as the kernel reads it."""

from __future__ import annotations

import errno
import os
import struct
import subprocess
import sys

import pytest

from spamlab.errors import SandboxError
from spamlab.sandbox import filter as calls

ALLOWED, DENIED = 0x7FFF0000, 0x00050000 | errno.EPERM


def answer(whole: bytes, number: int, *arguments: int, audit: int) -> int:
    """What the program answers to a call, by an interpreter of the few instructions that it is made of."""
    given = struct.pack("<iIQ6Q", number, audit, 0, *(arguments + (0,) * 6)[:6])
    held, place = 0, 0
    while True:
        code, if_true, if_false, value = struct.unpack_from("<HBBI", whole, place * 8)
        place += 1
        if code == 0x20:
            held = struct.unpack_from("<I", given, value)[0]
        elif code == 0x54:
            held &= value
        elif code == 0x06:
            return int(value)
        else:
            holds = {0x15: held == value, 0x35: held >= value, 0x45: bool(held & value)}[code]
            place += if_true if holds else if_false


@pytest.fixture(params=["x86_64", "aarch64"])
def column(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Each architecture that is known: its column in the tables and its audit name."""
    place = calls._PLACES[request.param]
    monkeypatch.setattr(calls, "_place", lambda: place)
    return place[0], place[1]


def test_every_named_call_is_denied(column: tuple[int, int]) -> None:
    """Each call that is always denied is, with and without a network; reading and writing are not."""
    place, audit = column
    for network in (False, True):
        whole = calls.program(network)
        for name, numbers in calls.ALWAYS.items():
            if numbers[place] is not None:
                assert answer(whole, numbers[place] or 0, audit=audit) == DENIED, name
        for number in ((0, 1) if place == 0 else (63, 64)):
            assert answer(whole, number, audit=audit) == ALLOWED


def test_arguments_decide(column: tuple[int, int]) -> None:
    """Sockets by family, pairs by kind, clone by flags, limits by process, personality by value."""
    place, audit = column
    closed, shared = calls.program(False), calls.program(True)

    def call(whole: bytes, name: str, *arguments: int) -> bool:
        return answer(whole, calls._OTHERS[name][place] or 0, *arguments, audit=audit) == ALLOWED

    assert [call(closed, "socket", family) for family in (1, 2, 10, 16, 17)] == [False] * 5
    assert [call(shared, "socket", family) for family in (1, 2, 10, 16, 17, 38, 40)] == [True] * 4 + [False] * 3
    stream_nonblocking, datagrams = 1 | 0o4000 | 0o2000000, 2
    assert call(closed, "socketpair", 1, stream_nonblocking)
    assert not call(closed, "socketpair", 1, datagrams)
    assert not call(closed, "socketpair", 2, 1)
    assert call(closed, "clone", 0x3D0F00)  # a thread, as glibc makes it
    assert not call(closed, "clone", 0x10000011)
    assert call(closed, "prlimit64", 0)
    assert not call(closed, "prlimit64", 1)
    assert call(closed, "personality", 0xFFFFFFFF)
    assert not call(closed, "personality", 0x40000)
    assert not call(closed, "ioctl", 0, 0x5412)
    assert not call(closed, "ioctl", 0, 0x5412 | 1 << 40)  # the kernel looks at the lower half alone
    assert call(closed, "ioctl", 0, 0x5401)
    assert answer(closed, 435, audit=audit) == 0x00050000 | errno.ENOSYS


def test_other_architectures_are_denied(column: tuple[int, int]) -> None:
    """A call by i386's numbers, and on x86_64 one by x32's, is denied whatever it is."""
    _, audit = column
    whole = calls.program(True)
    assert answer(whole, 20, audit=0x40000003) == DENIED
    assert answer(whole, 0x40000000 | 39, audit=audit) == DENIED


@pytest.mark.parametrize("landlock", [1, 3, 6])
def test_the_floor_has_more(column: tuple[int, int], landlock: int) -> None:
    """Modes change in silence; signals to others and cutting are denied where Landlock does not guard them."""
    place, audit = column
    whole = calls.for_process(calls.floor_program(landlock), 4711)

    def call(name: str, *arguments: int) -> int:
        return answer(whole, calls._OTHERS[name][place] or 0, *arguments, audit=audit)

    assert answer(whole, calls.QUIET["fchmodat"][place] or 0, audit=audit) == 0x00050000
    assert call("kill", 4711) == ALLOWED
    assert (call("kill", 1) == ALLOWED) == (landlock >= 6)
    assert (call("kill", 0xFFFFFFFF) == ALLOWED) == (landlock >= 6)
    assert (call("truncate") == ALLOWED) == (landlock >= 3)
    assert (call("openat", 0, 0, os.O_TRUNC) == ALLOWED) == (landlock >= 3)
    assert call("openat", 0, 0, os.O_TRUNC | os.O_WRONLY) == ALLOWED
    assert call("setpriority", 0, 1) == 0x00050000
    assert call("setpriority", 0, 0) == ALLOWED


def test_an_unknown_machine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the kernel's calls are not known there is no program, and one clear sentence."""
    monkeypatch.setattr(os, "uname", lambda: type("Name", (), {"machine": "riscv64"}))
    with pytest.raises(SandboxError, match="riscv64"):
        calls.program(False)


def test_it_is_light() -> None:
    """Importing the filter and the floor brings in no large library."""
    code = ("import sys; from spamlab.sandbox import filter, floor; "
            "print(sorted({'numpy', 'IPython', 'pandas', 'asyncio', 'sqlite3'} & set(sys.modules)))")
    assert subprocess.check_output([sys.executable, "-c", code]).strip() == b"[]"
