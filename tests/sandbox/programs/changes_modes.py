"""Gives everybody all rights on a file that was not shown, and another time."""

import contextlib
import os
import sys

with contextlib.suppress(OSError):
    os.chmod(sys.argv[1], 0o777)
with contextlib.suppress(OSError):
    os.utime(sys.argv[1], (1, 1))
with contextlib.suppress(OSError):
    os.setxattr(sys.argv[1], "user.note", b"x")
with contextlib.suppress(OSError):
    os.truncate(sys.argv[1], 0)
