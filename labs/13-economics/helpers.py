"""Tables, figures and desks of the lab: they add and divide; what is counted is your choice.

`show_budget` plays measures in the policy simulator (`spamlab.policy`). Its results are those of a model.
"""

from __future__ import annotations

import statistics
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from spamlab.kit import dataset
from spamlab.kit.desk import desk
from spamlab.kit.errors import KitError
from spamlab.kit.figure import INK, QUIET, new_axes, picture_html, show_figure, table_html
from spamlab.kit.markup import escape
from spamlab.kit.session import session

__all__ = [
    "show_budget", "show_campaign", "show_chain", "show_country", "show_discount", "show_effect", "show_home",
    "show_lines", "show_losses", "show_memo", "show_net", "show_next", "show_steps", "show_years", "take_home",
]

Rows = Sequence[Mapping[str, Any]]

MEASURES = {
    "registry": "registry of sender names", "filter": "text filters in networks", "campaign": "warning campaign",
    "takedown": "desk that closes fraud sites", "payments": "stop of payments to known senders",
    "officers": "officers who investigate", "fines": "fines for senders",
}


def _set(name: str, part: str) -> Rows:
    """The set of one part of a question."""
    if part not in ("practice", "points"):
        raise KitError('Write "practice" or "points" between the quotation marks.')
    return dataset(f"new{name}" if part == "points" else name)


def _unit(part: str) -> str:
    """The unit of the country's tables."""
    return f"{_set('economy', part)[0]['unit']} USD"


def _number(value: Any, least: float, most: float, what: str) -> float:
    """A number typed into a desk."""
    try:
        number = float(str(value).replace(",", ".").strip().rstrip("%"))
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise KitError(f"{what} is a number from {least:,g} to {most:,g}, such as {min(most, max(least, 20)):g}.")
    return number


