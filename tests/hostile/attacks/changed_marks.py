# Graded cells say that they are solutions, or of another name; own cells say that they are graded.
# kind: notebook
# points: q1=2 q2=0 q3=0
# answers: q1-twin
def forge(notebook):
    for cell in notebook["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        name = marks.get("grade_id")
        if name == "q1":
            marks.update(grade=False, solution=True, locked=False)
        elif name == "q2":
            marks.update(grade_id="q3", task=True)
        elif name == "q1-open":
            marks.update(grade=True, points=50, locked=True, solution=False)
    notebook["cells"].append({"cell_type": "code", "id": "new", "metadata": {"nbgrader": {
        "grade": True, "grade_id": "q9", "points": 50, "solution": False, "locked": True, "schema_version": 3,
        "task": False, "cell_type": "code"}}, "source": "50.0", "outputs": [], "execution_count": None})
