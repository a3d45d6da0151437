"""Random streams by name, never by order of calls.

One workshop has one secret. What a participant is given in a lab comes from
HMAC-SHA256(secret, participant | lab | purpose), so that the same secret gives the same workshop,
byte for byte, on any machine, and one more draw somewhere moves no other value.
"""

import hashlib
import hmac
import random

PURPOSES = ("practice", "twin", "hidden")


def derive(secret: bytes, participant: str, lab: str, purpose: str) -> bytes:
    """The 32-byte seed of one participant's data in one lab.

    `purpose` is `practice` (full feedback), `twin` (the silent sibling that earns the points) or
    `hidden` (inputs put to functions and filters). Raises ValueError for a name with "|" in it or an
    unknown purpose, since two different names could then share a seed.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"purpose must be one of {PURPOSES}, not {purpose!r}")
    for name in (participant, lab):
        if "|" in name or not name:
            raise ValueError(f"a participant's or lab's name must not be empty or hold '|': {name!r}")
    message = "|".join((participant, lab, purpose)).encode()
    return hmac.new(secret, message, hashlib.sha256).digest()


def stream(seed: bytes, *names: str | int) -> random.Random:
    """A random stream of its own for the decision called `names` under `seed`.

    The same seed and names give the same stream on every machine and Python version in use here;
    different names give independent streams.
    """
    label = "|".join(str(name) for name in names).encode()
    return random.Random(int.from_bytes(hmac.new(seed, label, hashlib.sha256).digest(), "big"))
