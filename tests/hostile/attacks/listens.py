# Listens on the loopback for whoever comes, and sends itself what it hears.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import socket
import threading

try:
    ear = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=lambda: ear.accept(), daemon=True).start()
except OSError as error:
    print(error)
