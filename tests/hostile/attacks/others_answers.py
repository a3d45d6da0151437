# The answers of another participant, copied whole.
# kind: files
# points: q1=0 q2=0 q3=0
# after: p02
import shutil


def place(folder):
    for path in (folder.parents[1] / "p02" / folder.name / "answers").glob("*.json"):
        shutil.copyfile(path, folder / "answers" / path.name)
    (folder / "answers" / "copied.txt").write_text("p02")
