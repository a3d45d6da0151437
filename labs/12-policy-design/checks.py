"""The questions of lab 12: right answers, known mistakes and hints, all as functions of one participant's data.

The tables stand in the draw as sets of records (data.py); a twin has the same sets, their names begin with "new".
Practice is about a neighbour's country, the twin about the participant's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from spamlab.judge.handed_out import set_of
from spamlab.judge.kinds import Document, Estimate, Order, Pick, Policy, Statements, Table, Value
from spamlab.judge.kinds.policy import add_known_mistakes, reference_of
from spamlab.judge.lab_data import load_module
from spamlab.judge.question import Checks, Item, Mistake
from spamlab.records.truth import Labelled

checks = Checks()
data = load_module(Path(__file__).with_name("data.py"), "12-policy-design/data.py")

Row = Mapping[str, Any]


def made(item: Item, name: str) -> list[Labelled]:
    """A set of the participant's draw with its truth, under the name that it has in practice."""
    wanted = f"new{name}" if item.purpose == "twin" else name
    return [one for key, one in item.data.items() if set_of(key) == wanted]


def rows(item: Item, name: str) -> list[Row]:
    """The records of a set as they are handed out."""
    return [one.record for one in made(item, name)]


def tell(text: str, places: Callable[[Item], Mapping[str, Any]]) -> Callable[[Item], str]:
    """A text with named places, filled from the participant's tables."""
    return lambda item: text.format(**places(item))


def about(name: str) -> dict[str, tuple[str, ...]]:
    """A question about a table: the practice set, and the set of the twin."""
    return {"practice": (f"{name}-0001",), "twin": (f"new{name}-0001",)}


def part_of(item: Item) -> str:
    """What a display is to be asked for."""
    return "points" if item.purpose == "twin" else "practice"


def _place(item: Item) -> dict[str, Any]:
    row = rows(item, "economy")[0]
    return {"part": part_of(item), "place": row["place"], "officers": f"{row['officers']:g}"}


# -- Half done: where is most harm? -------------------------------------------------------------------------------


def _channels(item: Item) -> list[tuple[str, str]]:
    return [(str(row["channel"]), f"{row['channel']}: {row['messages']:,.0f} million messages, {row['victims']:,.0f} "
                                  "people who lost money") for row in rows(item, "mini")]


def _most_of(item: Item, key: str, *, least: bool = False) -> str:
    pick = min if least else max
    return str(pick(rows(item, "mini"), key=lambda row: row[key])["channel"])


w1 = checks.question(
    "w1", Pick(_channels, label="The channel with most harm"), title="Half done: where is most harm?", points=0,
    minutes=2, about={"practice": ("mini-0001",)}, core=False,
    prompt="In which channel do most people lose money?",
    reason="People are counted, not messages. There a measure can spare most.",
)


@w1.answer
def _right_w1(item: Item) -> str:
    return _most_of(item, "victims")


@w1.mistake(
    "most-messages", trainer="Half done: takes the channel with most messages.", optional=True,
    message="You took the channel with most messages. It is what everybody sees. A message that nobody falls for costs "
            "a moment. Look at the people who lost money.")
def _w1_messages(item: Item) -> str:
    return _most_of(item, "messages")


@w1.mistake(
    "fewest-messages", trainer="Half done: takes the channel with fewest messages, where each one harms most.",
    optional=True,
    message="You took the channel with fewest messages. There each message may harm most, and that is worth knowing. "
            "The question is where most people lose money. Compare the last numbers.")
def _w1_fewest(item: Item) -> str:
    return _most_of(item, "messages", least=True)


@w1.remark
def _remark_w1(item: Item, given: Any) -> str:
    row = next(one for one in rows(item, "mini") if one["channel"] == given)
    return f"Here {row['victims']:,.0f} people lose money in a year. In another channel it is more."


# -- 1. Measure: what it acts on ----------------------------------------------------------------------------------

EXPORT = "filter-cuts-export"
REASONS_1 = {
    "goes-abroad": "most of what leaves from home lines is meant for people abroad",
    "same-filter": "one filter sees what comes in and what goes out",
    "by-law": "senders stop when a law names a fine",
}


def _claims(item: Item) -> dict[str, str]:
    return {str(number): f"{one['text']} ({one['rows']})" for number, one in enumerate(rows(item, "claims"), 1)}


def _number_of(item: Item, code: str) -> str | None:
    return next((str(number) for number, one in enumerate(made(item, "claims"), 1) if one.facts["code"] == code), None)


def _truths(item: Item) -> dict[str, Any]:
    return {str(number): bool(one.facts["true"]) for number, one in enumerate(made(item, "claims"), 1)}


def _places_1(item: Item) -> dict[str, Any]:
    return {"part": part_of(item), "number": _number_of(item, EXPORT)}


q1 = checks.question(
    "q1", Statements(_claims, REASONS_1), title="Measure: what it acts on", points=3, minutes=6, about=about("claims"),
    prompt=tell("Read the findings, `show_findings(\"{part}\")`. Judge each statement by them, not by what sounds "
                "right. The reason at the end belongs to statement {number}.", _places_1),
    reason="Each statement was held against a finding. A measure acts on one thing, and leaves another alone.",
)


@q1.answer
def _right_1(item: Item) -> dict[str, Any]:
    return {**_truths(item), "reason": "goes-abroad"}


