# Crashes the interpreter by reading where nothing is.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import ctypes

ctypes.string_at(0)
