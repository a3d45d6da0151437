"""Reads and could set the limits of a process outside."""

import resource
import sys

try:
    print("DONE", resource.prlimit(int(sys.argv[1]), resource.RLIMIT_NOFILE))
except OSError as error:
    print("REFUSED", error.errno)
