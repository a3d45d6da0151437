# Writes signs that change a terminal's title, colours and what stands on it, in outputs and answers.
# cell: q3-open
# points: q1=2 q2=3 q3=0
# answers: q1-twin q2-twin
escapes = "\x1b]0;1000 points\x07\x1b[2J\x1b[1A\x1b[31mfailed: p02\x1b[0m\x9b1;1H\u202e000.1\u202c"
print(escapes)
try:
    answer("q1", escapes)
except BaseException as error:
    print(error)


def find(raw):
    raise ValueError(escapes)
