import os
import time

for _ in range(5):
    if os.fork() == 0:
        kept = bytearray(b"x") * (100 * 10**6)
        break
time.sleep(30)
