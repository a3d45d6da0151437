# Shows the environment of its own process and of every other one.
# cell: q2-open
# points: q1=2 q2=3 q3=0
# answers: q1-twin q2-twin
import os

print(dict(os.environ))
for pid in os.listdir("/proc"):
    if pid.isdigit():
        for name in ("environ", "cmdline", "maps"):
            try:
                print(pid, name, open(f"/proc/{pid}/{name}", "rb").read()[:3000])
            except OSError:
                pass
