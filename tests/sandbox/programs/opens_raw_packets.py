"""Makes a socket that hears the network."""

import socket

try:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW):
        print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
