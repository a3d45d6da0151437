# Answers nested deeper than any reader goes.
# kind: files
# points: q1=0 q2=0 q3=0
def place(folder):
    (folder / "answers" / "q1-twin.json").write_text("[" * 60_000)
    (folder / "answers" / "q2-twin.json").write_text('{"answer": ' + "[" * 5000 + "]" * 5000 + "}")
