"""Shows the tables of the case, and writes the files to take home. It decides nothing and knows no answer."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from spamlab.kit import dataset
from spamlab.kit.errors import KitError
from spamlab.kit.figure import INK, new_axes, show_figure
from spamlab.kit.session import session

__all__ = [
    "show_countries", "show_desk", "show_doubts", "show_example", "show_findings", "show_forms", "show_harm",
    "show_laws", "show_memo", "show_order", "show_play", "show_staff", "show_vote", "take_home",
]


MADE_BY = "Source: simulated, spamlab model"
"""Below each figure, so that nobody takes it for a count."""


def _new(part: str) -> str:
    """The beginning of a set's name in one part of a question."""
    if part not in ("practice", "points"):
        raise KitError('Write "practice" or "points" between the quotation marks.')
    return "new" if part == "points" else ""


def _rows(part: str, name: str) -> list[dict[str, Any]]:
    return list(dataset(f"{_new(part)}{name}"))


def _country(part: str) -> dict[str, Any]:
    return _rows(part, "economy")[0]


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    show_figure(None, title=title, alt="", heads=heads, rows=rows)


def signed(value: float) -> str:
    """A number with its sign and three digits that count."""
    kept = float(f"{value:.3g}")
    return f"{kept:+,.0f}" if abs(kept) >= 100 else f"{kept:+g}"


def _change(percent: int) -> str:
    return f"{percent:+d}%" if percent else "0%"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


# -- the case -----------------------------------------------------------------------------------------------------


def show_countries() -> None:
    """The neighbour and the own country, side by side."""
    if session().graded:
        return
    first, own = _country("practice"), _country("points")
    what = [
        ("country", "place"), ("kind of economy", "kind"), ("known for", "about"), ("people, million", "people"),
        ("income a head and year, US dollars", "income"), ("SIM cards, million", "sims"),
        ("people on the internet, percent", "internet"), ("people at the regulator", "staff"),
        ("officers for spam", "officers"), ("money for measures, US dollars a year", "budget")]
    rows = [[label, *(one[key] if isinstance(one[key], str) else _number(one[key]) for one in (first, own))]
            for label, key in what]
    rows.append(["shares of operators, percent", *(", ".join(f"{share:g}" for share in one["shares"])
                                                   for one in (first, own))])
    _table("Two countries", ["", "the neighbour (practice)", "yours (for points)"], rows)


def show_harm() -> None:
    """What each channel does to the neighbour in a year without any measure."""
    rows = [[one["channel"], f"{one['messages']:,.0f}", f"{one['victims']:,.0f}"] for one in dataset("mini")]
    _table(f"{_country('practice')['place']}: a year without any measure",
           ["channel", "unwanted messages delivered, million", "people who lost money"], rows)


def show_example(tries: int = 2) -> None:
    """The neighbour's register: its first try, or both."""
    rows = [[one["try"], _change(one["texts"]), _change(one["all"]), f"{one['lost']:g}%", signed(one["worth"])]
            for one in list(dataset("example"))[:tries]]
    _table(f"{_country('practice')['place']}: a register of sender names, with audits, in the model",
           ["the register", "victims by text message, year 3", "victims, all channels, year 3",
            "wanted text messages lost, first week of the block", "worth in three years, million dollars"], rows)


# -- the questions ------------------------------------------------------------------------------------------------


def show_findings(part: str = "practice") -> None:
    """What was measured, row by row of the table of evidence."""
    rows = [[number, one["rows"], one["finding"], one["source"]]
            for number, one in enumerate(_rows(part, "claims"), 1)]
    _table(f"Findings, {part}", ["for statement", "rows", "what was measured", "source"], rows)


def show_laws(part: str = "practice") -> None:
    """Two laws in our own words, with section, status and the day on which they were looked up."""
    both = _rows(part, "laws")
    what = [("text, in our words", "excerpt"), ("law", "law"), ("section", "section"), ("tradition", "tradition"),
            ("status", "status"), ("read", "basis"), ("checked on", "checked"), ("short name", "code")]
    _table(f"Two laws, {part}", ["", *(one["place"] for one in both)],
           [[label, *(one[key] for one in both)] for label, key in what])


def show_order(part: str = "practice") -> None:
    """Five measures: what each needs, and the weeks of its set-up."""
    _table(f"Five measures, {part}", ["measure", "needs", "weeks of set-up", "short name"],
           [[one["title"], ", ".join(one["needs"]) or "nothing", one["weeks"], one["code"]]
            for one in _rows(part, "order")])


def show_vote() -> None:
    """Two plans for the neighbour, in money."""
    both = list(dataset("vote"))
    small = max(one["avoided"] for one in both) < 10
    rows = [[one["plan"], *(f"{one[key] * (1000 if small else 1):,.0f}" for key in ("avoided", "lost", "cost"))]
            for one in both]
    _table(f"Two plans for {_country('practice')['place']}, three years, {'thousand' if small else 'million'} dollars, "
           "in the model",
           ["plan", "harm of fraud prevented", "wanted messages lost (minus: fewer than today)", "costs of all"], rows)


