# Starts threads that go on writing after their cell.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import threading
import time


def on():
    while True:
        print("1000.0")
        with open("trash", "a") as file:
            file.write("x" * 1000)
        time.sleep(0.05)


for _ in range(10):
    threading.Thread(target=on, daemon=False).start()
