"""The questions of lab 13: right answers, known mistakes and hints, all as functions of one participant's data.

The tables stand in the draw as sets of records (data.py); a twin has the same sets, their names begin with "new".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from spamlab.judge.handed_out import set_of
from spamlab.judge.kinds import Document, Estimate, Pick, Table, Value
from spamlab.judge.kinds.base import single
from spamlab.judge.kinds.numbers import read_number
from spamlab.judge.lab_data import load_module
from spamlab.judge.question import Checks, FormError, Item, Mistake
from spamlab.records.truth import Labelled

checks = Checks()
data = load_module(Path(__file__).with_name("data.py"), "13-economics/data.py")

Row = Mapping[str, Any]


_read: tuple[Mapping[str, Labelled], dict[str, list[Labelled]]] = ({}, {})
"""The draw that was asked about last, and its records by set."""


def known(item: Item, name: str) -> list[Labelled]:
    """The records of a set with their facts, under the name that the set has in practice."""
    global _read
    drawn, sets = _read
    if drawn is not item.data:
        sets = {}
        for key, one in item.data.items():
            sets.setdefault(set_of(key), []).append(one)
        _read = (item.data, sets)
    return sets.get(f"new{name}" if item.purpose == "twin" else name, [])


def rows(item: Item, name: str) -> list[Row]:
    """The records of a set as they are handed out."""
    return [one.record for one in known(item, name)]


def tell(text: str, places: Callable[[Item], Mapping[str, Any]]) -> Callable[[Item], str]:
    """A text with named places, filled from the participant's tables."""
    return lambda item: text.format(**places(item))


def about(name: str) -> dict[str, tuple[str, ...]]:
    """A question about a table: the practice set, and the set of the twin."""
    return {"practice": (f"{name}-0001",), "twin": (f"new{name}-0001",)}


def place_of(item: Item) -> dict[str, Any]:
    """The country, its neighbour, the unit of its tables, and what a display is to be asked for."""
    row = rows(item, "economy")[0]
    return {"place": row["place"], "neighbour": row["neighbour"], "unit": row["unit"],
            "part": "points" if item.purpose == "twin" else "practice"}


def money(value: float) -> str:
    """An amount as the tables show it."""
    return f"{value:,}"


def digits(value: float) -> str:
    """An amount with three leading digits, whole from 100 on."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


DOLLARS = {"$": 1, "dollars": 1, "us dollars": 1}
SIZES = {"million": 1e6, "thousand": 1e3}


class Near(Value):
    """A number that counts within one per cent of the right one: its size differs between economies."""

    def same(self, first: Any, second: Any) -> bool:
        """At most one per cent of the larger one apart."""
        return bool(abs(first - second) <= 0.01 * max(abs(first), abs(second)) + 1e-9)


class Amount(Near):
    """An amount in the unit of the country's tables; another unit may be written behind it."""

    def parse(self, given: Any, item: Item) -> Any:
        """The number in the country's unit. FormError: no number, or an unknown unit."""
        own = place_of(item)["unit"]
        if isinstance(given, list) and len(given) == 1:
            given = given[0]
        units = {f"{name}{word}": size / SIZES[own] for name, size in SIZES.items()
                 for word in ("", " dollars", " us dollars", " usd")}
        return read_number(given, f"{own} USD", units | dict.fromkeys(("usd", "dollars", "$"), 1 / SIZES[own]))

    def form(self, item: Item) -> dict[str, Any]:
        """One number field that names the unit."""
        return single("number", f"{self.label} ({place_of(item)['unit']} USD)")


# -- Half done: how many pay? -------------------------------------------------------------------------------------


def _places_w(item: Item) -> dict[str, Any]:
    return dict(rows(item, "mini")[0])


def _mini(item: Item, name: str) -> float:
    return float(data.mini_answers(rows(item, "mini")[0])[name])


w1 = checks.question(
    "w1", Value("number", unit="people", units={"buyers": 1, "persons": 1}, label="People who pay"),
    title="Half done: how many pay?", points=0, minutes=2, about={"practice": ("mini-0001",)}, core=False,
    prompt=tell("A campaign sends 1 million messages. Of 100 messages, {arrive} arrive. Of 10,000 that arrive, {pay} "
                "make somebody pay. How many people pay?", _places_w),
    reason="You went down the chain one step at a time, and each share was taken of the step before.",
)


@w1.answer
def _right_w1(item: Item) -> float:
    return _mini(item, "right")


@w1.mistake(
    "all-arrive", trainer="Half done: takes the share of all messages sent, not of those that arrive.",
    message="You took the share of all messages that were sent. It stands in the last sentence, so the million before "
            "it comes to mind. Most messages are stopped on the way. First count those that arrive.")
def _w1_all(item: Item) -> float:
    return _mini(item, "all-arrive")


@w1.mistake(
    "stops-at-arrival", trainer="Half done: gives the number of messages that arrive.",
    message="You gave the messages that arrive. That is the first step, and it is right. One step is left: how many of "
            "them make somebody pay?")
def _w1_stops(item: Item) -> float:
    return _mini(item, "stops-at-arrival")


@w1.remark
def _remark_w1(item: Item, _given: Any) -> str:
    return (f"Of 1 million messages, {_mini(item, 'stops-at-arrival'):,.0f} arrive. Take the second share of that "
            "number.")


# -- 1. Chain -----------------------------------------------------------------------------------------------------


def _chain(item: Item, name: str) -> float:
    return float(data.chain_answers(rows(item, "chain")[0])[name])


def _places_1(item: Item) -> dict[str, Any]:
    row = rows(item, "chain")[0]
    cost = 1000 * row["price"]
    even = 100 * cost / (row["pays"] * row["loss"] * row["kept"] / 100)
    return {**place_of(item), **row, "cost": f"{cost:,.0f}", "loss": money(row["loss"]), "even": f"{even:.0f}",
            "right": f"{_chain(item, 'right'):,.0f}", "before": f"{_chain(item, 'old-filter'):,.0f}"}


q1 = checks.question(
    "q1", Near("number", unit="USD", units=DOLLARS, label="Profit of a million messages"),
    title="Chain: what a million messages earn", points=3, minutes=6, about=about("chain"),
    prompt=tell("Fraudsters send text messages to {place}. The table `show_chain(\"{part}\")` has the numbers of their "
                "campaign. What do they earn from **1 million** messages sent, with the new filter? A loss has a "
                "minus; 1% counts as the same.", _places_1),
    reason=tell("Before the filter it was {before} USD. Senders break even where about {even} of 100 messages arrive.",
                _places_1),
)


