"""Opens a setting of the machine for writing, and writes nothing."""

import os

try:
    os.close(os.open("/proc/sys/kernel/core_pattern", os.O_WRONLY))
    print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
