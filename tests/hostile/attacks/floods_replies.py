# Writes an endless line into every pipe.
# cell: q2-open
# beside: another participant
# points: q1=2 q2=3 q3=0
# answers: q1-twin q2-twin
import os

for number in os.listdir("/proc/self/fd"):
    if number.isdigit() and int(number) > 2:
        try:
            os.set_blocking(int(number), True)
            while True:
                os.write(int(number), b"x" * 1_000_000)
        except OSError:
            pass
