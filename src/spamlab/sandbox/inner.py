"""The first thing that runs inside: sets the limits, says that it is there, becomes the program.

Run as `python -I -S -c SOURCE ORDERS STATUS-FD PROGRAM ARGUMENTS...`: it stands alone, imports little, and is
never imported. ORDERS is a JSON record: "limits", a record of resource name to soft and hard number, and "floor",
null but at that level. STATUS-FD gets "R" before the program begins and "F" with the reason if it can't begin, so that
the sandbox's own failure is never taken for the program's.

At the floor there is no namespace whose end would end all that is in it, so three processes stand there: the outermost,
which waits; a keeper in a session of its own, to which all orphans of the program come; and the program. The keeper
ends with the outermost however that ends, and before it ends it has killed whatever the program left.
"floor" names descriptors and a folder: "rules" (Landlock's, for the program), "scope" (the same for the keeper: it can
then kill all that is inside at one stroke and nothing else; -1 for none), "filter" with "lengths" (the programs of
seccomp, one after the other), "private" (the folder that stands for /tmp; the keeper removes it).
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing these takes time
    import ctypes
    from typing import Any


def main() -> None:
    """Set limits and become the program; never returns."""
    orders, status, program = json.loads(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    try:
        if orders["floor"] is not None:
            keep(orders["floor"])
        for name, (soft, hard) in orders["limits"].items():
            kind = getattr(resource, name)
            _, most = resource.getrlimit(kind)
            hard = hard if most == resource.RLIM_INFINITY else min(hard, most)
            resource.setrlimit(kind, (min(soft, hard), hard))
        os.set_inheritable(status, False)
        os.umask(0o022)
        if orders["floor"] is not None:
            confine(orders["floor"])
        os.write(status, b"R")
        os.execv(program[0], program)
    except BaseException as error:
        os.write(status, f"F{type(error).__name__}: {error}".encode()[:500])
        os._exit(127)


def keep(floor: dict[str, Any]) -> None:
    """Fork the keeper, and from it the program; returns in the program alone."""
    import signal

    libc = calls()
    watched = {signal.SIGTERM, signal.SIGCHLD}
    signal.pthread_sigmask(signal.SIG_BLOCK, watched)
    libc.prctl(1, signal.SIGTERM, 0, 0, 0)  # PR_SET_PDEATHSIG
    outermost = os.getpid()
    keeper = os.fork()
    if keeper:
        leave()
        while True:
            if signal.sigwait(watched) == signal.SIGTERM:
                os.kill(keeper, signal.SIGTERM)
            ended, status = os.waitpid(keeper, os.WNOHANG)
            if ended:
                os._exit(as_shell(status))
    os.setsid()
    libc.prctl(1, signal.SIGTERM, 0, 0, 0)
    libc.prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    if os.getppid() != outermost:
        os._exit(127)
    scoped = floor["scope"] >= 0
    if scoped:
        restrict(libc, floor["scope"])
        scoped = not reaches(outermost)
    run = os.fork()
    if run == 0:
        os.setsid()
        libc.prctl(1, signal.SIGKILL, 0, 0, 0)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, watched)
        return
    code = 128 + signal.SIGKILL
    try:
        leave()
        while signal.sigwait(watched) == signal.SIGCHLD:
            found = reap(run)
            if found is not None:
                code = as_shell(found)
                break
    finally:
        end_all(scoped)
        remove(floor["private"])
        os._exit(code)


def reap(run: int) -> int | None:
    """Take the status of all that have ended; that of the program, if it is among them."""
    found = None
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if pid == 0:
            return found
        if pid == run:
            found = status


def end_all(scoped: bool) -> None:
    """Kill all below the keeper, and wait until none is left. scoped: the kernel lets signals reach those alone."""
    while True:
        if scoped:
            with contextlib.suppress(OSError):
                os.kill(-1, 9)
        else:
            for pid in below(os.getpid()):
                with contextlib.suppress(OSError):
                    os.kill(pid, 9)
        try:
            while os.waitpid(-1, 0 if scoped else os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return


def below(own: int) -> list[int]:
    """All descendants of a process."""
    found: list[int] = []
    waiting = [own]
    while waiting:
        pid = waiting.pop()
        try:
            for thread in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{thread}/children") as file:
                    new = [int(one) for one in file.read().split()]
                found += new
                waiting += new
        except OSError:
            continue
    return found


def confine(floor: dict[str, Any]) -> None:
    """Give up root's rights, lay Landlock's rules and the filter on this process."""
    import ctypes

    libc = calls()
    for number in range(64):
        if libc.prctl(24, number, 0, 0, 0):  # PR_CAPBSET_DROP
            break
    libc.prctl(47, 4, 0, 0, 0)  # PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL
    if libc.capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()):
        raise OSError(ctypes.get_errno(), "rights can't be given up")
    restrict(libc, floor["rules"])
    os.lseek(floor["filter"], 0, os.SEEK_SET)
    programs = [os.read(floor["filter"], length) for length in floor["lengths"]]
    for name in ("rules", "scope", "filter"):
        if floor[name] >= 0:
            os.close(floor[name])
    own = os.getpid().to_bytes(4, "little")
    for part in programs:
        part = part.replace(0x7FFFFFF7.to_bytes(4, "little"), own)
        kept = ctypes.create_string_buffer(part, len(part))
        given = (ctypes.c_uint64 * 2)(len(part) // 8, ctypes.addressof(kept))
        if libc.syscall({"x86_64": 317, "aarch64": 277}[os.uname().machine], 1, 0, given):
            raise OSError(ctypes.get_errno(), "the kernel does not take the filter of calls")


def restrict(libc: ctypes.CDLL, rules: int) -> None:
    """Lay Landlock's rules on this process."""
    import ctypes

    if libc.prctl(38, 1, 0, 0, 0) or libc.syscall(446, rules, ctypes.c_uint32(0)):
        raise OSError(ctypes.get_errno(), "Landlock does not take the rules")


def reaches(pid: int) -> bool:
    """Whether a signal could be sent to a process."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return False
    return True


def leave() -> None:
    """Hold nothing open that is the program's, so that its pipes end with it."""
    nothing = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.closerange(3, max(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[0]))


def remove(folder: str) -> None:
    """Remove the private folder."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def as_shell(status: int) -> int:
    """An exit status in the shell's way: 128 and the signal."""
    return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def calls() -> ctypes.CDLL:
    """The C library."""
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


main()