def _amount(value: float) -> str:
    """An amount with three leading digits, whole from 100 on."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 0.001 else "0"


def _says(text: str) -> str:
    return f"<p><strong>{escape(text)}</strong></p>"


def _choice(name: str, label: str, options: Mapping[str, str], *, compact: bool = False) -> dict[str, Any]:
    """A field of a desk. compact: a list that opens, for desks of many fields."""
    return {"name": name, "label": label, "widget": "choice", "compact": compact,
            "options": [{"value": value, "label": said} for value, said in options.items()]}


def show_country() -> None:
    """The country of the case."""
    row = dataset("economy")[0]
    show_figure(None, title=f"Your country: {row['place']}", alt="", heads=["what", "in your case"], rows=[
        ["kind of economy", row["kind"]], ["people", row["people"]], ["income", row["income"]],
        ["neighbour", row["neighbour"]], ["amounts are in", _unit("practice")]])


# -- the worked example -------------------------------------------------------------------------------------------


def show_campaign() -> None:
    """One campaign of mail as it was measured."""
    show_figure(None, title="A campaign of mail for a pharmacy, 26 days of 2008", alt="",
                heads=["what", "how much"], rows=[
                    ["mails sent", "about 348 million"], ["sales", "28"], ["taken in", "2,731.88 USD"],
                    ["price of sending a million mails, asked on the market", "about 80 USD"],
                    ["source", "Kanich et al., Spamalytics, 2008"]])


def show_steps() -> None:
    """The five steps, each with what it finds in real cases."""
    show_figure(None, title="Five steps", alt="", heads=["step", "question", "found"], rows=[
        ["Chain", "What do senders earn?", "7.85 USD a million, at a price of 80"],
        ["Payer", "Who pays?", "US firms and people almost 20 billion USD a year; senders take in 0.2 billion "
                               "worldwide: about 100 to 1, perhaps 30 or 300 (Rao and Reiley, 2012)"],
        ["Next", "What does the next dollar do?", "three banks handled 95% of such purchases (Levchenko et al., "
                                                  "2011): money spent there meets most shops"],
        ["Compare", "What happened anyway?", "a host of senders was cut off in November 2008: spam fell by 41 to 75%, "
                                             "by who counted; one counter saw it back after 19 weeks"],
        ["Regret", "What if it goes otherwise?", "all money on such cuts: right for 19 weeks, regretted after"]])


# -- 1 to 3 -------------------------------------------------------------------------------------------------------


def show_chain(part: str = "practice") -> None:
    """The numbers of a campaign, and a desk: four numbers in, the profit of a million messages out."""
    row = _set("chain", part)[0]
    show_figure(None, title=f"A campaign of fraud by text message, {part}", alt="", heads=["what", "number"], rows=[
        ["price of 1,000 messages", f"{row['price']:,} USD"], ["of 100 messages arrive today", row["now"]],
        ["of 100 messages arrive with the new filter", row["after"]],
        ["of a million that arrive, make somebody pay", row["pays"]], ["a victim loses", f"{row['loss']:,} USD"],
        ["of which senders keep", f"{row['kept']}%"]])

    def answer(values: dict[str, Any]) -> str:
        arrive = _number(values["arrive"], 0, 100, "The share that arrives")
        pays = _number(values["pays"], 0, 1e6, "The number of payers")
        kept = _number(values["kept"], 0, 1e7, "What senders keep")
        cost = _number(values["cost"], 0, 1e7, "The cost")
        people = 10_000 * arrive * pays / 1e6
        rows = [["messages that arrive", f"{10_000 * arrive:,.0f}"], ["people who pay", f"{people:,.2f}"],
                ["senders take in (USD)", f"{people * kept:,.0f}"], ["sending costs (USD)", f"{cost:,.0f}"],
                ["profit (USD)", f"{people * kept - cost:,.0f}"]]
        even = f"{100 * cost / (pays * kept):.0f} of 100" if pays * kept else "never"
        return (table_html(["step", "for 1 million sent"], rows, caption="Down the chain")
                + _says(f"Senders break even where this many messages arrive: {even}."))

    desk(f"The sender's chain, {part}", [
        {"name": "arrive", "label": "Of 100 messages, how many arrive", "widget": "number"},
        {"name": "pays", "label": "Of a million that arrive, how many make somebody pay", "widget": "number"},
        {"name": "kept", "label": "What senders keep of one victim (USD)", "widget": "number"},
        {"name": "cost", "label": "What sending 1 million messages costs (USD)", "widget": "number"}], answer)


def show_lines(part: str = "practice") -> None:
    """A desk that adds the cost lines that you count, and divides the sum by what senders take in."""
    lines, unit = _set("lines", part), _unit(part)

    def answer(values: dict[str, Any]) -> str:
        counted = [row for row in lines if values[row["line"]] == "yes"]
        total = sum(row["amount"] for row in counted)
        names = ", ".join(row["line"] for row in counted) or "none"
        return _says(f"Counted: {names}. Sum: {_amount(total)} {unit}. Divided by {lines[0]['takes']:,}: "
                     f"{total / lines[0]['takes']:.1f}.")

    desk(f"Cost lines, {part}: senders take in {lines[0]['takes']:,} {unit}",
         [_choice(row["line"], f"{row['line']}: {row['what']}, {row['amount']:,} {unit}",
                  {"yes": "count it", "no": "leave it out"}) for row in lines], answer)


# -- 4 and 5 ------------------------------------------------------------------------------------------------------

HATCHES = ("", "///", "...")
GREYS = ("#6b7075", "#b4b8bd", "#ffffff")


def show_next(part: str = "practice") -> None:
    """What was spent and avoided so far, and what each of the next three shares would add."""
    rows = _set("next", part)
    names = [MEASURES[row["measure"]] for row in rows]
    figure, axes = new_axes(height=3.6)
    for place in range(3):
        axes.barh([number + 0.27 * (place - 1) for number in range(len(rows))], [row["adds"][place] for row in rows],
                  height=0.25, color=GREYS[place], edgecolor=INK, hatch=HATCHES[place],
                  label=f"{('first', 'second', 'third')[place]} next share")
    axes.set_yticks(range(len(rows)), names)
    axes.invert_yaxis()
    axes.set_xlabel(f"harm avoided by this share ({_unit(part)}); invented numbers")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.legend(frameon=False, fontsize="small")
    show_figure(figure, title=f"What does each next share add? {part.capitalize()}; a share is {rows[0]['step']:,} "
                              f"{_unit(part)}",
                alt="Bars of what three next shares add for five measures; they fall from share to share.",
                heads=["measure", "shares so far", "avoided so far", "first next", "second", "third"],
                rows=[[f"{name} (needs officers with {row['needs']} shares)" if row["needs"] else name, row["spent"],
                       f"{row['so_far']:,}", *(f"{one:,}" for one in row["adds"])]
                      for name, row in zip(names, rows, strict=True)])


OFTEN = {"year": "a year", "once": "once"}
COUNTS = {"none": "leave it out", "gain": "a gain in each year", "cost": "a cost in each year",
          "gain once": "a gain once", "cost once": "a cost once"}


def show_net(part: str = "practice") -> None:
    """A desk: say of each line whether it is a gain or a cost, and how often; the desk adds up."""
    rows, unit = _set("net", part), _unit(part)
    years = rows[0]["years"]

    def answer(values: dict[str, Any]) -> str:
        found = []
        for row in rows:
            how = values[row["line"]]
            sign = {"g": 1, "c": -1}.get(how[0], 0)
            found.append(sign * row["amount"] * (1 if how.endswith("once") else years))
        table = [[row["what"], "-" if row["number"] is None else f"{row['number']:,} at {row['each']:,} USD",
                  f"{row['amount']:,} {OFTEN[row['every']]}", _amount(one)]
                 for row, one in zip(rows, found, strict=True)]
        return (table_html(["line", "how many", unit, f"in {years} years"], table, caption="Six lines")
                + _says(f"Net benefit in {years} years as you count it: {_amount(sum(found))} {unit}."))

    desk(f"Costs and benefits of a text filter, {part}: {years} years",
         [_choice(row["line"], f"{row['what'].split(' (')[0]}: {row['amount']:,} {unit} {OFTEN[row['every']]}", COUNTS,
                  compact=True) for row in rows], answer,
         start={row["line"]: "none" for row in rows})


def show_discount() -> None:
    """A desk: what a benefit of later years is worth today."""
    def answer(values: dict[str, Any]) -> str:
        yearly, once = (_number(values[key], -1e9, 1e9, "An amount") for key in ("yearly", "once"))
        years, rate = int(_number(values["years"], 1, 30, "Years")), _number(values["rate"], 0, 30, "The rate")
        parts = [yearly / (1 + rate / 100) ** year for year in range(1, years + 1)]
        return (table_html(["year", "worth today (million USD)"], [[year, _amount(one)]
                                                                   for year, one in enumerate(parts, 1)],
                           caption=f"{_amount(yearly)} million a year, discounted by {rate:g}% a year")
                + _says(f"Net benefit today: {_amount(sum(parts) - once)} million USD; without discounting "
                        f"{_amount(years * yearly - once)}."))

    desk("Later money", [{"name": "yearly", "label": "Net gain of each year (million USD)", "widget": "number"},
                         {"name": "once", "label": "Set-up cost today (million USD)", "widget": "number"},
                         {"name": "years", "label": "Years", "widget": "number"},
                         {"name": "rate", "label": "Discount rate (percent a year)", "widget": "number"}], answer)


# -- 6 ------------------------------------------------------------------------------------------------------------


def _mean(rows: Rows, series: str, stage: str) -> float:
    return statistics.fmean(row[series] for row in rows if row["stage"] == stage)


def show_home() -> None:
    """Unwanted messages and complaints at home, quarter by quarter: what a press office has."""
    rows = dataset("effect")
    show_figure(_quarters(rows, {"home": "unwanted in 10,000"}), title="Before and after at home",
                alt=f"Unwanted in 10,000 by quarter, from {rows[0]['home']} at first to {rows[-1]['home']} at last.",
                heads=["quarter", "registry", "unwanted in 10,000", "complaints"],
                rows=[[row["quarter"], row["stage"], row["home"], f"{row['complaints']:,}"] for row in rows]
                + [[f"mean of {year}", stage, f"{_mean(rows, 'home', stage):.0f}",
                    f"{_mean(rows, 'complaints', stage):,.0f}"] for year, stage in ((2023, "before"), (2025, "after"))])


def _quarters(rows: Rows, series: Mapping[str, str]) -> Any:
    figure, axes = new_axes(height=3.0)
    for (name, label), (style, marker) in zip(series.items(), (("-", "o"), ("--", "D")), strict=False):
        axes.plot(range(len(rows)), [row[name] for row in rows], color=INK, linestyle=style, marker=marker,
                  markersize=5, label=label)
    for place, said in ((3.5, "announced"), (5.5, "switched on"), (7.5, "in force")):
        axes.axvline(place, color=QUIET, linewidth=1, linestyle=":")
        axes.annotate(said, (place + 0.05, 0.02), xycoords=("data", "axes fraction"), fontsize="small", color=QUIET)
    axes.set_xticks(range(len(rows)), [row["quarter"] for row in rows], rotation=45, ha="right")
    axes.set_xlabel("quarter; invented numbers")
    axes.set_ylabel("unwanted in 10,000" if "home" in series else "complaints")
    axes.set_ylim(bottom=0)
    if len(series) > 1:
        axes.legend(frameon=False, fontsize="small", loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return figure


BASES = {"before": "2023, when nobody knew of it", "announced": "early 2024, after it was announced"}
AGAINST = {"nothing": "with nothing", "level": "with the neighbour's level of 2025", "change":
           "with the neighbour's change"}


def fall(rows: Rows, counted: str, base: str, against: str) -> float:
    """By how many percent it fell, as the desk's three choices say."""
    home = _mean(rows, counted, "after") / _mean(rows, counted, base)
    if against == "level":
        home = _mean(rows, counted, "after") / _mean(rows, "neighbour", "after")
    elif against == "change":
        home /= _mean(rows, "neighbour", "after") / _mean(rows, "neighbour", base)
    return 100 * (1 - home)


