kept = bytearray(2 * 10**9)
