# Writes wrong answers of every kind where answers are kept; what was handed in stands.
# cell: q1-open
# points: q1=2 q2=3 q3=0
# answers: q1-twin q2-twin
import json
import os

os.makedirs("answers", exist_ok=True)
for name in ("q1-twin", "q2-twin", "q1", "q2", "q3", "q3-twin", "Q1-TWIN", "q1-twin.json", "q1_twin", "\u0071\uff11-twin"):
    for value in (True, {"answer": True}, {"share": 1, "points": 1000, "state": "right"}, [1, 2, 3]):
        with open(f"answers/{name}.json", "w") as file:
            json.dump({"answer": value, "points": 1000, "share": 1.0, "state": "right"}, file)
