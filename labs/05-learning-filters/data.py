"""The data of lab 05: what the traffic recipes made, with the desk's notes and copies, and the tables of numbers.

Every table is drawn until its right answer and its known mistakes differ, so that no draw of texts is thrown away.
"""

from __future__ import annotations

import itertools
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from spamlab.generate.lab_sets import labelled_record
from spamlab.records.truth import Labelled
from spamlab.seeds import stream

Made = dict[str, Labelled]
Row = dict[str, Any]

MOST_TRIES = 2000
NOTED = ("train", "test", "later", "newtrain", "newtest")
"""Sets whose messages carry the desk's note."""


def arrange(made: Mapping[str, Labelled], purpose: str, seed: bytes, draw: int) -> Made:
    """All records of one purpose: messages cut to what the lab shows, copies planted, tables added."""
    rng = stream(seed, "lab 05", draw)
    sets: dict[str, list[Labelled]] = {}
    for key, one in made.items():
        name = key.rpartition("-")[0]
        sets.setdefault(name, []).append(_message(one, key, name, rng))
    if purpose == "hidden":
        return _joined(sets)
    new = "new" if purpose == "twin" else ""
    if purpose == "practice":
        sets["train"], sets["test"] = _with_a_rare_type(sets["train"], sets["test"])
    train, test = sets[f"{new}train"], sets[f"{new}test"]
    sets[f"{new}test"] = _with_copies(train, test, rng, scale=1 if purpose == "practice" else 0.4)
    costs = {"lost": rng.choice((20, 24, 30, 36, 40)), "missed": rng.choice((2, 3))}
    tables = {
        "costs": [costs],
        "log": _drawn(lambda: log_rows(rng, costs)),
        "fit": fit_rows(rng),
        "months": _drawn(lambda: month_rows(rng)),
        "columns": column_rows(rng, leaks=2, odd=4),
        "counts": [_drawn(lambda: count_row(rng))],
        "case": [_drawn(lambda: case_row(rng, train))],
    }
    if purpose == "practice":
        tables |= {
            "mini": mini_rows(rng, train), "vote": vote_rows(rng), "exitcuts": exit_rows(rng, costs),
            "exitcolumns": column_rows(rng, leaks=1, odd=2),
        }
    for name, rows in tables.items():
        sets[f"{new}{name}"] = [labelled_record({"id": f"{new}{name}-{number:04d}", **row}, {})
                                for number, row in enumerate(rows, 1)]
    return _joined(sets)


def _joined(sets: Mapping[str, list[Labelled]]) -> Made:
    return {str(one.record["id"]): one for records in sets.values() for one in records}


def _drawn(make: Callable[[], Any]) -> Any:
    """The first that is not None."""
    return next(found for found in (make() for _ in range(MOST_TRIES)) if found is not None)


# -- messages -----------------------------------------------------------------------------------------------------


def _message(one: Labelled, key: str, name: str, rng: random.Random) -> Labelled:
    """A record as the lab shows it: label, text, day; in some sets the desk's note and the old filter's verdict."""
    row = {"id": key, **({"label": one.record["label"]} if "label" in one.record else {}),
           "text": one.record["text"], "sent": str(one.record["sent"])[:10]}
    if name in NOTED:
        row |= {"note": _note(str(one.facts["label"]), rng), "old": _old(one.facts, rng)}
    return labelled_record(row, {fact: one.facts[fact] for fact in ("label", "type")})


NEW_TYPES = ("family_emergency", "code_theft")
"""Types that the old filter has never met."""


def _old(facts: Mapping[str, Any], rng: random.Random) -> str:
    """What the old filter said: mostly right, but it lets the new types through."""
    right = str(facts["label"])
    wrong = "ham" if right == "spam" else "spam"
    errs = 0.94 if facts["type"] in NEW_TYPES else 0.06 if right == "spam" else 0.01
    return wrong if rng.random() < errs else right


def _note(label: str, rng: random.Random) -> str:
    """What the desk writes into the table after it has decided."""
    if label == "ham":
        return rng.choice(("no case", "no case", "none", "nothing to do"))
    return rng.choice(("case opened", "sender blocked", "case opened, sender blocked", "blocked, customer told"))


ENDING = re.compile(r"\.(?:example|test|invalid)\b")
DIGITS, LINK = re.compile(r"\d"), re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?:example|test|invalid)(?:/\S*)?|https?://\S+")


