# Gives answers that are too big, too deep, too many and no JSON; the last good one was handed in.
# cell: q1-open
# points: q1=2 q2=3 q3=0
# answers: q1-twin q2-twin

deep = "[" * 200_000
for name in ("q1-twin", "q2-twin"):
    for text in ("x" * 50_000_000, deep, '{"answer": NaN}', '{"answer": ' + "9" * 100_000 + "}", '{"answer": 1, "answer": 2}'):
        with open(f"answers/{name}.json", "w") as file:
            try:
                file.write(text)
            except OSError:
                pass
for number in range(20_000):
    with open(f"answers/q{number}.json", "w") as file:
        file.write("{}")


def find(raw):
    return [deep] * 10**6
