"""Figures of what a policy did: each with a title, an alt text and its numbers as a table.

Does not belong here: how a figure looks (drawing.py), and how a notebook shows one (spamlab.kit.figure).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from spamlab.errors import UsageError
from spamlab.policy.drawing import (
    BLUE,
    GREEN,
    INK,
    INTERVAL,
    ORANGE,
    QUIET,
    SKY,
    VERMILLION,
    WEEKS_A_YEAR,
    YELLOW,
    Array,
    Drawn,
    alt_text,
    bar_legend,
    draw_bars,
    draw_intervals,
    in_digits,
    in_percent,
    in_words,
    money_unit,
    new_axes,
    signed,
    source_line,
    top_legend,
    year_ticks,
)
from spamlab.policy.levers import CHANNELS

if TYPE_CHECKING:
    from spamlab.policy.document import Policy
    from spamlab.policy.instruments import Instrument
    from spamlab.policy.plan import Plan
    from spamlab.policy.play import Play

CHANNEL_TITLES = {"email": "e-mail", "sms": "text messages", "voice": "calls", "apps": "apps"}
PARTS = (("loss", "losses of victims", GREEN, ""), ("time", "people's time", SKY, "..."),
         ("wanted_lost", "wanted messages lost", VERMILLION, "///"),
         ("public_cost", "cost to the state", BLUE, "\\\\\\"),
         ("operator_cost", "cost to operators", ORANGE, "xxx"),
         ("compliance_cost", "cost to lawful senders", YELLOW, "++"))
"""The parts of welfare: outcome, its name, colour and hatch. Welfare is minus the sum of all six."""


def gain_figure(play: Play, *, policy: int = 0, titles: Mapping[str, str] | None = None,
                seed: int | str | None = None) -> Drawn:
    """What a policy gained over none in each scenario, and what the gain is made of.

    play: with the six parts of welfare among its totals. titles: of scenarios by name. Left: median and 90 % interval
    of the paired difference. Right: the median of each part, to the right where the policy made it better. Medians of
    parts need not add up to the median of the whole.
    """
    names = [(titles or {}).get(name, name) for name in play.scenarios]
    net = np.percentile(play.gain()[policy], INTERVAL, axis=-1)
    parts = [-np.median(play.gain(outcome)[policy], axis=-1) for outcome, *_rest in PARTS]
    factor, unit = money_unit(np.concatenate([net.ravel(), *parts]))
    figure, (left, right) = new_axes(1, 2, height=1.9 + 0.55 * len(names), sharey=True, width_ratios=(2, 3))
    places = np.arange(len(names))
    draw_intervals(left, net * factor)
    left.set_yticks(places, names)
    left.invert_yaxis()
    left.set_title("whole gain", loc="left", fontsize=10)
    worse, better = np.zeros(len(names)), np.zeros(len(names))
    for (_outcome, name, colour, hatch), part in zip(PARTS, parts, strict=True):
        value = part * factor
        start = np.where(value >= 0, better, worse)
        right.barh(places, value, left=start, height=0.6, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.6,
                   label=name)
        better, worse = better + np.maximum(value, 0), worse + np.minimum(value, 0)
    right.use_sticky_edges = False  # else the longest bar touches the edge, and looks cut
    right.set_title("made of: cost to the left, gain to the right", loc="left", fontsize=10)
    for axes in (left, right):
        axes.set_xlabel(unit)
        axes.axvline(0, color=INK, linewidth=1)
        axes.grid(axis="y", visible=False)
    top_legend(figure, right, 3)
    source_line(figure, play.draws, seed,
                "line: 90 % of draws; mark: median, round where better, square where worse, diamond where open")
    sign = np.sign(net[0]) * (np.sign(net[0]) == np.sign(net[2]))
    told = f"better than no policy in {int((sign > 0).sum())}, worse in {int((sign < 0).sum())}, " \
           f"open in {int((sign == 0).sum())} of {len(names)} scenarios"
    rows = [[name, in_words(net[:, place] * factor), *(in_digits(part[place] * factor) for part in parts)]
            for place, name in enumerate(names)]
    return Drawn(figure, "What does the policy gain over no policy?",
                 alt_text(f"The policy is {told}, with 90 % intervals"),
                 ["scenario", f"whole gain, {unit} (90 %)", *(name for _outcome, name, *_rest in PARTS)], rows)


def weekly_figure(play: Play, outcome: str = "victims", *, policy: int = 0, scenario: int = 0, paired: bool = True,
                  unit: str = "", titles: Mapping[str, str] | None = None, seed: int | str | None = None) -> Drawn:
    """An outcome week by week under the policy and under none, with 90 % bands, by channel where the play has that.

    play: played with `record` of the outcome, or of "OUTCOME.email" and so on. paired: in per cent of the same draw
    without policy, which shows what the policy does; else as counted, in `unit`, which shows how little is known of the
    level. Raises UsageError where the play recorded neither.
    """
    panels = [(f"{outcome}.{channel}", CHANNEL_TITLES[channel]) for channel in CHANNELS
              if f"{outcome}.{channel}" in play.series] or [(outcome, "all channels")]
    if panels[0][0] not in play.series:
        known = ", ".join(sorted(play.series)) or "nothing"
        raise UsageError(f"the play recorded no weekly {outcome}; recorded: {known}")
    deep, wide = (1, 1) if len(panels) == 1 else (2, 2)
    figure, grid = new_axes(deep, wide, height=1.5 + 1.9 * deep, sharex=True)
    rows, falls = [], []
    for (key, name), axes in zip(panels, np.atleast_1d(grid).ravel(), strict=False):
        none, with_it = play.baseline_series[key][scenario], play.series[key][policy, scenario]
        looks = ((none, VERMILLION, "--", "no policy"), (with_it, BLUE, "-", "policy"))
        for values, colour, dash, told in looks:
            shown = 100 * values / np.maximum(none, 1e-12) if paired else values
            weeks = np.arange(len(shown))
            low, middle, high = np.percentile(shown, INTERVAL, axis=-1)
            axes.fill_between(weeks, low, high, facecolor=colour, alpha=0.16, hatch="" if dash == "-" else "///",
                              edgecolor=colour, linewidth=0)
            axes.plot(weeks, middle, color=colour, linestyle=dash, linewidth=1.8 if dash == "-" else 1.4, label=told)
        axes.set_title(name, loc="left", fontsize=10)
        axes.set_ylim(bottom=0)
        axes.set_xlim(0, len(none) - 1)
        axes.xaxis.set_major_locator(year_ticks())
        late = slice(max(0, len(none) - 13), None)
        before, after = none[late].mean(axis=0), with_it[late].mean(axis=0)
        change = 100 * (after - before) / np.maximum(before, 1e-12)
        falls.append(f"{name} {signed(float(np.median(change)))} %")
        rows.append([name, in_digits(np.median(before)), in_digits(np.median(after)),
                     in_percent(np.percentile(change, INTERVAL))])
    what = f"{_named(outcome)} a week"
    figure.supylabel(f"{what}, no policy = 100" if paired else f"{what}, {unit}".rstrip(", "), fontsize=10)
    for axes in np.atleast_2d(grid)[-1]:
        axes.set_xlabel("week")
    top_legend(figure, np.atleast_1d(grid).ravel()[0], 2)
    source_line(figure, play.draws, seed,
                f"scenario {_titled(play, scenario, titles)}; line: median, band: 90 % of draws")
    return Drawn(figure, f"{_named(outcome).capitalize()} week by week", alt_text(
        f"{_named(outcome).capitalize()} in the last 13 weeks, policy against none: {', '.join(falls)}"),
        ["channel", "a week without policy, last 13", "a week with it", "change, % (90 %)"], rows)


def displacement_figure(play: Play, *, policy: int = 0, scenario: int = 0, titles: Mapping[str, str] | None = None,
                        seed: int | str | None = None) -> Drawn:
    """How the policy moved victims between channels, and harm across the border: change in per cent, 90 % intervals.

    play: with "victims", "victims.email" and so on, and "harm_abroad" among its totals.
    """
    keys = [*((f"victims.{channel}", f"victims, {CHANNEL_TITLES[channel]}") for channel in CHANNELS),
            ("victims", "victims, all channels"), ("harm_abroad", "harm abroad")]
    keys = [(key, name) for key, name in keys if key in play.totals]
    before = np.array([play.baseline[key][scenario] for key, _name in keys])
    after = np.array([play.totals[key][policy, scenario] for key, _name in keys])
    change = np.percentile(100 * (after - before) / np.maximum(before, 1e-12), INTERVAL, axis=-1)
    figure, axes = new_axes(1, 1, height=1.7 + 0.42 * len(keys))
    places = np.arange(len(keys))
    draw_bars(axes, change, better_is_less=True)
    axes.set_yticks(places, [name for _key, name in keys])
    axes.invert_yaxis()
    for place, (key, _name) in enumerate(keys[1:], 1):
        if key in ("victims", "harm_abroad"):
            axes.axhline(place - 0.5, color=QUIET, linewidth=0.8, linestyle=":")
    axes.set_xlabel("change against no policy, per cent")
    axes.grid(axis="y", visible=False)
    bar_legend(figure, "fewer", "more")
    source_line(figure, play.draws, seed,
                f"scenario {_titled(play, scenario, titles)}; bar: median, line: 90 % of draws")
    middle = change[1]
    channels = [place for place, (key, _name) in enumerate(keys) if key.startswith("victims.")]
    most, least = max(channels, key=lambda one: middle[one]), min(channels, key=lambda one: middle[one])
    whole = next((middle[place] for place, (key, _name) in enumerate(keys) if key == "victims"), None)
    told = f"Victims change most by {keys[least][1][9:]} ({signed(middle[least])} %) and {keys[most][1][9:]} " \
           f"({signed(middle[most])} %)" + ("" if whole is None else f"; over all channels {signed(whole)} %")
    rows = [[name, in_digits(np.median(before[place])), in_digits(np.median(after[place])),
             in_percent(change[:, place])] for place, (_key, name) in enumerate(keys)]
    return Drawn(figure, "Where do victims and harm go?", alt_text(told),
                 ["what (victims in people, harm in million US dollars)", "without policy", "with it",
                  "change, % (90 %)"], rows)


def measures_figure(names: Sequence[str], worth: Array, *, draws: int, seed: int | str | None = None,
                    note: str = "bar: median") -> Drawn:
    """What each measure is worth: what the policy gains with it, less what it gains without it.

    names: of the measures. worth: (3, measures), million US dollars: low end, middle and high end of the 90 %
    interval, above 0 where the measure gains. note: what the middle is.
    """
    spread = np.asarray(worth, dtype=np.float64).reshape(3, len(names))
    order = np.argsort(-spread[1], kind="stable")
    factor, unit = money_unit(spread.ravel())
    shown = spread[:, order] * factor
    figure, axes = new_axes(1, 1, height=1.7 + 0.38 * max(1, len(names)))
    places = np.arange(len(names))
    draw_bars(axes, shown)
    axes.set_yticks(places, [names[one] for one in order])
    axes.invert_yaxis()
    axes.set_xlabel(f"worth of the measure, {unit}")
    axes.grid(axis="y", visible=False)
    bar_legend(figure, "gains", "costs more than it gains")
    source_line(figure, draws, seed, f"{note}, line: 90 % of draws")
    rows = [[names[one], in_words(shown[:, place])] for place, one in enumerate(order)]
    told = "There is no measure" if not len(names) else f"Gains most: {names[order[0]]}" + (
        f"; gains least or costs most: {names[order[-1]]}" if len(names) > 1 else "")
    return Drawn(figure, "What is each measure worth?", alt_text(told), ["measure", f"worth, {unit} (90 %)"], rows)


def plan_figure(policy: Policy, plan: Plan, instruments: Mapping[str, Instrument]) -> Drawn:
    """The plan as a timeline: for each measure when it was asked for, set up and in force; below, who pays, by year."""
    weeks = plan.levers.shape[1]
    names = [instruments[one.instrument].title for one in policy.measures]
    deep = max(1, len(names))
    figure, (top, low) = new_axes(2, 1, height=2.9 + 0.34 * deep, height_ratios=(deep * 0.34, 1.4))
    rows = []
    for place, measure in enumerate(policy.measures):
        name, asked = measure.instrument, measure.start
        begin, force, stop = plan.begins.get(name), plan.starts.get(name), plan.stops.get(name, weeks)
        paid = sum((costs.sum() for (one, payer), costs in plan.costs.items() if (one, payer) == (name, "state")), 0.0)
        rows.append([names[place], str(asked), _week(begin), _week(force, "never"), in_digits(paid / 1e6)])
        if begin is None:
            _cross(top, asked, place, "never")
            continue
        ready = stop if force is None else force
        _bar(top, place, begin, ready, YELLOW, "////")
        _bar(top, place, ready, stop, BLUE, "")
        if stop < weeks:
            _cross(top, stop, place, "stops")
        if begin > asked:
            top.plot([asked, begin], [place, place], color=INK, linewidth=1, linestyle=":")
        top.plot([asked], [place], marker="o", color="#ffffff", markeredgecolor=INK, markersize=5)
    top.set_yticks(range(len(names)), names)
    top.set_ylim(deep - 0.4, -0.6)
    top.set_xlim(-1, weeks)
    top.xaxis.set_major_locator(year_ticks())
    top.set_xlabel("week")
    top.grid(axis="y", visible=False)
    _plan_legend(figure)
    _yearly(low, plan, weeks)
    source_line(figure, None, None, "spamlab model, central figures of cost")
    begun = [(one.start, begin) for one in policy.measures if (begin := plan.begins.get(one.instrument)) is not None]
    late = sum(begin > asked for asked, begin in begun)
    told = f"{len(begun)} of {len(names)} measures begin; {late or 'none'} later than asked for"
    return Drawn(figure, "When does each measure begin, and who pays?", alt_text(told),
                 ["measure", "asked for, week", "set up from, week", "in force from, week",
                  "state pays, million US dollars"], rows)


def _week(week: int | None, nothing: str = "-") -> str:
    return nothing if week is None else str(week)


def _bar(axes: Any, place: int, first: int, last: int, colour: str, hatch: str) -> None:
    axes.barh(place, last - first, left=first, height=0.55, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.6)


def _cross(axes: Any, week: int, place: int, word: str) -> None:
    axes.plot([week], [place], marker="x", color=VERMILLION, markersize=8, markeredgewidth=2, linestyle="none")
    axes.annotate(word, (week, place), (8, 0), textcoords="offset points", va="center", fontsize=9)


def _plan_legend(figure: Any) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    figure.legend(handles=[
        Line2D([], [], marker="o", color="#ffffff", markeredgecolor=INK, markersize=5, linestyle="none",
               label="asked for"),
        Line2D([], [], color=INK, linewidth=1, linestyle=":", label="waits"),
        Patch(facecolor=YELLOW, hatch="////", edgecolor=INK, linewidth=0.6, label="set up"),
        Patch(facecolor=BLUE, edgecolor=INK, linewidth=0.6, label="in force"),
        Line2D([], [], marker="x", color=VERMILLION, markersize=8, markeredgewidth=2, linestyle="none",
               label="never, or stops"),
    ], loc="outside upper left", ncols=5, frameon=False, fontsize=9)


def _yearly(axes: Any, plan: Plan, weeks: int) -> None:
    """Bars of what each payer pays in each year; the budget of the state as a line over its bar."""
    years = range(max(1, -(-weeks // WEEKS_A_YEAR)))
    looks = (("state", BLUE, ""), ("operators", ORANGE, "xxx"), ("senders", YELLOW, "++"))
    paid = {payer: [sum((costs[year * WEEKS_A_YEAR:(year + 1) * WEEKS_A_YEAR].sum()
                         for (_name, by), costs in plan.costs.items() if by == payer), 0.0) / 1e6 for year in years]
            for payer, _colour, _hatch in looks}
    budget = [limit / 1e6 for _spent, limit in plan.money]
    factor, unit = money_unit(np.array([*(one for each in paid.values() for one in each), *budget]))
    for year, limit in zip(years, budget, strict=False):
        for colour, width in (("#ffffff", 5), (INK, 2.4)):  # the white edge keeps it apart from a dark bar
            axes.plot([year - 0.42, year - 0.12], [limit * factor] * 2, color=colour, linewidth=width, zorder=3,
                      label="budget of the state" if year == 0 and colour == INK else None)
    for place, (payer, colour, hatch) in enumerate(looks):
        axes.bar([year + 0.26 * (place - 1) for year in years], [one * factor for one in paid[payer]], width=0.24,
                 color=colour, hatch=hatch, edgecolor=INK, linewidth=0.6, label=payer)
    axes.set_xticks(list(years), [f"year {year + 1}" for year in years])
    axes.set_ylabel(unit.replace(" US", "\nUS"))
    axes.set_ylim(bottom=0)
    axes.grid(axis="x", visible=False)
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=4, frameon=False, fontsize=9, borderaxespad=0.2)


def _named(outcome: str) -> str:
    return outcome.replace("_", " ")


def _titled(play: Play, scenario: int, titles: Mapping[str, str] | None) -> str:
    name = play.scenarios[scenario]
    return f"“{(titles or {}).get(name, name)}”"
