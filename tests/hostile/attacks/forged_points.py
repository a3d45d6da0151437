# More points, a score as output, another checksum.
# kind: notebook
# points: q1=2 q2=0 q3=0
# answers: q1-twin
def graded(notebook):
    return [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]


def forge(notebook):
    for cell in graded(notebook):
        cell["metadata"]["nbgrader"].update(points=1000, checksum="0" * 32)
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "execute_result", "execution_count": 1, "metadata": {},
                                "data": {"text/plain": "1000.0"}}]
