"""The warm process: it has imported the libraries, and forks runs that enter a sandbox of their own.

Run as `python -m spamlab.sandbox.warmed CONTROL-FDS ENTRY MODULES`: it holds no secret and no truth, and nothing of a
participant's runs in it. For each request it forks a keeper; the keeper joins the namespaces that bubblewrap has made
(or none at a lower level) and forks the run, which gives up all rights, confines itself and calls ENTRY. The keeper
waits, ends what is left when it is told to or when its client is gone, and says how the run ended.

A request is one packet of JSON with descriptors: status (a pipe: "R" once the run begins, "F..." where it can't,
"E CODE SIGNAL SECONDS" at its end), life (its other end closes: everything ends), then those that the run keeps.
The answer is a packet with the keeper's id.
"""

from __future__ import annotations

import array
import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
NAMESPACES = {"user": CLONE_NEWUSER, "mnt": CLONE_NEWNS, "cgroup": CLONE_NEWCGROUP, "uts": CLONE_NEWUTS,
              "ipc": CLONE_NEWIPC, "net": CLONE_NEWNET, "pid": CLONE_NEWPID}
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_CHILD_SUBREAPER = 1, 24, 38, 36
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_CAPABILITY_VERSION = 0x20080522
MOST_REQUEST = 256 * 1024
_libc = ctypes.CDLL(None, use_errno=True)

Entry = Callable[[str, list[int]], None]


