"""Starts a process in a user namespace of its own."""

import ctypes
import os

try:
    libc = ctypes.CDLL(None, use_errno=True)
    number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
    if libc.syscall(number, 0x10000000 | 17, None, None, None, None) < 0:
        raise OSError(ctypes.get_errno(), "call")
    print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
