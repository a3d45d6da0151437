"""Makes a filter from four choices, and shows what it does: scikit-learn's parts, few lines each.

Where you work, read `build_filter` first: it is the whole filter.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from spamlab.kit import dataset
from spamlab.kit.desk import desk
from spamlab.kit.errors import KitError
from spamlab.kit.figure import INK, new_axes, picture_html, show_figure, table_html
from spamlab.kit.session import session

__all__ = [
    "FIRST", "build_filter", "show_columns", "show_copies", "show_cuts", "show_fit", "show_mini",
    "show_months", "show_note", "show_result", "show_vote", "show_words", "take_home",
]

CHOICES = ("learns", "label", "reads", "says")
"""The four fields of the filter form."""

FIRST = {"learns": "winter", "label": "desk", "reads": "note", "says": "unwanted"}
"""The filter of the worked example."""

LIMIT = 0.02
"""The share of wanted messages that may be lost."""


# -- the filter ---------------------------------------------------------------------------------------------------


def build_filter(choices: Mapping[str, str] | None) -> Any:
    """The filter that the form's four choices make, trained on your messages; None while one of them is open.

    learns: "winter" (January to March), "april" or "both". label: "desk" or "old" (what the old filter said).
    reads: "note" (the desk's note), "length", "words" or "letters" (groups of two to four). says: "unwanted" (a high
    score means so) or "wanted". It gives numbers from 0 to 1 for a list of texts: predict_proba.
    """
    if not isinstance(choices, Mapping) or not all(choices.get(key) for key in CHOICES):
        print("No filter is chosen yet. Fill in the form above, save it, then run this cell again.")
        return None
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    messages = {"winter": dataset("train"), "april": dataset("later"),
                "both": dataset("train") + dataset("later")}[choices["learns"]]
    texts = messages.column("note") if choices["reads"] == "note" else messages.texts
    labels = messages.labels if choices["label"] == "desk" else messages.column("old")
    unwanted = [int((label == "spam") == (choices["says"] == "unwanted")) for label in labels]
    made = make_pipeline(_reader(choices["reads"]), LogisticRegression(C=30, solver="liblinear"))
    made.fit(texts, unwanted)
    made.made_from, made.made_by, made.learnt = dict(choices), "build_filter", set(messages.column("id"))
    return made


def _reader(reads: str) -> Any:
    """The part that turns texts into numbers."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import FunctionTransformer

    if reads == "length":
        return FunctionTransformer(_lengths)
    if reads == "letters":
        return TfidfVectorizer(preprocessor=seen, analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True,
                               max_features=8000)
    return TfidfVectorizer(preprocessor=seen, token_pattern=r"(?u)\b\w+\b", sublinear_tf=True)


ENDING = re.compile(r"\.(?:example|test|invalid)\b")


def seen(text: str) -> str:
    """The text as a filter reads it: small letters; the ending of an invented link becomes the word LINK."""
    return ENDING.sub(" LINK ", text.lower())


def _lengths(texts: Sequence[str]) -> list[list[float]]:
    return [[len(text) / 100, len(text.split()) / 20] for text in texts]


def scores(filter_: Any, messages: Any) -> list[float]:
    """The filter's score of each message, from 0 to 100."""
    texts = messages.column("note") if getattr(filter_, "made_from", {}).get("reads") == "note" else messages.texts
    return [100 * float(row[-1]) for row in filter_.predict_proba(texts)]


def show_result(filter_: Any, messages: Any, cut: float = 50) -> None:
    """What a filter finds and loses on messages with labels; everything from `cut` on is caught."""
    if filter_ is None or session().graded:
        return
    found = scores(filter_, messages)
    pairs = list(zip(messages.labels, found, strict=True))
    spam, ham = ([score for label, score in pairs if label == one] for one in ("spam", "ham"))
    seen = len(set(messages.column("id")) & getattr(filter_, "learnt", set()))
    rows = [["unwanted, found", _of(sum(score >= cut for score in spam), len(spam))],
            ["wanted, lost", _of(sum(score >= cut for score in ham), len(ham))]]
    if seen:
        rows.append(["trained on", f"{seen} of these {len(messages)} messages: it has seen the answers"])
    from spamlab.filtering import recall_at_limit

    limit = recall_at_limit(messages.labels, [score / 100 for score in found], LIMIT)
    rows.append([f"unwanted, found with at most {100 * LIMIT:.0f}% of wanted lost",
                 f"{_of(limit.found, limit.spam)}; likely between {100 * limit.low:.0f}% and {100 * limit.high:.0f}%"])
    show_figure(None, title=f"Set {messages.name}, cut {cut:g}", alt="", heads=["what", "how many"], rows=rows)


