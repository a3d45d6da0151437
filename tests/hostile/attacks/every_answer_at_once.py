# All possible answers in one, as list, record and text.
# kind: files
# points: q1=0 q2=0 q3=0
import json


def place(folder):
    every = [f"203.0.113.{number}" for number in range(256)]
    (folder / "answers" / "q1-twin.json").write_text(json.dumps({"answer": " ".join(every)}))
    (folder / "answers" / "q2-twin.json").write_text(json.dumps({"answer": {str(n): n for n in range(100)}}))
    (folder / "answers" / "all.json.txt").write_text("all")