def _believes(code: str, reason: str = "goes-abroad") -> Callable[[Item], dict[str, Any] | None]:
    """What somebody answers who holds one belief; None where no statement is about it."""
    def answer(item: Item) -> dict[str, Any] | None:
        number = _number_of(item, code)
        truths = _truths(item)
        return None if number is None else {**truths, number: not truths[number], "reason": reason}

    return answer


BELIEFS = {
    EXPORT: (
        "Thinks that a filter on incoming mail stops what leaves the country.",
        "You gave one statement to the filter at the inbox. It stops so much that it seems to stop everything. Spam "
        "from a home line goes straight to other countries, past your inboxes. Read row B7, and ask who receives it."),
    "fine-works-alone": (
        "Thinks that a high fine in the law is enough.",
        "You let the size of a fine decide. A large number in a law looks strong. The findings tell who obeys: shops "
        "read the law, and criminals count their risk. Read rows L2 and L3 again, and ask who must do the work."),
    "notice-cleans": (
        "Thinks that an e-mail to infected customers cleans their devices.",
        "You trust the e-mail to infected customers. It costs little and sounds kind. In the trial, people who got it "
        "did as well as people who got nothing. Read row B4, and compare the three groups."),
    "campaign-lasts": (
        "Thinks that one campaign protects for years.",
        "You let one campaign work for long. Right after it, people do better, so it looks done. Row P5 followed them "
        "for half a year. Look what was left then, and what renewed it."),
    "registry-ends-fraud": (
        "Takes the fall of fraud by text message for a fall of all fraud.",
        "You took one channel for all. The register did cut fraud by text message, so the success is real. Row S2 "
        "counts all frauds of the same years. Compare the two rows."),
    "list-stops-fraud": (
        "Thinks that a do-not-call list keeps fraud calls away.",
        "You let the list stop fraud calls. Fewer calls come, so it feels so. Ask which callers read the list: those "
        "of row L8 keep to the law. Then judge the statement again."),
    "takedown-is-final": (
        "Thinks that a takedown lasts.",
        "You let a takedown last. On the day it happens the fall is great. Row T1 says how many weeks it took to come "
        "back, and row T3 why. Judge the statement by both."),
    "signed-is-honest": (
        "Takes a signature on a call for honesty.",
        "You took a signature for honesty. It looks like a seal. Row V4 counts automatic calls among signed and "
        "unsigned ones. Ask what was checked before somebody could sign."),
    "complaints-are-spam": (
        "Takes the number of complaints for the number of unwanted messages.",
        "You took complaints for spam. They are the only number that many offices have. Rows S6 and S9 show them "
        "moving for other reasons. Ask what else changed in those months."),
    "switch-on-is-free": (
        "Thinks that a hard block costs honest senders nothing.",
        "You let a block begin without loss. It hits unknown senders, and fraud is among them. Row S4 says who else "
        "was unknown on the first day. Judge the statement by what banks lost."),
}
for _code, (_trainer, _message) in BELIEFS.items():
    q1.mistake(_code, trainer=_trainer, message=_message, optional=_code not in data.ALWAYS)(_believes(_code))


@q1.mistake(
    "right-for-no-reason", trainer="All statements right, but the reason is another filter.",
    message="Your statements are right, and the reason does not carry them. One filter for both ways sounds sensible. "
            "Mail from an infected home line meets no filter of yours at all. Read row B7: where does it go?")
def _no_reason(item: Item) -> dict[str, Any]:
    return {**_truths(item), "reason": "same-filter"}


q1.hint("Where: the finding beside each row", (
    "Each statement ends with rows, such as B4. The table of findings has one line for each. Read the finding first, "
    "then the statement. Does the finding say it, or the opposite?"))
q1.hint("The rule: what does it touch?", (
    "A measure touches one point of the way: who sends, through which network, to whom, who reads, who pays. Ask for "
    "each statement which point it names, and whether the finding was counted there."))
q1.hint("Worked on a sibling", (
    "\"A blocklist at the border of our network protects customers of other networks.\" Finding: it was used on mail "
    "that comes in. Mail of our customers to others never passes it. So the statement is false. Say which way the mail "
    "goes, then take yours."))


# -- 2. Measure: four laws ----------------------------------------------------------------------------------------

COLUMNS_2 = [("consent", "May one send without consent?", data.CONSENT),
             ("covers", "What it covers", data.COVERS),
             ("follows", "What follows a breach", data.FOLLOWS)]


class AboveChance(Table):
    """A table in which the same habit everywhere earns nothing: cells right above half of them."""

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """2 * share - 1, never below 0; the words count the cells that are right, and say where points begin."""
        share, said = super().compare(right, given, item)
        return (share, said) if share >= 1 else (max(0.0, 2 * share - 1), f"{said} Points begin above half of them.")


def _laws(item: Item) -> list[tuple[str, str]]:
    return [(str(one["code"]), str(one["place"])) for one in rows(item, "laws")]


def _law_table(item: Item, place: int) -> dict[str, dict[str, str]]:
    """The table that law_answers of data.py gives at a place: 0 is right, the others are the known mistakes."""
    both = made(item, "laws")
    answer = data.law_answers(both[0].facts, both[1].facts)[place]
    return {str(one.record["code"]): dict(zip(("consent", "covers", "follows"), cells, strict=True))
            for one, cells in zip(both, answer, strict=True)}


