# Puts links to files of the machine where answers are read.
# cell: q1-open
# points: q1=0 q2=0 q3=0
import os

os.makedirs("answers", exist_ok=True)
os.symlink("/etc/passwd", "answers/q1-twin.json")
os.mkfifo("answers/q2-twin.json")
os.rename("answers", "kept")
os.symlink("kept", "answers")
