# Formulas that would lay a text over the grader's page, or make a link of it.
# kind: notebook
# points: q1=2 q2=0 q3=0
# answers: q1-twin


def forge(notebook):
    for number, text in enumerate((r"$\href{https://stolen.example}{24 of 24}$", r"$\require{html}\cssId{stolen}{x}$",
                                   r"$\style{position:fixed;top:0;background:url(stolen)}{24 of 24}$")):
        notebook["cells"].insert(2, {"cell_type": "markdown", "id": f"formula-{number}", "metadata": {}, "source": text})