def _places_2(item: Item) -> dict[str, Any]:
    both = made(item, "laws")
    other = next((one for one in both if one.facts["consent"] != "before"), both[0])
    narrow = next((one for one in both if one.facts["covers"] != "all"), both[0])
    away = next((one for one in both if one.facts["follows"] != "state"), both[0])
    return {"part": part_of(item), "first": both[0].record["place"], "second": both[1].record["place"],
            "other": other.record["place"], "narrow": narrow.record["place"], "away": away.record["place"]}


q2 = checks.question(
    "q2", AboveChance(_laws, COLUMNS_2), title="Measure: four laws", points=3, minutes=7, about=about("laws"),
    prompt=tell("Read the two laws in `show_laws(\"{part}\")`. Fill the table: may one send without consent, what is "
                "covered, what follows a breach? Go by the text shown.", _places_2),
    reason="Every cell stands in the text shown, with its section. Two laws may serve one aim with other tools.",
)


@q2.answer
def _right_2(item: Item) -> dict[str, dict[str, str]]:
    return _law_table(item, 0)


@q2.mistake(
    "rows-swapped", trainer="Gives each law the cells of the other.",
    message=tell("You gave each law the cells of the other one. Two texts side by side are soon mixed. Read {first} "
                 "alone, fill its row, and only then read {second}.", _places_2))
def _swapped(item: Item) -> dict[str, dict[str, str]]:
    return _law_table(item, 1)


@q2.mistake(
    "consent-everywhere", trainer="Thinks that every law asks for consent first.",
    message=tell("You wrote that consent comes first in both. Many laws say so. Look again at {other}: what must the "
                 "person do there before the messages stop?", _places_2))
def _consent(item: Item) -> dict[str, dict[str, str]]:
    return _law_table(item, 2)


@q2.mistake(
    "covers-everything", trainer="Thinks that each law covers every channel.",
    message=tell("You let both laws cover everything. A law against spam sounds like one against all of it. Look which "
                 "channels the text for {narrow} names, and which it leaves to other rules.", _places_2))
def _covers(item: Item) -> dict[str, dict[str, str]]:
    return _law_table(item, 3)


@q2.mistake(
    "state-always-fines", trainer="Thinks that an office always fines the sender.",
    message=tell("You let an office of the state fine the sender in both. That is how most offices think. Look who "
                 "pays, or who acts, in the last sentences about {away}.", _places_2))
def _state(item: Item) -> dict[str, dict[str, str]]:
    return _law_table(item, 4)


q2.hint("Where: three sentences", (
    "Each text answers in the same order: consent first, then the channels, then what follows. Put a finger on the "
    "sentence before you choose the cell."))
q2.hint("The rule: before, after, list", (
    "Consent comes first: nobody may send before you said yes. Until somebody refuses: the first message is allowed. A "
    "register decides: one list says what each person wants. Covered is only what the text names."))
q2.hint("Worked on a sibling", (
    "New Zealand, Act of 2007: a message needs consent; calls and fax are left out; a department of the state acts. "
    "So: consent comes first, e-mail and text messages, an office fines. Say which words gave each cell, then do "
    "yours."))


# -- 3. Fit: what must come first ---------------------------------------------------------------------------------


def _steps(item: Item) -> list[tuple[str, str]]:
    return [(str(row["code"]), str(row["title"])) for row in rows(item, "order")]


def _orders(item: Item) -> dict[str, list[str]]:
    found: dict[str, list[str]] = data.order_answers(rows(item, "order"))
    return found


def _places_3(item: Item) -> dict[str, Any]:
    table = {str(row["code"]): row for row in rows(item, "order")}
    answers = _orders(item)
    force = data.in_force(list(table.values()))
    late = next(code for code in answers["right"] if table[code]["needs"])
    short = answers["shortest-first"][0]
    return {"part": part_of(item), "late": table[late]["title"], "week": force[late],
            "needs": table[late]["needs"][0], "first": table[answers["right"][0]]["title"],
            "short": table[short]["title"], "last": table[answers["right"][-1]]["title"]}


q3 = checks.question(
    "q3", Order(_steps, label="The first in force stands on top"), title="Fit: what must come first", points=3,
    minutes=5, about=about("order"),
    prompt=tell("All five measures are decided in week 0, and there are staff for all. A set-up begins when what the "
                "measure needs is in force. See `show_order(\"{part}\")`. In which order do they come into force?",
                _places_3),
    reason=tell("{late} waits for {needs}, and its own weeks come on top: it is in force in week {week}.", _places_3),
)


@q3.answer
def _right_3(item: Item) -> list[str]:
    return _orders(item)["right"]


@q3.mistake(
    "shortest-first", trainer="Orders by the weeks of set-up, forgets what must be in force before.",
    message=tell("You ordered by the weeks of set-up. Short ones look ready first. {late} can't begin before {needs} "
                 "is in force. Add the weeks of what it needs to its own weeks, then order again.", _places_3))
def _shortest(item: Item) -> list[str]:
    return _orders(item)["shortest-first"]


@q3.mistake(
    "needs-alone", trainer="Respects what comes first, but not how long each takes.",
    message="You put what is needed first before the rest, and that is half of it. Measures that need nothing begin in "
            "week 0 as well, side by side. Compute the week in force of each measure, then order by these weeks.")
