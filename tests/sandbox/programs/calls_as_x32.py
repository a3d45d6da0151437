"""Calls the kernel as a program of another architecture does."""

import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)
if libc.syscall(0x40000000 | 39) > 0:
    print("DONE")
else:
    print("REFUSED", ctypes.get_errno() or errno.ENOSYS)
