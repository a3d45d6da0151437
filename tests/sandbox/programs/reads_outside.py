"""Reads a file that was not shown."""

import sys

try:
    with open(sys.argv[1]) as file:
        print("DONE", file.read())
except OSError as error:
    print("REFUSED", error.errno)