def _needs_alone(item: Item) -> list[str]:
    return _orders(item)["needs-alone"]


@q3.mistake(
    "as-listed", trainer="Keeps the order of the table.",
    message="You kept the order of the table. It is the order of the minister's list, so it feels given. The list says "
            "what is wanted, not when it is ready. Compute the week in force of each measure, then order by it.")
def _as_listed(item: Item) -> list[str]:
    return _orders(item)["as-listed"]


@q3.mistake(
    "longest-first", trainer="Puts long set-ups on top, because they should be begun first.",
    message="You put long set-ups on top. They should be begun first, and that is a good habit. The question is which "
            "one is ready first. Compute the week in force of each measure, then order by it.")
def _longest(item: Item) -> list[str]:
    return _orders(item)["longest-first"]


q3.hint("Where: two columns", (
    "Take the columns \"needs\" and \"weeks\". Begin with the measures that need nothing: their week in force is their "
    "own number of weeks."))
q3.hint("The rule: wait, then add", (
    "Week in force = week in force of what it needs, plus its own weeks. Where it needs two measures, the later one "
    "counts. Measures that do not need each other run side by side."))
q3.hint("Worked on a sibling", (
    "A law takes 40 weeks, fines need the law and take 10, a complaint line takes 12. Law: 40. Fines: 40 and 10 are "
    "50. Line: 12. So: line, law, fines. Fines have the fewest weeks and come last. Say which number was added, then "
    "do yours."))


# -- The vote -----------------------------------------------------------------------------------------------------


def _plans(item: Item) -> list[tuple[str, str]]:
    return [(str(row["plan"]), f"plan {row['plan']}") for row in rows(item, "vote")]


v1 = checks.question(
    "v1", Pick(_plans, label="The plan that you advise"), title="Vote: which plan do you advise?", points=0, minutes=5,
    about={"practice": ("vote-0001",)}, silent=True, core=False,
    prompt="Look at `show_vote()`. The minister says: take the plan that prevents more harm. Which one do you advise?",
)


def _vote(item: Item, key: Callable[[Row], float]) -> str:
    return str(max(rows(item, "vote"), key=key)["plan"])


@v1.answer
def _right_vote(item: Item) -> str:
    return _vote(item, data.worth)


@v1.mistake("most-harm-avoided", trainer="Votes for the plan that prevents most fraud, whatever it destroys.",
            message="You chose the plan that prevents more.")
def _most(item: Item) -> str:
    return _vote(item, lambda row: float(row["avoided"]))


# -- 4. Fit: who is left ------------------------------------------------------------------------------------------


def _left(item: Item) -> dict[str, float]:
    found: dict[str, float] = data.staff_answers(rows(item, "staff")[0])
    return found


def _places_4(item: Item) -> dict[str, Any]:
    row = rows(item, "staff")[0]
    never = [one["title"] for one in row["measures"] if one["week"] is None]
    return {**_place(item), "never": never[0], "hired": f"{row['hired']:g}", "regulator": f"{row['regulator']:g}",
            "right": f"{_left(item)['right']:g}", "years": row["years"]}


q4 = checks.question(
    "q4", Value("number", unit="officers", tolerance=0.1, label="Officers left for cases"), title="Fit: who is left",
    points=3, minutes=5, about=about("staff"),
    prompt=tell("Officers for spam in {place}: {officers}. See the plan, `show_staff(\"{part}\")`. At the end of year "
                "{years} all set-ups are done. How many officers are then left for cases? Give one digit after the "
                "point; 0.1 more or less counts.", _places_4),
    reason=tell("Left to work on cases: {right}. Without them no fine is ever imposed.", _places_4),
)


@q4.answer
def _right_4(item: Item) -> float:
    return _left(item)["right"]


@q4.mistake(
    "counts-what-never-begins", trainer="Subtracts the staff of measures that never come into force.",
    message=tell("You took away the staff of measures that never begin, such as {never}. They stand in the plan, so "
                 "they seem to cost. What is never in force keeps nobody busy. Look at the column \"in force\", and "
                 "leave these rows out.", _places_4))
def _never(item: Item) -> float:
    return _left(item)["counts-what-never-begins"]


@q4.mistake(
    "forgets-the-hired", trainer="Leaves out the officers that the plan hires.",
    message=tell("You began with the officers of today: {officers}. The plan hires as well: one row says how "
                 "many. Those who are in force by then count. Add them before you take away.", _places_4))
def _forgets(item: Item) -> float:
    return _left(item)["forgets-the-hired"]


@q4.mistake(
    "set-up-goes-on", trainer="Takes the set-up for work that goes on.",
    message="You also took away the work of the set-ups. It is the larger number, and it stands beside. A set-up ends "
            "when the measure is in force. At the end of the plan only the work of running is left: use that column.")
def _setup(item: Item) -> float:
    return _left(item)["set-up-goes-on"]


@q4.mistake(
    "whole-office", trainer="Takes the whole regulator for spam officers.",
    message=tell("You began with all {regulator} people of the regulator. They have other work: licences, numbers, "
                 "radio. Only the officers for spam are free for this plan. Begin with them.", _places_4))
def _office(item: Item) -> float:
    return _left(item)["whole-office"]


@q4.mistake(
    "gives-the-used", trainer="Gives the officers that the measures use, not those that are left.",
    message="You gave the officers that the measures keep busy. It is the sum that the table leads to. The question is "
            "who is left for cases. Take your number away from the officers that there are by then.")
