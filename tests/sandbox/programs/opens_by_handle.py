"""Asks for a handle by which files open without a path."""

import ctypes
import os

try:
    libc = ctypes.CDLL(None, use_errno=True)
    number = {"x86_64": 303, "aarch64": 264}[os.uname().machine]
    if libc.syscall(number, -100, b"/", ctypes.create_string_buffer(136), ctypes.byref(ctypes.c_int()), 0) < 0:
        raise OSError(ctypes.get_errno(), "call")
    print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
