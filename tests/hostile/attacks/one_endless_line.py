# Prints one line of a hundred million signs.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
print("x" * 100_000_000)
"y" * 100_000_000
