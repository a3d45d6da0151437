# Puts its attack together from parts, so that no word of it can be read.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
parts = ["o", "s", "_ex", "it"]
getattr(__import__(parts[0] + parts[1]), parts[2] + parts[3])(0)
