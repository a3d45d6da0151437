# Raises the limit of recursion until the stack of the process overflows.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import sys

sys.setrecursionlimit(10**9)


def deeper(one):
    return [deeper([one]), sorted([1], key=lambda two: deeper([one]))]


deeper(0)
