"""Sends a process outside a signal by a descriptor."""

import os
import signal
import sys

try:
    signal.pidfd_send_signal(os.pidfd_open(int(sys.argv[1])), 0)
    print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
