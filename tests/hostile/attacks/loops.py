# Never ends, and catches what would stop it for a while.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
for _ in range(3):
    try:
        while True:
            pass
    except BaseException:
        pass
