"""The questions of lab 05: right answers, known mistakes and hints, all as functions of one participant's data.

The tables stand in the draw as sets of records (data.py); a twin has the same sets, their names begin with "new".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from spamlab.judge.handed_out import set_of
from spamlab.judge.kinds import AtLimit, Document, Filter, Mark, Pick, Table, Value
from spamlab.judge.lab_data import load_module
from spamlab.judge.question import Checks, Item, Mistake
from spamlab.records.truth import Labelled

checks = Checks()
data = load_module(Path(__file__).with_name("data.py"), "05-learning-filters/data.py")

Row = Mapping[str, Any]


_read: tuple[Mapping[str, Labelled], dict[str, list[Row]]] = ({}, {})
"""The draw that was asked about last, and its records by set."""


def rows(item: Item, name: str) -> list[Row]:
    """The records of a set in the participant's draw, under the name that it has in practice."""
    global _read
    drawn, sets = _read
    if drawn is not item.data:
        sets = {}
        for key, one in item.data.items():
            sets.setdefault(set_of(key), []).append(one.record)
        _read = (item.data, sets)
    return sets.get(f"new{name}" if item.purpose == "twin" else name, [])


def tell(text: str, places: Callable[[Item], Mapping[str, Any]]) -> Callable[[Item], str]:
    """A text with named places, filled from the participant's tables."""
    return lambda item: text.format(**places(item))


def about(name: str) -> dict[str, tuple[str, ...]]:
    """A question about a table: the practice set, and the set of the twin."""
    return {"practice": (f"{name}-0001",), "twin": (f"new{name}-0001",)}


def part_of(item: Item) -> str:
    """What a display is to be asked for."""
    return "points" if item.purpose == "twin" else "practice"


# -- Half done: a cut of 50 ---------------------------------------------------------------------------------------


def _minis(item: Item) -> list[tuple[str, str]]:
    found = sorted(rows(item, "mini"), key=lambda row: -row["score"])
    return [(str(row["id"]), f"score {row['score']}: {row['text']}") for row in found]


def _mini(item: Item, label: str, *, caught: bool) -> str:
    fits = [row for row in rows(item, "mini") if row["label"] == label and (row["score"] >= 50) is caught]
    return str(max(fits, key=lambda row: row["score"])["id"])


w1 = checks.question(
    "w1", Pick(_minis, label="The message that is lost"), title="Half done: a cut of 50", points=0, minutes=2,
    about={"practice": ("mini-0001",)}, core=False,
    prompt="Everything with a score of 50 or more is caught. Which message is **lost**: wanted, but caught?",
    reason="It is wanted, and its score is 50 or more. Somebody waits for it.",
)


@w1.answer
def _right_w1(item: Item) -> str:
    return _mini(item, "ham", caught=True)


@w1.mistake(
    "let-through", trainer="Half done: takes the unwanted message that comes through.",
    message="You chose an unwanted message that comes through. It is an error too, so it looks right. Lost means that "
            "a customer waits for something wanted. Look at the label first, then at the score.")
def _w1_through(item: Item) -> str:
    return _mini(item, "spam", caught=False)


@w1.mistake(
    "caught-rightly", trainer="Half done: takes the highest score.",
    message="You chose the highest score. It is caught, and it is unwanted, so nobody misses it. Look for a wanted "
            "message among those that are caught.")
def _w1_caught(item: Item) -> str:
    return _mini(item, "spam", caught=True)


@w1.remark
def _remark_w1(item: Item, given: Any) -> str:
    row = next(one for one in rows(item, "mini") if one["id"] == given)
    kind = "wanted" if row["label"] == "ham" else "unwanted"
    caught = "caught" if row["score"] >= 50 else "let through"
    return f"This message is {kind}, and it is {caught}. Look for one that is wanted and caught."


# -- 1. Split: copies ---------------------------------------------------------------------------------------------


def copies(item: Item, way: str) -> dict[str, int]:
    """How often the same text stands on both sides, and among the training messages, compared in one way."""
    compare: Callable[[str], str] = {"exact": str, "bare": data.bare}[way]
    known = Counter(compare(row["text"]) for row in rows(item, "train"))
    there = [known[compare(row["text"])] for row in rows(item, "test")]
    return {"copied": sum(1 for count in there if count), "pairs": sum(there),
            "inside": sum(count for count in known.values() if count > 1)}


def _places_1(item: Item) -> dict[str, Any]:
    return {"count": len(rows(item, "test")), "exact": copies(item, "exact")["copied"], "part": part_of(item),
            "right": copies(item, "bare")["copied"]}


q1 = checks.question(
    "q1", Value("number", label="Test messages that have a copy"), title="Split: copies", points=2, minutes=5,
    about=about("costs"),
    prompt=tell("How many of the {count} test messages have a copy among the training messages? A copy with other "
                "digits or another link is a copy as well. Compare at the desk `show_copies(\"{part}\")`, and give the "
                "number.", _places_1),
    reason=tell("{right} test messages tell nothing new: the filter has seen each text with its label. Only {exact} of "
                "them are the same sign for sign.", _places_1),
)


@q1.answer
def _right_1(item: Item) -> int:
    return copies(item, "bare")["copied"]


@q1.mistake(
    "exact-only", trainer="Finds only copies that are the same sign for sign.",
    message=tell("You counted the copies that are the same sign for sign: {exact}. That is what most programs look "
                 "for. One sender writes the same text with other digits and links, and the filter knows it again. "
                 "Compare without digits and links, and read the first row.", _places_1))
def _exact_only(item: Item) -> int:
    return copies(item, "exact")["copied"]


@q1.mistake(
    "counts-pairs", trainer="Counts pairs, so that a text that stands twice counts twice.",
    message="You counted pairs. Some training texts stand there twice, so one test message makes two pairs. The "
            "question is how many test messages are spoilt. Read the first row of the table.")
def _pairs(item: Item) -> int:
    return copies(item, "bare")["pairs"]


@q1.mistake(
    "inside-the-training", trainer="Counts copies among the training messages themselves.",
    message="You counted texts that stand more than once among the training messages. They look like the same fault. "
            "They only make the filter sure of a text; the test stays honest. Read the row that compares test with "
            "training.")
