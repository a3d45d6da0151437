# Prints and displays scores in every way, in each cell that follows too.
# cell: q1-open
# points: q1=0 q2=0 q3=0
import sys

from IPython.display import display

print("2.0")
print("2.0", file=sys.stderr)
sys.displayhook(2.0)
display(2.0)
get_ipython().events.register("post_run_cell", lambda result: display(2.0))
2.0
