# Answers that name the same thing twice, beside a verdict of their own.
# kind: files
# points: q1=0 q2=0 q3=0
def place(folder):
    (folder / "answers" / "q1-twin.json").write_text('{"answer": "203.0.113.1", "answer": true}')
    (folder / "answers" / "q2-twin.json").write_text(
        '{"answer": 1, "share": 1.0, "points": 1000, "state": "right", "max": 1000}')
