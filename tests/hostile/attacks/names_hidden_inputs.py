# A function whose error is of a class named after its input.
# cell: q3-open
# points: q1=0 q2=0 q3=0
def find(raw):
    name = raw.decode("latin-1")[:300]
    raise type(name, (Exception,), {"__module__": name, "__qualname__": name})(name)
