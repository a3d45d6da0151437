"""Which calls of the kernel participants' code may make: a seccomp filter, written as classic BPF and set by ctypes.

What is denied fails with EPERM and ends nobody, so a program meets an ordinary error. The filter holds for the
process and all that it starts, and can't be taken off. Numbers: the kernel's tables for x86_64 and aarch64.
Source: https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable, Mapping

from spamlab.errors import SandboxError

OWN_PID = 0x7FFF_FFF7
"""Stands in a program for the process's own id; `for_process` puts the id in its place. No process has this one."""

_PLACES = {"x86_64": (0, 0xC000_003E, 317), "aarch64": (1, 0xC000_00B7, 277)}  # column, audit name, number of seccomp
_ALLOW, _ERRNO = 0x7FFF_0000, 0x0005_0000
_DENY = _ERRNO | errno.EPERM
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_PR_SET_NO_NEW_PRIVS, _SET_MODE_FILTER, _ALL_THREADS = 38, 1, 1
_NAMESPACES = 0x7E02_0000  # user, pid, net, ipc, uts, cgroup, mount; the time namespace has no flag of clone
_UNIX, _STREAM, _SEQPACKET = 1, 1, 5

Calls = Mapping[str, tuple[int | None, int | None]]

ALWAYS: Calls = {
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "process_mrelease": (448, 448), "kcmp": (312, 272), "pidfd_getfd": (438, 438),
    "migrate_pages": (256, 238), "move_pages": (279, 239),
    # the kernel itself
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "create_module": (174, None), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "iopl": (172, None), "ioperm": (173, None),
    "modify_ldt": (154, None), "lookup_dcookie": (212, 18), "nfsservctl": (180, 42), "uselib": (134, None),
    "_sysctl": (156, None), "syslog": (103, 116),
    # mounts and namespaces
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "move_mount": (429, 429),
    "open_tree": (428, 428), "open_tree_attr": (467, 467), "mount_setattr": (442, 442), "statmount": (457, 457),
    "listmount": (458, 458), "unshare": (272, 97), "setns": (308, 268),
    # keys, files by handle, the machine's settings
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265), "fanotify_init": (300, 262), "acct": (163, 89), "swapon": (167, 224),
    "swapoff": (168, 225), "quotactl": (179, 60), "quotactl_fd": (443, 443), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266), "sethostname": (170, 161),
    "setdomainname": (171, 162), "vhangup": (153, 58),
}
"""Denied at every level that has the filter: name -> number on x86_64 and on aarch64."""

QUIET: Calls = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88),
}
"""Modes, owners and times of files, which Landlock does not guard: at the floor these calls succeed and do nothing.

An error would break honest copying of files.
"""

SHARED: Calls = {
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14),
    "lremovexattr": (198, 15), "fremovexattr": (199, 16), "setxattrat": (463, 463), "removexattrat": (466, 466),
    "file_setattr": (469, 469), "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186),
    "mq_open": (240, 180), "mq_unlink": (241, 181), "inotify_add_watch": (254, 27),
}
"""Denied at the floor, which has no namespaces: what one user's processes share, and attributes of any file."""

_OTHERS: Calls = {
    "socket": (41, 198), "socketpair": (53, 199), "clone": (56, 220), "clone3": (435, 435), "personality": (135, 92),
    "ioctl": (16, 29), "prlimit64": (302, 261), "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118), "sched_setattr": (314, 274), "setpriority": (141, 140), "ioprio_set": (251, 30),
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424), "fcntl": (72, 25), "truncate": (76, 45),
    "open": (2, None), "openat": (257, 56), "openat2": (437, 437),
}
_TERMINAL_INPUT = (0x5412, 0x541C)  # TIOCSTI and TIOCLINUX put words into a terminal
_FILE_FLAGS = (0x4008_6602, 0x401C_5820)  # FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR
_SIGNAL_OWNER = (0x8901, 0x8902)  # FIOSETOWN, SIOCSPGRP
_NETWORK_FAMILIES = (1, 2, 10, 16)  # Unix, IPv4, IPv6, netlink (which addresses this machine has)


def apply(network: bool) -> None:
    """Set no_new_privs and the filter for the calling process, all its threads, and what it starts from now on.

    network: whether sockets may be made; without it only pairs of connected Unix sockets can. Raises SandboxError.
    """
    install(program(network))


def available() -> bool:
    """Whether this kernel takes filters and this machine's calls are known."""
    try:
        _, _, number = _place()
        libc = ctypes.CDLL(None, use_errno=True)
    except (SandboxError, OSError):
        return False
    # A filter that is not there: EFAULT means that the kernel wanted to read it.
    return libc.syscall(number, _SET_MODE_FILTER, 0, None) != 0 and ctypes.get_errno() in (errno.EFAULT, errno.EACCES)


def install(whole: bytes) -> None:
    """Set no_new_privs and this program. Raises SandboxError where the kernel does not take it."""
    _, _, number = _place()
    libc = ctypes.CDLL(None, use_errno=True)
    whole = for_process(whole, os.getpid())
    kept = ctypes.create_string_buffer(whole, len(whole))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))

    given = Program(len(whole) // 8, ctypes.addressof(kept))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.syscall(number, _SET_MODE_FILTER, _ALL_THREADS,
                                                                   ctypes.byref(given)):
        raise SandboxError(f"the kernel does not take the filter of calls: {os.strerror(ctypes.get_errno())}")


def for_process(whole: bytes, pid: int) -> bytes:
    """The program for one process: OWN_PID stands for its id."""
    return whole.replace(struct.pack("<I", OWN_PID), struct.pack("<I", pid))


