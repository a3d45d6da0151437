"""Connects to a service on loopback."""

import socket
import sys

try:
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2):
        print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
