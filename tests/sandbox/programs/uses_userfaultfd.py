"""Asks to handle the kernel's page faults."""

import ctypes
import os

try:
    libc = ctypes.CDLL(None, use_errno=True)
    number = {"x86_64": 323, "aarch64": 282}[os.uname().machine]
    if libc.syscall(number, 1) < 0:
        raise OSError(ctypes.get_errno(), "call")
    print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