def _used(item: Item) -> float:
    return _left(item)["gives-the-used"]


@q4.remark
def _remark_4(item: Item, given: Any) -> str:
    row = rows(item, "staff")[0]
    most = row["officers"] + row["hired"]
    if given > most:
        return f"There are only {most:.1f} officers by then, hired ones included. So fewer than that can be left."
    running = sum(1 for one in row["measures"] if one["week"] is not None)
    return (f"{running} measures are in force by then, and each keeps some part of an officer busy. Begin with all who "
            "are there, and take away row by row.")


q4.hint("Where: one column, some rows", (
    "Use the column \"to run\". Use only rows with a week in the column \"in force\". Begin with the officers that the "
    "title names, and with those who are hired."))
q4.hint("The rule: there are, less what runs", (
    "Left = officers there are, plus hired ones who have begun, less the work of running of every measure in force. "
    "Set-up is over by then. What never begins needs nobody."))
q4.hint("Worked on a sibling", (
    "4 officers, 2 more hired from week 30. A complaint line runs with 0.8, a register with 1.5; a firewall never "
    "begins and would need 0.5. 4 and 2 are 6; less 0.8 and 1.5, that leaves 3.7. Say why 0.5 was left out, then do "
    "yours."))


# -- 5. Play: what it did -----------------------------------------------------------------------------------------

REASONS_5 = {
    "stays": "other channels harm about as many people as before",
    "moved": "other channels harm more people: senders moved there",
    "gave-up": "other channels harm far fewer people: senders gave up",
}


def _reason_5(row: Row) -> str:
    """What the other channels did, taken together: their victims in percent of before."""
    best = min(row["channels"], key=lambda one: one["change"])
    others = [one for one in row["channels"] if one is not best]
    change = sum(one["before"] * one["change"] for one in others) / sum(one["before"] for one in others)
    return "moved" if change > 5 else "gave-up" if change < -15 else "stays"


def _totals(item: Item) -> dict[str, float]:
    found: dict[str, float] = data.play_answers(rows(item, "play")[0])
    return found


def _places_5(item: Item) -> dict[str, Any]:
    row = rows(item, "play")[0]
    best = min(row["channels"], key=lambda one: one["change"])
    worst = max(row["channels"], key=lambda one: one["change"])
    return {**_place(item), "title": row["title"], "spread": row["spread"], "channel": best["channel"],
            "change": f"{best['change']:+d}", "other": worst["channel"], "rise": f"{worst['change']:+d}",
            "right": f"{_totals(item)['right']:+.0f}"}


q5 = checks.question(
    "q5", Estimate(unit="percent", reasons=REASONS_5, units={"%": 1}, near=0.04), title="Play: what it did", points=4,
    minutes=6, about=about("play"),
    prompt=tell("In the model, {place} takes {title}. See `show_play(\"{part}\")`. By how many percent did the victims "
                "of **all channels together** change? A fall has a minus. The middle of the runs is known to "
                "plus or minus {spread:g}: let your range say so.", _places_5),
    reason=tell("All together changed by {right} percent, though victims by {channel} changed by {change}. A channel "
                "that is closed is a part of the harm, never all of it.", _places_5),
)


@q5.answer
def _right_5(item: Item) -> dict[str, Any]:
    best, spread = _totals(item)["right"], rows(item, "play")[0]["spread"]
    return {"best": best, "low": best - spread, "high": best + spread,
            "reason": _reason_5(rows(item, "play")[0])}


@q5.mistake(
    "one-channel", trainer="Takes the fall of the channel that the measure closes for the fall of all.",
    message=tell("You gave the change of {channel}, where the measure works. It is the number that a press release "
                 "would name. The question is about victims of all channels. Count the victims of every channel before "
                 "and after.", _places_5))
def _one_channel(item: Item) -> float:
    return _totals(item)["one-channel"]


@q5.mistake(
    "sum-of-percents", trainer="Adds the percentages.",
    message="You added the percentages. Each is a part of another whole, so their sum is a part of nothing. Turn each "
            "one into victims, add before and after, and compare the two sums.")
def _sum(item: Item) -> float:
    return _totals(item)["sum-of-percents"]


@q5.mistake(
    "messages-not-victims", trainer="Counts messages in place of people.",
    message="You counted messages. There are most of them, so they fill the table. One channel sends many and harms "
            "few. The question is about people: use the two columns about victims.")
def _messages(item: Item) -> float:
    return _totals(item)["messages-not-victims"]


@q5.mistake(
    "mean-of-percents", trainer="Takes the mean of four percentages, whatever stands behind each.",
    message="You took the mean of the four percentages. It counts a channel with few victims as much as one with many. "
            "Turn each percentage into victims first, add them up, and compare the two sums.", optional=True)
def _mean(item: Item) -> float:
    return _totals(item)["mean-of-percents"]


@q5.mistake(
    "only-the-falls", trainer="Adds the channels that fell and leaves out those that rose.",
    message=tell("You counted the channels that fell, and left out what rose. Good news is counted first. Victims by "
                 "{other} changed by {rise} percent, and they are people as well. Add every channel.", _places_5),
    optional=True)
def _falls(item: Item) -> float:
    return _totals(item)["only-the-falls"]


