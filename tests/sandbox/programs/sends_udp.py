"""Sends a datagram to loopback."""

import socket

try:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        print("DONE", one.sendto(b"x", ("127.0.0.1", 9)))
except OSError as error:
    print("REFUSED", error.errno)