@q1.answer
def _right_1(item: Item) -> float:
    return _chain(item, "right")


@q1.mistake(
    "all-arrive", trainer="Forgets the filter: counts every message as delivered.",
    message=tell("You counted every message as one that arrives. A million is a round number, so it stays in the head. "
                 "The new filter lets {after} of 100 through. Take the share of payers from those alone.", _places_1))
def _q1_all(item: Item) -> float:
    return _chain(item, "all-arrive")


@q1.mistake(
    "old-filter", trainer="Takes the share that arrives today.",
    message="You took the share that arrives today. It stands first, and it is the number that everybody knows. The "
            "question is about the time with the new filter. Change the first step of the chain only.")
def _q1_old(item: Item) -> float:
    return _chain(item, "old-filter")


@q1.mistake(
    "price-of-a-thousand", trainer="Subtracts the price of 1,000 messages from what a million brings.",
    message=tell("You took {price} USD off. That is the price of 1,000 messages, and it looks like the cost in the "
                 "table. The rest of your sum is about a million. Bring both to a million, then subtract.", _places_1))
def _q1_thousand(item: Item) -> float:
    return _chain(item, "price-of-a-thousand")


@q1.mistake(
    "whole-loss", trainer="Takes the whole loss of the victim for the sender's income.",
    message=tell("You gave senders all that victims lose. It is the number in the news. People who lend accounts, and "
                 "others between, take their part; senders keep {kept}%. Take that share before you subtract the cost.",
                 _places_1))
def _q1_whole(item: Item) -> float:
    return _chain(item, "whole-loss")


@q1.remark
def _remark_1(item: Item, given: Any) -> str:
    row = rows(item, "chain")[0]
    kept = row["after"] / 100 * row["pays"] * row["loss"] * row["kept"] / 100
    if abs(given - kept) <= 0.01 * kept:
        return ("This is what senders take in from a million messages. They have also paid for sending them. Take that "
                "cost off.")
    return (f"A million messages cost {1000 * row['price']:,.0f} USD to send. Put the other four numbers into the desk "
            "one by one, and look which step moves most.")


q1.hint("Where: five numbers, five steps", (
    "The table has one price, and shares and amounts. Which of them is about messages sent, which about messages that "
    "arrive, which about victims? The desk has a field for each."))
q1.hint("The rule: down the chain, then less the cost", (
    "Sent, times the share that arrives, times payers for each one that arrives, times dollars that senders keep. Then "
    "subtract the cost of all that was sent, also of what was stopped."))
q1.hint("Worked on a sibling", (
    "1 USD for 1,000: a million costs 1,000. Of 100, 20 arrive: 200,000. Of a million, 50 pay: so 10 people. Each "
    "loses 400, senders keep 40%: 160. 10 times 160 is 1,600; less 1,000 leaves 600. Say which number was brought to a "
    "million."))


# -- 2. Payer: who pays -------------------------------------------------------------------------------------------

PAYERS = [("sender", "senders of spam"), ("receiver", "people who receive"), ("operator", "operators"),
          ("state", "the state")]


class AboveChance(Table):
    """A table of one column in which the same answer everywhere earns nothing: rows right above half of them."""

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """(2 * right - rows) / rows, never below 0; the words count the rows that are right."""
        share, said = super().compare(right, given, item)
        return (share, said) if share >= 1 else (max(0.0, 2 * share - 1), said)


def _lines(item: Item) -> list[tuple[str, str]]:
    unit = place_of(item)["unit"]
    return [(row["line"], f"{row['line']}: {row['what']}, {money(row['amount'])} {unit} USD")
            for row in rows(item, "lines")]


def _kinds(item: Item) -> dict[str, str]:
    """Line -> what kind of cost it is."""
    return {str(one.record["line"]): str(one.facts["kind"]) for one in known(item, "lines")}


def _paid(item: Item, **other: str) -> dict[str, dict[str, str]]:
    payer = {"loss": "receiver", **{name: name for name in data.PAYERS}, **other}
    return {line: {"payer": payer[kind]} for line, kind in _kinds(item).items()}


def _places_2(item: Item) -> dict[str, Any]:
    what = {one.facts["kind"]: one.record for one in known(item, "lines")}
    return {**place_of(item), "takes": money(rows(item, "lines")[0]["takes"]),
            **{kind: row["what"] for kind, row in what.items()}, **{f"{kind}_line": row["line"] for kind, row in
                                                                    what.items()}}


q2 = checks.question(
    "q2", AboveChance(_lines, [("payer", "Who pays first", PAYERS)]), title="Payer: who pays", points=2, minutes=4,
    about=about("lines"),
    prompt=tell("Five costs of spam in {place} in a year. Who pays each of them first: whose money or time is gone "
                "when it happens?", _places_2),
    reason=tell("Line {operator_line} is ordered by the state and paid by operators. Line {loss_line} is caused by "
                "senders and paid by victims.", _places_2),
)


@q2.answer
def _right_2(item: Item) -> dict[str, dict[str, str]]:
    return _paid(item)


@q2.mistake(
    "who-orders-pays", trainer="Books a duty that the state orders as a cost of the state.",
    message=tell("You booked {operator_line} to the state, because the state orders it. The order costs the state "
                 "nothing. An operator buys the machines and pays the staff. Ask of each line: whose account does the "
                 "money leave?", _places_2))
def _q2_orders(item: Item) -> dict[str, dict[str, str]]:
    return _paid(item, operator="state")


@q2.mistake(
    "who-causes-pays", trainer="Books the victims' losses to the senders, who cause them.",
    message=tell("You booked {loss_line} to senders. They cause the harm, so it feels right that they pay. They gain "
                 "from it. Ask whose money is gone, and change that row.", _places_2))
def _q2_causes(item: Item) -> dict[str, dict[str, str]]:
    return _paid(item, loss="sender")


@q2.mistake(
    "people-cost-nothing", trainer="Books what people lose without a bill to the operators.",
    message=tell("You booked {receiver_line} to operators. Nobody sends people a bill for it, so it is soon booked to "
                 "the firm that runs the network. What is gone belongs to the people. Change that row.", _places_2))
def _q2_free(item: Item) -> dict[str, dict[str, str]]:
    return _paid(item, receiver="operator")


@q2.mistake(
    "all-pay-in-the-end", trainer="Says that people pay everything in the end.",
    message="You booked every line to people. In the end much of it does come back to them as prices and taxes. The "
            "question is who pays first, for that decides who wants to change something. Go through the rows again.")
