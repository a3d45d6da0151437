# Raises its own limits and its priority, then takes more than it may.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import os
import resource

for name in dir(resource):
    if name.startswith("RLIMIT_"):
        try:
            resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            print("raised", name)
        except (ValueError, OSError):
            pass
try:
    os.nice(-20)
except OSError as error:
    print(error)
