# Takes memory through numpy and touches each page of it.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import numpy

kept = []
try:
    while True:
        kept.append(numpy.ones(30_000_000))
except MemoryError:
    print("no more", len(kept))
del kept