def _inside(item: Item) -> int:
    return copies(item, "bare")["inside"]


@q1.remark
def _remark_1(item: Item, given: Any) -> str:
    if given > len(rows(item, "test")):
        return (f"There are only {len(rows(item, 'test'))} test messages, so this number is too high. Read the first "
                "row of the desk's table.")
    near = copies(item, "bare")["copied"] - copies(item, "exact")["copied"]
    if given == near:
        return ("This is the number of copies with other digits or links alone. Copies that are the same sign for sign "
                "count as well. Read the first row once more.")
    return ("The desk shows no such number for this set. Choose how the texts are compared, press Show, and read the "
            "first row.")


q1.hint("Where: one row of the desk", (
    "The desk above has a list of three ways to compare, and a table of three rows. The question is about test "
    "messages, so one row answers it. Which one speaks of test messages that have a copy?"))
q1.hint("The rule: what a sender changes", (
    "A sender writes one text to thousands and changes what must differ: a number, an amount, a link. A filter that "
    "has seen the text with its label knows the copy. So texts are compared without what is changed."))
q1.hint("Worked on a sibling", (
    "Training: \"Pay 2.99 at a.example\". Test: \"Pay 3.49 at b.example\" and \"Lunch at 12?\". Sign for sign no text "
    "is on both sides. Without digits and links the first one is. So one of two test messages is a copy. Say what was "
    "put aside, then use the desk."))


# -- 2. Split: columns --------------------------------------------------------------------------------------------

REASONS_2 = {
    "after": "its value is written after the filter has decided",
    "strong": "it finds too much alone to be honest",
    "odd": "it has nothing to do with fraud",
}
STRONG = {one[0] for one in data.STRONG}
ODD = tuple(one[0] for one in data.ODD)


def late_columns(table: list[Row]) -> list[Row]:
    """The columns whose value is written after the decision, the strongest first."""
    late = [row for row in table if row["written"] > row["decided"]]
    return sorted(late, key=lambda row: -row["alone"])


def _columns(item: Item) -> list[tuple[str, str]]:
    return [(str(row["column"]), f"{row['column']}: {row['about']}, finds {row['alone']} of 100 alone")
            for row in rows(item, "columns")]


def _honest(item: Item) -> str:
    return str(next(row["column"] for row in rows(item, "columns") if row["column"] in STRONG))


def _odd(item: Item) -> str:
    return str(next(row["column"] for row in rows(item, "columns") if row["column"] in ODD))


def _places_2(item: Item) -> dict[str, Any]:
    table = rows(item, "columns")
    late, honest = late_columns(table), next(row for row in table if row["column"] == _honest(item))
    return {"strong": late[0]["column"], "weak": late[-1]["column"], "honest": honest["column"],
            "written": honest["written"], "decided": honest["decided"], "odd": _odd(item), "part": part_of(item)}


q2 = checks.question(
    "q2", Mark(_columns, REASONS_2), title="Split: columns", points=3, minutes=6, about=about("columns"),
    prompt=tell("The filter decided at {decided}. Mark the columns that it must **not** read, each with the reason. "
                "The table `show_columns(\"{part}\")` says when each value was written. A column marked too much costs "
                "as much as a right one earns.", _places_2),
    reason=tell("{strong} and {weak} are written after the decision. A message that arrives has no such value, however "
                "much or little the column tells in the table.", _places_2),
)


def _marks(item: Item, *more: tuple[str, str]) -> dict[str, str]:
    return {**{str(row["column"]): "after" for row in late_columns(rows(item, "columns"))}, **dict(more)}


@q2.answer
def _right_2(item: Item) -> dict[str, str]:
    return _marks(item)


@q2.mistake(
    "strong-is-leak", trainer="Throws out a strong but honest column as well.",
    message=tell("You also marked {honest}, because it finds much alone. A column that good raises a doubt, and that "
                 "is right. Its value was written at {written}, before the decision. Test every doubt with the time; "
                 "take that mark away.", _places_2))
def _strong(item: Item) -> dict[str, str]:
    return _marks(item, (_honest(item), "strong"))


@q2.mistake(
    "missed-the-weak-one", trainer="Marks the column that tells all, misses the late one that tells little.",
    message="You marked the late column that tells nearly all, and one more is late. It tells little, so it looks "
            "harmless. It is empty on the day when a message arrives, and then the filter reads something else. "
            "Compare every time with the decision.")
def _missed_weak(item: Item) -> dict[str, str]:
    return {str(late_columns(rows(item, "columns"))[0]["column"]): "after"}


@q2.mistake(
    "odd-is-leak", trainer="Throws out a column because it seems to have nothing to do with fraud.",
    message=tell("You also marked {odd}, because it seems to have nothing to do with fraud. Such a column rarely "
                 "helps, but it does no harm. It is known when the message arrives. Take that mark away, and keep to "
                 "the times.", _places_2))
def _odd_marked(item: Item) -> dict[str, str]:
    return _marks(item, (_odd(item), "odd"))


@q2.remark
def _remark_2(item: Item, given: Any) -> str:
    table = {row["column"]: row for row in rows(item, "columns")}
    early = next((name for name in given if table[name]["written"] <= table[name]["decided"]), None)
    if early:
        return (f"You marked {early}. Its value was written at {table[early]['written']}, before the decision. Compare "
                "the last column of the table with the time of the decision, row by row.")
    return ("Your marks are late columns, but the reason does not fit yet. Ask what makes them useless when a new "
            "message arrives.")


q2.hint("Where: the last column", tell(
    "The title of the table says when the filter decided: {decided}. The last column says when each value was written. "
    "Compare these two times in every row.", _places_2))
q2.hint("The rule: known in time", (
    "A filter may read only what is known when it decides. What people do later, because the message was unwanted, "
    "gives the answer away. How much a column tells does not matter; when it is written does."))
q2.hint("Worked on a sibling", (
    "A mail filter decides at 10:00:00. The column \"attachments\" is written at 09:59:59, the column \"ticket\" on "
    "the next day. A ticket exists because somebody complained. So \"ticket\" is marked, \"attachments\" is not. Say "
    "which two times were compared, then go through your rows."))


