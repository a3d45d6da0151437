with open("big", "wb") as file:
    for _ in range(10_000):
        file.write(b"x" * 100_000)
