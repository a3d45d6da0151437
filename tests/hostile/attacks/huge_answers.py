# Answers of many megabytes, and numbers of thousands of digits.
# kind: files
# points: q1=0 q2=0 q3=0
def place(folder):
    (folder / "answers" / "q1-twin.json").write_text('{"answer": "' + "x" * 5_000_000 + '"}')
    (folder / "answers" / "q2-twin.json").write_text('{"answer": ' + "9" * 100_000 + "}")