def show_staff(part: str = "practice") -> None:
    """A plan: who sets up, who runs, what never comes into force."""
    one = _rows(part, "staff")[0]
    rows = [[measure["title"], "never" if measure["week"] is None else f"week {measure['week']}",
             f"{measure['setup'] / measure['weeks']:.2f} for {measure['weeks']} weeks", f"{measure['run']:.2f}"]
            for measure in one["measures"]]
    rows.append(["officers hired (by Officers for enforcement)", "with it", "", f"+{one['hired']:g}"])
    _table(f"{_country(part)['place']}, {part}: a plan of {one['years']} years; officers for spam: {one['officers']:g}",
           ["measure", "in force", "officers to set up", "officers to run"], rows)


def show_play(part: str = "practice") -> None:
    """What a measure did to victims, channel by channel, in the third year."""
    if session().graded:
        return
    one = _rows(part, "play")[0]
    channels = one["channels"]
    before = [row["before"] for row in channels]
    after = [row["before"] * (1 + row["change"] / 100) for row in channels]
    figure, axes = new_axes()
    places = range(len(channels))
    axes.bar([place - 0.2 for place in places], before, width=0.38, color="#c9ccd1", edgecolor=INK, label="without it")
    axes.bar([place + 0.2 for place in places], after, width=0.38, color="#5f6368", edgecolor=INK, hatch="///",
             label="with it")
    axes.set_xticks(list(places), [row["channel"] for row in channels])
    axes.set_xlabel(MADE_BY)
    axes.set_ylabel("victims in the third year (people)")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    best = min(channels, key=lambda row: row["change"])
    show_figure(
        figure, title=f"{_country(part)['place']}, {part}: victims without and with {one['title']}",
        alt=f"Victims by channel; by {best['channel']} they changed by {best['change']:+d} percent. More in the table.",
        heads=["channel", "victims without", "victims, change", "messages without, million", "messages, change"],
        rows=[[row["channel"], f"{row['before']:,}", _change(row["change"]), f"{row['messages']:,}",
               _change(row["messages_change"])] for row in channels])


def show_doubts(part: str = "practice") -> None:
    """How much better the first policy is where each assumption lies low, and where it lies high."""
    if session().graded:
        return
    rows = _rows(part, "doubt")
    figure, axes = new_axes(height=3.6)
    for place, row in enumerate(rows):
        axes.plot([row["low"], row["high"]], [place, place], color=INK, linewidth=2)
        for end, mark in (("low", "o"), ("high", "D")):
            axes.plot([row[end]], [place], color=INK, marker=mark, linestyle="none",
                      label=f"{end} end" if not place else None)
    axes.axvline(0, color=INK, linestyle="--", linewidth=1)
    axes.set_yticks(range(len(rows)), [str(place) for place in range(1, len(rows) + 1)])
    axes.invert_yaxis()
    axes.set_ylabel("assumption (number in the table)")
    axes.set_xlabel("first policy better by (million dollars); left of 0 the second is better\n" + MADE_BY)
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    show_figure(
        figure, title=f"{_country(part)['place']}, {part}: how much better is the first policy?",
        alt="For each assumption a line from its low to its high end; the numbers stand in the table.",
        heads=["", "assumption", "high end against low end", "if it is low", "if it is high", "short name"],
        rows=[[place, row["assumption"],
               f"{row['times']:g} times; {_source(row['sources'])}; confidence {row['confidence']}", signed(row["low"]),
               signed(row["high"]), row["code"]] for place, row in enumerate(rows, 1)])


def _source(rows: str) -> str:
    """Where an assumption's range comes from: rows of the evidence, or nobody has counted it."""
    return "our own guess" if rows == "own" else f"rows {rows}"


# -- the policy ---------------------------------------------------------------------------------------------------

FIRST_TRY = (("complaint-line", 0), ("sms-firewall", 0), ("awareness-campaign", 16))
"""What stands at the desk before a policy is saved: something to change, no advice."""


def saved_policy(answer: Any) -> Any:
    """The policy that was saved in question 6, as a form or as a text; None where there is none or it has faults."""
    from spamlab.errors import ContentError
    from spamlab.policy.document import policy_of, read_policy

    try:
        if isinstance(answer, str) and answer.strip():
            return read_policy(answer)
        return policy_of(answer) if isinstance(answer, Mapping) and answer else None
    except ContentError:
        return None


def show_desk(answer: Any = None, part: str = "points") -> None:
    """A desk for free replays: the saved policy, or a first try, in the scenarios that everybody may see."""
    if session().graded:
        return
    from spamlab.kit.policy_desk import policy_desk
    from spamlab.policy.document import Measure, Policy
    from spamlab.policy.economies import economy_named

    name = _country(part)["economy"]
    policy = saved_policy(answer)
    if policy is None or policy.economy != name:
        policy = Policy("First try", name, 3, tuple(Measure(one, week, {}) for one, week in FIRST_TRY), {})
    policy_desk(policy, economy_named(name))