# -- 3. Score: what is lost ---------------------------------------------------------------------------------------


def _answers_3(item: Item) -> dict[str, float]:
    return dict(data.count_answers(rows(item, "counts")[0]))


def _places_3(item: Item) -> dict[str, Any]:
    row = rows(item, "counts")[0]
    lost, missed = row["caught_wanted"], row["let_unwanted"]
    wanted, unwanted = lost + row["let_wanted"], missed + row["caught_unwanted"]
    return {"caught": lost + row["caught_unwanted"], "found": row["caught_unwanted"], "lost": lost, "wanted": wanted,
            "missed": missed, "unwanted": unwanted, "let": missed + row["let_wanted"], "kept": row["let_wanted"],
            "right": _answers_3(item)["right"]}


q3 = checks.question(
    "q3", Value("number", unit="percent", units={"%": 1}, tolerance=0.1, label="Wanted messages that are lost"),
    title="Score: what is lost", points=2, minutes=4, about=about("counts"),
    prompt=tell("The old filter caught {caught} messages: {found} unwanted and {lost} wanted. It let {let} through: "
                "{missed} unwanted and {kept} wanted. Which share of the **wanted** messages is lost? Give it in "
                "percent, with one digit after the point; 0.1 more or less counts.", _places_3),
    reason=tell("{lost} of {wanted} wanted messages are {right} in 100. This share is called the false positive rate.",
                _places_3),
)


@q3.answer
def _right_3(item: Item) -> float:
    return _answers_3(item)["right"]


@q3.mistake(
    "of-the-caught", trainer="Divides by what was caught.",
    message=tell("You divided by the {caught} messages that were caught. They stand together in one sentence, so it "
                 "seems natural. That says how many of the caught were wrong. The question asks about all wanted "
                 "messages: count how many there are.", _places_3))
def _of_caught(item: Item) -> float:
    return _answers_3(item)["of-the-caught"]


@q3.mistake(
    "of-all", trainer="Divides by all messages.",
    message="You divided by all messages. That makes the loss look smaller, the more spam there is. A customer asks: "
            "of what was meant for me, how much is gone? Divide by the wanted messages alone.")
def _of_all(item: Item) -> float:
    return _answers_3(item)["of-all"]


@q3.mistake(
    "all-errors", trainer="Adds both errors, and divides by all messages.",
    message="You added both kinds of error and divided by all messages. One number for both looks complete. But a lost "
            "message and one that comes through harm different people. Take the lost ones alone, and divide by the "
            "wanted ones.")
def _all_errors(item: Item) -> float:
    return _answers_3(item)["all-errors"]


@q3.mistake(
    "the-missed", trainer="Gives the share of unwanted messages that come through.",
    message=tell("You gave the share of unwanted messages that come through: {missed} of {unwanted}. It is an error of "
                 "the filter as well. The question is about wanted messages. Find those that were caught, and divide "
                 "by all wanted ones.", _places_3))
def _the_missed(item: Item) -> float:
    return _answers_3(item)["the-missed"]


@q3.remark
def _remark_3(item: Item, given: Any) -> str:
    right = _answers_3(item)["right"]
    if abs(given - right / 100) < 0.002:
        return "This is a share of 1, not of 100. Multiply it by 100 to give percent."
    kept = _places_3(item)
    if abs(given - 100 * kept["found"] / kept["unwanted"]) < 0.2:
        return ("This is the share of unwanted messages that were found. It says how useful the filter is. The "
                "question asks for the wanted messages that it takes away.")
    return (f"There are {kept['wanted']} wanted messages in all, those caught and those let through. Which of them did "
            "the customer not get? Divide these two numbers, and multiply by 100.")


q3.hint("Where: two of the four numbers", (
    "Four numbers are given: two kinds, two fates. You need the wanted ones only: those that were caught, and those "
    "that were let through."))
q3.hint("The rule: of whom", (
    "Lost share = wanted messages caught, divided by all wanted messages. Found share = unwanted messages caught, "
    "divided by all unwanted messages. Each share is taken of its own kind."))
q3.hint("Worked on a sibling", (
    "A filter caught 50: 48 unwanted, 2 wanted. It let 410 through: 12 unwanted, 398 wanted. Wanted in all: 2 and 398 "
    "are 400. Lost: 2 of 400, that is 0.5 in 100. Say which numbers were left aside, then do yours."))


# -- The vote -----------------------------------------------------------------------------------------------------


def _filters(item: Item) -> list[tuple[str, str]]:
    return [(str(row["filter"]), f"filter {row['filter']}") for row in rows(item, "vote")]


def _places_v(item: Item) -> dict[str, Any]:
    costs = rows(item, "costs")[0]
    return {"lost": costs["lost"], "missed": costs["missed"]}


v1 = checks.question(
    "v1", Pick(_filters, label="The filter that you take"), title="Vote: which filter do you take?", points=0,
    minutes=5, about={"practice": ("vote-0001",)}, silent=True, core=False,
    prompt=tell("Look at `show_vote()`. A lost message costs the help desk {lost} minutes, one that comes through "
                "{missed} minutes. A colleague says: take the filter that is right more often. Which one do you take?",
                _places_v),
)


def _vote(item: Item, key: Callable[[Row], float]) -> str:
    return str(min(rows(item, "vote"), key=key)["filter"])


@v1.answer
def _right_vote(item: Item) -> str:
    costs = rows(item, "costs")[0]
    return _vote(item, lambda row: costs["lost"] * row["lost"] + costs["missed"] * row["missed"])


@v1.mistake("right-more-often", trainer="Votes for the filter with more right decisions.",
            message="You chose the filter that is right more often.")
def _more_often(item: Item) -> str:
    return _vote(item, lambda row: row["lost"] + row["missed"])


# -- 4. Cut: by cost ----------------------------------------------------------------------------------------------


def _cuts(_item: Item) -> list[tuple[int, str]]:
    return [(cut, f"{cut}: caught from score {cut} on") for cut in data.CUTS]


