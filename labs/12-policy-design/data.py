"""The data of lab 12: two economies, statements about measures, laws, plans, plays and doubts; all tables of numbers.

Practice is about a neighbour's economy, the twin about the participant's own. Laws stand in laws.toml; what was played
stands in plays.json, which make_plays.py writes, so that a draw plays nothing.
"""

from __future__ import annotations

import itertools
import json
import random
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from spamlab.generate.lab_sets import labelled_record
from spamlab.judge.kinds.order import longest_chain
from spamlab.policy.draws import Parameter, read_parameters
from spamlab.policy.instruments import Instrument, read_instruments
from spamlab.policy.play import economy_named
from spamlab.policy.scenarios import read_scenarios
from spamlab.records.economy import Economy
from spamlab.records.truth import Labelled
from spamlab.seeds import stream

Made = dict[str, Labelled]
Row = dict[str, Any]
Facts = Mapping[str, Any]

MOST_TRIES = 2000
HERE = Path(__file__).parent


def make_messages(_recipe: Mapping[str, Any], purpose: str, seed: bytes, draw: int) -> Made:
    """All records of one purpose. Sets of the twin begin with "new"; a hidden set is empty, for nothing needs it."""
    if purpose == "hidden":
        return {}
    rng = stream(seed, "lab 12", draw)
    new = "new" if purpose == "twin" else ""
    name = rng.choice(OWN if new else NEIGHBOURS)
    tables: dict[str, list[tuple[Row, Facts]]] = {
        "economy": [(economy_row(name), {"seed": f"{rng.getrandbits(64):016x}", "scenarios": events(rng, purpose)})],
        "claims": claim_rows(rng),
        "laws": law_rows(rng, purpose),
        "order": order_rows(rng),
        "staff": [(staff_row(rng, name), {})],
        "play": [(play_row(rng, name), {})],
        "doubt": doubt_rows(rng, name),
    }
    if purpose == "practice":
        tables |= {"example": [(row, {}) for row in example_rows(name)], "vote": vote_rows(rng, name),
                   "mini": mini_rows(rng, name), "exitplay": [(play_row(rng, name), {})], "exitclaims": exit_rows(rng)}
    made = {}
    for table, rows in tables.items():
        for number, (row, facts) in enumerate(rows, 1):
            key = f"{new}{table}-{number:04d}"
            made[key] = labelled_record({"id": key, **row}, dict(facts))
    return made


def _drawn(make: Callable[[], Any]) -> Any:
    """The first that is not None."""
    return next(found for found in (make() for _ in range(MOST_TRIES)) if found is not None)


# -- economies ----------------------------------------------------------------------------------------------------

PLACES = {
    "pacific-island": "Talavea", "caribbean-island": "Corvane", "landlocked-least-developed": "Doranta",
    "landlocked-transition": "Kesteria", "large-african-market": "Okunde", "mobile-money-leader": "Umbazi",
    "very-large-south-asian": "Varunda", "prepaid-archipelago": "Malaroa", "upper-middle-many-isps": "Arandia",
    "gulf-migrant-majority": "Qasmar", "advanced-city": "Meridel", "fragile-state": "Nuraba",
}
"""Profile -> an invented country that has it. No real place is meant."""
NEIGHBOURS = ("caribbean-island", "landlocked-transition", "upper-middle-many-isps", "gulf-migrant-majority")
"""Profiles of the practice part; all others may be a participant's own. So the two never meet."""
LEFT_OUT = ("fragile-state", "pacific-island")
"""With half an officer or less next to nothing can be staffed there: most of its tables would be empty."""
OWN = tuple(name for name in PLACES if name not in NEIGHBOURS + LEFT_OUT)


@cache
def economy(name: str) -> Economy:
    """The profile called `name`."""
    return economy_named(name)


def economy_row(name: str) -> Row:
    """What a participant reads about an economy, in the units of its profile; money in US dollars."""
    one = economy(name)
    figures = one.figures
    return {"economy": name, "place": PLACES[name], "kind": one.title, "about": one.about,
            "people": figures["population"], "income": figures["gdp_per_head"],
            "sims": round(one.subscribers, 2), "internet": figures["internet"], "shares": list(one.shares),
            "staff": figures["regulator_staff"], "officers": figures["spam_staff"],
            "budget": figures["policy_budget"]}


