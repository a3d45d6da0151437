# Ends the interpreter; what was answered stays, and the function of a later cell is still found.
# cell: q1-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import os

os._exit(0)
