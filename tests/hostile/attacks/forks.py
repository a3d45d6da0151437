# Starts processes without end, which go on by themselves.
# cell: q2-open
# beside: another participant
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import os
import time

for _ in range(5_000):
    try:
        if os.fork() == 0:
            time.sleep(600)
    except OSError:
        pass