def show_words(filter_: Any, text: str = "") -> None:
    """The words or letters with the largest weights in a filter, or those that made the score of one text."""
    if filter_ is None or session().graded:
        return
    from spamlab.filtering import explain, top_terms

    try:
        if text:
            table = explain(filter_, text, top=12)
            rows = [[row.term, f"{row.contribution:+.2f}"] for row in table.itertuples()]
            show_figure(None, title="What pushed this message", alt="", heads=["part", "push"], rows=rows)
            return
        table = top_terms(filter_, top=8)
    except ValueError:
        print("This filter reads no words, so it has none to show.")
        return
    table = table.sort_values("weight")
    figure, axes = new_axes(height=3.8)
    bars = axes.barh([f"“{one}”" for one in table["term"]], table["weight"], color="#9aa0a6", edgecolor=INK)
    for bar, weight in zip(bars, table["weight"], strict=True):
        bar.set_hatch("" if weight < 0 else "///")
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_xlabel("weight (right, striped: speaks for unwanted)")
    show_figure(figure, title="Which parts weigh most?",
                alt=f"Largest weight for unwanted: {table['term'].iloc[-1]}; for wanted: {table['term'].iloc[0]}.",
                heads=["part", "weight", "speaks for"],
                rows=[[row.term, f"{row.weight:+.1f}", "unwanted" if row.weight > 0 else "wanted"]
                      for row in table.iloc[::-1].itertuples()])


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.1f}%)" if whole else "none"


# -- the tables of the case ----------------------------------------------------------------------------------------


def _new(part: str) -> str:
    """The beginning of a set's name in one part of a question."""
    if part not in ("practice", "points"):
        raise KitError('Write "practice" or "points" between the quotation marks.')
    return "new" if part == "points" else ""


def show_mini() -> None:
    """Six messages with their scores."""
    rows = [[row["score"], "unwanted" if row["label"] == "spam" else "wanted", row["text"]]
            for row in sorted(dataset("mini"), key=lambda row: -row["score"])]
    show_figure(None, title="Six messages, highest score first", alt="", heads=["score", "label", "text"], rows=rows)


DIGITS = re.compile(r"\d")
LINK = re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?:example|test|invalid)(?:/\S*)?|https?://\S+")
WAYS = {"exact": "sign for sign", "plain": "without capitals and double spaces",
        "bare": "without capitals, digits and links"}


def compared(text: str, way: str) -> str:
    """The text as it is compared."""
    if way == "exact":
        return text
    text = " ".join(text.casefold().split())
    return text if way == "plain" else DIGITS.sub("0", LINK.sub("<link>", text))


def copies(train: Sequence[str], test: Sequence[str], way: str) -> dict[str, int]:
    """How often the same text stands on both sides, and inside the training messages."""
    known = Counter(compared(text, way) for text in train)
    there = [known[compared(text, way)] for text in test]
    return {"copied": sum(1 for count in there if count), "pairs": sum(there),
            "inside": sum(count for count in known.values() if count > 1)}


