"""How a careful participant works: from the records that are handed out, with small sums of its own.

Shared by the attempts of this folder. It knows what the case and the questions tell everybody.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

Raws = dict[str, bytes]
Row = dict[str, Any]


def rows(seen: Raws, name: str) -> list[Row]:
    """The records of a set, whether it stands there as practice or as twin."""
    found = [json.loads(raw) for key, raw in seen.items() if key.rpartition("-")[0] in {name, f"new{name}"}]
    return sorted(found, key=lambda row: row["id"])


def lost_in_mini(seen: Raws) -> str:
    """The wanted message with 50 or more."""
    return str(next(row["id"] for row in rows(seen, "mini") if row["label"] == "ham" and row["score"] >= 50))


def bare(text: str) -> str:
    """A text without capitals, digits and links."""
    text = re.sub(r"https?://\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:example|test|invalid)(?:/\S*)?", "<link>", text.lower())
    return " ".join(re.sub(r"\d", "0", text).split())


def copied(seen: Raws) -> int:
    """Test messages whose text stands among the training messages."""
    known = {bare(row["text"]) for row in rows(seen, "train")}
    return sum(1 for row in rows(seen, "test") if bare(row["text"]) in known)


def late(seen: Raws) -> dict[str, str]:
    """Columns written after the decision."""
    return {row["column"]: "after" for row in rows(seen, "columns") if row["written"] > row["decided"]}


def lost_share(seen: Raws) -> float:
    """Wanted messages lost, in percent."""
    row = rows(seen, "counts")[0]
    return round(100 * row["caught_wanted"] / (row["caught_wanted"] + row["let_wanted"]), 1)


def cheapest(seen: Raws) -> int:
    """The cut of least cost."""
    costs, log = rows(seen, "costs")[0], rows(seen, "log")
    price = {cut: sum(costs["lost"] * row["wanted"] if row["from"] >= cut else costs["missed"] * row["unwanted"]
                      for row in log) for cut in range(5, 100, 5)}
    return min(price, key=lambda cut: price[cut])


def promises(seen: Raws) -> dict[str, dict[str, str]]:
    """Whether each step of score keeps its promise."""
    found = {}
    for row in rows(seen, "fit"):
        count = row["wanted"] + row["unwanted"]
        apart = 100 * row["unwanted"] / count - (row["from"] + row["to"]) / 2
        found[str(row["from"])] = {"verdict": "few" if count < 20 else "fits" if abs(apart) <= 10 else
                                   "low" if apart > 0 else "high"}
    return found


def pushing(seen: Raws) -> list[str]:
    """Words of the list with a plus that are in the message."""
    case = rows(seen, "case")[0]
    inside = Counter(re.findall(r"[a-z]+", case["text"].lower()))
    return [word for word, weight in zip(case["words"], case["weights"], strict=True) if weight > 0 and inside[word]]


def change(seen: Raws) -> str:
    """The first month with enough messages in which the share is low."""
    return str(next(row["month"] for row in rows(seen, "months")
                    if row["unwanted"] >= 20 and row["found"] / row["unwanted"] < 0.85))


def cheaper_filter(seen: Raws) -> str:
    """The filter that costs less."""
    costs = rows(seen, "costs")[0]
    return str(min(rows(seen, "vote"), key=lambda row: costs["lost"] * row["lost"] + costs["missed"] * row["missed"])
               ["filter"])


def exit_cut(seen: Raws) -> int:
    """The cheapest of the four cuts."""
    costs = rows(seen, "costs")[0]
    return int(min(rows(seen, "exitcuts"),
                   key=lambda row: costs["lost"] * row["lost"] + costs["missed"] * row["missed"])["cut"])


def exit_column(seen: Raws) -> str:
    """The late one of the four columns."""
    return str(next(row["column"] for row in rows(seen, "exitcolumns") if row["written"] > row["decided"]))


NOTE = {
    "cut": "At most 2 of 100 wanted messages may be lost, because a lost one costs ten times as much.",
    "found": "135 of 140 unwanted messages of May and June",
    "lost": "4 of 210 wanted messages",
    "weak": "Other languages than English, e-mail and voice, and types that begin after April",
    "watch": "On the first Monday of each month: found and lost by type",
    "text": (
        "Dear Ms Tembo, you asked whether our new filter may catch text messages on its own. We trained it on messages "
        "of January to April that the desk had labelled, and tried it on messages of May and June that it had not "
        "seen. At its limit it found most of the unwanted messages and lost four wanted ones. Both numbers are above. "
        "It reads the text alone, so it knows nothing about the sender. It has met one language and one channel. When "
        "a new type of fraud begins, it will miss it at first, as the old filter did in spring. We therefore propose "
        "three things. For one month it marks messages and a person looks at each mark. Customers can say with one "
        "word that a message was wanted. On the first Monday of each month we count found and lost by type, and train "
        "again if the share falls. Kind regards, the filter desk of Harbor Net"
    ),
}
