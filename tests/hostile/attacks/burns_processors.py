# Uses all processors at once, in many processes.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# beside: another participant
# answers: q1-twin q2-twin
# function: yes
import os

for _ in range(30):
    if os.fork() == 0:
        while True:
            pass
