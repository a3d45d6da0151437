# Takes all memory, in one piece, in many and in several processes.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import os

try:
    bytearray(10**11)
except MemoryError:
    print("no")
for _ in range(8):
    if os.fork() == 0:
        break
kept = []
try:
    while True:
        kept.append(bytearray(b"x") * 50_000_000)
except MemoryError:
    os._exit(0)