def main() -> None:
    """Import, say so, and serve until every client is gone."""
    controls = [socket.socket(fileno=int(one)) for one in sys.argv[1].split(",")]
    for one in controls:
        one.set_inheritable(False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the client, which then ends us
    for name in ("filter", "floor"):  # now, while no participant's folder is on the path
        importlib.import_module(f"spamlab.sandbox.{name}")

    lacking = []
    for name in filter(None, sys.argv[3].split(",")):
        try:
            importlib.import_module(name)
        except Exception as error:  # a library may raise anything; the run will meet the same error
            lacking.append(f"{name}: {type(error).__name__}")
    module, _, function = sys.argv[2].partition(":")
    room = importlib.import_module(module)
    getattr(room, "prepare", lambda: None)()
    entry: Entry = getattr(room, function)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are not waited for
    gc.collect()
    gc.freeze()  # a collection in a run then copies no page of ours
    for one in controls:
        one.send(json.dumps({"ready": True, "lacking": lacking}).encode()[:MOST_REQUEST])
    while controls:
        for one in select.select(controls, [], [])[0]:
            if not _serve(one, controls, entry):
                controls.remove(one)
                one.close()


def _serve(control: socket.socket, controls: list[socket.socket], entry: Entry) -> bool:
    """Fork a keeper for the next request; False where the client is gone."""
    room = array.array("i")
    try:
        data, rights, _, _ = control.recvmsg(MOST_REQUEST, socket.CMSG_SPACE(32 * room.itemsize))
    except OSError:
        return False
    if not data:
        return False
    for _level, _kind, part in rights:
        room.frombytes(part[:len(part) - len(part) % room.itemsize])
    descriptors = room.tolist()
    asked = json.loads(data)
    keeper = os.fork()
    if keeper == 0:
        try:
            for other in controls:
                other.close()
            _keep(asked, descriptors[0], descriptors[1], descriptors[2:], entry)
        finally:
            os._exit(0)
    for one in descriptors:
        os.close(one)
    with contextlib.suppress(OSError):
        control.send(json.dumps({"keeper": keeper}).encode())
    return True


def _keep(asked: dict[str, Any], status: int, life: int, kept: list[int], entry: Entry) -> None:
    """The keeper: into the namespaces, fork the run, wait for it, end what is left."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        if asked["joins"]:
            _join(asked["joins"])
        run = os.fork()
    except BaseException as error:
        os.write(status, f"F{type(error).__name__}: {error}".encode()[:500])
        return
    if run == 0:
        _begin(asked, status, kept, entry)
    for one in kept:
        os.close(one)
    handle = os.pidfd_open(run)
    ready, _, _ = select.select([life, handle], [], [])
    if handle not in ready:
        with contextlib.suppress(ProcessLookupError):
            os.kill(run, signal.SIGKILL)
    _, code, use = os.wait4(run, 0)
    if not asked["joins"]:
        _end_children()
    number = os.WTERMSIG(code) if os.WIFSIGNALED(code) else 0
    word = f"E {os.WEXITSTATUS(code) if os.WIFEXITED(code) else -1} {number} {use.ru_utime + use.ru_stime:.3f}"
    with contextlib.suppress(OSError):
        os.write(status, word.encode())


def _join(pid: int) -> None:
    """Enter every namespace in which the process `pid` (on this machine) differs from this one."""
    different = 0
    for name, flag in NAMESPACES.items():
        with contextlib.suppress(FileNotFoundError):
            if os.readlink(f"/proc/{pid}/ns/{name}") != os.readlink(f"/proc/self/ns/{name}"):
                different |= flag
    needed = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID
    if different & needed != needed:
        raise OSError("the namespaces of the sandbox are not its own")
    handle = os.pidfd_open(pid)
    try:
        if _libc.setns(handle, different):
            number = ctypes.get_errno()
            raise OSError(number, f"setns: {os.strerror(number)}")
    finally:
        os.close(handle)


def _begin(asked: dict[str, Any], status: int, kept: list[int], entry: Entry) -> None:
    """The run: nothing of ours is left open, all rights are gone, limits and confinement stand; then ENTRY."""
    code = 1
    try:
        os.setsid()
        kept = _only(kept, status)
        status = 3 + len(kept)
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.umask(0o022)
        for name, (soft, hard) in asked["limits"].items():
            kind = getattr(resource, name)
            most = resource.getrlimit(kind)[1]
            hard = hard if most == resource.RLIM_INFINITY else min(hard, most)
            resource.setrlimit(kind, (min(soft, hard), hard))
        _give_up_rights()
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if asked["level"] == "floor":
            from pathlib import Path

            from spamlab.sandbox import floor

            floor.confine([Path(one) for one in asked["read_only"]], [Path(one) for one in asked["read_write"]],
                          network=False, hidden=[Path(one) for one in asked["hidden"]])
        if asked["level"] != "plain":
            from spamlab.sandbox import filter as calls

            calls.apply(network=False)
        for number in (signal.SIGINT, signal.SIGPIPE):
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_IGN)
        gc.enable()
        os.write(status, b"R")
        os.close(status)
        status = -1
        entry(asked["argument"], kept)
        code = 0
    except BaseException as error:
        if status >= 0:
            os.write(status, f"F{type(error).__name__}: {error}".encode()[:500])
    finally:
        os._exit(code)


def _only(kept: list[int], status: int) -> list[int]:
    """Close every descriptor but those of the run, which become 3, 4, ... and then the status; 0 to 2 are /dev/null."""
    import fcntl

    moved = [fcntl.fcntl(one, fcntl.F_DUPFD, 100) for one in (*kept, status)]
    nothing = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.closerange(3, 100)
    for place, one in enumerate(moved):
        os.dup2(one, 3 + place, inheritable=False)
    top = 3 + len(moved)
    try:
        if _libc.close_range(top, 0xFFFFFFFF, 0):
            raise AttributeError
    except AttributeError:
        os.closerange(top, max(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 4096))
    return list(range(3, 3 + len(kept)))


def _give_up_rights() -> None:
    """No capability is left, none can be had again, and no program that is started gains any."""
    for number in range(64):
        if _libc.prctl(PR_CAPBSET_DROP, number, 0, 0, 0):
            break  # beyond the last that the kernel knows; or no right to drop, and then none to lose
    _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    none = (ctypes.c_uint32 * 6)()
    if _libc.capset(header, none) or _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        number = ctypes.get_errno()
        raise OSError(number, f"rights can't be given up: {os.strerror(number)}")


def _end_children() -> None:
    """Kill all that the run left behind: orphans become the keeper's children, so in the end none is left."""
    own = os.getpid()
    while True:
        below: list[int] = []
        waiting = [own]
        while waiting:
            pid = waiting.pop()
            with contextlib.suppress(OSError):
                for thread in os.listdir(f"/proc/{pid}/task"):
                    with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                        waiting.extend(int(one) for one in file.read().split())
            if pid != own:
                below.append(pid)
        if not below:
            return
        for pid in below:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


if __name__ == "__main__":
    main()
