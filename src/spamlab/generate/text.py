"""Subjects and bodies, composed from the parts in a recipe; links go to reserved names alone."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any


@dataclass(frozen=True)
class Text:
    """What the reader sees: subject, body (CRLF), and the host of the link in it."""

    subject: str
    body: str
    link_host: str


def compose(
    recipe: Mapping[str, Any],
    theme: str,
    sender: str,
    person: tuple[str, str],
    link_host: str,
    date: datetime,
    rng: Random,
    taken: Collection[str] = (),
    with_reference: bool = False,
) -> Text:
    """A message of `theme` from `sender` to `person` (first, last), as of `date`; all draws from `rng`.

    taken: subjects of other messages; another one is chosen where the recipe has any. with_reference: choose among
    the subjects that hold a reference, where the theme has any, so that two sets of one reader differ as well.
    """
    text = recipe["text"]
    parts = text[theme]
    money = recipe["money"]
    places = {
        "first": person[0],
        "last": person[1],
        "sender": sender,
        "street": rng.choice(recipe["people"]["cities"]),
        "reference": f"{''.join(rng.choice('BCDFGHKLMNPRSTVWXZ') for _ in 'ab')}-{rng.randrange(10_000, 999_999)}",
        "amount": f"{money['currency']} {rng.choice(money['amounts'])}",
        "fee": f"{money['currency']} {rng.choice(money['fees'])}",
        "digits": f"{rng.randrange(10_000):04d}",
        "digit": str(rng.randrange(1, 10)),
        "day": f"{date - timedelta(days=rng.randrange(1, 6)):%d %B}".lstrip("0"),
        "deadline": f"{date + timedelta(days=rng.randrange(2, 6)):%d %B}".lstrip("0"),
    }
    path = rng.choice(("account", "check", "my", "track", "pay", "form", "view", "start", "s"))
    link = f"https://{link_host}/{path}/{rng.randrange(16**6):06x}"
    # The first paragraph tells, the second presses; both in one order or with the claim moved down.
    opening, claim = rng.choice(parts["openings"]), rng.choice(parts["claims"])
    first, second = [opening, claim], [rng.choice(parts["pressures"])]
    if rng.random() < 0.35:
        first, second = [opening], [claim, *second]
    paragraphs = [
        rng.choice(text["greetings"]),
        " ".join(first),
        f"{rng.choice(text['asks'])}\n{link}",
        " ".join(second),
        f"{rng.choice(text['closings'])}\n{sender}",
        rng.choice(text["footers"]),
    ]
    if rng.random() < 0.3:
        paragraphs.pop()
    filled = [paragraph.format(**places) for paragraph in paragraphs]
    body = "\n\n".join(
        "\n".join(textwrap.fill(row, 72, break_long_words=False, break_on_hyphens=False) for row in part.split("\n"))
        for part in filled
    )
    subjects = [one for one in parts["subjects"] if not with_reference or "{reference}" in one] or parts["subjects"]
    filled_subjects = [one.format(**places) for one in rng.sample(subjects, len(subjects))]
    subject = next((one for one in filled_subjects if one not in taken), filled_subjects[0])
    return Text(subject, body.replace("\n", "\r\n") + "\r\n", link_host)