def _answers_4(item: Item) -> dict[str, int]:
    costs = rows(item, "costs")[0]
    return dict(data.cut_answers(rows(item, "log"), costs["lost"], costs["missed"]))


def _places_4(item: Item) -> dict[str, Any]:
    costs, log = rows(item, "costs")[0], rows(item, "log")
    right = _answers_4(item)["right"]
    lost, missed = data.at_cut(log, right)
    none_missed = data.at_cut(log, _answers_4(item)["lose-none"])[1]
    return {"lost": costs["lost"], "missed": costs["missed"], "right": right, "part": part_of(item),
            "lost_there": lost, "missed_there": missed, "none_missed": none_missed}


q4 = checks.question(
    "q4", Pick(_cuts, label="The cut of least cost"), title="Cut: by cost", points=3, minutes=6, about=about("log"),
    prompt=tell("A wanted message that is lost costs {lost} minutes of work. An unwanted one that comes through costs "
                "{missed} minutes. Which cut of the old filter costs least? Try both costs at the desk "
                "`show_cuts(\"{part}\")`.", _places_4),
    reason=tell("At {right} the filter loses {lost_there} wanted messages and lets {missed_there} unwanted ones "
                "through. One step down or up costs more.", _places_4),
)


@q4.answer
def _right_4(item: Item) -> int:
    return _answers_4(item)["right"]


@q4.mistake(
    "costs-swapped", trainer="Puts each cost into the other field.",
    message=tell("Your cut would be right if the costs stood the other way round. The two fields look alike, so they "
                 "are soon swapped. A lost wanted message costs {lost} minutes here. Put both costs in again, and read "
                 "the lowest cost.", _places_4))
def _swapped(item: Item) -> int:
    return _answers_4(item)["costs-swapped"]


@q4.mistake(
    "fewest-errors", trainer="Takes the cut with the fewest errors.",
    message=tell("You took the cut with the fewest errors in all. That counts both errors the same. Here a lost "
                 "message costs {lost} minutes, and the other error {missed}. Weigh each error by its cost, then take "
                 "the lowest sum.", _places_4))
def _fewest(item: Item) -> int:
    return _answers_4(item)["fewest-errors"]


@q4.mistake(
    "middle", trainer="Takes 50 because it is the middle.",
    message="You took 50, the middle of the scale. Many programs start there, because it fits when both errors cost "
            "the same. Here they do not. Put the costs into the desk, and follow the line down to its lowest point.")
def _middle(_item: Item) -> int:
    return 50


@q4.mistake(
    "lose-none", trainer="Takes the first cut at which nothing wanted is lost.",
    message=tell("You took the first cut at which nothing wanted is lost. It feels safe. There, {none_missed} unwanted "
                 "messages come through, and each costs {missed} minutes. Let the sum of both costs decide.",
                 _places_4))
def _lose_none(item: Item) -> int:
    return _answers_4(item)["lose-none"]


@q4.remark
def _remark_4(item: Item, given: Any) -> str:
    costs = rows(item, "costs")[0]
    lost, missed = data.at_cut(rows(item, "log"), given)
    cost = costs["lost"] * lost + costs["missed"] * missed
    return (f"At {given} the filter loses {lost} wanted messages and lets {missed} unwanted ones through. That costs "
            f"{cost:,} minutes. Another cut costs less: look for the lowest number in the last column.")


q4.hint("Where: the last column", (
    "Put the two costs into the fields of the desk, and press Show. The last column has the cost of each cut. Look for "
    "the lowest one; the figure shows where it lies."))
q4.hint("The rule: two errors, two prices", (
    "Cost of a cut = lost messages times their price, plus messages let through times theirs. A higher cut loses less "
    "and lets more through. The best cut is where the sum is lowest, seldom at 50."))
q4.hint("Worked on a sibling", (
    "Lost costs 10, let through costs 1. Cut 40: 9 lost, 20 through, so 90 and 20 are 110. Cut 60: 3 lost, 45 through: "
    "75. Cut 80: 1 lost, 90 through: 100. Cut 60 costs least, though cut 40 has fewer errors. Say what was multiplied, "
    "then use the desk."))


# -- 5. Score: its promise ----------------------------------------------------------------------------------------

VERDICTS = [("high", "it says too much"), ("fits", "it keeps its promise"), ("low", "it says too little"),
            ("few", "too few messages to say")]


class AboveChance(Table):
    """A table of one column in which the same answer everywhere earns nothing: rows right above half of them."""

    def compare(self, right: Any, given: Any, item: Item) -> tuple[float, str]:
        """(2 * right - rows) / rows, never below 0; the words count the rows that are right."""
        share, said = super().compare(right, given, item)
        return (share, said) if share >= 1 else (max(0.0, 2 * share - 1), said)


def _bins(item: Item) -> list[tuple[str, str]]:
    return [(str(row["from"]), f"{row['from']} to {row['to']}") for row in rows(item, "fit")]


def _fit(item: Item, judge: Callable[[Row], str]) -> dict[str, dict[str, str]]:
    return {str(row["from"]): {"verdict": judge(row)} for row in rows(item, "fit")}


def _places_5(item: Item) -> dict[str, Any]:
    few = next(row for row in rows(item, "fit") if data.fit_verdict(row) == "few")
    high = next(row for row in rows(item, "fit") if data.fit_verdict(row) == "high")
    count = high["wanted"] + high["unwanted"]
    return {"part": part_of(item), "few_from": few["from"], "few_to": few["to"], "high_from": high["from"],
            "few": few["wanted"] + few["unwanted"], "high_to": high["to"], "middle": (high["from"] + high["to"]) // 2,
            "truth": round(100 * high["unwanted"] / count)}


q5 = checks.question(
    "q5", AboveChance(_bins, [("verdict", "The score", VERDICTS)]), title="Score: its promise", points=3, minutes=5,
    about=about("fit"),
    prompt=tell("A score of 30 promises that 30 of 100 such messages are unwanted. Does each step keep its promise? "
                "Look at `show_fit(\"{part}\")`. It keeps it if promise and truth are at most 10 apart. Below 20 "
                "messages nobody can say.", _places_5),
    reason="Promise and truth are compared step by step, and a step with few messages is left open. A filter that "
           "keeps its promises is called calibrated.",
)


