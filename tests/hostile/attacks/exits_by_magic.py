# Ends the notebook in all the ways that IPython knows.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import sys

try:
    exit()
except BaseException:
    pass
try:
    quit(0)
except BaseException:
    pass
try:
    get_ipython().kernel.do_shutdown(False)
except BaseException:
    pass
get_ipython().ask_exit()
sys.exit(0)
