# Marks of every wrong type.
# kind: notebook
# points: q1=2 q2=0 q3=0
# answers: q1-twin
def forge(notebook):
    oddities = [None, [], "x", {"grade": "yes", "grade_id": ["q1"]}, {"points": float("1e308")},
                {"schema_version": 99}, {"grade_id": {"a": 1}, "grade": True}]
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"]["nbgrader"] = oddities[number % len(oddities)]
    notebook["metadata"] = {"kernelspec": {"name": "python3", "display_name": 3}, "language_info": []}
