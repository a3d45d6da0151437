"""Makes a device in its own folder and reads from it."""

import os
import stat

try:
    os.mknod("device", 0o600 | stat.S_IFCHR, os.makedev(1, 8))
    with open("device", "rb") as file:
        print("DONE", len(file.read(1)))
except OSError as error:
    print("REFUSED", error.errno)
