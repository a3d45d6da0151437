# Attaches to its parent as a debugger does.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# beside: another participant
# answers: q1-twin q2-twin
# function: yes
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for pid in {os.getppid(), 1, 2} - {os.getpid()}:
    print("attach", pid, libc.ptrace(16, pid, 0, 0), ctypes.get_errno())
    buffer = ctypes.create_string_buffer(4096)

    class Vector(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]

    mine, theirs = Vector(ctypes.addressof(buffer), 4096), Vector(0x400000, 4096)
    print("read", libc.process_vm_readv(pid, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0))
