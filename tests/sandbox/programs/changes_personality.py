"""Becomes another kind of program."""

import ctypes
import os

try:
    libc = ctypes.CDLL(None, use_errno=True)
    number = {"x86_64": 135, "aarch64": 92}[os.uname().machine]
    if libc.syscall(number, 0x0040000) < 0:
        raise OSError(ctypes.get_errno(), "call")
    print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