def _q2_end(item: Item) -> dict[str, dict[str, str]]:
    return _paid(item, sender="receiver", operator="receiver", state="receiver")


q2.hint("Where: the verb of each line", (
    "Each line names something that is bought, done or lost. Who buys, does or loses it? Read the verb, then the noun "
    "before it."))
q2.hint("The rule: whose account, whose hour", (
    "Pays first means: at the moment of the cost, this person or firm has less. Who ordered it does not matter. Who "
    "caused it does not matter either. Later prices and taxes are left out."))
q2.hint("Worked on a sibling", (
    "\"Locks that a new rule makes hotels buy\": the state writes the rule, the hotel's account goes down, so hotels "
    "pay. \"Guests' stolen bags\": thieves cause it, guests pay. Say which two questions were not asked, then do "
    "yours."))


# -- 3. Payer: the ratio ------------------------------------------------------------------------------------------


def _ratios(item: Item) -> dict[str, float]:
    amounts = {str(one.facts["kind"]): one.record["amount"] for one in known(item, "lines")}
    return dict(data.ratio_answers(amounts, rows(item, "lines")[0]["takes"]))


def _places_3(item: Item) -> dict[str, Any]:
    return {**_places_2(item), "right": _ratios(item)["right"]}


q3 = checks.question(
    "q3", Value("number", unit="USD", units=DOLLARS, tolerance=0.1,
                label="Cost of others for each dollar that senders take in"),
    title="Payer: the ratio", points=2, minutes=3, about=about("lines"),
    prompt=tell("In the same year the senders of question 2 take in {takes} {unit} USD. For each dollar that they "
                "take in, how many dollars do all others pay? One digit after the point; 0.1 more or less counts.",
                _places_2),
    reason=tell("Others pay {right} USD for each dollar. This is the externality ratio: cost that lands on people "
                "outside the trade.", _places_3),
)


@q3.answer
def _right_3(item: Item) -> float:
    return _ratios(item)["right"]


@q3.mistake(
    "victims-only", trainer="Counts the victims' losses alone.",
    message="You counted the victims' losses alone. They are the part that the news reports. Time, filters and offices "
            "are paid by others as well. Add every line that senders do not pay, then divide.")
def _q3_victims(item: Item) -> float:
    return _ratios(item)["victims-only"]


@q3.mistake(
    "senders-cost-too", trainer="Counts the senders' own cost among the cost of others.",
    message=tell("You added all five lines. One of them, {sender_line}, is paid by senders themselves. The question is "
                 "what lands on others. Leave that line out.", _places_2))
def _q3_senders(item: Item) -> float:
    return _ratios(item)["senders-cost-too"]


@q3.mistake(
    "upside-down", trainer="Divides the senders' income by the cost of others.",
    message="You divided what senders take in by what others pay. Then the result is below 1, as if others paid less. "
            "The question asks for dollars of others for each dollar of senders. Turn the division round.")
def _q3_upside(item: Item) -> float:
    return _ratios(item)["upside-down"]


@q3.mistake(
    "over-what-is-left", trainer="Divides by what is left to senders after their cost.",
    message="You divided by what is left to senders after their own cost. That is their profit, and it sounds more "
            "exact. The question, like the literature, takes what they take in. Divide by the number in the text.")
def _q3_left(item: Item) -> float:
    return _ratios(item)["over-what-is-left"]


@q3.remark
def _remark_3(item: Item, given: Any) -> str:
    if given > 20 * _ratios(item)["right"]:
        return "This is larger than any ratio here. It may be a sum of lines: divide it by what senders take in."
    places = _places_2(item)
    return (f"Senders take in {places['takes']} {places['unit']} USD. Add the lines that others pay, and divide the "
            "sum by that number.")


q3.hint("Where: four of five lines", (
    "You need the amounts of question 2, and the number in this question. One of the five lines is not a cost of "
    "others. Which one?"))
q3.hint("The rule: others over senders", (
    "Externality ratio = what all others pay, divided by what senders take in. Above 1, the trade destroys more than "
    "it earns."))
q3.hint("Worked on a sibling", (
    "Victims 10, time 6, filters 3, offices 1, senders' cards 2; senders take in 5. Others pay 10, 6, 3 and 1: that is "
    "20. 20 divided by 5 is 4.0. Say why the cards were left out, then do yours."))


# -- 4. Next ------------------------------------------------------------------------------------------------------

TITLES = {**data.MEASURES, "officers": "officers who investigate", "fines": "fines for senders"}
NUMBERS = [("0", "none"), ("1", "one share"), ("2", "two shares"), ("3", "three shares")]


class Allocation(Table):
    """A table of one column: how many shares of money each measure gets. It earns shares put right above half."""

    def parse(self, given: Any, item: Item) -> dict[str, dict[str, Any]]:
        """As a table; FormError where the shares are not as many as there are."""
        read = super().parse(given, item)
        given_out = sum(int(row["shares"]) for row in read.values())
        if given_out != data.SHARES:
            raise FormError(f"You gave out {given_out} shares, and there are {data.SHARES}. Give none, one, two or "
                            f"three to each measure, {data.SHARES} together.")
        return read

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """(2 * well placed - all) / all, never below 0."""
        if self.same(right, given):
            return 1.0, ""
        well = sum(min(int(right[row]["shares"]), int(given.get(row, {}).get("shares", 0))) for row in right)
        share = max(0.0, (2 * well - data.SHARES) / data.SHARES)
        return share, f"{well} of your {data.SHARES} shares are where they add most. Compare what each next share adds."


def _measures(item: Item) -> list[tuple[str, str]]:
    return [(row["measure"], TITLES[row["measure"]]) for row in rows(item, "next")]


def _given(item: Item, name: str) -> dict[str, dict[str, str]]:
    table = rows(item, "next")
    answers = data.next_answers(table)
    return {row["measure"]: {"shares": str(count)} for row, count in zip(table, answers[name], strict=True)}


