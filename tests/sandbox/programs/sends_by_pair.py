"""Sends a datagram outside by one of a pair of sockets."""

import socket
import sys

try:
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    print("DONE", one.sendto(b"x", "\0" + sys.argv[1]))
except OSError as error:
    print("REFUSED", error.errno)
