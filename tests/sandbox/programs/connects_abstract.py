"""Connects to an abstract Unix socket outside."""

import socket
import sys

try:
    with socket.socket(socket.AF_UNIX) as one:
        one.connect("\0" + sys.argv[1])
        print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
