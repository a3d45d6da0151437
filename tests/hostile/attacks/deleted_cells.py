# All graded cells are gone.
# kind: notebook
# points: q1=2 q2=0 q3=0
# answers: q1-twin
def forge(notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] if not cell["metadata"].get("nbgrader", {}).get("grade")]
