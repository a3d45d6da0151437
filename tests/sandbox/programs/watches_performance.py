"""Watches the processor."""

import ctypes
import os

try:
    libc = ctypes.CDLL(None, use_errno=True)
    number = {"x86_64": 298, "aarch64": 241}[os.uname().machine]
    if libc.syscall(number, ctypes.create_string_buffer(128), 0, -1, -1, 0) < 0:
        raise OSError(ctypes.get_errno(), "call")
    print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
