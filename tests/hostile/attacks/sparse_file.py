# Makes files that say they are as large as a disk.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import os

for number in range(50):
    try:
        with open(f"sparse{number}", "wb") as file:
            os.truncate(file.fileno(), 10**12)
    except OSError:
        pass
    try:
        with open(f"hole{number}", "wb") as file:
            file.seek(30_000_000)
            file.write(b"x")
    except OSError:
        pass
