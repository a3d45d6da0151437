# The notebook asks for a kernel of the participant's own, by name and by path.
# kind: notebook
# points: q1=2 q2=0 q3=0
# answers: q1-twin
def forge(notebook):
    notebook["metadata"]["kernelspec"] = {"name": "../../answers/evil", "display_name": "evil", "language": "bash",
                                          "argv": ["/bin/sh", "-c", "echo 1000.0"]}
    notebook["metadata"]["language_info"] = {"name": "bash"}