def plain(text: str) -> str:
    """The text in small letters with single spaces."""
    return " ".join(text.casefold().split())


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """The same with one sign for each link and each digit: what stays when a sender only changes these."""
    return DIGITS.sub("0", LINK.sub("<link>", plain(text)))


RARE = "parcel"
"""The unwanted type of which nearly nothing was trained on."""
RARE_IN_TRAINING = 1


def _with_a_rare_type(train: list[Labelled], test: list[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """Training messages with hardly any of one unwanted type, and test messages that begin with those of it.

    From all of them the filter of words that reads no note would find every unwanted test message in half of the draws.
    The worked example shows that only a leak does that.
    """
    rare = [one.record["id"] for one in train if one.facts["type"] == RARE]
    gone = set(rare[RARE_IN_TRAINING:])
    return ([one for one in train if one.record["id"] not in gone],
            sorted(test, key=lambda one: one.facts["type"] != RARE))


def _with_copies(train: list[Labelled], test: list[Labelled], rng: random.Random, scale: float) -> list[Labelled]:
    """The test messages, of which some are copies of training messages: word for word, or with other digits and links.

    Copies that the texts had by chance are taken out first, so that nothing but what is planted counts.
    """
    known = {bare(one.record["text"]) for one in train}
    left = [one for one in test if bare(one.record["text"]) not in known]
    counts = Counter(bare(one.record["text"]) for one in train)
    long = [one for one in train if len(one.record["text"]) > 40 and counts[bare(one.record["text"])] == 1]
    changed = [one for one in long if bare(one.record["text"]) != plain(one.record["text"])]
    exact, near = int(scale * rng.randint(8, 20)), int(scale * rng.randint(18, 50))
    first = rng.sample(long, exact)
    sources = first, rng.sample([one for one in changed if one not in first], near)
    twice = rng.sample(sources[0], 2)
    copies = [(one, one.record["text"]) for one in sources[0]]
    copies += [(one, _other_numbers(one.record["text"], rng)) for one in sources[1]]
    room = min(len(left), int(scale * 210)) - len(copies)
    kept = [(one, one.record["text"]) for one in left[:room]]
    placed = kept + copies
    rng.shuffle(placed)
    _copy_inside(train, twice, rng, {one.record['id'] for one in (*sources[0], *sources[1])}, (exact, near))
    return [labelled_record({**one.record, "id": f"{_set(test)}-{number:04d}", "text": text,
                             "note": _note(str(one.facts["label"]), rng), "old": _old(one.facts, rng)},
                            one.facts)
            for number, (one, text) in enumerate(placed, 1)]


def _copy_inside(train: list[Labelled], twice: list[Labelled], rng: random.Random, sources: set[Any],
                 planted: tuple[int, int]) -> None:
    """Put two texts a second time, and some others twice, into the training messages, in the place of others.

    How many others is chosen so that the number of such messages is none of the numbers that the test's copies give.
    """
    counts = Counter(bare(one.record["text"]) for one in train)
    free = [place for place, one in enumerate(train)
            if counts[bare(one.record["text"])] == 1 and one.record["id"] not in sources]
    others = [train[place] for place in free if len(train[place].record["text"]) > 40]
    there = sum(count for count in counts.values() if count > 1)
    exact, near = planted
    taken = {exact, exact + near, exact + near + len(twice), near}
    fits = [more for more in range(2, 9) if there + 2 * (len(twice) + more) not in taken]
    again = [*twice, *rng.sample(others, rng.choice(fits))]
    gone = {one.record["id"] for one in again}
    places = rng.sample([place for place in free if train[place].record["id"] not in gone], len(again))
    for place, one in zip(places, again, strict=True):
        old = train[place].record
        train[place] = labelled_record({**one.record, "id": old["id"], "sent": old["sent"]}, one.facts)


def _set(records: list[Labelled]) -> str:
    return str(records[0].record["id"]).rpartition("-")[0]


def _other_numbers(text: str, rng: random.Random) -> str:
    """The text with other digits, those inside links too; at least one is another, lengths stay."""
    places = [found.start() for found in DIGITS.finditer(text)]
    signs = list(text)
    for place in places:
        signs[place] = str(rng.randrange(10))
    if places and "".join(signs) == text:
        signs[places[-1]] = str((int(text[places[-1]]) + 1) % 10)
    if places:
        return "".join(signs)
    return ENDING.sub(lambda found: f"{rng.randint(2, 98)}{found[0]}", text, count=1)


# -- tables -------------------------------------------------------------------------------------------------------

STEP = 5
CUTS = tuple(range(5, 100, STEP))


def at_cut(rows: list[Row], cut: int) -> tuple[int, int]:
    """Wanted messages lost and unwanted ones missed where everything from `cut` on is caught."""
    return (sum(row["wanted"] for row in rows if row["from"] >= cut),
            sum(row["unwanted"] for row in rows if row["from"] < cut))


def best_cut(rows: list[Row], lost: float, missed: float) -> int | None:
    """The cut of least cost; None where two cost the same."""
    costs = sorted((lost * at_cut(rows, cut)[0] + missed * at_cut(rows, cut)[1], cut) for cut in CUTS)
    return costs[0][1] if costs[0][0] < costs[1][0] else None


def cut_answers(rows: list[Row], lost: float, missed: float) -> dict[str, int | None]:
    """The right cut and those of the known mistakes."""
    none_lost = [cut for cut in CUTS if at_cut(rows, cut)[0] == 0]
    return {"right": best_cut(rows, lost, missed), "costs-swapped": best_cut(rows, missed, lost),
            "fewest-errors": best_cut(rows, 1, 1), "lose-none": min(none_lost, default=None), "middle": 50}


def log_rows(rng: random.Random, costs: Mapping[str, int]) -> list[Row] | None:
    """What the old filter's log says by steps of score: numbers of wanted and unwanted messages."""
    centre, width = rng.uniform(30, 62), rng.uniform(9, 12)
    rows = []
    for start in range(0, 100, STEP):
        middle = start + STEP / 2
        total = 30 + 5000 * 2 ** (-middle / 6) + 260 * 2 ** ((middle - 100) / 9)
        share = 1 / (1 + 2.718 ** (-(middle - centre) / width))
        unwanted = round(total * share * rng.uniform(0.85, 1.15))
        wanted = round(total * (1 - share) * rng.uniform(0.85, 1.15))
        rows.append({"from": start, "to": start + STEP, "wanted": wanted, "unwanted": max(1, unwanted)})
    answers = cut_answers(rows, costs["lost"], costs["missed"])
    right = answers["right"]
    if right is None or not 55 <= right <= 85:
        return None
    clear = right + STEP * rng.choice((2, 3))
    for row in rows:
        if row["from"] >= clear:
            row["wanted"] = 0
        elif row["from"] >= right:
            row["wanted"] = max(1, row["wanted"])
    found = list(cut_answers(rows, costs["lost"], costs["missed"]).values())
    return rows if None not in found and len(set(found)) == len(found) else None


FEWEST = 20
NEAR = 10
BINS = (0, 20, 40, 60, 80)


def fit_verdict(row: Mapping[str, Any], *, few: bool = True) -> str:
    """Whether a step of scores keeps its promise: "fits", "high" (it says too much), "low", or "few" messages."""
    count = row["wanted"] + row["unwanted"]
    if few and count < FEWEST:
        return "few"
    apart = 100 * row["unwanted"] / count - (row["from"] + row["to"]) / 2
    return "fits" if abs(apart) <= NEAR else "low" if apart > 0 else "high"


def fit_rows(rng: random.Random) -> list[Row]:
    """Five steps of score with the messages that had them; each verdict stands at least once."""
    while True:
        verdicts = ["few", "fits", "high", "low", rng.choice(("fits", "high", "low"))]
        rng.shuffle(verdicts)
        if verdicts[0] != "high" and verdicts[4] != "low":
            break
    rows = []
    for start, verdict in zip(BINS, verdicts, strict=True):
        middle = start + 10
        for _ in range(MOST_TRIES):
            count = rng.randint(6, 14) if verdict == "few" else rng.randint(60, 400)
            way = verdict if verdict != "few" else ("low" if middle < 50 else "high")
            apart = {"fits": rng.uniform(-6, 6), "low": rng.uniform(18, 32), "high": rng.uniform(-32, -18)}[way]
            unwanted = round(count * min(0.98, max(0.02, (middle + apart) / 100)))
            row = {"from": start, "to": start + 20, "wanted": count - unwanted, "unwanted": unwanted}
            exact = 100 * unwanted / count - middle
            if fit_verdict(row, few=False) == way and (abs(exact) <= 7 or abs(exact) >= 14):
                rows.append(row)
                break
    return rows


def month_rows(rng: random.Random) -> list[Row] | None:
    """A year of the old filter. The share that it finds falls in one month and stays low."""
    change = rng.randint(4, 9)
    small, busy = rng.sample(range(1, change - 1), 2) if change > 4 else (1, 2)
    worst = rng.randint(change + 1, 11)
    first = date(2025, 7, 1)
    rows = []
    for place in range(12):
        month = (first + timedelta(days=31 * place)).strftime("%Y-%m")
        unwanted = rng.randint(130, 220)
        share = rng.uniform(0.91, 0.96)
        if place == small:
            unwanted, share = rng.randint(8, 12), rng.uniform(0.62, 0.75)
        elif place == busy:
            unwanted = rng.randint(520, 700)
        elif place == worst:
            share = rng.uniform(0.46, 0.52)
        elif place >= change:
            share = rng.uniform(0.60, 0.76)
        wanted = rng.randint(700, 900)
        rows.append({"month": month, "unwanted": unwanted, "found": round(unwanted * share), "wanted": wanted,
                     "lost": round(wanted * rng.uniform(0.004, 0.012))})
    return rows if len(set(month_answers(rows).values())) == 4 else None


def month_answers(rows: list[Row]) -> dict[str, str]:
    """The month of the change and those of the known mistakes."""
    share = {row["month"]: row["found"] / row["unwanted"] for row in rows}
    enough = [row for row in rows if row["unwanted"] >= FEWEST]
    low = [row["month"] for row in enough if share[row["month"]] < 0.85]
    return {"right": low[0] if low else "", "small-month": min(rows, key=lambda row: row["unwanted"])["month"],
            "busy-month": max(rows, key=lambda row: row["unwanted"])["month"],
            "worst-month": min(enough, key=lambda row: share[row["month"]])["month"]}


def count_row(rng: random.Random) -> Row | None:
    """One cut of the old filter in four numbers."""
    wanted, unwanted = rng.randint(500, 1600), rng.randint(160, 420)
    lost, missed = rng.randint(7, 30), rng.randint(24, 90)
    row = {"caught_unwanted": unwanted - missed, "caught_wanted": lost, "let_unwanted": missed,
           "let_wanted": wanted - lost}
    values = sorted(count_answers(row).values())
    return row if all(after - before >= 0.4 for before, after in itertools.pairwise(values)) else None


def count_answers(row: Mapping[str, int]) -> dict[str, float]:
    """The share of wanted messages that is lost, in percent, and what the known mistakes give."""
    lost, missed = row["caught_wanted"], row["let_unwanted"]
    wanted, unwanted = lost + row["let_wanted"], missed + row["caught_unwanted"]
    return {"right": round(100 * lost / wanted, 1), "of-the-caught": round(100 * lost / (lost + unwanted - missed), 1),
            "of-all": round(100 * lost / (wanted + unwanted), 1),
            "all-errors": round(100 * (lost + missed) / (wanted + unwanted), 1),
            "the-missed": round(100 * missed / unwanted, 1)}


# (name, what it is, what it looks like, whether it is written after the filter has decided)
LEAKS_STRONG = (
    ("case", "number of the case at the desk", "C-{n}"), ("refund", "money paid back to the customer", "{n} minutes"),
    ("closed_by", "who closed the case", "desk {n}"), ("block", "rule by which the sender was blocked", "R-{n}"),
)
LEAKS_WEAK = (
    ("complaints", "complaints about the message", "{d}"), ("replies", "answers that customers sent back", "{d}"),
    ("calls", "calls of the customer to the help desk", "{d}"), ("forwarded", "copies that came to 7726", "{d}"),
)
STRONG = (
    ("links", "links in the text", "{d}"), ("rate", "messages of this sender in the hour before", "{n}"),
    ("known", "days since this sender was first seen", "{n}"),
)
ODD = (
    ("hour", "hour of the day", "{h}"), ("signs", "letters and signs in the text", "{n}"),
    ("route", "network that handed it over", "route {d}"), ("capitals", "capital letters in the text", "{d}"),
    ("place", "line of the table", "{n}"), ("cell", "part of the country", "area {d}"),
)


def column_rows(rng: random.Random, leaks: int, odd: int) -> list[Row]:
    """Columns of the desk's table: how much each tells alone, and when its value was written.

    leaks: 1 (only one that tells little) or 2 (one that tells nearly all as well).
    """
    arrived = datetime(2026, 2, rng.randint(1, 27), rng.randint(7, 20), rng.randrange(60), rng.randrange(50))
    rows = [_column(rng, rng.choice(LEAKS_WEAK), arrived, rng.randint(21, 38), late=True)]
    if leaks > 1:
        rows.append(_column(rng, rng.choice(LEAKS_STRONG), arrived, rng.randint(97, 99), late=True))
    rows.append(_column(rng, rng.choice(STRONG), arrived, rng.randint(84, 93), late=False))
    rows += [_column(rng, one, arrived, rng.randint(2, 30), late=False) for one in rng.sample(ODD, odd)]
    rng.shuffle(rows)
    return rows


def _column(rng: random.Random, one: tuple[str, str, str], arrived: datetime, alone: int, *, late: bool) -> Row:
    after = timedelta(minutes=rng.randint(35, 4000), seconds=rng.randrange(60))
    name, about, example = one
    shown = example.format(n=rng.randint(11, 480), d=rng.randint(1, 6), h=arrived.hour)
    return {"column": name, "about": about, "example": shown, "alone": alone,
            "decided": f"{arrived + timedelta(seconds=2):%Y-%m-%d %H:%M:%S}",
            "written": f"{arrived + (after if late else timedelta(seconds=rng.randrange(2))):%Y-%m-%d %H:%M:%S}"}


HEAVY = ("winner", "jackpot", "bitcoin", "casino", "congratulations", "unlock", "lottery", "inheritance")
_WORDS = re.compile(r"[A-Za-z]{4,}")


def case_row(rng: random.Random, train: list[Labelled]) -> Row | None:
    """A wanted message that the old filter caught, and the words of its list: some of them are not in the message."""
    honest = [one.record["text"] for one in train if one.facts["label"] == "ham"
              and one.facts["type"] in {"bank_notice", "delivery", "otp", "alerts", "appointment", "work", "school"}]
    text = rng.choice(honest)
    words = sorted({found.casefold() for found in _WORDS.findall(text)})
    if len(words) < 6:
        return None
    picked = rng.sample(words, 5)
    weights = [(word, rng.randint(12, 38)) for word in picked[:3]]
    weights += [(word, -rng.randint(4, 9)) for word in picked[3:]]
    weights += [(word, rng.randint(40, 60)) for word in rng.sample([one for one in HEAVY if one not in words], 2)]
    rng.shuffle(weights)
    start = rng.randint(8, 14)
    score = start + sum(weight for word, weight in weights if word in words)
    cut = 5 * (score // 5)
    return {"text": text, "start": start, "words": [word for word, _ in weights],
            "weights": [weight for _, weight in weights], "score": score, "cut": cut} if score - cut >= 1 else None


def mini_rows(rng: random.Random, train: list[Labelled]) -> list[Row]:
    """Six messages with scores: one wanted one above the cut of 50, one unwanted one below it."""
    def short(label: str) -> Iterator[str]:
        texts = sorted({one.record["text"] for one in train
                        if one.facts["label"] == label and 25 < len(one.record["text"]) <= 90})
        yield from rng.sample(texts, 3)

    scores = {"spam": (rng.randint(24, 40), rng.randint(70, 84), rng.randint(86, 97)),
              "ham": (rng.randint(3, 12), rng.randint(14, 22), rng.randint(55, 68))}
    rows = [{"label": label, "score": score, "text": text}
            for label, found in scores.items() for score, text in zip(found, short(label), strict=True)]
    rng.shuffle(rows)
    return rows


def vote_rows(rng: random.Random) -> list[Row]:
    """Two filters on the same messages: one is right more often, the other costs less."""
    wanted, unwanted = 20 * rng.randint(45, 55), 20 * rng.randint(14, 18)
    often = {"lost": rng.randint(24, 34), "missed": rng.randint(4, 10)}
    cheap = {"lost": rng.randint(2, 4), "missed": rng.randint(44, 60)}
    pair = [often, cheap]
    rng.shuffle(pair)
    return [{"filter": name, "wanted": wanted, "unwanted": unwanted, **one}
            for name, one in zip("AB", pair, strict=True)]


def exit_rows(rng: random.Random, costs: Mapping[str, int]) -> list[Row]:
    """Four cuts of a filter: the fewest errors and the least cost lie apart."""
    rows = [{"cut": 30, "lost": rng.randint(60, 70), "missed": rng.randint(4, 8)},
            {"cut": 50, "lost": rng.randint(18, 22), "missed": rng.randint(15, 25)},
            {"cut": 70, "lost": rng.randint(3, 5), "missed": rng.randint(62, 72)},
            {"cut": 90, "lost": 0, "missed": rng.randint(170, 190)}]
    ratio = costs["lost"] / costs["missed"]
    third, last = rows[2], rows[3]
    if ratio * third["lost"] + third["missed"] >= last["missed"]:
        last["missed"] = int(ratio * third["lost"] + third["missed"]) + rng.randint(8, 30)
    return rows
