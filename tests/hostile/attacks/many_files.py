# Hundreds of files, deep folders and one that is too large.
# kind: files
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
def place(folder):
    for number in range(700):
        (folder / f"zz{number:03d}").write_text("x")
    (folder / "/".join(["deep"] * 30)).mkdir(parents=True)
    with (folder / "zz-large").open("wb") as file:
        file.truncate(30_000_000)