NOT_JUDGED = "budget-cut"
"""A cut of the budget decides alone what the steadiest policy is worth, by its date. Whoever drew it would be judged by
chance; so it can be played at the desk, and is in nobody's score."""
HIDDEN = 3
"""Events that a policy meets for points."""


def events(rng: random.Random, purpose: str) -> list[str]:
    """The scenarios of the policy question: all that are judged in practice, some with an event for points."""
    known = [name for name in read_scenarios() if name != NOT_JUDGED]
    if purpose == "practice":
        return known
    drawn = rng.sample([name for name in known if name != "calm"], HIDDEN)
    return [name for name in known if name in drawn]


# -- 1. statements ------------------------------------------------------------------------------------------------

@cache
def claims() -> Mapping[str, Any]:
    """The beliefs of claims.toml by code."""
    return tomllib.loads((HERE / "claims.toml").read_text(encoding="utf-8"))


ALWAYS = tuple(code for code, one in claims().items() if one.get("always"))
"""Beliefs that everybody meets; two more are drawn."""


def claim_rows(rng: random.Random) -> list[tuple[Row, Facts]]:
    """Six statements: some true, some false, each standing for one belief. The truth is in the facts alone."""
    topics = [*ALWAYS, *rng.sample([code for code in claims() if code not in ALWAYS], 2)]
    rng.shuffle(topics)
    truths = [True, True, False, False, rng.random() < 0.5, rng.random() < 0.5]
    rng.shuffle(truths)
    return [_claim(rng, topic, truth) for topic, truth in zip(topics, truths, strict=True)]


def _claim(rng: random.Random, code: str, true: bool) -> tuple[Row, Facts]:
    one = claims()[code]
    return ({"text": rng.choice(one["true" if true else "false"]), "finding": one["finding"],
             "rows": ", ".join(one["rows"]), "source": one["source"]}, {"code": code, "true": true})


def exit_rows(rng: random.Random) -> list[tuple[Row, Facts]]:
    """Three sentences for the exit ticket; one is true."""
    topics = rng.sample(ALWAYS, 3)
    rows = [_claim(rng, topic, place == 0) for place, topic in enumerate(topics)]
    rng.shuffle(rows)
    return rows


# -- 2. laws ------------------------------------------------------------------------------------------------------

CONSENT = {"before": "consent comes first", "refuse": "until somebody refuses", "register": "a register decides"}
COVERS = {"mail": "e-mail alone", "text": "text messages alone", "calls": "calls alone",
          "mail-text": "e-mail and text messages", "text-calls": "text messages and calls",
          "all": "e-mail, texts and calls"}
FOLLOWS = {"state": "the state fines the sender", "crime": "criminal: fine or prison",
           "claim": "the harmed can claim money", "operator": "the operator pays",
           "members": "each member state decides"}


@cache
def laws() -> Mapping[str, Mapping[str, str]]:
    """The laws of laws.toml by id."""
    return tomllib.loads((HERE / "laws.toml").read_text(encoding="utf-8"))


def law_answers(first: Mapping[str, str], second: Mapping[str, str]) -> list[tuple[tuple[str, ...], ...]]:
    """The right cells of two laws and those of the known mistakes: swapped, consent, all channels, the state fines."""
    both: list[tuple[str, ...]] = [(one["consent"], one["covers"], one["follows"]) for one in (first, second)]
    return [tuple(both), tuple(reversed(both)), *(
        tuple((*cells[:column], value, *cells[column + 1:]) for cells in both)
        for column, value in enumerate(("before", "all", "state")))]


def law_rows(rng: random.Random, purpose: str) -> list[tuple[Row, Facts]]:
    """Two laws of two traditions, in which every known mistake gives another table than the right one."""
    known = {name: one for name, one in laws().items() if one["set"] == purpose}
    pairs = [(first, second) for first in known for second in known
             if known[first]["tradition"] == "common law" != known[second]["tradition"]
             and len(set(law_answers(known[first], known[second]))) == 5]
    pair = list(rng.choice(pairs))
    rng.shuffle(pair)
    shown = ("place", "tradition", "law", "section", "status", "checked", "basis", "excerpt")
    hidden = ("consent", "covers", "follows")
    return [({"code": name, **{key: known[name][key] for key in shown}}, {key: known[name][key] for key in hidden})
            for name in pair]


# -- 3. what must come first --------------------------------------------------------------------------------------


