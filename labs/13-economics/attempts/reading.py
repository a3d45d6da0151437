"""How a careful participant works: from the records that are handed out, with small sums of its own.

Shared by the attempts of this folder. It knows what the case and the questions tell everybody.
"""

from __future__ import annotations

import itertools
import json
from statistics import fmean
from typing import Any

Raws = dict[str, bytes]
Row = dict[str, Any]


def rows(seen: Raws, name: str) -> list[Row]:
    """The records of a set, whether it stands there as practice or as twin."""
    found = [json.loads(raw) for key, raw in seen.items() if key.rpartition("-")[0] in {name, f"new{name}"}]
    return sorted(found, key=lambda row: row["id"])


def payers(seen: Raws) -> int:
    """People who pay out of a million messages."""
    row = rows(seen, "mini")[0]
    return int(1_000_000 * row["arrive"] / 100 * row["pay"] / 10_000)


def profit(seen: Raws) -> float:
    """What senders earn from a million messages with the new filter."""
    row = rows(seen, "chain")[0]
    victims = 1_000_000 * row["after"] / 100 * row["pays"] / 1_000_000
    return float(victims * row["loss"] * row["kept"] / 100 - 1_000_000 / 1000 * row["price"])


WORDS = {"operator": ("operators to run", "callers' numbers", "blocked names"), "sender": ("senders buy",),
         "state": ("officers", "radio time", "complaint line")}


def payer_of(what: str) -> str:
    """Who pays a line first, by its words."""
    return next((payer for payer, words in WORDS.items() if any(word in what for word in words)), "receiver")


def who_pays(seen: Raws) -> dict[str, dict[str, str]]:
    """Line -> payer."""
    return {row["line"]: {"payer": payer_of(row["what"])} for row in rows(seen, "lines")}


def ratio(seen: Raws) -> float:
    """What others pay for each dollar of the senders."""
    lines = rows(seen, "lines")
    others = sum(row["amount"] for row in lines if payer_of(row["what"]) != "sender")
    return round(float(others / lines[0]["takes"]), 1)


def shares(seen: Raws) -> dict[str, dict[str, str]]:
    """The three shares, by trying every way to give them out."""
    table = rows(seen, "next")
    names = [row["measure"] for row in table]

    def gain(given: tuple[int, ...]) -> float:
        officers = next(row["spent"] + more for row, more in zip(table, given, strict=True)
                        if row["measure"] == "officers")
        return float(sum(sum(row["adds"][:more]) for row, more in zip(table, given, strict=True)
                         if officers >= row["needs"]))

    best = max((one for one in itertools.product(range(4), repeat=len(names)) if sum(one) == 3), key=gain)
    return {name: {"shares": str(more)} for name, more in zip(names, best, strict=True)}


def net(seen: Raws) -> float:
    """Net benefit over the years; fees only move money."""
    table = {row["line"]: row for row in rows(seen, "net")}
    amount = {line: float(row["amount"]) for line, row in table.items()}
    yearly = amount["harm"] + amount["time"] - amount["wanted"] - amount["running"]
    return float(table["setup"]["years"]) * yearly - amount["setup"]


def _mean(seen: Raws, series: str, year: str) -> float:
    return fmean(float(row[series]) for row in rows(seen, "effect") if row["quarter"].startswith(year))


def press(seen: Raws) -> float:
    """The fall at home from 2023 to 2025."""
    return 100 * (1 - _mean(seen, "home", "2025") / _mean(seen, "home", "2023"))


def neighbour_grew(seen: Raws) -> bool:
    """Whether spam grew where nothing was done."""
    return _mean(seen, "neighbour", "2025") > _mean(seen, "neighbour", "2023")


def effect(seen: Raws) -> dict[str, Any]:
    """The change at home over the change at the neighbour's, with the range of the four pairs of quarters."""
    table = {row["quarter"]: row for row in rows(seen, "effect")}

    def fall(home: float, other: float) -> float:
        return 100 * (1 - home / other)

    pairs = [fall(table[f"2025-Q{one}"]["home"] / table[f"2023-Q{one}"]["home"],
                  table[f"2025-Q{one}"]["neighbour"] / table[f"2023-Q{one}"]["neighbour"]) for one in (1, 2, 3, 4)]
    best = fall(_mean(seen, "home", "2025") / _mean(seen, "home", "2023"),
                _mean(seen, "neighbour", "2025") / _mean(seen, "neighbour", "2023"))
    return {"best": round(best), "low": min(pairs), "high": max(pairs),
            "reason": "grew" if neighbour_grew(seen) else "fell"}


def least_regret(seen: Raws) -> str:
    """The bundle with the least of half mean regret and half regret of a bad year."""
    table = rows(seen, "years")

    def score(bundle: str) -> float:
        regret = sorted((max(row[one] for one in row["bundles"]) - row[bundle], row["chance"]) for row in table)
        ten = [one for one, chance in regret for _ in range(chance)]
        return fmean(ten) / 2 + float(ten[8]) / 2

    return min(map(str, table[0]["bundles"]), key=score)


def all_losses(seen: Raws) -> float:
    """The mean loss times the number of victims, in the country's unit."""
    table = rows(seen, "losses")
    return fmean(float(row["loss"]) for row in table) * float(table[0]["victims"]) / float(table[0]["unit"])


def exit_measure(seen: Raws) -> str:
    """The measure whose next share adds most."""
    return str(max(rows(seen, "exitnext"), key=lambda row: row["next"])["measure"])


def exit_effect(seen: Raws) -> int:
    """The change at home over the change elsewhere."""
    row = rows(seen, "exitchange")[0]
    home, other = row["home_after"] / row["home_before"], row["neighbour_after"] / row["neighbour_before"]
    return round(100 * (1 - float(home) / float(other)))


MEMO = {
    "measure": "The registry of sender names, with three more officers",
    "benefit": "12 million USD over three years, between 4 and 21",
    "payer": "Operators pay 2 million for checks, the state 1 million for officers, senders a fee",
    "mind": "If fewer than 60 of 100 firms have registered by June, the money goes to text filters",
    "unmeasured": "Fraud that moves to chat programs, and trust in text messages",
    "text": (
        "Dear Mr Okoro, you asked which measure gets the next money. We propose the registry of sender names, together "
        "with three officers who look after it. Over three years we expect a net benefit of 12 million dollars, "
        "between 4 and 21. Losses and time that people save are counted as gains; wanted messages that are lost are "
        "counted as a cost. Operators pay about two million for the checks, the state one million for officers. Fees "
        "only move money and are left out. The first registry year looks weak in the complaints, since a new button "
        "made complaining quicker. Compared with our neighbour, unwanted messages fell by about 40 per cent, between "
        "34 and 47. Fraud that moves to chat programs was not measured. If fewer than 60 of 100 firms have registered "
        "by June, we advise to stop and to pay for text filters instead. Kind regards, the analyst on duty"
    ),
}