def _places_4(item: Item) -> dict[str, Any]:
    table = rows(item, "next")
    answers = data.next_answers(table)

    def whole(name: str) -> Row:
        return next(row for row, count in zip(table, answers[name], strict=True) if count == data.SHARES)

    star, first = whole("highest-average"), whole("first-step-only")
    fines = next(row for row in table if row["measure"] == "fines")
    return {**place_of(item), "step": money(table[0]["step"]), "needs": fines["needs"],
            "officers": next(row["spent"] for row in table if row["measure"] == "officers"),
            "star": TITLES[star["measure"]], "star_adds": money(star["adds"][0]), "first": TITLES[first["measure"]],
            "first_two": money(first["adds"][1]), "giant": TITLES[whole("largest-total")["measure"]],
            "giant_adds": money(whole("largest-total")["adds"][0]),
            "small": TITLES[whole("smallest-budget")["measure"]],
            "gain": digits(data.gain_of(table, answers["right"]))}


q4 = checks.question(
    "q4", Allocation(_measures, [("shares", "Shares", NUMBERS)]), title="Next: where the next dollar goes", points=4,
    minutes=7, about=about("next"),
    prompt=tell("{place} has three more shares of {step} {unit} USD each. Look at `show_next(\"{part}\")`. Give out "
                "the three shares so that they avoid most harm together. Fines add nothing until officers have {needs} "
                "shares; today they have {officers}.", _places_4),
    reason=tell("Together they avoid about {gain} {unit} USD. Each share went where the next one adds most, and what "
                "a measure needs was counted with it.", _places_4),
)


@q4.answer
def _right_4(item: Item) -> dict[str, dict[str, str]]:
    return _given(item, "right")


@q4.mistake(
    "highest-average", trainer="Gives all to the measure with the best average so far.",
    message=tell("You gave all to the measure with the best average so far: {star}. Reports praise averages. What its "
                 "first shares did is done; its next one adds {star_adds} {unit}. Compare the columns of the next "
                 "shares, not the past.", _places_4))
def _q4_average(item: Item) -> dict[str, dict[str, str]]:
    return _given(item, "highest-average")


@q4.mistake(
    "largest-total", trainer="Gives all to the measure that has avoided most so far.",
    message=tell("You gave all to the measure that has avoided most so far: {giant}. A large total looks like "
                 "strength. It had most shares. Its next one adds {giant_adds} {unit}. Look for the largest next "
                 "step.", _places_4))
def _q4_total(item: Item) -> dict[str, dict[str, str]]:
    return _given(item, "largest-total")


@q4.mistake(
    "first-step-only", trainer="Gives all to the measure with the largest next share, whatever the second adds.",
    message=tell("You gave all to {first}. Its next share adds most, so the start is right. Its second adds only "
                 "{first_two} {unit}: the gain falls from share to share. After each share, compare all five again.",
                 _places_4))
def _q4_first(item: Item) -> dict[str, dict[str, str]]:
    return _given(item, "first-step-only")


@q4.mistake(
    "needs-forgotten", trainer="Gives shares to fines without the officers that they need.",
    message=tell("You gave shares to fines, which look strong in the table. They add nothing until officers have "
                 "{needs} shares, and with your plan they do not. Pay for both and count both, or leave fines out. "
                 "Compare the two sums.", _places_4))
def _q4_needs(item: Item) -> dict[str, dict[str, str]]:
    return _given(item, "needs-forgotten")


@q4.mistake(
    "smallest-budget", trainer="Gives all to the measure that has had least.",
    message=tell("You gave all to {small}, which has had least so far. It seems fair, and new things often grow. Fair "
                 "is not the question here. Read what its three next shares add, and compare with the others.",
                 _places_4))
def _q4_small(item: Item) -> dict[str, dict[str, str]]:
    return _given(item, "smallest-budget")


@q4.remark
def _remark_4(item: Item, given: Any) -> str:
    table = rows(item, "next")
    gain = data.gain_of(table, tuple(int(given[row["measure"]]["shares"]) for row in table))
    return (f"Your three shares avoid {digits(gain)} {place_of(item)['unit']} USD together. Another way avoids more. "
            "Move one share, count again, and keep what helps.")


q4.hint("Where: the last three columns", (
    "What was spent and avoided is past. The last three columns say what the next shares add. Begin with the largest "
    "number of the first of them."))
q4.hint("The rule: one share at a time", (
    "Give one share to the measure whose next share adds most. Then move one column to the right in that row, and "
    "compare again. Where a measure needs another, count the price and the gain of both."))
q4.hint("Worked on a sibling", (
    "Next shares: lamps 9, 3, 1; guards 6, 5, 4; cameras 7, 6, 2, but cameras need a mast for one share. Lamps 9, then "
    "guards 6 and 5: together 20. Mast and cameras twice: 13. So lamps one, guards two. Say when lamps stopped being "
    "best."))


# -- 5. Next: net benefit -----------------------------------------------------------------------------------------


def _nets(item: Item) -> dict[str, float]:
    return dict(data.net_answers(rows(item, "net")))


def _places_5(item: Item) -> dict[str, Any]:
    one = {row["line"]: row for row in rows(item, "net")}
    return {**place_of(item), "years": one["fees"]["years"], "fees": money(one["fees"]["amount"]),
            "setup": money(one["setup"]["amount"]), "lost": money(one["wanted"]["number"]),
            "wanted": money(one["wanted"]["amount"]), "time": money(one["time"]["amount"]),
            "right": money(_nets(item)["right"])}


q5 = checks.question(
    "q5", Amount("number", label="Net benefit over all years"),
    title="Next: net benefit", points=3, minutes=6, about=about("net"),
    prompt=tell("What does a text filter bring to the whole of {place} in {years} years, after all it costs? Use the "
                "six lines of `show_net(\"{part}\")`. Senders are abroad, so a loss avoided is a gain for the country. "
                "A dollar later counts like a dollar today. 1% counts as the same.", _places_5),
    reason=tell("{right} {unit} USD: losses and time are gains, wanted messages are a cost. Fees only move from one "
                "pocket of the country to another.", _places_5),
)


@q5.answer
def _right_5(item: Item) -> float:
    return _nets(item)["right"]


@q5.mistake(
    "wanted-forgotten", trainer="Forgets the wanted messages that are lost.",
    message=tell("You left out the wanted messages that the filter loses. Nobody sends a bill for them. {lost} {unit} "
                 "a year are worth {wanted} {unit} USD to people and firms. Count them as a cost.", _places_5))
def _q5_wanted(item: Item) -> float:
    return _nets(item)["wanted-forgotten"]


@q5.mistake(
    "fees-are-gain", trainer="Counts fees, a transfer, as a benefit.",
    message=tell("You counted the fees as a gain. For the state they are income, so its books show them. Firms at home "
                 "have {fees} {unit} less. For the whole country nothing is won. Leave the line out.", _places_5))
