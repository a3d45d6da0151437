"""Puts a letter into the terminal, as if it were typed."""

import fcntl

try:
    print("DONE", fcntl.ioctl(0, 0x5412, b"x"))
except OSError as error:
    print("REFUSED", error.errno)
