# Folders, and files of other kinds, where answers are read.
# kind: files
# points: q1=0 q2=0 q3=0
import os


def place(folder):
    for name in ("q1-twin.json", "q2-twin.json"):
        (folder / "answers" / name).unlink(missing_ok=True)
        (folder / "answers" / name).mkdir()
        os.mkfifo(folder / "answers" / name / "pipe")
