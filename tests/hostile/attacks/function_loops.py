# A function that never ends, for each of its inputs.
# cell: q3-open
# points: q1=2 q2=3 q3=0
# answers: q1-twin q2-twin
def find(raw):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