def show_copies(part: str = "practice") -> None:
    """A desk on which the test messages are compared with the training messages."""
    new = _new(part)
    train, test = dataset(f"{new}train"), dataset(f"{new}test")

    def answer(values: dict[str, Any]) -> str:
        found = copies(train.texts, test.texts, values["way"])
        rows = [["test messages that have a copy among the training messages", found["copied"]],
                ["pairs of a test message and a copy of it", found["pairs"]],
                ["training messages that stand there more than once", found["inside"]]]
        known: dict[str, str] = {}
        for text in train.texts:
            known.setdefault(compared(text, values["way"]), text)
        other = [[known[key], text] for text in test.texts if (key := compared(text, values["way"])) in known]
        other.sort(key=lambda pair: pair[0] == pair[1])
        pairs = [[number, *pair] for number, pair in enumerate(other[:3], 1)]
        return (table_html(["what", "how many"], rows, caption=f"Compared {WAYS[values['way']]}")
                + (table_html(["", "training message", "its copy in the test"], pairs, caption="Some of them")
                   if other else ""))

    desk(f"Copies, {part}: {len(train)} training and {len(test)} test messages",
         [{"name": "way", "label": "Compare the texts", "widget": "choice",
           "options": [{"value": way, "label": label} for way, label in WAYS.items()]}],
         answer, start={"way": "exact"})


def show_columns(part: str = "practice") -> None:
    """The columns of the desk's table: what each tells alone, and when its value was written."""
    rows = dataset(f"{_new(part)}columns")
    show_figure(None, title=f"Columns, {part}: one message, which the filter decided at {rows[0]['decided']}", alt="",
                heads=["column", "what it is", "example", "finds alone", "written at"],
                rows=[[row["column"], row["about"], row["example"], f"{row['alone']} of 100", row["written"]]
                      for row in rows])


def show_vote() -> None:
    """Two filters on the same messages."""
    rows = [[row["filter"], f"{row['lost']} of {row['wanted']}", f"{row['missed']} of {row['unwanted']}",
             f"{100 - 100 * (row['lost'] + row['missed']) / (row['wanted'] + row['unwanted']):.1f}%"]
            for row in dataset("vote")]
    show_figure(None, title="Two filters on the same messages", alt="",
                heads=["filter", "wanted, lost", "unwanted, let through", "right decisions"], rows=rows)


def at_cut(rows: Any, cut: int) -> tuple[int, int]:
    """Wanted messages lost and unwanted ones let through where everything from `cut` on is caught."""
    return (sum(row["wanted"] for row in rows if row["from"] >= cut),
            sum(row["unwanted"] for row in rows if row["from"] < cut))


def show_cuts(part: str = "practice") -> None:
    """A desk: two costs in, the cost of every cut out."""
    rows = dataset(f"{_new(part)}log")
    cuts = range(5, 100, 5)

    def answer(values: dict[str, Any]) -> str:
        lost_cost, missed_cost = (_cost(values[key]) for key in ("lost", "missed"))
        counted = [(cut, *at_cut(rows, cut)) for cut in cuts]
        costs = [lost_cost * lost + missed_cost * missed for _, lost, missed in counted]
        figure, axes = new_axes(height=2.8)
        near = [place for place, cost in enumerate(costs) if cost <= 6 * min(costs) + 1]
        axes.plot([cuts[place] for place in near], [costs[place] for place in near], color=INK, marker="o",
                  markersize=4)
        axes.set_xlabel("cut (score from which messages are caught)")
        axes.set_ylabel("cost (minutes)")
        axes.yaxis.set_major_formatter("{x:,.0f}")
        axes.set_xlim(0, 100)
        axes.set_ylim(bottom=0)
        alt = (f"Cost in minutes by cut, from {costs[0]:,.0f} at cut 5 to {costs[-1]:,.0f} at cut 95; far higher ones "
               "are not drawn.")
        return picture_html(figure, alt) + table_html(
            ["cut", "wanted, lost", "unwanted, let through", "cost (minutes)"],
            [[cut, f"{lost:,}", f"{missed:,}", f"{cost:,.0f}"]
             for (cut, lost, missed), cost in zip(counted, costs, strict=True)],
            caption="Cost of each cut")

    desk(f"Costs, {part}", [{"name": "lost", "label": "A wanted message that is lost costs (minutes)",
                             "widget": "number"},
                            {"name": "missed", "label": "An unwanted message that comes through costs (minutes)",
                             "widget": "number"}], answer)


def _cost(value: Any) -> float:
    try:
        cost = float(str(value).replace(",", "."))
    except ValueError:
        cost = -1.0
    if not 0 <= cost < 1e6:
        raise KitError("A cost is a number of minutes, such as 5.")
    return cost


