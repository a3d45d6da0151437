# Makes links, pipes, devices and sockets in its folder, and links to files of the machine.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import os
import socket
import stat

tries = [
    lambda: os.symlink("/", "root"), lambda: os.symlink("/proc/self/mem", "answers/q3-twin.json"),
    lambda: os.symlink("loop", "loop"), lambda: os.link("/etc/passwd", "hard"), lambda: os.mkfifo("pipe"),
    lambda: os.mkfifo("answers/q4.json"), lambda: os.mknod("disk", stat.S_IFBLK | 0o600, os.makedev(8, 0)),
    lambda: os.mknod("null", stat.S_IFCHR | 0o600, os.makedev(1, 3)),
    lambda: socket.socket(socket.AF_UNIX).bind("socket"), lambda: os.symlink("..", "up"), lambda: os.chmod(".", 0),
]
for one in tries:
    try:
        one()
    except OSError as error:
        print(error)
