# A function that returns a cycle, an object, a generator, an endless text, or never.
# cell: q3-open
# points: q1=2 q2=3 q3=0
# answers: q1-twin q2-twin
import os
import time

calls = []


class Odd(dict):
    def __eq__(self, other):
        return True

    def __reduce__(self):
        return (os.system, ("touch /tmp/ran",))

    def items(self):
        raise SystemExit


def find(raw):
    calls.append(raw)
    odd = {}
    odd["self"] = odd
    kinds = [odd, Odd(), (n for n in range(3)), "x" * 10**7, float("nan"), 10**400]
    if len(calls) > len(kinds):
        time.sleep(600)
    return kinds[len(calls) - 1]