def show_fit(part: str = "practice") -> None:
    """Promise and truth: what the scores say, and how many messages were unwanted."""
    rows = dataset(f"{_new(part)}fit")
    names = [f"{row['from']} to {row['to']}" for row in rows]
    counts = [row["wanted"] + row["unwanted"] for row in rows]
    middles = [(row["from"] + row["to"]) / 2 for row in rows]
    shares = [100 * row["unwanted"] / count for row, count in zip(rows, counts, strict=True)]
    figure, axes = new_axes()
    places = range(len(rows))
    axes.bar(places, shares, color="#c9ccd1", edgecolor=INK, label="truth: unwanted in 100")
    axes.plot(places, middles, color=INK, marker="D", linestyle="--", label="promise: middle of the scores")
    axes.set_xticks(list(places), [f"{name}\n({count})" for name, count in zip(names, counts, strict=True)])
    axes.set_xlabel("score (number of messages)")
    axes.set_ylabel("unwanted in 100 messages")
    axes.set_ylim(0, 100)
    axes.legend(loc="upper left", frameon=False)
    show_figure(figure, title=f"Do the scores keep their promise? {part.capitalize()}",
                alt="Bars of truth and a dashed line of promise by score; the table has the numbers.",
                heads=["score", "messages", "promise, in 100", "truth, in 100"],
                rows=[[name, count, f"{middle:g}", f"{share:.0f}"]
                      for name, count, middle, share in zip(names, counts, middles, shares, strict=True)])


def show_months(part: str = "practice") -> None:
    """What the old filter found, month by month."""
    rows = dataset(f"{_new(part)}months")
    shares = [100 * row["found"] / row["unwanted"] for row in rows]
    from spamlab.filtering import proportion

    likely = [proportion(row["found"], row["unwanted"]) for row in rows]
    figure, axes = new_axes()
    below = [max(0.0, share - 100 * one.low) for share, one in zip(shares, likely, strict=True)]
    above = [max(0.0, 100 * one.high - share) for share, one in zip(shares, likely, strict=True)]
    axes.errorbar(range(len(rows)), shares, yerr=[below, above], color=INK, marker="o", capsize=3, linewidth=1)
    axes.set_xticks(range(len(rows)), [row["month"] for row in rows], rotation=45, ha="right")
    axes.set_xlabel("month")
    axes.set_ylabel("found, in 100 unwanted")
    axes.set_ylim(0, 100)
    show_figure(figure, title=f"What did the old filter find? {part.capitalize()}",
                alt=f"Share found by month, {shares[0]:.0f} in 100 at first and {shares[-1]:.0f} at last, "
                    "with the range that is likely.",
                heads=["month", "unwanted", "found, in 100", "likely between", "wanted, lost"],
                rows=[[row["month"], row["unwanted"], f"{share:.0f}", f"{100 * one.low:.0f} and {100 * one.high:.0f}",
                       f"{row['lost']} of {row['wanted']}"]
                      for row, share, one in zip(rows, shares, likely, strict=True)])


# -- take home ----------------------------------------------------------------------------------------------------

LAWFUL = (
    "Use real messages lawfully: those that your office may read, for as long as it may keep them.\n"
    "Take names and numbers out before you show a message to anybody. Ask your data protection officer first."
)

CHECKLIST = """# Checklist: may this filter decide?

1. Split. Does a text stand on both sides, also with other digits and links? Take it out of the test.
2. Split. For each column: when is its value written? Nothing from after the decision may be read.
3. Score. Found: of the unwanted. Lost: of the wanted. Never one percentage for both.
4. Score. Do 80 of 100 messages with score 80 turn out unwanted? Few messages say little.
5. Cut. What does a lost message cost, what one that comes through? Take the cut of least cost, or of the limit.
6. Explain. Which words pushed this message? Would the customer accept that reason?
7. Watch. Count found and lost every month, by type. What is new since the training?

{lawful}
"""

CARD = """When ______________________________, I will ______________________________,
with ______________________________; what may stop me is ______________________________.

Look at this card again in 30 days. What happened?
"""

