# Code that reads otherwise than it runs: signs turn the line around.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# trace: odd-signs
# answers: q1-twin q2-twin
# function: yes
allowed = "user\u202e \u2066# no answer here\u2069 \u2066"
if allowed != "user‮ ⁦# no answer here⁩ ⁦":
    print("1000.0")