def pair_falls(rows: Rows, counted: str, against: str) -> list[float]:
    """The same from each pair of equal quarters of 2023 and 2025."""
    pairs = zip([row for row in rows if row["stage"] == "before"], [row for row in rows if row["stage"] == "after"],
                strict=True)
    return [fall([early, late], counted, "before", against) for early, late in pairs]


def show_effect(part: str = "practice") -> None:
    """A desk: what is counted, from when, and compared with what; an effect and its range out."""
    rows = _set("effect", part)
    place = _set("economy", part)[0]
    series = {"home": "unwanted messages in the sample", "complaints": "complaints"}

    def answer(values: dict[str, Any]) -> str:
        counted, base, against = (values[key] for key in ("counted", "base", "against"))
        if counted == "complaints" and against == "level":
            raise KitError("Complaints and unwanted messages have no common level. Choose another comparison.")
        lines = {counted: place["place"] + (", complaints" if counted == "complaints" else "")}
        if counted == "home":
            lines["neighbour"] = f"{place['neighbour']}, no registry"
        best = fall(rows, counted, base, against)
        picture = picture_html(_quarters(rows, lines), f"{series[counted].capitalize()} by quarter at home"
                               + (" and at the neighbour's." if counted == "home" else "."))
        means = [[year, f"{_mean(rows, counted, stage):,.0f}", f"{_mean(rows, 'neighbour', stage):,.0f}"]
                 for year, stage in (("2023", "before"), ("early 2024", "announced"), ("2025", "after"))]
        table = table_html(["mean of", f"home: {series[counted]}", "neighbour: unwanted in 10,000"], means,
                           caption="Means")
        pairs = ""
        if base == "before" and against != "level":
            found = pair_falls(rows, counted, against)
            pairs = table_html(["pair of quarters", "fall"], [[f"Q{number} 2023 to 2025", f"{one:.0f}%"]
                                                              for number, one in enumerate(found, 1)],
                               caption=f"Four pairs: from {min(found):.0f} to {max(found):.0f}%")
        return picture + table + _says(f"Fall as you count it: {best:.0f}%.") + pairs

    desk(f"The registry of {place['place']}, {part}", [
        _choice("counted", "What is counted", series), _choice("base", "From when", BASES),
        _choice("against", "Compared", AGAINST)], answer,
        start={"counted": "home", "base": "before", "against": "nothing"})


