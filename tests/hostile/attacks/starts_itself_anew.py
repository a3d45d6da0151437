# Changes its environment and becomes another Python, with a library of its own loaded first.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import os
import sys

with open("sitecustomize.py", "w") as file:
    file.write("print('mine')\n")
os.environ.update(PYTHONPATH=os.getcwd(), PYTHONSTARTUP="sitecustomize.py", LD_PRELOAD="./mine.so", PYTHONINSPECT="1")
os.environ.pop("PYTHONSAFEPATH", None)
os.execv(sys.executable, [sys.executable, "-c", "print(1000.0)"])
