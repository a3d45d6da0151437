# Kills its own process with the signal that nothing can catch.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import os
import signal

os.kill(os.getpid(), signal.SIGKILL)
