"""Messages of our own for the tests of filters: small, varied, in two languages and three months."""

from __future__ import annotations

import random
from typing import Any

_SPAM = {
    "en": ("Your {a} is held, pay {n} now at www.{a}{n}.example/cl", "WINNER! Claim your {a} of £{n} today, call now",
           "Urgent: {a} account blocked, verify at https://{a}.test/{n}", "Cheap {a} loans, {n} % off, reply YES now"),
    "fr": ("Votre {a} est bloqué, payez {n} euros sur www.{a}{n}.example",
           "Félicitations, vous avez gagné {n} euros, cliquez {a}"),
}
_HAM = {
    "en": ("I am late for the {a}, see you at {n}", "Can you bring the {a} tomorrow? Mum asked",
           "Lunch near the {a} at {n}?", "Thanks for the {a}, we loved it"),
    "fr": ("Je suis en retard pour le {a}, à {n} heures", "Tu peux apporter le {a} demain ? Merci"),
}
_THINGS = ("parcel", "garden", "ticket", "market", "bridge", "letter", "window", "kitchen", "station", "river")


def records(count: int, seed: int = 1, *, share: float = 0.4, months: int = 3) -> list[dict[str, Any]]:
    """So many records with id, text, label, language, type, sent; the same for the same seed."""
    draw = random.Random(seed)
    made = []
    for place in range(count):
        label = "spam" if draw.random() < share else "ham"
        language = "fr" if draw.random() < 0.3 else "en"
        pattern = draw.choice((_SPAM if label == "spam" else _HAM)[language])
        month = 1 + place * months // count
        made.append({
            "id": f"t-{place}", "channel": "sms", "language": language, "label": label,
            "type": f"{label}-{pattern[:4].strip()}", "sent": f"2026-{month:02}-10T12:00:00Z",
            "text": pattern.format(a=draw.choice(_THINGS), n=draw.randrange(2, 900)),
        })
    return made


def labels(listed: list[dict[str, Any]]) -> list[str]:
    """The labels of records."""
    return [one["label"] for one in listed]