FORMS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("as in this lab", {}), ("money goes to the one place that pays best", {"displacement": "winner"}),
    ("capacity comes back the faster, the more it pays", {"rebuild": "margin"}),
    ("people never lose trust", {"trust": False}))
"""Forms of the model about which nobody is sure."""
FORM_RUNS = 48


def show_forms(answer: Any = None) -> None:
    """What the saved policy is worth in other forms of the model, in quiet times."""
    policy = saved_policy(answer)
    if session().graded:
        return
    if policy is None:
        print("No policy is saved yet, or it has faults. Save one in question 6, then run this cell again.")
        return
    import numpy as np

    from spamlab.policy.economies import economy_named
    from spamlab.policy.play import Structure, play
    from spamlab.policy.scenarios import read_scenarios

    rows = []
    for words, form in FORMS:
        made = play([policy], economy_named(policy.economy), [read_scenarios()["calm"]], runs=FORM_RUNS, seed="forms",
                    structure=Structure(**form))
        low, middle, high = np.quantile(made.gain()[0, 0], (0.05, 0.5, 0.95))
        rows.append([words, signed(float(middle)), f"{signed(float(low))} to {signed(float(high))}"])
    _table("Your policy in other forms of the model", ["the model", "worth, million dollars", "nine of ten runs"], rows)


def policy_text(answer: Any) -> str:
    """The saved policy as TOML, to keep; "" where there is none."""
    from spamlab.policy.document import policy_toml

    policy = saved_policy(answer)
    return policy_toml(policy) if policy is not None else ""


# -- memo and files -----------------------------------------------------------------------------------------------

WIDTH = 90
"""Signs in a row of the memo."""
MEMO_TEXT = """First measures: {first}
Money and officers: {means}
Findings: {evidence}
Rights and the way back: {rights}
A law abroad: {law}
What would reverse this advice: {doubt}

{text}

Numbers of effects are those of a model. They follow from its assumptions, and prove nothing.
"""
MEMO = ("first", "means", "evidence", "rights", "law", "doubt", "text")


def memo_text(answer: Mapping[str, str] | None) -> str:
    """The memo of question 8 as one text; says so where nothing is written yet."""
    if not answer:
        return "The memo is not written yet."
    parts = {key: str(answer.get(key) or "...") for key in MEMO}
    parts["text"] = "\n".join(textwrap.fill(row, WIDTH) for row in parts["text"].splitlines())
    return MEMO_TEXT.format(**parts)


def show_memo(answer: Mapping[str, str] | None) -> None:
    """Show the memo of question 8."""
    from spamlab.kit import show_text

    show_text(memo_text(answer))


CARD = """When ______________________________, I will ______________________________,
with ______________________________; what may stop me is ______________________________.

Look at this card again in 30 days. What happened?
"""

WORDS = {
    "before": "consent comes first", "refuse": "until somebody refuses", "register": "a register decides",
    "mail": "e-mail alone", "text": "text messages alone", "calls": "calls alone",
    "mail-text": "e-mail and text messages", "text-calls": "text messages and calls",
    "all": "e-mail, texts and calls", "state": "the state fines the sender",
    "crime": "criminal: fine or prison", "claim": "the harmed can claim money",
    "operator": "the operator pays", "members": "each member state decides",
}


LAWS_HEAD = """# The law of four jurisdictions

The columns on consent, channels and breach are your own answers. Those of the first two places were checked: where it
says "look it up", yours was not right yet. Those of the last two were not checked: compare them with the section. Open
the text of a law before you rely on it: this is no legal advice, and the last column says what was read, and when.
"""


def laws_text(answers: Sequence[Mapping[str, Any] | None]) -> str:
    """The four laws as a table in Markdown: cells as the participant filled them, sources as handed out.

    answers: those of the practice, None where they were not right, then those for points, which nobody has checked.
    """
    lines = [LAWS_HEAD, "| place | consent | covers | a breach | law, section and status | what was read |",
             "| --- |" + " --- |" * 5]
    for part, missing, answer in zip(("practice", "points"), ("look it up", "not filled"), answers, strict=False):
        for one in _rows(part, "laws"):
            cells = (answer or {}).get(one["code"]) or {}
            own = [WORDS.get(str(cells.get(key)), missing) for key in ("consent", "covers", "follows")]
            cells = [f"{one['place']} ({one['tradition']})", *own,
                     f"{one['law']}; {one['section']}; {one['status']}", f"{one['basis']}; checked {one['checked']}"]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def take_home(policy: Any, memo: Mapping[str, str] | None, laws: Sequence[Mapping[str, Any] | None],
              save: Callable[[str, str], None]) -> None:
    """Write the files to take home with `save(name, text)`: policy, memo, table of laws, card."""
    save("memo.txt", memo_text(memo))
    save("laws.md", laws_text(laws))
    save("card.txt", CARD)
    text = policy_text(policy)
    if text:
        save("policy.toml", text)
    else:
        print("No policy is written: question 6 is not answered yet, or its policy has faults.")