q5.hint("Where: two sums", (
    "The table has victims without the measure, and a change in percent, for each channel. You need two sums over all "
    "channels: victims before, and victims after."))
q5.hint("The rule: percent of what", (
    "After = before plus its percent of before, channel by channel. Change of all = (sum after - sum before) / sum "
    "before, times 100. Your range goes as far on each side as the middle is known."))
q5.hint("Worked on a sibling", (
    "Calls: 400 victims, -50 percent, so 200. Texts: 200, +60, so 320. E-mail: 100, 0, so 100. Before 700, after 620: "
    "-11 percent, not -50. The middle is known to 2 points: -13 to -9. Say what the 320 did to the result, then "
    "do yours."))


# -- 6. Policy: draft, play, revise -------------------------------------------------------------------------------


def _places_6(item: Item) -> dict[str, Any]:
    return {**_place(item), "budget": f"{rows(item, 'economy')[0]['budget']:,.0f}"}


q6 = checks.question(
    "q6", Policy(own=("twin",)), title="Policy: draft, play, revise", points=12, minutes=18, about=about("economy"),
    prompt=tell("Write a policy for {place}: measures in order of priority, for three years, with the four texts. "
                "Officers for spam: {officers}. Money: {budget} dollars a year. A score of 80 of 100 earns all points, "
                "5 or less none. Scores are relative to this model, and a first draft earns little.", _places_6),
    reason="In this model nothing that we know does much better, in quiet times and after shocks.",
)


@q6.answer
def _right_6(item: Item) -> str:
    return reference_of(item)


add_known_mistakes(q6)

q6.hint("Where: the plan, then the desk", (
    "Press the button for the plan first. What is never in force does nothing: it lacks staff, money, or a measure "
    "that it needs. Then play, and look at the channel that harms most people."))
q6.hint("The rule: few, first, and fair", (
    "Few measures that come into force early do more than many that wait. Take what acts where the harm is. Give "
    "honest senders time before a block. Add what the first ones need: officers, signs, audits. Keep what gains."))
q6.hint("Worked on a sibling", (
    "A country planned twelve measures; five never began. It kept four: sharing of signs, stops on payments, a "
    "firewall, a complaint line. The desk said that the line cost more than it gained there, so it moved to the end. "
    "Say what was left out and why, then mend yours."))


# -- 7. Doubt: what would reverse it ------------------------------------------------------------------------------


def _doubts(item: Item) -> list[tuple[str, str]]:
    return [(str(row["code"]), str(row["assumption"])) for row in rows(item, "doubt")]


def _turning(item: Item) -> dict[str, str]:
    found: dict[str, str] = data.doubt_answers(rows(item, "doubt"))
    return found


def _signed(value: float) -> str:
    """A number with its sign and three digits that count, as the table shows it."""
    kept = float(f"{value:.3g}")
    return f"{kept:+,.0f}" if abs(kept) >= 100 else f"{kept:+g}"


def _money(millions: float) -> str:
    if millions >= 1:
        return f"{_signed(millions)[1:]} million dollars"
    return f"{float(f'{millions * 1e6:.3g}'):,.0f} dollars"


def _places_7(item: Item) -> dict[str, Any]:
    table = {str(row["code"]): row for row in rows(item, "doubt")}
    answers = _turning(item)
    moves, vague, near = (table[answers[key]] for key in ("moves-most", "widest-range", "ends-nearest-zero"))
    right = table[answers["right"]]
    return {**_place(item), "first": right["first"], "second": right["second"], "middle": _money(right["middle"]),
            "moves": moves["assumption"], "moves_low": _signed(moves["low"]), "moves_high": _signed(moves["high"]),
            "vague": vague["assumption"], "near": near["assumption"], "right": right["assumption"],
            "near_end": _signed(min(near["low"], near["high"]))}


q7 = checks.question(
    "q7", Pick(_doubts, label="The assumption that would reverse the choice"), title="Doubt: what would reverse it",
    points=3, minutes=5, about=about("doubt"),
    prompt=tell("Two policies for {place}. First: {first}. Second: {second}. In the middle of what is known the first "
                "is better by {middle}. See `show_doubts(\"{part}\")`. Which one assumption would make "
                "the **second** better?", _places_7),
    reason=tell("This one turns the sign within what is thought possible: \"{right}\". Such an assumption belongs into "
                "the memo, and into next year's measurements.", _places_7),
)


@q7.answer
def _right_7(item: Item) -> str:
    return _turning(item)["right"]


@q7.mistake(
    "moves-most", trainer="Takes the assumption that moves the advantage most, though it never turns.",
    message=tell("You took the one that moves the advantage most: \"{moves}\". A large bar draws the eye. From "
                 "{moves_low} to {moves_high} the first policy stays better. Size is not the question. Look for a "
                 "change of sign.", _places_7))
def _moves(item: Item) -> str:
    return _turning(item)["moves-most"]


@q7.mistake(
    "widest-range", trainer="Takes the assumption about which least is known.",
    message=tell("You took the one about which least is known: \"{vague}\". What we know least worries most. Here it "
                 "hardly moves the choice, wherever it lies. Look at both ends of each row, and at their "
                 "signs.", _places_7))
def _widest(item: Item) -> str:
    return _turning(item)["widest-range"]


