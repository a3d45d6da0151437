# Files and folders beside the notebook with the names of libraries.
# kind: files
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
def place(folder):
    for name in ("json", "re", "IPython", "helpers", "sitecustomize", "usercustomize", "nbgrader", "traitlets", "random"):
        (folder / f"{name}.py").write_text("raise SystemExit\n")
    (folder / "spamlab" / "kit").mkdir(parents=True)
    for path in ("spamlab/__init__.py", "spamlab/kit/__init__.py", "spamlab/kit/calling.py"):
        (folder / path).write_text("def __getattr__(name):\n    return lambda *given, **more: 1000.0\n")
    (folder / "evil.pth").write_text("import os; os._exit(0)\n")
