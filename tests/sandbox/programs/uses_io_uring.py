"""Makes a ring of calls, which no filter sees."""

import ctypes
import os

try:
    libc = ctypes.CDLL(None, use_errno=True)
    number = {"x86_64": 425, "aarch64": 425}[os.uname().machine]
    if libc.syscall(number, 8, ctypes.create_string_buffer(256)) < 0:
        raise OSError(ctypes.get_errno(), "call")
    print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
