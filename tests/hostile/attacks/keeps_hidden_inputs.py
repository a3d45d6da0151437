# A function that keeps its inputs in names, files, defaults and messages, to show them later.
# cell: q3-open
# points: q1=0 q2=0 q3=4
import os
import sys

kept = []
os.makedirs("answers", exist_ok=True)


def find(raw, seen=[]):
    global last
    last = raw
    kept.append(raw)
    seen.append(raw)
    find.kept = raw
    print(raw)
    print(raw, file=sys.stderr)
    with open("answers/kept.json", "ab") as file:
        file.write(raw)
    get_ipython().user_ns["later"] = raw
    sys.stdout.flush()
    return first_address(raw)
