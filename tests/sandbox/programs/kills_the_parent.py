"""Sends a process outside the signal that only asks whether one could."""

import os
import sys

try:
    os.kill(int(sys.argv[1]), 0)
    print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
