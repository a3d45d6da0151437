"""Opens a device of the machine."""

import os

try:
    for name in ("/dev/mem", "/dev/kmsg", "/dev/vda", "/dev/sda", "/dev/tty0", "/dev/ptmx1"):
        try:
            os.close(os.open(name, os.O_RDONLY))
        except OSError as error:
            last = error
        else:
            print("DONE", name)
            break
    else:
        raise last
except OSError as error:
    print("REFUSED", error.errno)