@q7.mistake(
    "ends-nearest-zero", trainer="Takes the row that comes near to zero without passing it.",
    message=tell("You took \"{near}\". Its end at {near_end} comes near to nothing, so the choice looks shaky there. "
                 "It stays on the same side. Look for a row whose two ends have different signs.", _places_7))
def _near(item: Item) -> str:
    return _turning(item)["ends-nearest-zero"]


@q7.remark
def _remark_7(item: Item, given: Any) -> str:
    row = next(one for one in rows(item, "doubt") if one["code"] == given)
    low, high = sorted((row["low"], row["high"]))
    return (f"With this assumption the advantage lies between {_signed(low)} and {_signed(high)} million dollars. "
            "Both are on one side of zero, so the choice stays.")


q7.hint("Where: two ends of a row", (
    "Each row has two numbers: the advantage of the first policy where the assumption lies low, and where it lies "
    "high. Look at their signs, not at their size."))
q7.hint("The rule: a change of sign", (
    "A choice turns where the advantage goes from plus to minus. An assumption can be badly known and turn nothing, or "
    "well known and turn all. Only the sign of both ends says it."))
q7.hint("Worked on a sibling", (
    "Loss of a victim: +2 low, +90 high. Price of a text message: +30 and +34. Share that moves to apps: +41 and -6. "
    "The first moves most, and stays above zero. The last one turns. Say which sign you looked at, then read yours."))


# -- 8. Tell: the memo --------------------------------------------------------------------------------------------

FEWEST_WORDS, MOST_WORDS = 100, 250
"""Bounds of the memo for the form check; the task asks for 120 to 200 words."""
ROW = re.compile(r"\b[A-Z]\d{1,2}\b")
REMEDY = re.compile(r"\b(appeal\w*|complain\w*|object\w*|review\w*|correct\w*|restor\w*|unblock\w*|refund\w*|releas\w*|"
                    r"compensat\w*|court\w*|ombuds\w*|hours?|days?|contact\w*)\b", re.IGNORECASE)
SECTION = re.compile(r"\b(s|ss|sec|sect|section|sections|art|arts|article|articles|reg|regs|regulation|order|direction|"
                     r"U\.?S\.?C)\b|§", re.IGNORECASE)
PROMISES = re.compile(r"\b(guarantee\w*|eliminat\w*|eradicat\w*|end of spam|will end|never again|100 ?%|100 percent|"
                      r"all spam|every fraud|perfect\w*)\b", re.IGNORECASE)
PROVES = re.compile(r"\b(model|simulat\w+|play|score)\b[^.!?]{0,40}\b(prove[sdn]?|proof|certain\w*|guarantee\w*)\b",
                    re.IGNORECASE)
NO_DOUBT = re.compile(r"^\W*(none|nothing|no doubts?|n/?a|-+)\W*$", re.IGNORECASE)


def _no_numbers(_item: Item, given: Mapping[str, str]) -> str | None:
    return None if len(re.findall(r"\d+", given["means"])) >= 2 else "no-numbers"


def _no_rows(_item: Item, given: Mapping[str, str]) -> str | None:
    return None if len(set(ROW.findall(given["evidence"]))) >= 2 else "no-rows"


def _no_remedy(_item: Item, given: Mapping[str, str]) -> str | None:
    return None if REMEDY.search(given["rights"]) and len(given["rights"].split()) >= 6 else "no-remedy"


def _no_section(_item: Item, given: Mapping[str, str]) -> str | None:
    return None if SECTION.search(given["law"]) and re.search(r"\d", given["law"]) else "no-section"


def _no_doubt(_item: Item, given: Mapping[str, str]) -> str | None:
    return "no-doubt" if NO_DOUBT.match(given["doubt"]) or len(given["doubt"].split()) < 5 else None


def _promises(_item: Item, given: Mapping[str, str]) -> str | None:
    return "promises" if PROMISES.search(given["text"]) else None


def _proves(_item: Item, given: Mapping[str, str]) -> str | None:
    return "model-as-proof" if PROVES.search(" ".join(given.values())) else None


def _word_count(_item: Item, given: Mapping[str, str]) -> str | None:
    count = len(given["text"].split())
    advice = ("Say what you advise, what it costs, and what may be wrong." if count < FEWEST_WORDS else
              "Keep what the minister needs to decide, and leave the rest out.")
    return None if FEWEST_WORDS <= count <= MOST_WORDS else (
        f"Your memo has {count} words; 120 to 200 is a good length, and 100 to 250 can be sent. {advice}")


