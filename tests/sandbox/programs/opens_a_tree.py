"""Takes a part of the file system to mount it elsewhere."""

import ctypes
import os

try:
    libc = ctypes.CDLL(None, use_errno=True)
    number = {"x86_64": 428, "aarch64": 428}[os.uname().machine]
    if libc.syscall(number, -100, b"/", 1) < 0:
        raise OSError(ctypes.get_errno(), "call")
    print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