def _q5_fees(item: Item) -> float:
    return _nets(item)["fees-are-gain"]


@q5.mistake(
    "fees-are-cost", trainer="Counts fees, a transfer, as a cost.",
    message=tell("You counted the fees as a cost. Firms do pay them. The state has the same {fees} {unit} more, so "
                 "the country as a whole loses nothing. Such a line is called a transfer. Leave it out.", _places_5))
def _q5_fees_cost(item: Item) -> float:
    return _nets(item)["fees-are-cost"]


@q5.mistake(
    "set-up-every-year", trainer="Subtracts the set-up cost in every year.",
    message=tell("You took the cost of setting it up off in every year. It stands among yearly lines, so it slips in. "
                 "It is paid once: {setup} {unit} in all. Multiply the yearly lines only.", _places_5))
def _q5_setup(item: Item) -> float:
    return _nets(item)["set-up-every-year"]


@q5.mistake(
    "one-year", trainer="Counts one year of benefit against the whole set-up cost.",
    message=tell("You counted one year. Budgets are made by the year, so it comes naturally. The set-up is paid once "
                 "and serves {years} years. Multiply the yearly lines by the years, then take the set-up off.",
                 _places_5))
def _q5_one_year(item: Item) -> float:
    return _nets(item)["one-year"]


@q5.mistake(
    "time-forgotten", trainer="Forgets the time that people save.",
    message=tell("You left out the hours that people save. No money moves, so no book shows them. At the value in the "
                 "table they are worth {time} {unit} USD a year. Count them as a gain.", _places_5))
def _q5_time(item: Item) -> float:
    return _nets(item)["time-forgotten"]


@q5.remark
def _remark_5(item: Item, given: Any) -> str:
    if given > 3 * _nets(item)["right"]:
        return ("This is far above what the lines give. Are hours or messages counted in place of dollars? Use the "
                "column that names the unit.")
    return ("Give each of the six lines one of three names: gain, cost, or moves money only. Multiply the yearly lines "
            "by the years. The desk adds them up.")


q5.hint("Where: six lines, three kinds", (
    "Some lines make the country richer, some poorer, and one only moves money inside it. Which is which? The desk has "
    "a choice for each line."))
q5.hint("The rule: gains less costs, transfers out", (
    "Net benefit = years times (losses avoided + time saved - wanted messages lost - running cost) - set-up cost. What "
    "one pays and another at home receives is left out."))
q5.hint("Worked on a sibling", (
    "Two years. Avoided 10 a year, time 3, wanted lost 2, running 1, a fee to the state 4, set-up 6 once. A year "
    "brings 10 + 3 - 2 - 1 = 10. Two years 20, less 6: 14. Say where the fee went, then do yours."))


# -- 6. Compare: first as the press does ----------------------------------------------------------------------------


def _effects(item: Item) -> dict[str, float]:
    return dict(data.effect_answers(rows(item, "effect")))


def _truth(item: Item) -> tuple[float, str]:
    facts = known(item, "effect")[0].facts
    return float(facts["effect"]), str(facts["shape"])


def _moved(item: Item) -> float:
    """By how many percent unwanted messages changed at the neighbour's, where nothing was done."""
    return 100 * (float(data.change_of(rows(item, "effect"), "neighbour", "before")) - 1)


def _places_6(item: Item) -> dict[str, Any]:
    moved, answers = _moved(item), _effects(item)
    return {**place_of(item), "way": "rose" if moved > 0 else "fell", "moved": round(abs(moved)),
            "naive": round(answers["before-after"]), "did": round(answers["right"])}


n1 = checks.question(
    "n1", Value("number", unit="percent", units={"%": 1}, tolerance=1, label="Fall from 2023 to 2025"),
    title="Compare: as the press does", points=0, minutes=3, about={"practice": ("effect-0001",)}, core=False,
    prompt=tell("{place} switched on a registry of sender names in the second half of 2024. By how many percent did "
                "unwanted messages **fall** from 2023 to 2025? Look at `show_home()`. One percent more or less "
                "counts; a rise has a minus.", _places_6),
    reason="This is the number of the press release. Keep it, and vote below.",
)


@n1.answer
def _right_n1(item: Item) -> float:
    return _effects(item)["before-after"]


@n1.mistake(
    "complaints", trainer="Naive estimate: takes complaints for spam.",
    message="You took the fall of complaints. They are at hand in every office. What people report is not what they "
            "receive. Take the column of unwanted messages.")
def _n1_complaints(item: Item) -> float:
    return _effects(item)["complaints"]


@n1.remark
def _remark_n1(_item: Item, _given: Any) -> str:
    return ("Take the mean of the four quarters of 2023 and of 2025, in the column of unwanted messages. The fall is "
            "1 less their ratio, in percent.")


# -- The vote -----------------------------------------------------------------------------------------------------

BELIEFS = [("larger", "larger than that fall"), ("same", "the same as that fall"),
           ("smaller", "smaller than that fall")]

v1 = checks.question(
    "v1", Pick(BELIEFS, label="The registry's own effect is"), title="Vote: did the registry do it?", points=0,
    minutes=5, about={"practice": ("effect-0001",)}, silent=True, core=False,
    prompt=tell("At home unwanted messages fell by {naive}% from 2023 to 2025. {neighbour} has no registry. There they "
                "{way} by {moved}% in the same time. How large is the registry's own effect?", _places_6),
)


@v1.answer
def _right_vote(item: Item) -> str:
    return "larger" if _moved(item) > 0 else "smaller"


@v1.mistake("as-it-stands", trainer="Votes for before-and-after as it stands.",
            message="You took the fall as it stands.")
def _vote_same(_item: Item) -> str:
    return "same"


@v1.mistake("turned-round", trainer="Sees that the neighbour matters, and corrects the wrong way.",
            message="You corrected the wrong way.")
def _vote_turned(item: Item) -> str:
    return "smaller" if _moved(item) > 0 else "larger"


# -- 6. Compare: the effect -----------------------------------------------------------------------------------------

REASONS_6 = {"grew": "spam grew everywhere, with or without the measure",
             "fell": "spam fell everywhere, with or without the measure",
             "hidden": "senders hid their messages from the sample"}


class Effect(Estimate):
    """An estimate in percent. A known mistake is its best number, as a desk shows it in whole percent."""

    def matches(self, known: Any, given: Any, item: Item) -> bool:
        """At most 0.7 points apart, whatever the range and the reason."""
        return bool(abs(known["best"] - given["best"]) <= 0.7)


