# Answers that are no number, endless, a truth value or a number in words.
# kind: files
# points: q1=0 q2=0 q3=0
def place(folder):
    (folder / "answers" / "q1-twin.json").write_text('{"answer": Infinity}')
    (folder / "answers" / "q2-twin.json").write_text('{"answer": NaN}')
    (folder / "answers" / "q2.json").write_text('{"answer": 1e400}')