@q5.answer
def _right_5(item: Item) -> dict[str, dict[str, str]]:
    return _fit(item, data.fit_verdict)


@q5.mistake(
    "upside-down", trainer="Confuses too much and too little.",
    message=tell("You turned \"too much\" and \"too little\" round. Bar and mark are soon confused. At {high_from} to "
                 "{high_to} the score promises {middle} in 100, and the truth is {truth}. So it says too much there. "
                 "Compare each row in that order: promise first.", _places_5))
def _upside_down(item: Item) -> dict[str, dict[str, str]]:
    other = {"high": "low", "low": "high"}
    return _fit(item, lambda row: other.get(data.fit_verdict(row), data.fit_verdict(row)))


@q5.mistake(
    "few-is-proof", trainer="Judges a step that has few messages.",
    message=tell("You judged the step from {few_from} to {few_to}. Its bar is clear, so it looks like proof. Only "
                 "{few} messages stand behind it: two others would move it far. Read the number of messages first.",
                 _places_5))
def _few_is_proof(item: Item) -> dict[str, dict[str, str]]:
    return _fit(item, lambda row: data.fit_verdict(row, few=False))


@q5.mistake(
    "all-fit", trainer="Says that every step keeps its promise.",
    message="You say that every step keeps its promise. A figure with bars looks finished, so it convinces. Some of "
            "the bars end far from their mark. Compare the two numbers of each row.")
def _all_fit(item: Item) -> dict[str, dict[str, str]]:
    return _fit(item, lambda _row: "fits")


@q5.remark
def _remark_5(item: Item, given: Any) -> str:
    right = _right_5(item)
    wrong = next(row for row in rows(item, "fit") if given[str(row["from"])] != right[str(row["from"])])
    count = wrong["wanted"] + wrong["unwanted"]
    return (f"Look at the step from {wrong['from']} to {wrong['to']}: {count} messages, promise "
            f"{(wrong['from'] + wrong['to']) // 2}, truth {100 * wrong['unwanted'] / count:.0f} in 100. Count the "
            "messages first, then compare promise and truth. Test the other steps in the same way.")


q5.hint("Where: two numbers of a row", (
    "The table below the figure has four columns. Take the number of messages first, then promise and truth. The bars "
    "show the same."))
q5.hint("The rule: three questions", (
    "Fewer than 20 messages: nobody can say. Else, are promise and truth at most 10 apart? Then it keeps its promise. "
    "Else, which is larger? If the promise is, the score says too much."))
q5.hint("Worked on a sibling", (
    "Step 40 to 60: 200 messages, promise 50, truth 71. There are enough, and 21 apart is more than 10. The truth is "
    "larger, so the score says too little. Step 60 to 80 with 9 messages: too few to say. Say which number came first, "
    "then do yours."))


# -- 6. Explain ---------------------------------------------------------------------------------------------------


def _weights(item: Item) -> dict[str, int]:
    case = rows(item, "case")[0]
    return dict(zip(case["words"], case["weights"], strict=True))


def _in_text(item: Item, word: str) -> bool:
    return word in {one.casefold() for one in re.findall(r"[A-Za-z]{4,}", rows(item, "case")[0]["text"])}


def _words(item: Item) -> list[tuple[str, str]]:
    return [(word, f"{word} ({weight:+d})") for word, weight in _weights(item).items()]


def _picked(item: Item, keep: Callable[[str, int], bool]) -> list[str]:
    return [word for word, weight in _weights(item).items() if keep(word, weight)]


def _places_6(item: Item) -> dict[str, Any]:
    case, weights = rows(item, "case")[0], _weights(item)
    inside = [word for word in weights if _in_text(item, word)]
    return {"text": case["text"], "start": case["start"], "cut": case["cut"], "score": case["score"],
            "absent": next(word for word in weights if word not in inside),
            "minus": next(word for word in inside if weights[word] < 0)}


q6 = checks.question(
    "q6", Mark(_words), title="Explain: which words", points=2, minutes=4, about=about("case"),
    prompt=tell("A customer complains: this wanted message was caught. \"{text}\" The old filter begins with {start} "
                "and adds the weight of each word of its list that is in the message. The sum is {score}, the cut "
                "{cut}. Mark the words that **pushed** it up.", _places_6),
    reason="Only words that are in the message count, and only those with a plus push it up. Such a list can be shown "
           "to a customer.",
)


@q6.answer
def _right_6(item: Item) -> list[str]:
    return _picked(item, lambda word, weight: weight > 0 and _in_text(item, word))


@q6.mistake(
    "heavy-but-absent", trainer="Marks heavy words that are not in the message.",
    message=tell("You marked heavy words that are not in the message, such as {absent}. They stand out in the list. A "
                 "word pushes only where it is written. Look for each marked word in the message.", _places_6))
def _absent(item: Item) -> list[str]:
    return _picked(item, lambda _word, weight: weight > 0)


@q6.mistake(
    "minus-counts", trainer="Marks words that speak for the message.",
    message=tell("You marked every word of the list that is in the message. Some of them have a minus, such as "
                 "{minus}: they speak for the message. The question is what pushed it up. Take the words with a minus "
                 "away.", _places_6))
def _minus(item: Item) -> list[str]:
    return _picked(item, lambda word, _weight: _in_text(item, word))


@q6.mistake(
    "heaviest-only", trainer="Marks the single heaviest word of the message.",
    message="You marked the heaviest word of the message. It did push most. Without the others the sum would stay "
            "below the cut, so they pushed as well. Mark every word with a plus that is in the message.")
def _heaviest(item: Item) -> list[str]:
    return [max(_right_6(item), key=lambda word: _weights(item)[word])]


@q6.remark
def _remark_6(item: Item, given: Any) -> str:
    first = next(iter(given))
    where = "is in the message" if _in_text(item, first) else "is not in the message"
    return (f"You marked {first}: it {where}, and its weight is {_weights(item)[first]:+d}. Ask two questions of each "
            "word: is it written there, and is its sign a plus? Mark those with two times yes.")