def _wrong_6(item: Item, name: str) -> float:
    return _effects(item)[name]


q6 = checks.question(
    "q6", Effect(unit="percent", reasons=REASONS_6, widest=2.0, units={"%": 1}),
    title="Compare: the measure's own effect", points=5, minutes=9, about=about("effect"),
    prompt=tell("By how many percent did the registry lower unwanted messages in {place}? Use the desk "
                "`show_effect(\"{part}\")`. Give your best number and a low and a high one: the range in which you "
                "believe the truth lies. Why does before-and-after mislead here? A range over 20 points wide loses.",
                _places_6),
    reason=tell("The change at home was divided by the change at the neighbour's. The four pairs of quarters gave an "
                "honest range.", _places_6),
)


@q6.answer
def _right_6(item: Item) -> dict[str, Any]:
    effect, shape = _truth(item)
    return {"best": effect, "low": effect - data.NEAR, "high": effect + data.NEAR, "reason": shape}


@q6.mistake(
    "before-after", trainer="Compares before and after at home alone.",
    message=tell("You compared 2023 with 2025 at home alone. Every press release does. At the neighbour's, without a "
                 "registry, spam {way} by {moved}% in the same time. Compare the change at home with the change there.",
                 _places_6))
def _q6_before(item: Item) -> float:
    return _wrong_6(item, "before-after")


@q6.mistake(
    "levels", trainer="Compares the levels of both places after the switch, not their changes.",
    message="You compared how much spam both places have in 2025. It is a comparison, so it feels sound. They were not "
            "alike in 2023 either. Compare how each of them changed, then compare the two changes.")
def _q6_levels(item: Item) -> float:
    return _wrong_6(item, "levels")


@q6.mistake(
    "complaints", trainer="Takes complaints before and after for spam.",
    message="You used complaints, before and after. They are at hand in every office. With the registry came a button "
            "that makes complaining quicker, so more people complain about the same spam. Use unwanted messages in the "
            "sample.")
def _q6_complaints(item: Item) -> float:
    return _wrong_6(item, "complaints")


@q6.mistake(
    "complaints-compared", trainer="Takes complaints for spam, though compared with the neighbour.",
    message="You compared with the neighbour, and that is right. But at home you used complaints. Since the new button "
            "they count another thing than before. Use unwanted messages in the sample on both sides.")
def _q6_complaints_compared(item: Item) -> float:
    return _wrong_6(item, "complaints-compared")


@q6.mistake(
    "wrong-base", trainer="Takes the half-year after the announcement as base.",
    message="You took the half-year of the announcement as the base. It is nearest to the switch, so it seems best. "
            "The rule was in the news, and senders hurried before the door closed. Take quarters in which nobody knew "
            "of it.")
def _q6_base(item: Item) -> float:
    return _wrong_6(item, "wrong-base")


@q6.remark
def _remark_6(item: Item, given: Any) -> str:
    best, way = given["best"], _places_6(item)["way"]
    side = "below" if best < _truth(item)[0] else "above"
    return (f"Your best number lies {side} the honest range. At the neighbour's, unwanted messages {way}. Choose at "
            "the desk what is counted, the base, and what it is compared with.")


q6.hint("Where: three choices of the desk", (
    "The desk has three fields: what is counted, from when, and compared with what. Each has one choice that keeps the "
    "measure apart from everything else that happened. Below stand four estimates from pairs of quarters."))
q6.hint("The rule: the change of the changes", (
    "Effect = 1 - (after / before at home) / (after / before at a place without the measure). It is called difference "
    "in differences. Count spam, not reports. Leave out the time when the rule was known but not in force."))
q6.hint("Worked on a sibling", (
    "Thefts at home 100, then 90: down 10%. In the next town, without guards, 50, then 75: up half. Without guards "
    "home would have had 150. 90 of 150 is 60%: guards took 40% away. Say which number nobody ever saw."))


# -- 7. Regret ----------------------------------------------------------------------------------------------------


def _bundles(item: Item) -> list[tuple[str, str]]:
    first = rows(item, "years")[0]
    unit = place_of(item)["unit"]
    return [(bundle, f"{bundle}: costs {money(cost)} {unit} USD")
            for bundle, cost in zip(first["bundles"], first["costs"], strict=True)]


def _places_7(item: Item) -> dict[str, Any]:
    table = rows(item, "years")
    right, mean, likely = (function(table) for function in (data.rule_best, data.mean_best, data.likeliest_best))
    return {**place_of(item), "right": right, "mean": mean, "likely": likely, "cheap": data.cheapest(table),
            "bad": digits(data.regret_90(table, right)), "mean_bad": digits(data.regret_90(table, mean)),
            "other": 10 - max(row["chance"] for row in table)}


q7 = checks.question(
    "q7", Pick(_bundles, label="The bundle for the next money"), title="Regret: a budget under uncertainty", points=3,
    minutes=5, about=about("years"),
    prompt=tell("`show_years(\"{part}\")` says what four bundles of measures bring {place} "
                "in five futures, after their cost. **Regret** is what the best bundle of that future would bring "
                "more. The office's rule: half of the mean regret plus half of the regret of a bad year, the least "
                "wins. Which bundle?", _places_7),
    reason=tell("{right} is never far from the best: in nine years of ten its regret is at most {bad} {unit}. The "
                "highest mean risks {mean_bad} {unit}.", _places_7),
)


@q7.answer
def _right_7(item: Item) -> str:
    return str(data.rule_best(rows(item, "years")))


@q7.mistake(
    "best-mean-only", trainer="Takes the bundle with the highest mean.",
    message=tell("You took the highest mean. It is the usual advice, and over many years it is good. The office lives "
                 "in one year. In a bad one this bundle regrets {mean_bad} {unit}. Add the second half of the rule.",
                 _places_7))
def _q7_mean(item: Item) -> str:
    return str(data.mean_best(rows(item, "years")))


@q7.mistake(
    "likeliest-future", trainer="Takes the best bundle of the likeliest future.",
    message=tell("You took the best bundle of the likeliest future. Plans are often made for one. In {other} years of "
                 "ten something else happens. Look at the regret in the other rows, weighed by their chances.",
                 _places_7))
def _q7_likely(item: Item) -> str:
    return str(data.likeliest_best(rows(item, "years")))


@q7.mistake(
    "cheapest", trainer="Takes the bundle that costs least.",
    message="You took the bundle that costs least. A budget office is glad of that. What bundles bring is given after "
            "their cost, so the saving is counted already. Compare the regrets at the desk.")