def in_force(rows: Sequence[Row]) -> dict[str, int]:
    """The week in force of each measure: its own weeks after the last of what it needs."""
    titles = {row["title"]: row for row in rows}

    def week(row: Row) -> int:
        return int(row["weeks"]) + max((week(titles[need]) for need in row["needs"]), default=0)

    return {str(row["code"]): week(row) for row in rows}


def order_answers(rows: Sequence[Row]) -> dict[str, list[str]]:
    """The right order and those of the known mistakes."""
    force, own = in_force(rows), {str(row["code"]): int(row["weeks"]) for row in rows}
    listed = [str(row["code"]) for row in rows]
    codes = {row["title"]: row["code"] for row in rows}
    deep = {row["code"]: [codes[need] for need in row["needs"]] for row in rows}

    def depth(code: str) -> int:
        return 1 + max((depth(need) for need in deep[code]), default=-1)

    return {"right": sorted(listed, key=lambda code: force[code]),
            "shortest-first": sorted(listed, key=lambda code: own[code]),
            "needs-alone": sorted(listed, key=depth), "as-listed": listed,
            "longest-first": sorted(listed, key=lambda code: -own[code])}


MOST_CHAIN = 3
"""How many of the five a known mistake may have in the right order: it earns half at most."""


def order_rows(rng: random.Random) -> list[tuple[Row, Facts]]:
    """Five measures, one or more of which need others of them; every known mistake gives another order."""
    found: list[Row] = _drawn(lambda: _order(rng, read_instruments()))
    return [(row, {}) for row in found]


def _order(rng: random.Random, known: Mapping[str, Instrument]) -> list[Row] | None:
    waiting = [one for one in known.values() if one.needs]
    picked = {one.id: one for one in rng.sample(waiting, 2)}
    for one in list(picked.values()):
        picked |= {need: known[need] for need in one.needs}
    others = [one for one in known.values() if not one.needs and one.id not in picked]
    rng.shuffle(others)
    for one in others[:max(0, 5 - len(picked))]:
        picked[one.id] = one
    if len(picked) != 5 or any(need not in picked for one in picked.values() for need in one.needs):
        return None
    rows: list[Row] = [{"code": one.id, "title": one.title, "needs": [known[need].title for need in one.needs],
             "weeks": one.lead_weeks} for one in picked.values()]
    rng.shuffle(rows)
    weeks = sorted(in_force(rows).values())
    own = sorted(row["weeks"] for row in rows)
    if any(after - before < 2 for before, after in itertools.pairwise(weeks)) or len(set(own)) < 5:
        return None
    right, *wrong = order_answers(rows).values()
    apart = len({tuple(one) for one in (right, *wrong)}) == 1 + len(wrong)
    return rows if apart and all(longest_chain(right, one) <= MOST_CHAIN for one in wrong) else None


# -- what was played ----------------------------------------------------------------------------------------------


@cache
def plays() -> Mapping[str, Any]:
    """What make_plays.py wrote, by economy."""
    read: Mapping[str, Any] = json.loads((HERE / "plays.json").read_text(encoding="utf-8"))
    return read


def staff_answers(row: Row) -> dict[str, float]:
    """Officers left for cases at the end of a plan, and what the known mistakes give."""
    there = row["officers"] + row["hired"]
    force = sum(one["run"] for one in row["measures"] if one["week"] is not None)
    every = sum(one["run"] for one in row["measures"])
    setup = sum(one["setup"] / one["weeks"] for one in row["measures"] if one["week"] is not None)
    found = {"right": there - force, "counts-what-never-begins": there - every,
             "forgets-the-hired": row["officers"] - force, "set-up-goes-on": there - force - setup,
             "whole-office": row["regulator"] - force, "gives-the-used": force}
    return {name: round(value, 1) for name, value in found.items()}


def staff_row(rng: random.Random, name: str) -> Row:
    """A plan of this economy: who sets up, who runs, what never begins."""
    return dict(rng.choice(plays()[name]["plans"]))


def play_answers(row: Row) -> dict[str, float]:
    """The change of all channels together in percent, and what the known mistakes give."""
    parts = row["channels"]
    before = sum(one["before"] for one in parts)

    def change(of: Sequence[Row]) -> float:
        return float(100 * sum(one["before"] * one["change"] / 100 for one in of) / before)

    sent = sum(one["messages"] for one in parts)
    return {"right": round(change(parts), 1), "one-channel": float(min(one["change"] for one in parts)),
            "sum-of-percents": float(sum(one["change"] for one in parts)),
            "messages-not-victims": round(sum(one["messages"] * one["messages_change"] for one in parts) / sent, 1),
            "mean-of-percents": round(sum(one["change"] for one in parts) / len(parts), 1),
            "only-the-falls": round(change([one for one in parts if one["change"] < 0]), 1)}


