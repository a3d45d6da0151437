# Maps memory that is shared and not counted as its own, again and again.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import mmap

kept = []
try:
    while len(kept) < 200:
        kept.append(mmap.mmap(-1, 100_000_000))
        kept[-1].write(b"x" * 100_000_000)
except (OSError, ValueError, MemoryError):
    print("no more", len(kept))
kept = []