# -- 7 and 8 ------------------------------------------------------------------------------------------------------


def show_years(part: str = "practice") -> None:
    """A desk: the regret of a bundle of measures in five futures."""
    rows, unit = _set("years", part), _unit(part)
    bundles = rows[0]["bundles"]

    def answer(values: dict[str, Any]) -> str:
        mine = values["bundle"]
        best = [max(row[one] for one in bundles) for row in rows]
        regret = [top - row[mine] for top, row in zip(best, rows, strict=True)]
        ten = sorted(one for one, row in zip(regret, rows, strict=True) for _ in range(row["chance"]))
        mean = statistics.fmean(ten)
        table = table_html(["future", "years of ten", f"{mine} brings", "best brings", "regret"],
                           [[row["future"], row["chance"], f"{row[mine]:,}", f"{top:,}", _amount(one)]
                            for row, top, one in zip(rows, best, regret, strict=True)],
                           caption=f"Bundle {mine} ({unit})")
        brings = statistics.fmean(row[mine] for row in rows for _ in range(row["chance"]))
        sums = table_html(["over ten years", unit], [
            ["mean of what it brings", _amount(brings)], ["mean regret", _amount(mean)],
            ["regret of a bad year: nine of ten are no worse", _amount(ten[8])],
            ["half of each regret, together", _amount(mean / 2 + ten[8] / 2)]], caption=f"Bundle {mine}, summed up")
        return table + sums

    desk(f"Four bundles in five futures, {part}",
         [_choice("bundle", "Bundle", {one: f"{one}: costs {cost:,} {unit}"
                                       for one, cost in zip(bundles, rows[0]["costs"], strict=True)})],
         answer, start={"bundle": bundles[0]})


