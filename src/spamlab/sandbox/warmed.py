"""The warm process: it has imported the libraries, and forks runs that enter a sandbox of their own.

Run as `python -m spamlab.sandbox.warmed CONTROL-FDS ENTRY MODULES`: it holds no secret and no truth, and nothing of a
participant's runs in it. For each request it forks a keeper; the keeper joins the namespaces that bubblewrap has made
(or none at a lower level) and forks the run, which gives up all rights, confines itself and calls ENTRY. The keeper
waits, ends what is left when it is told to or when its client is gone, and says how the run ended.

A request is one packet of JSON with descriptors: status (a pipe: "R" once the run begins, "F..." where it can't,
"E CODE SIGNAL SECONDS" at its end), life (its other end closes: everything ends), then those that the run keeps.
The answer is a packet with the request's number and the keeper's id, or the reason why there is none.
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
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from spamlab.sandbox import filter as calls
from spamlab.sandbox import floor
from spamlab.sandbox.binds import interpreter_paths
from spamlab.sandbox.tree import descendants

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
NAMESPACES = {"user": CLONE_NEWUSER, "mnt": CLONE_NEWNS, "cgroup": CLONE_NEWCGROUP, "uts": CLONE_NEWUTS,
              "ipc": CLONE_NEWIPC, "net": CLONE_NEWNET, "pid": CLONE_NEWPID}
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 1, 4, 36
MOST_REQUEST = 256 * 1024
_libc = ctypes.CDLL(None, use_errno=True)

Entry = Callable[[str, list[int]], None]


def main() -> None:
    """Import, say so, and serve until every client is gone."""
    controls = [socket.socket(fileno=int(one)) for one in sys.argv[1].split(",")]
    for one in controls:
        one.set_inheritable(False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the client, which then ends us
    gc.disable()  # of what is imported next to nothing is garbage; looking for it took a fifth of the time
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
    interpreter_paths()  # found once, for all
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are not waited for
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
    answer: dict[str, Any] = {"number": asked["number"]}
    try:
        keeper = os.fork()
    except OSError as error:
        answer["reason"] = f"fork: {error.strerror}"
    else:
        if keeper == 0:
            try:
                for other in controls:
                    other.close()
                _keep(asked, descriptors[0], descriptors[1], descriptors[2:], entry)
            finally:
                os._exit(0)
        answer["keeper"] = keeper
    for one in descriptors:
        os.close(one)
    with contextlib.suppress(OSError):
        control.send(json.dumps(answer).encode())
    return True


def _keep(asked: dict[str, Any], status: int, life: int, kept: list[int], entry: Entry) -> None:
    """The keeper: into the namespaces, fork the run, take up what it leaves, wait for it, end what is left."""
    ended, woken = os.pipe()
    for one in (ended, woken):
        os.set_blocking(one, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    scoped = False
    try:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        if asked["joins"]:
            _join(asked["joins"])
        else:
            scoped = _scoped(os.getppid())
        run = os.fork()
    except BaseException as error:
        os.write(status, f"F{type(error).__name__}: {error}".encode()[:500])
        return
    if run == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _begin(asked, status, kept, entry)
    for one in kept:
        os.close(one)
    spent, code = 0.0, None
    wanted = [life, ended]
    while code is None:
        if life in select.select(wanted, [], [])[0]:
            wanted.remove(life)
            os.kill(run, signal.SIGKILL)
        with contextlib.suppress(BlockingIOError):
            os.read(ended, 4096)
        pid = -1
        while pid:
            try:
                pid, found, use = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                break
            spent += use.ru_utime + use.ru_stime if pid else 0.0
            code = found if pid == run else code
    if not asked["joins"]:
        _end_children(scoped)
    if asked["private"]:
        shutil.rmtree(asked["private"], ignore_errors=True)
    number = os.WTERMSIG(code) if os.WIFSIGNALED(code) else 0
    word = f"E {os.WEXITSTATUS(code) if os.WIFEXITED(code) else -1} {number} {spent:.3f}"
    with contextlib.suppress(OSError):
        os.write(status, word.encode())


def _scoped(outside: int) -> bool:
    """Whether the kernel now lets signals of this process reach what it starts and nothing else; tried on `outside`."""
    rules = floor.signal_scope()
    if rules < 0:
        return False
    try:
        floor.restrict(rules)
    finally:
        os.close(rules)
    try:
        os.kill(outside, 0)
    except PermissionError:
        return True
    except ProcessLookupError:
        return False
    return False


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
        if asked["level"] == "floor":
            floor.confine([Path(one) for one in asked["read_only"]], [Path(one) for one in asked["read_write"]],
                          network=False, hidden=[Path(one) for one in asked["hidden"]])
        else:
            floor.give_up_rights()
        # Entering a namespace of users has hidden this process from its own user: then nobody could look at its memory.
        _libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if asked["joins"] and os.getppid() != 0:
            os._exit(1)  # the keeper, which is outside and so has no number here, was gone before
        if asked["level"] != "plain":
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


def _end_children(scoped: bool) -> None:
    """Kill all that the run left behind: orphans become the keeper's children, so in the end none is left.

    scoped: signals reach those alone, so one stroke meets all at once.
    """
    while True:
        with contextlib.suppress(OSError):
            if scoped:
                os.kill(-1, signal.SIGKILL)
        for pid in [] if scoped else descendants(os.getpid())[1:]:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, 0 if scoped else os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return


if __name__ == "__main__":
    main()
