# Script, escapes and signs that turn a line around as answers.
# kind: files
# points: q1=0 q2=0 q3=0
import json


def place(folder):
    text = "<script>window.stolen = 1</script><svg onload=stolen()>\x1b[2J\u202e000.1"
    for name in ("q1-twin", "q2-twin"):
        (folder / "answers" / f"{name}.json").write_text(json.dumps({"answer": text}))
    (folder / "answers" / "q4.json").write_text(json.dumps({"answer": {"to": text, "text": text}}))
