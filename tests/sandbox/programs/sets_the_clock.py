"""Sets the machine's clock, to a time that no clock has."""

import ctypes
import os

try:
    libc = ctypes.CDLL(None, use_errno=True)
    number = {"x86_64": 227, "aarch64": 112}[os.uname().machine]
    if libc.syscall(number, 0, (ctypes.c_int64 * 2)(0, -1)) < 0:
        raise OSError(ctypes.get_errno(), "call")
    print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
