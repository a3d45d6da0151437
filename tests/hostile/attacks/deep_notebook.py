# Metadata nested a hundred thousand deep.
# kind: notebook
# points: q1=2 q2=0 q3=0
# answers: q1-twin
import json


def forge(notebook):
    notebook["metadata"]["deep"] = "DEEP"
    return json.dumps(notebook).replace('"DEEP"', "[" * 100_000 + "]" * 100_000)
