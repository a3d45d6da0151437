"""Messages for a question of every kind: a route, numbers of a report, texts in two languages."""

from spamlab.generate.lab_sets import labelled_record
from spamlab.records.message import Message
from spamlab.records.truth import HopTruth, Labelled, RouteTruth
from spamlab.seeds import stream

NAMES = {
    "practice": ("M1", *(f"P{number}" for number in range(1, 41))),
    "twin": ("T1",),
    "hidden": tuple(f"H{number}" for number in range(1, 81)),
}
ECONOMIES = {"practice": "E1", "twin": "F1"}
WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "haven")
MARKS = {"English": ("parcel", "prize", "urgent"), "Swahili": ("kifurushi", "zawadi", "haraka")}
QUIET = {"English": ("meeting", "report", "lunch", "minutes"), "Swahili": ("mkutano", "ripoti", "chakula", "dakika")}


def make_messages(_recipe, purpose: str, seed: bytes, draw: int = 0) -> dict[str, Labelled]:
    """The messages of one set by name, and the record of an economy."""
    messages = {name: make_message(name, place, seed, draw) for place, name in enumerate(NAMES[purpose])}
    if purpose in ECONOMIES:
        record = {"id": ECONOMIES[purpose], "economy": "pacific-island"}
        messages[record["id"]] = labelled_record(record, {"seed": seed.hex(), "scenarios": ["calm", "new-channel"]})
    return messages


def make_message(name: str, place: int, seed: bytes, draw: int) -> Labelled:
    """One message; of four in a row, two are unwanted, and each language has one of each."""
    one = stream(seed, "message", name, draw)
    sender, relay, bank = one.sample(WORDS, 3)
    language, spam = ("English", "Swahili")[place % 2], place % 4 < 2
    marks = one.sample(MARKS[language], 2 if spam else one.randint(0, 1))
    words = [*marks, *one.sample(QUIET[language], 3)]
    one.shuffle(words)
    seen = f"203.0.113.{one.randint(1, 254)}"
    hops = (
        HopTruth(1, "in1.operator.example", "mx1.operator.example", "192.0.2.10", "", "inner"),
        HopTruth(2, "mx1.operator.example", f"mail.{sender}.example", seen, "", "border"),
        HopTruth(3, f"mail.{sender}.example", f"relay.{relay}.example", "198.51.100.7", "", "outside"),
        HopTruth(4, f"relay.{relay}.example", f"pc.{bank}.example", "198.51.100.9", "", "forged", "break"),
    )
    text = f"{' '.join(words)} {one.getrandbits(40):010x}"
    raw = f"Message-ID: <{name.lower()}.{draw}@{bank}.example>\r\nX-Seen: {seen}\r\n\r\n{text}\r\n".encode()
    notes = {
        "spam": "yes" if spam else "",
        "language": language,
        "type": marks[0] if marks else "none",
        "text": text,
        "rate": str(one.randint(90, 130)),
        "minutes": str(one.randint(31, 59)),
        "reports": str(one.randint(40, 90)),
        "per_report": str(one.randint(15, 30)),
    }
    truth = RouteTruth(
        "all-kinds", hops, 2, seen, f"mail.{sender}.example", f"{bank}.example", f"{sender}.example", (), False,
        f"abuse@{sender}.example", notes)
    return Labelled(Message(name, raw, "", ("desk@operator.example",)), truth)
