"""Opens a service."""

import socket

try:
    with socket.create_server(("127.0.0.1", 0)):
        print("DONE")
except OSError as error:
    print("REFUSED", error.errno)
