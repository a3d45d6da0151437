# Closes every descriptor, or puts another in its place.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import os

null = os.open(os.devnull, os.O_RDWR)
for place in range(3, 64):
    if place != null:
        try:
            os.dup2(null, place)
        except OSError:
            pass
os.closerange(0, 256)
