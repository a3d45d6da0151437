"""Messages of the tiny lab: one address and one number each, from the seed."""

from spamlab.records.message import Message
from spamlab.records.truth import HopTruth, Labelled, RouteTruth
from spamlab.seeds import stream

NAMES = {"practice": ("M1", "P1", "P2"), "twin": ("T1",), "hidden": ("H1", "H2", "H3", "H4", "H5", "H6")}


def make_messages(_recipe, purpose, seed, draw):
    """The messages of one draw by name."""
    found = {}
    for place, name in enumerate(NAMES[purpose]):
        chance = stream(seed, draw, name)
        address = f"203.0.113.{(place * 37 + chance.randrange(1, 30)) % 250 + 1}"
        number = chance.randrange(10, 90)
        hop = HopTruth(1, "mx1.lab.example", "a.example", address, "2026-11-02T08:00:00+00:00", "border")
        scenario = f"scenario-of-truth-{chance.randrange(3)}"
        truth = RouteTruth(scenario, (hop,), 1, address, "a.example", "a.example", "a.example", (), False,
                           "abuse@a.example", {"number": str(number)})
        raw = (f"Received: from a.example ([{address}]) by mx1.lab.example; Mon, 02 Nov 2026 08:00:00 +0000\r\n"
               f"Subject: {number + 1} less one\r\nMessage-ID: <{name.lower()}.{chance.randrange(10**9)}@a.example>\r\n"
               f"\r\nHello.\r\n").encode()
        found[name] = Labelled(Message(name, raw, "x@a.example", ("desk@lab.example",)), truth)
    return found
