# A function that raises an error whose message holds its input, so that the feedback shows it.
# cell: q3-open
# points: q1=0 q2=0 q3=0
def find(raw):
    raise ValueError(raw.decode("latin-1").replace("\r\n", " "))