NEEDED_5 = ("one-channel", "sum-of-percents", "messages-not-victims")
"""Mistakes that every draw can show."""


def play_row(rng: random.Random, name: str) -> Row:
    """One measure as it was played, by channel; the numbers of people vary a little between participants."""
    row: Row = _drawn(lambda: _play(rng, name))
    return row


def _play(rng: random.Random, name: str) -> Row | None:
    one = rng.choice(plays()[name]["plays"])
    size = rng.uniform(0.85, 1.15)
    channels = [{"channel": part["channel"], "before": _round(part["before"] * size * rng.uniform(0.97, 1.03)),
                 "change": round(part["change"] + rng.uniform(-2, 2)),
                 "messages": _round(part["messages"] * size), "messages_change": part["messages_change"]}
                for part in one["channels"]]
    row = {"title": one["title"], "spread": one["spread"], "channels": channels}
    answers = play_answers(row)
    wrong = [answers[code] for code in NEEDED_5]
    far = all(abs(value - answers["right"]) > one["spread"] + 1 for value in wrong)
    apart = all(abs(first - second) > max(1.5, 0.09 * max(abs(first), abs(second)))
                for place, first in enumerate(wrong) for second in wrong[:place])
    return row if far and apart else None


def exit_word(row: Row) -> str:
    """What happened to all channels together: they rose, or fell less than the best channel."""
    return "rose" if play_answers(row)["right"] > 0 else "less"


def _round(value: float) -> int:
    """Two or three digits that count."""
    digits = len(str(round(value)))
    return int(round(value, -max(0, digits - 3)))


def vote_rows(rng: random.Random, name: str) -> list[tuple[Row, Facts]]:
    """Two plans: one prevents more harm and loses more wanted messages, the other is worth more."""
    pair = list(rng.choice(plays()[name]["votes"]))
    rng.shuffle(pair)
    return [({"plan": letter, **one}, {}) for letter, one in zip("AB", pair, strict=True)]


def worth(row: Row) -> float:
    """What a plan is worth: harm avoided, less wanted messages lost, less what it costs."""
    return float(row["avoided"] - row["lost"] - row["cost"])


def doubt_answers(rows: Sequence[Row]) -> dict[str, str]:
    """The assumption that turns the choice, and those of the known mistakes."""
    def turns(row: Row) -> bool:
        return bool(row["low"] * row["high"] < 0)

    stays = [row for row in rows if not turns(row)]
    moves = max(stays, key=lambda row: abs(row["high"] - row["low"]))
    found = {"right": next(row for row in rows if turns(row)), "moves-most": moves,
             "widest-range": max(stays, key=lambda row: float(row["times"])),
             "ends-nearest-zero": min((row for row in stays if row is not moves),
                                      key=lambda row: min(abs(row["low"]), abs(row["high"])))}
    return {code: str(row["code"]) for code, row in found.items()}


def doubt_rows(rng: random.Random, name: str) -> list[tuple[Row, Facts]]:
    """Six assumptions under the choice between two policies; one of them turns it."""
    one = rng.choice(plays()[name]["doubts"])
    rows = [{**with_words(row), **{key: one[key] for key in ("first", "second", "middle")}} for row in one["rows"]]
    rng.shuffle(rows)
    return [(row, {}) for row in rows]


def with_words(row: Row) -> Row:
    """An assumption with what is known about it: its words, how many times its low end the high one is, its sources."""
    known = read_parameters()[row["code"]]
    return {**row, "assumption": known.about, "times": times(known), "confidence": known.confidence,
            "sources": ", ".join(known.sources)}


def times(known: Parameter) -> float:
    """How many times its least value the greatest is; 1 where the least is 0."""
    return round(known.high / known.low, 1) if known.low > 0 else 1.0


def example_rows(name: str) -> list[Row]:
    """The worked example: the first try of a register, and the one that waits."""
    return [dict(one) for one in plays()[name]["example"]]


def mini_rows(rng: random.Random, name: str) -> list[tuple[Row, Facts]]:
    """Four channels without any measure: messages, victims, losses."""
    rows = [dict(one) for one in plays()[name]["baseline"]]
    rng.shuffle(rows)
    return [(row, {}) for row in rows]