q6.hint("Where: the message itself", (
    "Take the words of the list one by one, and look for each in the message. Capital letters do not matter."))
q6.hint("The rule: written and plus", (
    "Push of a word = its weight if it is in the message, else nothing. A plus pushes the sum up, a minus down. The "
    "weight alone says nothing about this message."))
q6.hint("Worked on a sibling", (
    "List: prize +50, fee +20, thanks -8. Message: \"Thanks, the fee is paid\". Prize is not there: no push. Fee is "
    "there with a plus: it pushed. Thanks is there with a minus: it held back. So only fee is marked. Say the two "
    "tests, then do yours."))


# -- 7. Watch -----------------------------------------------------------------------------------------------------


def _months(item: Item) -> list[tuple[str, str]]:
    return [(str(row["month"]), str(row["month"])) for row in rows(item, "months")]


def _answers_7(item: Item) -> dict[str, str]:
    return dict(data.month_answers(rows(item, "months")))


def _places_7(item: Item) -> dict[str, Any]:
    answers, table = _answers_7(item), {row["month"]: row for row in rows(item, "months")}
    small, busy = table[answers["small-month"]], table[answers["busy-month"]]
    return {**{key.replace("-", "_"): value for key, value in answers.items()}, "part": part_of(item),
            "few": small["unwanted"], "many": busy["unwanted"],
            "share": round(100 * busy["found"] / busy["unwanted"])}


q7 = checks.question(
    "q7", Pick(_months, label="The month of the change"), title="Watch: when it grew old", points=2, minutes=4,
    about=about("months"),
    prompt=tell("The old filter was never trained again. In which month did it begin to fail: it finds less, and stays "
                "low after? Look at `show_months(\"{part}\")`.", _places_7),
    reason=tell("From {right} on it finds less, month after month, and each month has enough messages. Such a change "
                "is called drift: the senders changed, the filter did not.", _places_7),
)


@q7.answer
def _right_7(item: Item) -> str:
    return _answers_7(item)["right"]


@q7.mistake(
    "small-month", trainer="Takes the dip of a month with few messages.",
    message=tell("You took {small_month}. Its point is low, and that draws the eye. Only {few} unwanted messages came "
                 "then, so its likely range is wide. The months after it are as before. Look for a fall that stays.",
                 _places_7))
def _small_month(item: Item) -> str:
    return _answers_7(item)["small-month"]


@q7.mistake(
    "busy-month", trainer="Takes the month with most messages.",
    message=tell("You took {busy_month}. With {many} unwanted messages it was busy, and busy feels like trouble. The "
                 "filter found {share} in 100 of them, as before. More work is no drift. Look at the share, not at the "
                 "number.", _places_7))
def _busy_month(item: Item) -> str:
    return _answers_7(item)["busy-month"]


@q7.mistake(
    "worst-month", trainer="Takes the lowest month in place of the first low one.",
    message=tell("You took {worst_month}, the lowest month. It is the worst, but not the first. The filter had been "
                 "low for some time. Go back from there to the month in which the fall began.", _places_7))
def _worst_month(item: Item) -> str:
    return _answers_7(item)["worst-month"]


@q7.remark
def _remark_7(item: Item, given: Any) -> str:
    row = next(one for one in rows(item, "months") if one["month"] == given)
    share = round(100 * row["found"] / row["unwanted"])
    way = "before" if given < _answers_7(item)["right"] else "after"
    return (f"In {given} the filter found {share} in 100 of {row['unwanted']} unwanted messages. That month lies {way} "
            "the change. Compare each month with those around it.")


q7.hint("Where: the points that stay low", (
    "Follow the points from left to right. One or two fall alone and come back. Look for the place from which they "
    "stay low."))
q7.hint("The rule: a fall that stays", (
    "One low month with few messages is chance: its range is wide. Many messages are work, not a change. Drift begins "
    "where the share falls with enough messages, and does not come back."))
q7.hint("Worked on a sibling", (
    "Found in 100: 94, 93, 60 with 8 messages, 94, 71, 68, 50. The third falls alone and has 8 messages: chance. The "
    "last is the worst, but the fall began at 71. So the fifth month is the answer. Say why the third is left out, "
    "then read yours."))


# -- 8. Train -----------------------------------------------------------------------------------------------------

FILTER = (
    ("learns", "1. It learns from", [
        ("winter", "the messages of January to March"), ("april", "the messages of April"),
        ("both", "both, January to April")]),
    ("label", "2. It is told which are unwanted by", [
        ("old", "the old filter's decisions"), ("desk", "the desk's labels")]),
    ("reads", "3. It reads", [
        ("note", "the desk's note about the message"), ("length", "the length of the text"),
        ("words", "the words of the text"), ("letters", "groups of two to four letters of the text")]),
    ("says", "4. A high score says that a message is", [
        ("wanted", "wanted"), ("unwanted", "unwanted")]),
)
RIGHT_FILTER = {"learns": "both", "label": "desk", "reads": "letters", "says": "unwanted"}

TYPES = {
    "parcel": "parcel fraud", "bank": "bank fraud", "tax": "tax fraud", "toll_and_fines": "tolls and fines",
    "prize": "prizes", "premium_rate": "costly numbers", "family_emergency": "family in need",
    "code_theft": "stolen codes", "otp": "codes", "bank_notice": "notes of banks", "chat_friends": "friends",
    "delivery": "deliveries", "alerts": "alerts", "appointment": "appointments", "plans": "plans of friends",
    "nigeria_kenya": "friends in Nigeria and Kenya", "singapore": "friends in Singapore",
    "money_friends": "money of friends", "thanks_and_sorry": "thanks and sorry", "short_replies": "short replies",
}


def _filter_with(**choices: str) -> str:
    """The source of a filter that is right but for `choices`."""
    return f"from helpers import build_filter\n\nmy_filter = build_filter({RIGHT_FILTER | choices!r})\n"


def _slices(one: Labelled) -> dict[str, str]:
    kind = str(one.facts["type"])
    return {"type": f"\"{TYPES.get(kind, kind.replace('_', ' '))}\""}


def _scored(draw: Mapping[str, Labelled]) -> list[str]:
    return [name for name in draw if set_of(name) in {"try", "hidden"}]


