"""Lists a folder that was not shown."""

import os
import sys

try:
    print("DONE", os.listdir(sys.argv[1]))
except OSError as error:
    print("REFUSED", error.errno)
