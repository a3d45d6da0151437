# Configurations of Jupyter, IPython and nbgrader beside the notebook.
# kind: files
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
def place(folder):
    evil = "c = get_config()\nc.ClearSolutions.code_stub = {'python': '1000.0'}\nprint('evil')\n"
    for path in ("nbgrader_config.py", "jupyter_config.py", "jupyter_nbconvert_config.py", "ipython_config.py",
                 "ipython/profile_default/startup/00-evil.py", ".ipython/profile_default/startup/00-evil.py",
                 ".jupyter/nbgrader_config.py", "profile_default/ipython_config.py"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(evil)