PROGRAM = '''"""Scores text messages with the filter that was trained in the lab. Python alone is enough.

Run it: python3 score_messages.py messages.txt        (one message a line; the highest scores first)
{lawful}
It was trained on invented messages. On real ones it needs training anew: it is a sketch, not a shield.
"""

import json
import math
import re
import sys
from collections import Counter
from pathlib import Path

FILTER = json.loads((Path(__file__).parent / "filter.json").read_text(encoding="utf-8"))


def parts(text):
    text = re.sub(r"\\.(?:example|test|invalid)\\b", " LINK ", text.lower())
    if FILTER["reads"] == "words":
        return re.findall(r"\\b\\w+\\b", text)
    found = []
    for word in text.split():
        padded = " " + word + " "
        for size in range(2, 5):
            found.append(padded[:size])
            for start in range(1, len(padded) - size + 1):
                found.append(padded[start:start + size])
            if len(padded) <= size:
                break
    return found


def score(text):
    """The score from 0 to 100, and the parts that pushed it most."""
    values = {{}}
    for part, count in Counter(parts(text)).items():
        if part in FILTER["parts"]:
            weight, rarity = FILTER["parts"][part]
            values[part] = ((1 + math.log(count)) * rarity, weight)
    size = math.sqrt(sum(value * value for value, _ in values.values())) or 1.0
    pushes = {{part: value * weight / size for part, (value, weight) in values.items()}}
    total = FILTER["start"] + sum(pushes.values())
    return 100 / (1 + math.exp(-total)), sorted(pushes, key=lambda part: -abs(pushes[part]))[:4]


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Usage: python3 score_messages.py messages.txt (one message a line)")
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    for text in sorted((line for line in lines if line.strip()), key=lambda line: -score(line)[0]):
        number, why = score(text)
        print(f"{{number:5.1f}}  {{text}}   ({{', '.join(why)}})")
'''

WIDTH = 90
"""Signs in a row of the note."""


def note_text(answer: Mapping[str, str] | None) -> str:
    """The note of question 9 as one text; says so where nothing is written yet."""
    if not answer:
        return "The note is not written yet."
    parts = {key: str(answer.get(key) or "...") for key in ("cut", "found", "lost", "weak", "watch", "text")}
    parts["text"] = "\n".join(textwrap.fill(row, WIDTH) for row in parts["text"].splitlines())
    return ("Cut and its reason: {cut}\nFound: {found}\nLost: {lost}\nWhere it is weak: {weak}\n"
            "Looked at again: {watch}\n\n{text}\n").format(**parts)


def show_note(answer: Mapping[str, str] | None) -> None:
    """Show the note of question 9."""
    from spamlab.kit import show_text

    show_text(note_text(answer))


def filter_json(filter_: Any) -> str:
    """The filter as plain numbers, which `score_messages.py` reads; "" for one that reads no words or letters."""
    made = getattr(filter_, "made_from", {})
    if made.get("reads") not in ("words", "letters"):
        return ""
    reader, weigher = filter_.steps[0][1], filter_.steps[-1][1]
    names, weights = reader.get_feature_names_out(), weigher.coef_[0]
    kept = {str(name): [round(float(weight), 4), round(float(rarity), 4)]
            for name, weight, rarity in zip(names, weights, reader.idf_, strict=True)}
    return json.dumps({"reads": made["reads"], "start": round(float(weigher.intercept_[0]), 4), "parts": kept},
                      ensure_ascii=False)


def take_home(note: Mapping[str, str] | None, filter_: Any, save: Callable[[str, str], None]) -> None:
    """Write the files to take home with `save(name, text)`: checklist, note, card, and the filter as a program."""
    save("checklist.md", CHECKLIST.replace("{lawful}", LAWFUL))
    save("note.txt", note_text(note))
    save("card.txt", CARD)
    plain = filter_json(filter_) if filter_ is not None else ""
    if plain:
        save("filter.json", plain)
        save("score_messages.py", PROGRAM.format(lawful=LAWFUL))
    else:
        print("No program is written: my_filter is not built yet, or reads neither words nor letters.")
