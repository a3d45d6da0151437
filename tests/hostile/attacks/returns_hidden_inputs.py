# A function that returns its input, whole and in parts, for the reason to show it.
# cell: q3-open
# points: q1=0 q2=0 q3=0
def find(raw):
    return {"value": raw.decode("latin-1"), "error": raw.decode("latin-1")[:200]}
