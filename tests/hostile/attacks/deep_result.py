# A function that returns what is too deep, too large or too odd to be told.
# cell: q3-open
# points: q1=0 q2=0 q3=0
def find(raw):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return deep
