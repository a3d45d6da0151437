"""Reads the environment of a process outside."""

import sys

try:
    with open(f"/proc/{sys.argv[1]}/environ") as file:
        print("DONE", file.read())
except OSError as error:
    print("REFUSED", error.errno)
