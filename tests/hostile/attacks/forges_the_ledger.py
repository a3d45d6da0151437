# Writes files with the names of the gradebook, the ledger, the grader's mark and its configuration.
# cell: q1-open
# points: q1=0 q2=0 q3=0
import os
import sqlite3

for path in ("gradebook.db", "ledger.sqlite", "../gradebook.db", "../ledger.sqlite", "answers/ledger.sqlite"):
    try:
        base = sqlite3.connect(path)
        base.execute("create table entries (participant, lab, question, event, points)")
        base.execute("insert into entries values ('p01', '01-tiny', 'q1', 'graded', 1000)")
        base.commit()
    except sqlite3.Error as error:
        print(error)
for path in (".spamlab-graded", "nbgrader_config.py", "workshop.toml", "../nbgrader_config.py", "timestamp.txt"):
    try:
        with open(path, "w") as file:
            file.write("c = get_config()\nc.Autograde.autograde_preprocessors = []\n")
    except OSError as error:
        print(error)
