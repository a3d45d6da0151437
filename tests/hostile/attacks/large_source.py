# A cell of fifteen million signs.
# kind: notebook
# points: q1=2 q2=0 q3=0
# answers: q1-twin
def forge(notebook):
    notebook["cells"][1]["source"] = "x = 1\n" * 2_500_000
