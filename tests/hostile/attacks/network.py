# Sends what it knows to other machines, by every protocol.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import socket

for family, kind, place in (
    (socket.AF_INET, socket.SOCK_STREAM, ("198.51.100.7", 80)), (socket.AF_INET, socket.SOCK_DGRAM, ("198.51.100.7", 53)),
    (socket.AF_INET6, socket.SOCK_STREAM, ("2001:db8::1", 443, 0, 0)),
    (socket.AF_INET6, socket.SOCK_DGRAM, ("2001:db8::1", 53, 0, 0)),
    (socket.AF_UNIX, socket.SOCK_STREAM, "\0spamlab"), (socket.AF_UNIX, socket.SOCK_STREAM, "/run/docker.sock"),
    (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 22)),
):
    try:
        one = socket.socket(family, kind)
        one.settimeout(0.1)
        one.connect(place)
        one.send(b"the questions")
        print("sent to", place)
    except OSError as error:
        print(place, error)
try:
    socket.setdefaulttimeout(0.1)
    print(socket.getaddrinfo("a.example", 80))
except OSError as error:
    print(error)
