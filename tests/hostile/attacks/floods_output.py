# Prints, displays and logs without end.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import sys

from IPython.display import display

for number in range(3000):
    print("x" * 10_000)
    print("y" * 10_000, file=sys.stderr)
    display("z" * 1000)
