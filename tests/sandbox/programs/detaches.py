"""Leaves a grandchild in a session of its own that ignores signals, and ends."""

import os
import signal
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        time.sleep(62.5)
    os._exit(0)
os.wait()