q8 = checks.question(
    "q8",
    Document([
        ("first", "The first three measures, in order, and why this order", "sentences"),
        ("means", "Money and officers: how much of how much", "sentences"),
        ("evidence", "Two findings with their rows, such as B4", "sentences"),
        ("rights", "Who may be harmed by mistake, and how it is undone", "sentences"),
        ("law", "A law abroad: place and section, and what you take or leave", "sentences"),
        ("doubt", "The assumption that would reverse your advice", "sentences"),
        ("text", "Memo to the minister (120 to 200 words)", "textarea"),
    ], [_no_numbers, _no_rows, _no_remedy, _no_section, _no_doubt, _promises, _proves, ("word-count", _word_count)]),
    title="Tell: the memo", points=5, minutes=10, about={"practice": ("economy-0001",)}, manual=True,
    prompt="Write to Minister Ilun. She must decide what begins first, and defend it in parliament. Say what you "
           "advise and why it is no more than needed. Say whose rights it touches, how mistakes are undone, and what "
           "nobody knows.",
    reason="The form is complete.",
)
q8.mistakes += [
    Mistake("no-numbers", trainer="Gives money or officers without numbers.",
            message="Money and officers need two numbers. You know them, so a word seems enough. The minister is asked "
                    "for them first. Write how much of the budget and how many of the officers the plan takes."),
    Mistake("no-rows", trainer="Names no rows of the evidence.",
            message="Two findings with their rows are missing, such as B4. What everybody says needs no source, it "
                    "seems. In parliament somebody asks who measured it. Look into the findings, and name two rows."),
    Mistake("no-remedy", trainer="Does not say how a mistake is undone.",
            message="You do not say how a mistake is undone. Whoever means well thinks of mistakes last. Some measure "
                    "will hit an honest sender or customer. Write to whom they turn, and how soon it is put right."),
    Mistake("no-section", trainer="Names a law abroad without its section.",
            message="The law abroad has no section. Its name alone looks complete. Nobody can look it up in a thousand "
                    "pages. The table of laws gives the section; write place and section, and what you take from it."),
    Mistake("no-doubt", trainer="Names no assumption that could be wrong.",
            message="You name no doubt. After the work one is sure. The minister will hear of it from others. Take the "
                    "assumption of question 7, and say what would be better if it were wrong."),
    Mistake("promises", trainer="Promises what no policy can do.",
            message="Your memo promises too much. Such words please, and they are quoted a year later. Spam moves and "
                    "comes back. Write what you expect, with a range, and when you look again."),
    Mistake("model-as-proof", trainer="Takes the result of the model for a proof.",
            message="You let the model prove something. A number from a computer sounds final. It follows from what "
                    "was assumed, and some of that is a guess. Write \"in the model\", and name the assumption."),
    Mistake("word-count", trainer="Writes fewer than 100 or more than 250 words.",
            message="Your memo is much shorter or longer than 120 to 200 words."),
]
q8.hint("Where: what the reader must decide", (
    "The minister decides what begins first, and stands up for it. What will a member of the opposition ask? Who pays, "
    "who is harmed, who has tried it, what if you are wrong?"))
q8.hint("The rule: six parts", (
    "What first, and why in this order. Money and officers, with numbers. Two findings with rows. Who may be harmed, "
    "and the way back. A law that does it otherwise. The assumption that would change your mind."))
q8.hint("A good one, about calls", (
    "\"We advise checks of calling numbers at the border first: eight months, 2 of 6 officers. Calls fell elsewhere "
    "(V3), texts rose. A wrongly blocked firm writes to us and is free within one day. If fewer senders can move than "
    "we assume, a campaign would be better.\" Say which sentence answers which question, then write yours."))


# -- Exit ticket --------------------------------------------------------------------------------------------------


def _exit_claims(item: Item) -> list[tuple[str, str]]:
    return [(str(row["id"]), str(row["text"])) for row in rows(item, "exitclaims")]


x1 = checks.question(
    "x1", Pick(_exit_claims, label="The sentence"), title="Exit: what was measured", points=0, minutes=2,
    about={"practice": ("exitclaims-0001",)}, silent=True, core=False,
    prompt="Which of these sentences fits what was measured? Nothing is told back.",
)


@x1.answer
def _right_x1(item: Item) -> str:
    return next(str(one.record["id"]) for one in made(item, "exitclaims") if one.facts["true"])


def _still(code: str) -> Callable[[Item], str | None]:
    """The false sentence about one belief, where it is offered."""
    return lambda item: next((str(one.record["id"]) for one in made(item, "exitclaims")
                              if one.facts["code"] == code and not one.facts["true"]), None)


for _code in data.ALWAYS:
    x1.mistake(_code, trainer=f"At the end still: {BELIEFS[_code][0][0].lower()}{BELIEFS[_code][0][1:]}",
               message="You chose a sentence that the findings do not carry.", optional=True)(_still(_code))

EXIT_2 = {"same": "they fell by about as much as in the best channel", "less": "they fell, but less than there",
          "rose": "they rose"}


def _exit_places(item: Item) -> dict[str, Any]:
    row = rows(item, "exitplay")[0]
    parts = "; ".join(f"{one['channel']} {one['before']:,} and {one['change']:+d}%" for one in row["channels"])
    return {"title": row["title"], "parts": parts}


x2 = checks.question(
    "x2", Pick(EXIT_2, label="Victims of all channels together"), title="Exit: all channels", points=0, minutes=2,
    about={"practice": ("exitplay-0001",)}, silent=True, core=False,
    prompt=tell("One measure: {title}. Victims before, and change: {parts}. What happened to the victims of all "
                "channels together? Nothing is told back.", _exit_places),
)


@x2.answer
def _right_x2(item: Item) -> str:
    return str(data.exit_word(rows(item, "exitplay")[0]))


@x2.mistake("one-channel", trainer="At the end still takes one channel for all.",
            message="You took one channel for all.")
def _x2_same(_item: Item) -> str:
    return "same"


@x2.mistake("only-the-falls", trainer="Sees only falls or only rises.", message="You left out a part of the channels.")
def _x2_other(item: Item) -> str:
    return "rose" if data.exit_word(rows(item, "exitplay")[0]) == "less" else "less"