def _q7_cheap(item: Item) -> str:
    return str(data.cheapest(rows(item, "years")))


@q7.remark
def _remark_7(item: Item, given: Any) -> str:
    table = rows(item, "years")
    return (f"By the rule, {given} scores {digits(data.rule_of(table, given))} {place_of(item)['unit']} USD of regret. "
            "Another bundle has less. Show each of the four at the desk.")


q7.hint("Where: the last rows of the desk", (
    "Choose a bundle at the desk and press Show. Below its table stand the mean regret, the regret of a bad year, and "
    "half of each together. Do it for all four."))
q7.hint("The rule: how wrong, how often", (
    "Regret of a row = best of the row less yours. Mean regret weighs rows by their chance. The regret of a bad year "
    "is what nine years of ten do not exceed. Least mean regret is the same as highest mean."))
q7.hint("Worked on a sibling", (
    "Sun in 9 years of 10, rain in 1. Ice shop: 10 or -8. Tea shop: 7 or 9. Regret of ice: 0, in rain 17. Of tea: 3, "
    "in rain 0. Nine years of ten stay at 0 for ice, 3 for tea. Say why rain of one year in ten is left out."))


# -- 8. Few carry the sum -------------------------------------------------------------------------------------------


def _sums(item: Item) -> dict[str, float]:
    return dict(data.loss_answers(rows(item, "losses")))


