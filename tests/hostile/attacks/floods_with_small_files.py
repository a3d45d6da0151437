# Makes files and folders until no more can be made.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import os

for number in range(30_000):
    try:
        os.makedirs(f"d{number % 50}/{'x' * 200}/{'y' * 200}", exist_ok=True)
        with open(f"d{number % 50}/{number}", "w"):
            pass
    except OSError:
        break
