# Links to the secret, the gradebook, the system and in circles.
# kind: files
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import os


def place(folder):
    root = folder.parents[2]
    for name, target in (("secret", root / "secret"), ("course", root / "course"), ("etc", "/etc"), ("loop", "loop"),
                         ("self", "."), ("gradebook", root / "course" / "gradebook.db")):
        (folder / name).symlink_to(target)
    (folder / "answers" / "q3.json").symlink_to(root / "secret")
    os.mkfifo(folder / "pipe")
