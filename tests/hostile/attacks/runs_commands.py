# Runs commands of the system, with a shell and without.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import os
import subprocess

os.system("cat /proc/1/environ; id; ls / > answers/ls; (sleep 600 &)")
get_ipython().system("kill -9 -1")
try:
    print(subprocess.run(["sh", "-c", "ulimit -a; mount; env"], capture_output=True, timeout=5).stdout)
except BaseException as error:
    print(error)
