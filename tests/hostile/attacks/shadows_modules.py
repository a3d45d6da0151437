# Puts its own modules in the way of the interpreter's and the kit's.
# cell: q1-open
# points: q1=0 q2=0 q3=0
import os

for name in ("json", "spamlab", "helpers", "random", "IPython"):
    with open(f"{name}.py", "w") as file:
        file.write("raise SystemExit\n")
os.makedirs("spamlab/kit", exist_ok=True)
with open("spamlab/kit/calling.py", "w") as file:
    file.write("def call_all(*given): return given\n")