q8 = checks.question(
    "q8",
    Filter("my_filter", lambda one: str(one.record["text"]), lambda one: one.facts["label"] == "spam",
           AtLimit(0.02, goal=0.8, start=0.6), _slices, names=_scored, choices=FILTER),
    title="Train", points=5, minutes=12, about={"practice": ("try-0001",)},
    prompt="Make the filter that may lose at most 2% of wanted messages. Choose in the four fields and save. It is "
           "tried on 350 messages of May and June here, and on 500 others for the points. All points: it finds 80% of "
           "the unwanted ones. No points: 60% or less.",
    reason="It has met old and new types, with labels of people, and reads what a new message has.",
)
q8.mistake_source(
    "old-months-only", trainer="Trains on January to March alone: the new types are unknown.",
    message="Your filter has learnt from January to March only. There are most messages there, so it looks like the "
            "best school. Two types of fraud are new since April, and it lets them through. Look at the list of types "
            "below, and let it learn from April as well.",
    source=_filter_with(learns="winter", reads="words"))
q8.mistake_source(
    "april-only", trainer="Trains on April alone: the old types, which sleep there, are forgotten.",
    message="Your filter has learnt from April only. Fresh messages sound best. The old types slept in April, and they "
            "are back in May. Look at the list of types below: which does it miss? Let it learn from all months.",
    source=_filter_with(learns="april", reads="words"))
q8.mistake_source(
    "learns-the-old-verdict", trainer="Takes the old filter's decisions as labels, and learns its mistakes.",
    message="Your filter was told by the old filter which messages are unwanted. Those decisions cost nothing, so they "
            "tempt. It has learnt the old mistakes: the new types count as wanted. Take the labels that people gave.",
    source=_filter_with(label="old", reads="words"))
q8.mistake_source(
    "reads-the-note", trainer="Reads the desk's note, which a new message does not have.",
    message="Your filter reads the desk's note. On the test it was right every time. The desk writes the note after it "
            "has decided, so a new message has none. Let it read what is there when a message arrives.",
    source=_filter_with(reads="note"))
q8.mistake_source(
    "length-only", trainer="Reads the length of the text alone.",
    message="Your filter reads the length of a text alone. Fraud is often longer than a note of a friend, so it finds "
            "some. Notes of banks and deliveries are as long, and it can't tell them apart. Let it read what is "
            "written.",
    source=_filter_with(reads="length"))
q8.mistake_source(
    "wanted-is-high", trainer="Gives the high score to wanted messages.",
    message="Your filter gives wanted messages the high scores. A high mark sounds like praise, so it seems natural. "
            "Everything from the cut on is caught, so it takes the wanted ones away. Turn the meaning of the score "
            "round.",
    source=_filter_with(says="wanted", reads="words"))

q8.hint("Where: the types that it misses", (
    "Run the cell with `check`, and open the lines below the message. They name types of messages, and how many of "
    "each are wrong. Which type is bad? Has your filter ever met it?"))
q8.hint("The rule: same as on the day", (
    "A filter must learn from what it will meet: all types, old and new. It must read what is there when a message "
    "arrives. Its labels must come from somebody who looked. Change one field at a time."))
q8.hint("A sensible start", (
    "Begin with words and the desk's labels, and save. Then change the months, look at the types again, and keep what "
    "helps. Last, compare words with groups of letters. In code, begin with `make_filter()` of `spamlab.filtering`. "
    "Say after each change what it moved."))


# -- 9. Tell ------------------------------------------------------------------------------------------------------

FEWEST_WORDS, MOST_WORDS = 100, 250
"""Bounds of the note for the form check; the task asks for 120 to 200 words."""
PROMISES = re.compile(r"\b(guarantee\w*|never|always|perfect\w*|every fraud|all fraud|100 ?%|100 percent|no errors?)",
                      re.IGNORECASE)
BASE = re.compile(r"\d[\d,. ]*\s*(?:of|out of|/|from|in)\s*\d", re.IGNORECASE)
NOTHING_WEAK = re.compile(r"^\W*(none|nothing|no weakness\w*|nowhere|n/?a|-+)\W*$", re.IGNORECASE)
WHEN = re.compile(r"\d|\b(day|week|month|quarter|year|daily|weekly|monthly|monday|tuesday|wednesday|thursday|friday)",
                  re.IGNORECASE)
PERSONAL = re.compile(r"(?<![\d,.])\+?\d(?:[ -]?\d){7,}|https?://|\b[\w-]+\.(?:example|test|invalid)\b", re.IGNORECASE)


def _no_reason(_item: Item, given: Mapping[str, str]) -> str | None:
    """The cut needs its number and some words of reason."""
    return None if re.search(r"\d", given["cut"]) and len(given["cut"].split()) >= 5 else "cut-without-reason"


def _no_base(_item: Item, given: Mapping[str, str]) -> str | None:
    return None if BASE.search(given["found"]) and BASE.search(given["lost"]) else "percent-without-number"


def _no_weakness(_item: Item, given: Mapping[str, str]) -> str | None:
    return "no-weakness" if NOTHING_WEAK.match(given["weak"]) or len(given["weak"].split()) < 3 else None


def _no_date(_item: Item, given: Mapping[str, str]) -> str | None:
    return None if WHEN.search(given["watch"]) else "no-date"


def _promise(_item: Item, given: Mapping[str, str]) -> str | None:
    return "promises" if PROMISES.search(given["text"]) else None


def _message_shown(_item: Item, given: Mapping[str, str]) -> str | None:
    return "shows-a-message" if PERSONAL.search(" ".join(given.values())) else None


def _word_count(_item: Item, given: Mapping[str, str]) -> str | None:
    count = len(given["text"].split())
    advice = ("Say what the filter does, where it is weak, and what you propose." if count < FEWEST_WORDS else
              "Keep what Ms Tembo needs to decide, and leave the rest out.")
    return None if FEWEST_WORDS <= count <= MOST_WORDS else (
        f"Your note has {count} words; 120 to 200 is a good length, and 100 to 250 can be sent. {advice}")


