"""Reads the memory of a process outside."""

import ctypes
import sys

try:
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(8)
    here = (ctypes.c_uint64 * 2)(ctypes.addressof(buffer), 8)
    there = (ctypes.c_uint64 * 2)(0x400000, 8)
    one, none = ctypes.c_ulong(1), ctypes.c_ulong(0)
    if libc.process_vm_readv(int(sys.argv[1]), here, one, there, one, none) < 0:
        raise OSError(ctypes.get_errno(), "process_vm_readv")
    print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