STANDS = {"median": "the loss in the middle (median)", "mean": "the mean loss",
          "without": "the mean without the largest", "range": "the middle between least and largest"}


def stands_for(losses: Sequence[float], how: str) -> float:
    """One amount that stands for a victim."""
    found = sorted(losses)
    return {"median": statistics.median(found), "mean": statistics.fmean(found),
            "without": statistics.fmean(found[:-1]), "range": (found[0] + found[-1]) / 2}[how]


def show_losses(part: str = "practice") -> None:
    """A desk: losses of some victims, and what all victims lose together."""
    rows = _set("losses", part)
    losses, victims = sorted(row["loss"] for row in rows), rows[0]["victims"]

    def answer(values: dict[str, Any]) -> str:
        one = stands_for(losses, values["stands"])
        figure, axes = new_axes(height=2.6)
        axes.bar(range(1, len(losses) + 1), losses, color=GREYS[1], edgecolor=INK)
        axes.axhline(one, color=INK, linestyle="--", linewidth=1)
        axes.set_xlabel("victim, by loss (the line is what stands for one); invented numbers")
        axes.set_ylabel("loss (USD)")
        axes.yaxis.set_major_formatter("{x:,.0f}")
        axes.set_xticks(range(1, len(losses) + 1))
        picture = picture_html(figure, f"Losses from {losses[0]:,} to {losses[-1]:,} USD; one is far above the rest.")
        return (picture + table_html(["victim", "loss (USD)"], [[number, f"{loss:,}"]
                                                                for number, loss in enumerate(losses, 1)],
                                     caption=f"{len(losses)} of {victims:,} victims, drawn by lot")
                + _says(f"{one:,.0f} USD for each of {victims:,} victims: "
                        f"{_amount(one * victims / rows[0]['unit'])} {_unit(part)}."))

    desk(f"Losses of victims, {part}", [_choice("stands", "For one victim stands", STANDS)], answer,
         start={"stands": "median"})


# -- the simulator ------------------------------------------------------------------------------------------------

RUNS = 64
YEARS = 3

LEVELS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "registry": ("Registry of sender names", {
        "no": "none", "open": "voluntary, others are marked", "mark": "mandatory, others are marked",
        "block": "mandatory, others are blocked"}),
    "filter": ("Text filters in networks", {"no": "none", "largest": "the largest operators", "all": "all operators"}),
    "payments": ("Stop of payments to known senders", {"no": "none", "known": "to known accounts",
                                                       "hold": "first payments are held as well"}),
    "campaign": ("Warning campaign", {"no": "none", "exposed": "those most at risk", "all": "everybody"}),
    "officers": ("More officers", {"no": "none", "2": "2", "5": "5", "10": "10"}),
}
"""Field -> its label and levels."""


def measures_of(levels: Mapping[str, str]) -> list[tuple[str, dict[str, Any]]]:
    """Instruments and settings that the levels mean, in the order of the desk."""
    found: list[tuple[str, dict[str, Any]]] = []
    registry, payments, campaign = levels["registry"], levels["payments"], levels["campaign"]
    if registry != "no":
        found.append(("sender-id-registry", {"mode": "voluntary" if registry == "open" else "mandatory",
                                             "unregistered": "block" if registry == "block" else "mark"}))
    if levels["filter"] != "no":
        found.append(("sms-firewall", {"operators": levels["filter"]}))
    if payments != "no":
        found += [("information-sharing", {}), ("payment-friction", {"reach": payments})]
    if campaign != "no":
        groups = ["exposed"] if campaign == "exposed" else ["exposed", "average", "careful"]
        found.append(("awareness-campaign", {"audience": groups}))
    if levels["officers"] != "no":
        found.append(("enforcement-staff", {"officers": int(levels["officers"])}))
    return found