q9 = checks.question(
    "q9",
    Document([
        ("cut", "The cut or limit, and why", "sentences"),
        ("found", "Found: how many of how many unwanted messages, of which months", "sentences"),
        ("lost", "Lost: how many of how many wanted messages", "sentences"),
        ("weak", "Where it is weak: types, languages, channels that it has not met", "sentences"),
        ("watch", "When it is looked at again, and by which number", "sentences"),
        ("text", "Note to Ms Tembo (120 to 200 words)", "textarea"),
    ], [_no_reason, _no_base, _no_weakness, _no_date, _promise, _message_shown, ("word-count", _word_count)]),
    title="Tell", points=5, minutes=9, about={"practice": ("try-0001",)}, manual=True,
    prompt="Write to Ms Tembo of the consumer office. She must decide whether your filter may catch messages on its "
           "own. She is no engineer. Give her the numbers with what they are parts of, what the filter can't do, and "
           "when you look again.",
    reason="The form is complete.",
)
q9.mistakes += [
    Mistake("cut-without-reason", trainer="Gives a cut or limit without its reason.",
            message="The first field has no number with a reason. In your office everybody knows why, so it feels "
                    "complete. Ms Tembo answers for lost messages. Write the cut or limit, and which cost or rule "
                    "chose it."),
    Mistake("percent-without-number", trainer="Gives a percentage without the numbers behind it.",
            message="Found or lost stands there without its numbers. A percentage alone sounds exact. It can come from "
                    "ten messages or from ten thousand. Write both, such as: 230 of 240 unwanted messages."),
    Mistake("no-weakness", trainer="Says that the filter has no weakness.",
            message="You name no weakness. After the work that feels right. Your filter has met some types, one "
                    "language and one channel; say which it has not met. Ms Tembo needs that to decide."),
    Mistake("no-date", trainer="Says that the filter will be watched, but not when.",
            message="The filter is to be looked at again, but you do not say when. Good intentions have no date. Write "
                    "a day or a rhythm, and the number that you will look at."),
    Mistake("promises", trainer="Promises what no filter can do.",
            message="Your note promises too much: no filter is right every time. Such words please the reader, and "
                    "they are quoted after the first error. Write what you measured, on which messages."),
    Mistake("shows-a-message", trainer="Copies a link or a number out of a message.",
            message="A link or a long number stands in your note. It makes the case vivid. It may lead to a person or "
                    "to a fraud, and the note will be passed on. Describe the message in your own words."),
    Mistake("word-count", trainer="Writes fewer than 100 or more than 250 words.",
            message="Your note is much shorter or longer than 120 to 200 words."),
]
q9.hint("Where: what the reader must decide", (
    "Ms Tembo decides whether the filter may catch messages on its own. What would you ask in her place? How many "
    "people lose a message, what is won, what if it goes wrong?"))
q9.hint("The rule: five parts", (
    "The cut with its reason. Found and lost, each as a number of a number. What the filter has not met. When somebody "
    "looks again. A proposal: on its own, or with a person who looks."))
q9.hint("A good one, about a mail filter", (
    "\"At its cut the filter found 410 of 500 unwanted mails of May and lost 2 of 900 wanted ones. It has not met mail "
    "in other languages. We propose that it marks mail for a month, and catches nothing. On 1 June we count again.\" "
    "Say which sentence answers which question, then write yours."))


# -- Exit ticket --------------------------------------------------------------------------------------------------


def _exit_cuts(item: Item) -> list[tuple[int, str]]:
    return [(row["cut"], f"cut {row['cut']}: {row['lost']} wanted lost, {row['missed']} unwanted let through")
            for row in rows(item, "exitcuts")]


def _exit_cut(item: Item, lost: float, missed: float) -> int:
    return int(min(rows(item, "exitcuts"), key=lambda row: lost * row["lost"] + missed * row["missed"])["cut"])


x1 = checks.question(
    "x1", Pick(_exit_cuts, label="The cut"), title="Exit: choose the cut", points=0, minutes=2,
    about={"practice": ("exitcuts-0001",)}, silent=True, core=False,
    prompt=tell("A lost message costs {lost} minutes, one that comes through {missed} minutes. Which cut costs least? "
                "Nothing is told back.", _places_v),
)


@x1.answer
def _right_x1(item: Item) -> int:
    costs = rows(item, "costs")[0]
    return _exit_cut(item, costs["lost"], costs["missed"])


@x1.mistake("fewest-errors", trainer="Still takes the fewest errors at the end.", message="You took the fewest errors.")
def _x1_fewest(item: Item) -> int:
    return _exit_cut(item, 1, 1)


@x1.mistake("lose-none", trainer="Still wants to lose nothing at any cost.",
            message="You took the cut that loses none.")
def _x1_none(item: Item) -> int:
    return _exit_cut(item, 1000, 0.001)


def _exit_columns(item: Item) -> list[tuple[str, str]]:
    return [(str(row["column"]), f"{row['column']}: {row['about']}; finds {row['alone']} of 100 alone; written "
                                 f"{row['written'][5:]}") for row in rows(item, "exitcolumns")]


x2 = checks.question(
    "x2", Pick(_exit_columns, label="The column"), title="Exit: find the leak", points=0, minutes=2,
    about={"practice": ("exitcolumns-0001",)}, silent=True, core=False,
    prompt=tell("A filter decided at {decided}. Which of these columns must it not read? Nothing is told back.",
                lambda item: {"decided": rows(item, "exitcolumns")[0]["decided"][5:]}),
)


@x2.answer
def _right_x2(item: Item) -> str:
    return str(late_columns(rows(item, "exitcolumns"))[0]["column"])


@x2.mistake("strong-is-leak", trainer="Still takes the strongest column for the leak.",
            message="You took the strongest column.")
def _x2_strong(item: Item) -> str:
    return str(max(rows(item, "exitcolumns"), key=lambda row: row["alone"])["column"])


@x2.mistake("odd-is-leak", trainer="Still takes an odd column for the leak.", message="You took an odd column.")
def _x2_odd(item: Item) -> str:
    return str(next(row["column"] for row in rows(item, "exitcolumns") if row["column"] in ODD))
