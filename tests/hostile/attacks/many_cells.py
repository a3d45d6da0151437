# A notebook of a hundred thousand cells.
# kind: notebook
# points: q1=2 q2=0 q3=0
# answers: q1-twin

def forge(notebook):
    notebook["cells"] += [{"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": "x = 1", "outputs": [],
                           "execution_count": None} for n in range(100_000)]
