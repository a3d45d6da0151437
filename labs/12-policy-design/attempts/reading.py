"""How a careful participant works: from the records that are handed out, with small sums of its own.

Shared by the attempts of this folder. It knows what the findings and the laws shown say, as a reader does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

Raws = dict[str, bytes]
Row = dict[str, Any]


def rows(seen: Raws, name: str) -> list[Row]:
    """The records of a set, whether it stands there as practice or as twin."""
    found = [json.loads(raw) for key, raw in seen.items() if key.rpartition("-")[0] in {name, f"new{name}"}]
    return sorted(found, key=lambda row: str(row["id"]))


TRUE = re.compile(
    r"mostly spares people in other|own inboxes hardly notice|caught and sentenced|hardly what criminals do|"
    r"no more often than others|more devices than an e-mail|no longer helps|has to be repeated|"
    r"while all fraud together rises|says little about fraud in other|hardly those of criminals|"
    r"still gets about as many|back within half a year|may bite less|if nobody checks who signs|"
    r"says who vouches|because reporting became simpler|come back within months|if senders are not ready|"
    r"need time to register")
"""Words of the sentences that the findings carry."""


def judged(seen: Raws) -> dict[str, Any]:
    """Each statement held against its finding."""
    return {**{str(number): bool(TRUE.search(row["text"])) for number, row in enumerate(rows(seen, "claims"), 1)},
            "reason": "goes-abroad"}


def read_law(text: str) -> dict[str, str]:
    """Consent, channels and consequence, from the words of a text."""
    def first(pairs: list[tuple[str, str]]) -> str:
        return next(value for pattern, value in pairs if re.search(pattern, text))

    return {
        "consent": first([(r"register|keep this list|one list", "register"), (r"needs? (the )?consent", "before"),
                          (r"refus", "refuse")]),
        "covers": first([(r"The list is about calls", "calls"), (r"calls and text messages, each", "text-calls"),
                         (r"Calls and texts stand in another", "mail"), (r"adverts by text message they still", "text"),
                         (r"counts calls too|calling machine|e-mail or call need", "all"), (r"", "mail-text")]),
        "follows": first([(r"member state", "members"), (r"is a crime", "crime"), (r"goes to court", "claim"),
                          (r"fines an operator|operator that counts wrongly", "operator"), (r"", "state")])}


def four_laws(seen: Raws) -> dict[str, dict[str, str]]:
    """The table of laws."""
    return {row["code"]: read_law(row["excerpt"]) for row in rows(seen, "laws")}


def in_order(seen: Raws) -> list[str]:
    """Measures by their week in force."""
    table = {row["title"]: row for row in rows(seen, "order")}

    def week(title: str) -> int:
        return int(table[title]["weeks"]) + max((week(need) for need in table[title]["needs"]), default=0)

    return [table[title]["code"] for title in sorted(table, key=week)]


def officers_left(seen: Raws) -> float:
    """There are, plus hired, less what runs."""
    row = rows(seen, "staff")[0]
    return float(round(row["officers"] + row["hired"]
                 - sum(one["run"] for one in row["measures"] if one["week"] is not None), 1))


def change(parts: list[Row]) -> float:
    """The change of victims over some channels, in percent."""
    before = sum(one["before"] for one in parts)
    return float(100 * (sum(one["before"] * (1 + one["change"] / 100) for one in parts) / before - 1))


def all_channels(seen: Raws) -> dict[str, Any]:
    """All channels together, with the range that the question asks for."""
    row = rows(seen, "play")[0]
    best = change(row["channels"])
    closed = min(row["channels"], key=lambda one: one["change"])
    others = change([one for one in row["channels"] if one is not closed])
    reason = "moved" if others > 5 else "gave-up" if others < -15 else "stays"
    return {"best": round(best, 1), "low": round(best - row["spread"], 1), "high": round(best + row["spread"], 1),
            "reason": reason}


def turning(seen: Raws) -> str:
    """The assumption whose two ends have different signs."""
    return str(next(row["code"] for row in rows(seen, "doubt") if row["low"] * row["high"] < 0))


def better_plan(seen: Raws) -> str:
    """The plan that is worth more."""
    return str(max(rows(seen, "vote"), key=lambda row: row["avoided"] - row["lost"] - row["cost"])["plan"])


def most_victims(seen: Raws) -> str:
    """The channel with most victims."""
    return str(max(rows(seen, "mini"), key=lambda row: row["victims"])["channel"])


def exit_sentence(seen: Raws) -> str:
    """The sentence that a finding carries."""
    return str(next(row["id"] for row in rows(seen, "exitclaims") if TRUE.search(row["text"])))


def exit_change(seen: Raws) -> str:
    """What all channels did together."""
    return "rose" if change(rows(seen, "exitplay")[0]["channels"]) > 0 else "less"


def policy(seen: Raws) -> str:
    """The policy of a participant who has replayed until nothing helped any more: the steadiest of those stored."""
    from spamlab.judge.kinds.policy import document
    from spamlab.policy.library import read_library

    name = str(rows(seen, "economy")[0]["economy"])
    best = read_library(name).steady().policy
    assert best is not None
    return document(name, best.measures)


MEMO = {
    "first": "Sharing of signs, then stops on payments, then firewalls: payments need signs, firewalls take time",
    "means": "1.1 of 1.8 million dollars a year, and 3 of 5 officers",
    "evidence": "S1 and S2: one channel fell by 64 percent, all fraud rose. P5: training is gone after six months",
    "rights": "An honest sender may be blocked; it writes to one address and is free again within two days, or appeals",
    "law": "Singapore, s. 14: who is harmed can claim; we leave it, because few here can go to court",
    "doubt": "If banks stop fewer payments than we assume, firewalls alone would be better",
    "text": (
        "Dear Minister, you asked what should begin first. We advise three measures in this order: operators and "
        "banks share signs of fraud, banks stop payments to known senders, and all operators run firewalls for "
        "text messages. Each needs the one before it or time to be built. We leave out a block of all unknown "
        "senders: in India a hard check disturbed many codes of banks on its first day. In our model the plan "
        "prevents more loss than it costs, in quiet times and after shocks. The model follows from assumptions, "
        "and some are guesses. The one that would change our advice is the share of payments that banks can stop; "
        "we ask for a count of it after half a year. Officers read no content. Data on traffic are kept for thirty"
        " days. Who is blocked by mistake writes to one address, has an answer within two days, and may go to "
        "court. Courts abroad let those harmed claim money; we do not follow this, because few could use it here. "
        "In twelve months we report losses by channel, and advise again."
    ),
}

Solve = Callable[[Raws], Any]