def play_levels(profile: str, levels: Mapping[str, str], scenario: str) -> Any:
    """The play of the chosen measures in one scenario, against no measure at all."""
    from spamlab.policy.document import Measure, Policy
    from spamlab.policy.play import economy_named, play
    from spamlab.policy.scenarios import read_scenarios

    measures = tuple(Measure(name, 0, settings) for name, settings in measures_of(levels))
    return play([Policy("desk", profile, YEARS, measures, {})], economy_named(profile), [read_scenarios()[scenario]],
                runs=RUNS, seed="lab 13")


FUTURES = {"calm": "a year like this one", "new-channel": "fraud moves to another channel",
           "budget-cut": "the budget is cut", "ai-wave": "machines write the fraud"}
PAYERS = {"public_cost": "the state", "operator_cost": "operators and banks", "compliance_cost": "firms that register"}
GAINS = {"loss": "losses of victims avoided", "time": "hours of people saved",
         "wanted_lost": "wanted messages kept (minus: lost)"}


def show_budget() -> None:
    """A desk: choose how far each measure goes in your economy, and see net benefit, its range, and who pays."""
    if session().graded:
        return
    from spamlab.policy.instruments import read_instruments

    place, unit = dataset("economy")[0], _unit("practice")
    times = 1000.0 if place["unit"] == "thousand" else 1.0
    titles = {name: one.title for name, one in read_instruments().items()}

    def answer(values: dict[str, Any]) -> str:
        if all(values[name] == "no" for name in LEVELS):
            raise KitError("Choose a level for at least one measure, then press Show.")
        found = play_levels(place["profile"], values, values["future"])
        net, parts = _range(found.gain()[0, 0], times), found.totals
        rows = [["net benefit", *net]]
        rows += [[said, *_range(-found.gain(name)[0, 0], times)] for name, said in GAINS.items()]
        rows += [[f"paid by {said}", *_range(parts[name][0, 0], times)] for name, said in PAYERS.items()]
        plan = found.plans[0][0]
        spent, has = (sum(year[number] for year in plan.money) * times / 1e6 for number in (0, 1))
        late = [f"{titles[name]}: {why}" for name, why in plan.reasons.items()]
        return (table_html([f"{unit} in three years", "low", "middle", "high"], rows,
                           caption="Against no measure; 5 of 100 runs lie below low, 5 above high")
                + _says(f"The state spends {_amount(spent)} of {_amount(has)} {unit}.")
                + "".join(f"<p>{escape(one)}</p>" for one in late))

    desk(f"The next money of {place['place']}: a model, {YEARS} years, {RUNS} runs",
         [_choice(name, label, levels, compact=True) for name, (label, levels) in LEVELS.items()]
         + [_choice("future", "Future", FUTURES, compact=True)], answer,
         start=dict.fromkeys(LEVELS, "no") | {"filter": "largest", "future": "calm"})


def _range(values: Any, times: float) -> list[str]:
    """Low, middle and high of what the runs gave, in million USD, times what makes it the country's unit."""
    import numpy as np

    return [_amount(times * float(one)) for one in np.quantile(values, (0.05, 0.5, 0.95))]


# -- take home ----------------------------------------------------------------------------------------------------

LAWFUL = (
    "Use real figures lawfully: those that your office may see. Sums of groups, never the loss of a person who can be\n"
    "told by it."
)

CHECKLIST = """# Checklist: where does the next dollar go?

1. Chain. What does a million messages cost and bring? From which share that arrives on does it pay?
2. Payer. Whose account does each cost leave first? Who orders it does not matter.
3. Next. What does the next share add, not the average of the past? What must be there before it works?
4. Next. Are wanted messages lost and people's time counted? Is a fee left out, since it only moves money?
5. Compare. What happened where nothing was done? Is it spam that is counted, or complaints? Did people know before?
6. Compare. From which numbers does the range come?
7. Regret. What does the plan bring in a bad year? On how few victims does the sum hang?
8. What was not measured, and which number would change the advice?

{lawful}
"""

