# Files named as the grader's own: its mark, the gradebook, the ledger, the time of handing in.
# kind: files
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
def place(folder):
    for name in (".spamlab-graded", "gradebook.db", "ledger.sqlite", "timestamp.txt", "workshop.toml", "secret"):
        (folder / name).write_text("2020-01-01 00:00:00 UTC" if name == "timestamp.txt" else "forged")
