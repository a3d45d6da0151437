number = 0
while True:
    with open(f"file{number}", "wb") as file:
        file.write(b"x" * 500_000)
    number += 1
