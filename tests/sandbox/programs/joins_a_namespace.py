"""Joins a namespace by a descriptor."""

import ctypes
import os

try:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(os.pidfd_open(os.getpid()), 0x04000000) < 0:
        raise OSError(ctypes.get_errno(), "setns")
    print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
