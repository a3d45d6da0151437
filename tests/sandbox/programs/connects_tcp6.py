"""Makes a socket for IPv6 and connects it."""

import socket

try:
    with socket.socket(socket.AF_INET6) as one:
        one.settimeout(2)
        one.connect(("::1", 9))
        print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
