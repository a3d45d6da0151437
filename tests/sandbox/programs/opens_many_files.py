"""Opens files until the kernel refuses, and says how many it had."""

import os

kept = []
try:
    while len(kept) < 5000:
        kept.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    pass
print(len(kept))
