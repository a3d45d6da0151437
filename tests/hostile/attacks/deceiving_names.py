# Names with signs that turn a line around, markup, escapes and letters of another script.
# kind: files
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
def place(folder):
    for name in ("report\u202efdp.exe", "<img src=x onerror=stolen()>.txt", "\x1b]0;title\x07", "раyload.txt",
                 "q1-twin\u200b.json", "a\nb", "--help", "x" * 250, "'; drop table grade; --", "%2e%2e%2fsecret"):
        (folder / name).write_text("x")
        (folder / "answers" / name).write_text('{"answer": 1000}')
