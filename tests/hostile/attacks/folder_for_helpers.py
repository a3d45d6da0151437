# A folder in the place of the lab's own file.
# kind: files
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
def place(folder):
    (folder / "helpers.py").unlink(missing_ok=True)
    (folder / "helpers.py").mkdir()
    (folder / "helpers.py" / "x").write_text("")
