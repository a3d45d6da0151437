# Graded code is Markdown or raw, the letter is code, an open cell is raw.
# kind: notebook
# points: q1=2 q2=0 q3=0
# answers: q1-twin
def forge(notebook):
    kinds = {"q1": "markdown", "q2": "raw", "q3": "markdown", "q4": "code", "q1-open": "raw"}
    for cell in notebook["cells"]:
        kind = kinds.get(cell["metadata"].get("nbgrader", {}).get("grade_id"))
        if kind:
            cell["cell_type"] = kind
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
            if kind == "code":
                cell.update(outputs=[], execution_count=None)