def _places_8(item: Item) -> dict[str, Any]:
    table = rows(item, "losses")
    losses = sorted(row["loss"] for row in table)
    return {**place_of(item), "victims": f"{table[0]['victims']:,}", "count": len(losses),
            "middle": money(losses[len(losses) // 2]), "largest": money(losses[-1]),
            "share": round(100 * losses[-1] / sum(losses))}


q8 = checks.question(
    "q8", Amount("number", label="Loss of all victims"),
    title="Regret: few carry the sum", points=2, minutes=4, about=about("losses"),
    prompt=tell("In one district of {place}, {victims} people lost money to fraud last year. {count} of them, drawn by "
                "lot, told how much: `show_losses(\"{part}\")`. What did all {victims} lose together? 1% counts as the "
                "same.",
                _places_8),
    reason=tell("One victim of {count} holds {share}% of the sum. So the total is uncertain, though the arithmetic is "
                "right: another lot may hold two such victims, or none.", _places_8),
)


@q8.answer
def _right_8(item: Item) -> float:
    return _sums(item)["right"]


@q8.mistake(
    "typical-times-number", trainer="Multiplies the median, the typical loss, by the number of victims.",
    message=tell("You multiplied the loss in the middle, {middle} USD. It describes the typical victim well. The sum "
                 "does not come from typical victims: one lost {largest} USD. For a sum you need the mean.", _places_8))
def _q8_median(item: Item) -> float:
    return _sums(item)["typical-times-number"]


@q8.mistake(
    "largest-left-out", trainer="Leaves the largest loss out as an outlier.",
    message=tell("You left the largest loss out. It looks like an error of typing. It is a real victim, drawn by lot "
                 "like the others, and there are more such among {victims}. Keep it in, and say how much hangs on it.",
                 _places_8))
def _q8_left(item: Item) -> float:
    return _sums(item)["largest-left-out"]


@q8.mistake(
    "middle-of-the-range", trainer="Takes the middle between the least and the largest loss.",
    message="You took the middle between the least and the largest loss. It sounds like an average. Nearly all victims "
            "lie far below it. Add all losses and divide by their number.")
def _q8_range(item: Item) -> float:
    return _sums(item)["middle-of-the-range"]


@q8.remark
def _remark_8(item: Item, given: Any) -> str:
    right = _sums(item)["right"]
    if given > 50 * right:
        return "This is larger than the answer by far. Look at the unit beside the field, and at what the desk prints."
    if given < right / 50:
        return "This is far too small. Is it the loss of those who were asked, in place of all victims?"
    return (f"{_places_8(item)['count']} victims were drawn by lot. Their mean loss, times the number of all victims, "
            "is the best estimate of the sum.")


q8.hint("Where: one number for a victim", (
    "You need one amount that stands for a victim, times the number of victims. The desk offers four such amounts. "
    "Which of them keeps the sum of the sample as it is?"))
q8.hint("The rule: sums need means", (
    "Mean times number gives back the sum; no other middle does. The median tells what a typical victim loses. Both "
    "are true, and they answer different questions."))
q8.hint("Worked on a sibling", (
    "Three of 300 guests lost 10, 20 and 270. Mean 100, middle 20. All 300: 100 times 300 is 30,000. With the middle "
    "it would be 6,000, and even the three have lost more than 20 each. Say which guest the sum hangs on."))


# -- 9. Tell ------------------------------------------------------------------------------------------------------

FEWEST_WORDS, MOST_WORDS = 100, 250
"""Bounds of the memo for the form check; the task asks for 120 to 200 words."""
PROMISES = re.compile(r"\b(guarantee\w*|certainly|without doubt|no risk|100 ?%|100 percent|will end spam|for certain)",
                      re.IGNORECASE)
NUMBER = re.compile(r"(?<![\w.])[-−]?\d[\d,.' ]*")
NOTHING = re.compile(r"^\W*(none|nothing|no|everything|all|n/?a|-+)\b.{0,20}$", re.IGNORECASE | re.DOTALL)
WHO = re.compile(r"\b(sender|receiver|people|customer|user|victim|operator|state|regulator|budget|ministr|bank|firm|"
                 r"compan|taxpayer)", re.IGNORECASE)
IF = re.compile(r"\d|\b(if|when|unless|below|above|more than|less than|fewer than|once|after|until|half|third|quarter|"
                r"fifth|tenth|double|twice|percent|not|no|falls?|rises?|grows?)\b", re.IGNORECASE)


def _no_range(_item: Item, given: Mapping[str, str]) -> str | None:
    """A range has two numbers at least."""
    return None if len(NUMBER.findall(given["benefit"])) >= 2 else "no-range"


def _no_payer(_item: Item, given: Mapping[str, str]) -> str | None:
    return None if len({one.lower() for one in WHO.findall(given["payer"])}) >= 2 else "no-payer"


def _no_doubt(_item: Item, given: Mapping[str, str]) -> str | None:
    few = len(given["mind"].split()) < 5 or NOTHING.match(given["mind"])
    return "nothing-changes-it" if few or not IF.search(given["mind"]) else None


def _all_measured(_item: Item, given: Mapping[str, str]) -> str | None:
    return "all-is-measured" if NOTHING.match(given["unmeasured"]) or len(given["unmeasured"].split()) < 3 else None


def _promise(_item: Item, given: Mapping[str, str]) -> str | None:
    return "promises" if PROMISES.search(given["text"]) else None


def _word_count(_item: Item, given: Mapping[str, str]) -> str | None:
    count = len(given["text"].split())
    advice = ("Say what the money buys, who pays, how sure you are, and what you propose." if count < FEWEST_WORDS else
              "Keep what the budget office needs to decide, and leave the rest out.")
    return None if FEWEST_WORDS <= count <= MOST_WORDS else (
        f"Your memo has {count} words; 120 to 200 is a good length, and 100 to 250 can be sent. {advice}")


q9 = checks.question(
    "q9",
    Document([
        ("measure", "Which measure or bundle gets the next money", "text"),
        ("benefit", "Net benefit: best number, low and high, unit and years", "sentences"),
        ("payer", "Who pays: at least two of senders, people, operators, state", "sentences"),
        ("mind", "What would change your mind: a number or an event", "sentences"),
        ("unmeasured", "What was not measured", "sentences"),
        ("text", "Memo to the budget office (120 to 200 words)", "textarea"),
    ], [_no_range, _no_payer, _no_doubt, _all_measured, _promise, ("word-count", _word_count)]),
    title="Tell", points=5, minutes=11, about={"practice": ("economy-0001",)}, manual=True,
    prompt=tell("Write to Mr Okoro, head of the budget office of {place}. He must say by noon which measure gets the "
                "next money. Use your own numbers: from the desk of the simulator or from the questions. He is no "
                "engineer, and he has to defend it in public.", place_of),
    reason="The form is complete.",
)
q9.mistakes += [
    Mistake("no-range", trainer="Gives one number for the net benefit.",
            message="Your net benefit has no range. One number looks sure, and the reader likes it. After a year he is "
                    "asked why it was missed. Write a best number, a low and a high one, from the desk."),
    Mistake("no-payer", trainer="Does not say who pays, or names one payer only.",
            message="You name fewer than two payers. The state's budget is in front of you, so it seems to be all. "
                    "Operators and people pay as well. Write who pays how much, at least for two of them."),
    Mistake("nothing-changes-it", trainer="Names nothing that would change the advice.",
            message="You name nothing that would change your mind. A firm memo feels stronger. The reader can't tell "
                    "it from a belief. Write one number or event, such as: if fewer than 60 of 100 firms register by "
                    "June."),
    Mistake("all-is-measured", trainer="Says that nothing was left unmeasured.",
            message="You say that everything was measured. After so many tables it feels so. Trust, fear, harm abroad "
                    "and spam on other channels stand in none of them. Name what matters to the reader."),
    Mistake("promises", trainer="Promises what nobody can know.",
            message="Your memo promises too much. Such words please the reader today, and they are quoted when the "
                    "year is bad. Write what you expect, with its range."),
    Mistake("word-count", trainer="Writes fewer than 100 or more than 250 words.",
            message="Your memo is much shorter or longer than 120 to 200 words."),
]
q9.hint("Where: what the reader must decide", (
    "Mr Okoro decides about one sum of money today. What would you ask in his place? What do I get, who pays, how sure "
    "are you, when shall I stop it?"))
q9.hint("The rule: five parts", (
    "The measure. The net benefit with its range. Who pays. What would change your mind. What was not measured. The "
    "memo says the same in sentences, and ends with one proposal."))
q9.hint("A good one, about road lamps", (
    "\"We propose lamps for the harbour road: 3 million over five years, between 1 and 6. The city pays 2, shops 1. "
    "If accidents do not fall by a tenth by May, we stop. Fear in the dark was not measured.\" Say which sentence "
    "answers which question."))


# -- Exit ticket --------------------------------------------------------------------------------------------------


def _exit_measures(item: Item) -> list[tuple[str, str]]:
    return [(row["measure"], f"{TITLES[row['measure']]}: {row['so_far']} avoided with {row['spent']} "
                             f"share{'s' * (row['spent'] != 1)}; the next share adds {row['next']}")
            for row in rows(item, "exitnext")]


def _exit_next(item: Item, name: str) -> str:
    return str(data.exit_answers(rows(item, "exitnext"))[name])


x1 = checks.question(
    "x1", Pick(_exit_measures, label="The measure"), title="Exit: the next share", points=0, minutes=2,
    about={"practice": ("exitnext-0001",)}, silent=True, core=False,
    prompt="One more share of money. Numbers are in million USD. Which measure gets it? Nothing is told back.",
)


@x1.answer
def _right_x1(item: Item) -> str:
    return _exit_next(item, "right")


@x1.mistake("highest-average", trainer="Still takes the best average at the end.", message="You took the best average.")
def _x1_average(item: Item) -> str:
    return _exit_next(item, "highest-average")


@x1.mistake("largest-total", trainer="Still takes the largest total.", message="You took the largest total.")
def _x1_total(item: Item) -> str:
    return _exit_next(item, "largest-total")


def _changes(item: Item) -> dict[str, int]:
    return dict(data.change_answers(rows(item, "exitchange")[0]))


def _exit_effects(item: Item) -> list[tuple[int, str]]:
    return [(value, f"{value}%") for value in sorted(_changes(item).values())]


x2 = checks.question(
    "x2", Pick(_exit_effects, label="The measure's own effect"), title="Exit: the effect", points=0, minutes=2,
    about={"practice": ("exitchange-0001",)}, silent=True, core=False,
    prompt=tell("Unwanted messages in 10,000. With a new measure: {home_before} before, {home_after} after. In a town "
                "without it: {neighbour_before} and {neighbour_after}. How many percent did the measure take away? A "
                "minus means that it added. Nothing is told back.", lambda item: rows(item, "exitchange")[0]),
)


@x2.answer
def _right_x2(item: Item) -> int:
    return _changes(item)["right"]


@x2.mistake("before-after", trainer="Still compares before and after alone.", message="You compared before and after.")
def _x2_before(item: Item) -> int:
    return _changes(item)["before-after"]


@x2.mistake("levels", trainer="Compares the levels after.", message="You compared the levels after.")
def _x2_levels(item: Item) -> int:
    return _changes(item)["levels"]


@x2.mistake("subtracts", trainer="Subtracts percentages of different bases.", message="You subtracted percentages.")
def _x2_subtracts(item: Item) -> int:
    return _changes(item)["subtracts"]
