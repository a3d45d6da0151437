# A function that tells by its duration what it was given.
# cell: q3-open
# points: q1=0 q2=0 q3=4
import time


def find(raw):
    began = time.perf_counter()
    while time.perf_counter() - began < (raw[40] % 4) / 20:
        time.sleep(0.01)
    return first_address(raw)
