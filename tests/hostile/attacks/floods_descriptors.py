# Writes to standard output and error of the process itself, past Python.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import os

for _ in range(300):
    for place in (1, 2):
        try:
            os.set_blocking(place, False)
            os.write(place, b"x" * 1_000_000)
        except OSError:
            pass
