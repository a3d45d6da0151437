"""Attaches to a process outside, and lets it go at once."""

import ctypes
import sys

try:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(0x4206, int(sys.argv[1]), None, None) < 0:  # PTRACE_SEIZE: it does not stop
        raise OSError(ctypes.get_errno(), "ptrace")
    print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
