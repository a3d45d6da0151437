# Attachments and outputs of millions of signs.
# kind: notebook
# points: q1=2 q2=0 q3=0
# answers: q1-twin
def forge(notebook):
    notebook["cells"][0]["attachments"] = {f"{n}.png": {"image/png": "A" * 1_000_000} for n in range(8)}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["x" * 100_000] * 8}]
