"""Writes a file in a folder that was not shown."""

import sys

try:
    with open(sys.argv[1], "w") as file:
        print("DONE", file.write("x"))
except OSError as error:
    print("REFUSED", error.errno)
