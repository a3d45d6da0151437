# Never ends inside one call of the C library, where no alarm of Python's is heard.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# trace: huge-size
# answers: q1-twin q2-twin
# function: yes
sum(range(10**12))