CARD = """When ______________________________, I will ______________________________,
with ______________________________; what may stop me is ______________________________.

Look at this card again in 30 days. What happened?
"""

SHEET = """line,kind,every,low,best,high
losses avoided (example: replace these lines by yours),gain,year,6,9,14
time saved,gain,year,1,2,3
wanted messages lost,cost,year,0.5,1,3
running cost,cost,year,0.8,1,1.3
fees to the state,transfer,year,2,2,2
set-up,cost,once,4,5,8
"""

PROGRAM = '''"""Net benefit of a measure with its range, and the break-even of a sender. Python alone is enough.

    python3 net_benefit.py lines.csv --years 3 --rate 0
    python3 net_benefit.py --chain 2.5 20 30 400 40

lines.csv: one line each with kind (gain, cost or transfer), every (year or once) and low, best, high, in one currency.
--chain: price of 1,000 messages; of 100, how many arrive; of a million that arrive, how many pay; loss of a victim;
percent of it that senders keep.
{lawful}
"""

import argparse
import csv


def net(lines, years, rate=0.0):
    """(low, best, high): low has all low gains and all high costs at once, so the range is wide. No transfers."""
    later = sum(1 / (1 + rate / 100) ** (year if rate else 0) for year in range(1, years + 1))
    found = [0.0, 0.0, 0.0]
    for line in lines:
        kind, every = line["kind"].strip().lower(), line["every"].strip().lower()
        if kind not in ("gain", "cost", "transfer") or every not in ("year", "once"):
            raise SystemExit(f"{{line['line']}}: kind is gain, cost or transfer; every is year or once.")
        if kind == "transfer":
            continue
        values = [float(line[name]) for name in ("low", "best", "high")]
        if kind == "cost":
            values = [-one for one in reversed(values)]
        for place, one in enumerate(values):
            found[place] += one * (later if every == "year" else 1)
    return tuple(found)


def chain(price, arrive, pays, loss, kept):
    """(profit of a million messages, share in percent that must arrive to break even)."""
    cost, worth = 1000 * price, pays * loss * kept / 100
    return arrive / 100 * worth - cost, 100 * cost / worth if worth else float("inf")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Net benefit of a measure, or break-even of a sender.")
    parser.add_argument("file", nargs="?")
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--rate", type=float, default=0.0, help="discount rate, percent a year")
    parser.add_argument("--chain", type=float, nargs=5, metavar=("PRICE", "ARRIVE", "PAYS", "LOSS", "KEPT"))
    given = parser.parse_args()
    if given.chain:
        profit, even = chain(*given.chain)
        print(f"Profit of a million messages: {{profit:,.0f}}. Break-even: {{even:.1f}} of 100 arrive.")
    elif given.file:
        with open(given.file, newline="", encoding="utf-8-sig") as file:
            low, best, high = net(csv.DictReader(file), given.years, given.rate)
        print(f"Net benefit in {{given.years}} years: {{best:,.2f}}, between {{low:,.2f}} and {{high:,.2f}}.")
    else:
        parser.print_help()
'''

WIDTH = 90
"""Signs in a row of the memo."""


def memo_text(answer: Mapping[str, str] | None) -> str:
    """The memo of question 9 as one text; says so where nothing is written yet."""
    if not answer:
        return "The memo is not written yet."
    parts = {key: str(answer.get(key) or "...")
             for key in ("measure", "benefit", "payer", "mind", "unmeasured", "text")}
    parts["text"] = "\n".join(textwrap.fill(row, WIDTH) for row in parts["text"].splitlines())
    return ("Next money: {measure}\nNet benefit: {benefit}\nWho pays: {payer}\nWhat would change this: {mind}\n"
            "Not measured: {unmeasured}\n\n{text}\n").format(**parts)


def show_memo(answer: Mapping[str, str] | None) -> None:
    """Show the memo of question 9."""
    from spamlab.kit import show_text

    show_text(memo_text(answer))


def take_home(memo: Mapping[str, str] | None, save: Callable[[str, str], None]) -> None:
    """Write the files to take home with `save(name, text)`: checklist, memo, card, a sheet of lines, a program."""
    save("checklist.md", CHECKLIST.replace("{lawful}", LAWFUL))
    save("memo.txt", memo_text(memo))
    save("card.txt", CARD)
    save("lines.csv", SHEET)
    save("net_benefit.py", PROGRAM.format(lawful=LAWFUL))