def program(network: bool) -> bytes:
    """The filter as the kernel's 8-byte instructions (struct sock_filter), for this machine's architecture.

    Raises SandboxError on an architecture whose calls are not known here.
    """
    column, audit, _ = _place()
    steps = _head(audit) + _same(ALWAYS.values(), column, _DENY)
    steps += _call("clone3", column, [_answer(_ERRNO | errno.ENOSYS)])  # its flags lie in memory; glibc then uses clone
    steps += _call("clone", column, _if_any_bit(0, _NAMESPACES, _DENY))
    steps += _call("personality", column, _unless(0, (0, 0xFFFF_FFFF), _DENY))
    steps += _call("ioctl", column, _if(1, _TERMINAL_INPUT, _DENY))
    steps += _call("prlimit64", column, _unless(0, (0,), _DENY))  # limits of another process
    steps += _call("socket", column, _unless(0, _NETWORK_FAMILIES if network else (), _DENY))
    # A datagram socket of a pair could still send to any other address.
    steps += _call("socketpair", column, [
        *_unless(0, (_UNIX,), _DENY, end=False), *_unless(1, (_STREAM, _SEQPACKET), _DENY, mask=0xF)])
    return b"".join((*steps, _answer(_ALLOW)))


def floor_program(landlock: int) -> bytes:
    """What the floor needs beside it, for it has no namespaces: no files' modes, nothing shared, no others' priority.

    landlock: its version. Below 3 it does not guard files against being cut, below 6 it keeps no signals inside: then
    a process can be sent one by itself alone.
    """
    column, audit, _ = _place()
    scoped_signals = landlock >= 6
    steps = _head(audit) + _same(QUIET.values(), column, _ERRNO) + _same(SHARED.values(), column, _DENY)
    # Priority and processors of others: succeeds and does nothing, for libraries set those of their own threads.
    for name in ("sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr"):
        steps += _call(name, column, _unless(0, (0, OWN_PID), _ERRNO))
    for name in ("setpriority", "ioprio_set"):
        which = (0,) if name == "setpriority" else (1,)
        steps += _call(name, column, [*_unless(0, which, _ERRNO, end=False), *_unless(1, (0, OWN_PID), _ERRNO)])
    steps += _call("ioctl", column, _if(1, (*_FILE_FLAGS, *(() if scoped_signals else _SIGNAL_OWNER)), _DENY))
    if not scoped_signals:
        steps += _call("kill", column, _unless(0, (0, OWN_PID), _DENY))
        steps += _call("tgkill", column, _unless(0, (OWN_PID,), _DENY))
        for name in ("tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal"):
            steps += _call(name, column, [_answer(_DENY)])
        steps += _call("fcntl", column, _if(1, (8, 15), _DENY))  # F_SETOWN, F_SETOWN_EX: signals by input and output
    if landlock < 3:
        steps += _call("truncate", column, [_answer(_DENY)])
        steps += _call("openat2", column, [_answer(_ERRNO | errno.ENOSYS)])  # its flags lie in memory
        for name, place in (("open", 1), ("openat", 2)):  # opened for reading, and cut all the same
            steps += _call(name, column, [*_argument(place, os.O_ACCMODE | os.O_TRUNC),
                                          _step(_EQUAL, os.O_TRUNC, 0, 1), _answer(_DENY), _answer(_ALLOW)])
    return b"".join((*steps, _answer(_ALLOW)))


def _place() -> tuple[int, int, int]:
    machine = os.uname().machine
    if machine not in _PLACES or struct.calcsize("P") != 8:
        raise SandboxError(f"the kernel's calls on {machine} are not known here, so none can be denied")
    return _PLACES[machine]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


def _answer(action: int) -> bytes:
    return _step(_RETURN, action)


def _head(audit: int) -> list[bytes]:
    """Deny the calls of other architectures (i386 and x32 on x86_64), then have the call's number at hand."""
    steps = [_step(_LOAD, 4), _step(_EQUAL, audit, 1, 0), _answer(_DENY), _step(_LOAD, 0)]
    return [*steps, _step(_AT_LEAST, 0x4000_0000, 0, 1), _answer(_DENY)]


def _same(calls: Iterable[tuple[int | None, int | None]], column: int, action: int) -> list[bytes]:
    numbers = [number for call in calls if (number := call[column]) is not None]
    return [step for number in numbers for step in (_step(_EQUAL, number, 0, 1), _answer(action))]


def _call(name: str, column: int, body: list[bytes]) -> list[bytes]:
    """Steps for one call alone; a body that reads arguments ends in an answer."""
    number = _OTHERS[name][column]
    if number is None:
        return []
    return [_step(_EQUAL, number, 0, len(body)), *body]


def _argument(place: int, mask: int = 0xFFFF_FFFF) -> list[bytes]:
    """The lower half of an argument, which is all that the kernel looks at where it wants an int."""
    return [_step(_LOAD, 16 + 8 * place), *([] if mask == 0xFFFF_FFFF else [_step(_AND, mask)])]


def _if(place: int, values: tuple[int, ...], action: int) -> list[bytes]:
    found = [step for value in values for step in (_step(_EQUAL, value, 0, 1), _answer(action))]
    return [*_argument(place), *found, _answer(_ALLOW)]


def _if_any_bit(place: int, bits: int, action: int) -> list[bytes]:
    return [*_argument(place), _step(_ANY_BIT, bits, 0, 1), _answer(action), _answer(_ALLOW)]


def _unless(place: int, values: tuple[int, ...], action: int, *, mask: int = 0xFFFF_FFFF, end: bool = True
            ) -> list[bytes]:
    """Answer `action` unless the argument is one of the values; then allow, or go on where it is not the end."""
    steps = [_step(_EQUAL, value, len(values) - at, 0) for at, value in enumerate(values)]
    return [*_argument(place, mask), *steps, _answer(action), *([_answer(_ALLOW)] if end else [])]
