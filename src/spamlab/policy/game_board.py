"""The scoreboard of a game: plain data, text for a terminal, one page that needs nothing from elsewhere.

The page is made to be read from the back of a room. It tells nothing of rounds to come: no seed, no card.
Does not belong here: what a round brings (game_round.py), who serves the page (spamlab.workshop.game_page).
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from spamlab.policy.drawing import (
    BLUE,
    GREEN,
    INK,
    LINE,
    ORANGE,
    QUIET,
    SKY,
    VERMILLION,
    YELLOW,
    Drawn,
    alt_text,
    in_digits,
    new_axes,
)
from spamlab.policy.economies import economy_named
from spamlab.policy.game import Game

PURPLE = "#CC79A7"
LOOKS = ((BLUE, "o", "-", ""), (VERMILLION, "s", "--", "///"), (GREEN, "^", "-.", "..."), (ORANGE, "D", ":", "xxx"),
         (PURPLE, "v", "-", "\\\\\\"), (SKY, "P", "--", "++"), (INK, "X", "-.", ""), (YELLOW, "*", ":", "ooo"))
"""Colour, marker, dash and hatch of each table: a table is known by any one of them."""
_SHAPES = {
    "o": "M10 2a8 8 0 1 1 0 16a8 8 0 1 1 0-16z", "s": "M3 3h14v14H3z", "^": "M10 2 18 17H2z", "v": "M10 18 18 3H2z",
    "D": "M10 1 19 10 10 19 1 10z", "P": "M7 2h6v5h5v6h-5v5H7v-5H2V7h5z",
    "X": "M2 5 5 2l5 5 5-5 3 3-5 5 5 5-3 3-5-5-5 5-3-3 5-5z",
    "*": "M10 1l2.6 6 6.4.6-4.9 4.2 1.5 6.3L10 14.8l-5.6 3.3 1.5-6.3L1 7.6 7.4 7z"}
"""Marker -> its outline in a square of 20."""
PEOPLE = 1000
"""All money of the board is US dollars for so many people; for each of them it would be parts of a cent."""
MOST_AT_FULL_SIZE = 6
"""Tables whose scores fit on the first screen in the largest type."""
RELATIVE = "Scores are relative to this model: they compare documents in it, and foretell nothing of a country."
Results = Sequence[Mapping[str, Any]]


def board_json(game: Game, played: Results) -> dict[str, Any]:
    """The board as plain data; money in million US dollars, "person" in US dollars, over all weeks until now.

    {"title", "round" (the last played, 0 for none), "rounds", "weeks", "card" (of that round, or null), "tables":
    [{"name", "economy", "rank", "was", "points", "person" (low, median, high), "round": {"rank", "points"}, "sent",
    "received", "budget", "limits", "waiting", "lesson"}], "lead": {"first", "second", "share" (of the draws)},
    "moved": {"round", "all"} (harm done in the table of the column by what came from the table of the row), "accounts",
    "near", "weight", "note"}.
    """
    last = played[-1] if played else None
    tables = last["tables"] if last else [{"name": one.name, "economy": one.economy} for one in game.tables]
    return {
        "title": game.title, "round": len(played), "rounds": game.rounds, "weeks": game.weeks,
        "card": last["card"] if last else None,
        "tables": [{"name": one["name"], "economy": one["economy"], **(_shown(one) if last else {})} for one in tables],
        "lead": last["lead"] if last else None, "moved": last["moved"] if last else None,
        "accounts": last["accounts"] if last else None,
        "near": game.near, "weight": game.weight, "note": RELATIVE}


def _shown(one: Mapping[str, Any]) -> dict[str, Any]:
    whole, this = one["all"], one["round"]
    return {"rank": whole["rank"], "was": whole["was"], "points": whole["points"], "person": whole["person"],
            "sent": whole["sent"], "received": whole["received"], "avoided": whole["avoided"], "paid": whole["paid"],
            "round": {"rank": this["rank"], "points": this["points"]}, "budget": one["budget"],
            "limits": one["limits"], "waiting": one["waiting"], "lesson": one["lesson"]}


def board_text(game: Game, played: Results) -> str:
    """The board for a terminal, with what waits at each table."""
    if not played:
        return f"{game.title}: no round has been played yet; {len(game.tables)} tables, {game.rounds} rounds."
    last = played[-1]
    rows: list[tuple[str, ...]] = [("Rank", "Table", "Points", "This round", f"Per {PEOPLE:,} people", "Budget used")]
    for one in _ranked(last):
        rows.append((f"{one['all']['rank']}{_arrow(one['all'])}", one["name"], _points(one["all"]["points"]),
                     _points(one["round"]["points"]), _dollars(one["all"]["person"]), _budget(one["budget"])))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [f"{game.title}: after round {len(played)} of {game.rounds}. {_card(last['card'])}", ""]
    lines += ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines += ["", _lead(last["lead"]), "", *(one["lesson"] for one in last["tables"])]
    lines += [f"{one['name']}: {told}." for one in last["tables"] for told in one["limits"]]
    lines += [f"{one['name']}: {told}" for one in last["tables"] for told in one["waiting"]]
    return "\n".join([*lines, "", _rule(game), RELATIVE])


def points_figure(played: Results) -> Drawn:
    """Points in all, by table: after one round with the 90 % interval, after more as lines of the medians."""
    tables = played[-1]["tables"]
    figure, axes = new_axes(1, 1, width=13, height=5 if len(played) > 1 else 1.2 + 0.6 * len(tables))
    _large(axes)
    if len(played) > 1:
        _lines(axes, played)
    else:
        _intervals(axes, tables)
    best = max(tables, key=lambda one: float(one["all"]["points"][1]))
    rows = [[one["name"], *(in_digits(each["tables"][place]["all"]["points"][1]) for each in played)]
            for place, one in enumerate(tables)]
    return Drawn(figure, "Points after each round" if len(played) > 1 else "Points, with 90 % of the draws", alt_text(
        f"After round {len(played)} {best['name']} leads with {_number(best['all']['points'][1])} points"),
        ["table", *(f"after round {number}" for number in range(1, len(played) + 1))], rows)


def _intervals(axes: Any, tables: Sequence[Mapping[str, Any]]) -> None:
    for place, one in enumerate(tables):
        colour, marker, _dash, _hatch = LOOKS[place]
        low, middle, high = one["all"]["points"]
        axes.plot([low, high], [place, place], color=INK, linewidth=3, solid_capstyle="butt")
        axes.plot([middle], [place], color=colour, marker=marker, markersize=16, markeredgecolor=INK)
    axes.axvline(0, color=INK, linewidth=1.2)
    axes.set_yticks(range(len(tables)), [one["name"] for one in tables])
    axes.set_ylim(len(tables) - 0.5, -0.5)
    axes.set_xlabel("points", fontsize=18)
    axes.grid(axis="y", visible=False)


def _lines(axes: Any, played: Results) -> None:
    rounds = np.arange(1, len(played) + 1)
    ends = []
    for place, one in enumerate(played[-1]["tables"]):
        colour, marker, dash, _hatch = LOOKS[place]
        middle = [each["tables"][place]["all"]["points"][1] for each in played]
        axes.plot(rounds, middle, color=colour, marker=marker, linestyle=dash, linewidth=3, markersize=12,
                  markeredgecolor=INK)
        ends.append((middle[-1], one["name"]))
    axes.axhline(0, color=INK, linewidth=1.2)
    axes.set_xticks(rounds, [f"round {number}" for number in rounds])
    axes.set_xlim(0.8, len(played) + 0.35 + 0.25 * len(played))
    axes.set_ylabel("points in all", fontsize=18)
    _end_labels(axes, ends, len(played))


def _end_labels(axes: Any, ends: Sequence[tuple[float, str]], at: int) -> None:
    """Names beside the ends of the lines, moved apart where they would lie on each other."""
    low, high = axes.get_ylim()
    step = (high - low) * 0.085
    ends = sorted(ends)
    placed = [ends[0][0]]
    for value, _name in ends[1:]:
        placed.append(max(value, placed[-1] + step))
    # What was pushed up goes down again by half, so that the names stand round their lines.
    shift = (sum(placed) - sum(value for value, _name in ends)) / len(ends)
    for (value, name), place in zip(ends, placed, strict=True):
        label = f"\u2068{name}\u2069" if _from_the_right(name) else name
        axes.annotate(f"{label}  {_number(value)}", (at, value), (at + 0.06 * at, place - shift), fontsize=16,
                      va="center", annotation_clip=False, arrowprops={"arrowstyle": "-", "color": QUIET},
                      bbox={"facecolor": "#ffffff", "edgecolor": "none", "pad": 1.5})
    axes.set_ylim(min(low, placed[0] - shift - step / 2), max(high, placed[-1] - shift + step / 2))


def received_figure(played: Results) -> Drawn:
    """Harm done at each table by what the others drove off, for 1,000 people, by where it came from."""
    last = played[-1]
    names = [one["name"] for one in last["tables"]]
    moved = _moved_by_person(last)
    figure, axes = new_axes(1, 1, width=13, height=1.6 + 0.75 * len(names))
    _large(axes)
    start = np.zeros(len(names))
    for place, name in enumerate(names):
        colour, _marker, _dash, hatch = LOOKS[place]
        axes.barh(range(len(names)), moved[place], left=start, height=0.66, color=colour, hatch=hatch, edgecolor=INK,
                  linewidth=0.8, label=name)
        start = start + moved[place]
    axes.set_yticks(range(len(names)), [f"at {name}" for name in names])
    axes.invert_yaxis()
    axes.set_xlim(0, max(float(start.max()), 1e-9) * 1.05)
    axes.set_xlabel(f"harm from fraud that others drove off, US dollars for {PEOPLE:,} people", fontsize=18)
    axes.grid(axis="y", visible=False)
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper left", ncols=min(4, len(names)), frameon=False, fontsize=16,
                  title="It came from", title_fontsize=16, alignment="left")
    most = int(start.argmax())
    source = int(moved[:, most].argmax())
    told = (f"For {PEOPLE:,} people {names[most]} received most, {_amount(float(start[most]))} dollars, above all from "
            f"{names[source]}" if start[most] > 0 else "No fraud has moved from one table to another")
    rows = [[name, *(_amount(float(value)) for value in moved[:, place])] for place, name in enumerate(names)]
    return Drawn(figure, "Who received whose fraud?", alt_text(told), ["at", *names], rows)


def _large(axes: Any) -> None:
    axes.tick_params(labelsize=17)
    axes.grid(color=LINE, linewidth=1)


def drawn_svg(drawn: Drawn) -> str:
    """A figure as SVG that can stand in a page: its alt text as label, its text as text, its ids its own."""
    from matplotlib import rc_context

    out = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": drawn.title, "svg.id": None}):
        drawn.figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    svg = out.getvalue()
    named = f'<svg role="img" aria-label="{html.escape(drawn.alt, quote=True)}" '
    return svg[svg.index("<svg"):].replace("<svg ", named, 1)


def board_html(game: Game, played: Results, *, head: str = "") -> str:
    """The board as one page. head: more for its head, such as the script that the server adds."""
    body = _played_html(game, played) if played else _new_html(game)
    after = f"after round {len(played)} of {game.rounds}" if played else f"{game.rounds} rounds"
    return f"""<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(game.title)}, {after}</title>
<style>{_STYLE}{_MANY if len(game.tables) > MOST_AT_FULL_SIZE else ""}</style>
{head}</head>
<body>
<header>
<h1><bdi>{html.escape(game.title)}</bdi></h1>
<p class="round">{after[:1].upper()}{after[1:]}</p>
</header>
<main>
{body}
</main>
<footer><p>{RELATIVE}</p></footer>
</body>
</html>
"""


def _new_html(game: Game) -> str:
    rows = "".join(f"<tr><th scope=\"row\">{_name(one.name)}</th><td>{html.escape(economy_named(one.economy).title)}"
                   "</td></tr>" for one in game.tables)
    return f"""<p class="card">No round has been played yet.</p>
<table><caption>The tables</caption>
<thead><tr><th scope="col">Table</th><th scope="col">Economy</th></tr></thead><tbody>{rows}</tbody></table>
<p>{html.escape(_rule(game))}</p>"""


def _played_html(game: Game, played: Results) -> str:
    last = played[-1]
    names = [one["name"] for one in last["tables"]]
    lessons = "".join(f"<li>{_marked(place)} {_escaped(one['lesson'], names)}</li>"
                      for place, one in enumerate(last["tables"]))
    figures = "".join(
        f"<section><h2>{html.escape(one.title)}</h2><figure>{drawn_svg(one)}<figcaption>{html.escape(one.alt)}"
        "</figcaption></figure></section>" for one in (points_figure(played), received_figure(played)))
    heads = "".join(f'<th scope="col">at {_name(name)}</th>' for name in names)
    moved = _moved_by_person(last)
    rows = "".join(
        f'<tr><th scope="row">from {_name(name)}</th>' + "".join(
            f"<td>{'·' if here == there else _amount(float(value))}</td>" for there, value in enumerate(moved[here]))
        + "</tr>" for here, name in enumerate(names))
    return f"""<p class="card"><strong>Card of the round:</strong> {_escaped(_card(last["card"]), names)}</p>
{_score_table(last)}
<p class="lead">{_escaped(_lead(last["lead"]), names)}</p>
<section><h2>What the round teaches</h2><ul>{lessons}</ul></section>
{figures}
<section><h2>Harm that moved, US dollars for 1,000 people</h2>
<table class="moved"><caption>Since the first round: from where it was driven off, to where it did harm; for 1,000
people there</caption>
<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>
<p>{_accounts(last["accounts"])}</p></section>
<section><h2>How points are counted</h2><p>{html.escape(_rule(game))}</p></section>"""


def _moved_by_person(last: Mapping[str, Any]) -> Any:
    """Harm since the first round by where it came from and where it was done, US dollars for 1,000 people there."""
    return np.array(last["moved"]["all"]) / np.array([_people(one) for one in last["tables"]])[None]


def _people(one: Mapping[str, Any]) -> float:
    """A table's people in thousands of millions: million dollars by it are dollars for 1,000 people."""
    return float(economy_named(one["economy"]).figures["population"]) / PEOPLE


def _accounts(accounts: Mapping[str, float]) -> str:
    """Where the money of fraudsters who were driven off in a round has gone, in parts of a hundred."""
    whole = accounts["driven_off"]
    if whole <= 0:
        return "Nobody was driven off in this round."
    given_up, into, elsewhere = (f"{100 * accounts[key] / whole:.0f}" for key in
                                 ("given_up", "into_tables", "elsewhere"))
    return (f"Mean of the draws in this round: of each 100 dollars that fraudsters were driven off with, {given_up} "
            f"were given up, {into} went to other tables, and {elsewhere} elsewhere.")


def _score_table(last: Mapping[str, Any]) -> str:
    rows = []
    for one in _ranked(last):
        place = next(at for at, other in enumerate(last["tables"]) if other is one)
        whole = one["all"]
        limits = "".join(f'<span class="limit">⚠ {html.escape(told)}</span>' for told in one["limits"])
        again = '<span class="note">as in the last round</span>' if one["name"] in last.get("as_last_round", ()) else ""
        rows.append(
            f'<tr><td class="rank">{whole["rank"]} {_arrow_html(whole)}</td>'
            f'<th scope="row">{_marked(place)} {_name(one["name"])}<span class="note">'
            f'{html.escape(one["economy_title"])}</span>{again}{limits}</th>'
            f'<td class="points">{_number(whole["points"][1])}<span class="note">{_range(whole["points"])}</span></td>'
            f'<td>{_number(one["round"]["points"][1])}</td>'
            f'<td>{_dollar(whole["person"][1])}<span class="note">{_range(whole["person"], _dollar)}</span></td>'
            f'<td>{_amount(whole["sent"] / _people(one))}</td><td>{_amount(whole["received"] / _people(one))}</td>'
            f'<td>{html.escape(_budget(one["budget"]))}</td></tr>')
    return f"""<table class="scores">
<caption>Scoreboard; $: US dollars for 1,000 people of the table; small: 90 % of the draws</caption>
<thead><tr><th scope="col">Rank</th><th scope="col">Table</th><th scope="col">Points</th>
<th scope="col">This round</th><th scope="col">Welfare, $</th>
<th scope="col">Harm sent, $</th><th scope="col">Harm received, $</th>
<th scope="col">Budget used</th></tr></thead>
<tbody>{"".join(rows)}</tbody></table>"""


def _ranked(last: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return sorted(last["tables"], key=lambda one: int(one["all"]["rank"]))  # equal ones in the order of the tables


def _marked(place: int) -> str:
    """The mark of a table in the figures, as a small drawing that needs no words."""
    colour, marker, _dash, _hatch = LOOKS[place]
    return (f'<svg class="mark" viewBox="0 0 20 20" aria-hidden="true" fill="{colour}" stroke="{INK}">'
            f'<path d="{_SHAPES[marker]}"/></svg>')


def _name(name: str) -> str:
    return f"<bdi>{html.escape(name)}</bdi>"


def _escaped(text: str, names: Sequence[str]) -> str:
    """A sentence as HTML; names that are written from the right stand apart, so that they turn nothing else round."""
    text = html.escape(text)
    for name in names:
        if _from_the_right(name):
            text = text.replace(html.escape(name), _name(name))
    return text


def _from_the_right(name: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in name)


def _lead(lead: Mapping[str, Any]) -> str:
    """How sure the lead is."""
    share = 100 * lead["share"]
    if share < 50:
        return f"{lead['first']} and {lead['second']} can't be told apart."
    return f"{lead['first']} is ahead of {lead['second']} in {share:.0f} % of the draws."


def _card(card: Mapping[str, Any]) -> str:
    who = "for all tables" if card["table"] is None else f"for {card['table']} alone"
    about = "Nothing happens that nobody decided." if card["name"] == "calm" else card["about"]
    return f"{card['title']}, {who}. {about}"


def _rule(game: Game) -> str:
    return (f"Points: of each 100 dollars of harm that there would be without measures, how many the table's measures "
            f"saved, less what they cost all who pay, less the harm of fraud that others drove off to it, less "
            f"{game.weight:g} times the harm of what it drove off to others. A table that loses too many wanted "
            "messages gets 0 points at most.")


def _arrow(whole: Mapping[str, Any]) -> str:
    was, rank = whole["was"], whole["rank"]
    return "" if was is None or was == rank else f" ▲{was - rank}" if was > rank else f" ▼{rank - was}"


def _arrow_html(whole: Mapping[str, Any]) -> str:
    """How the rank changed, for eyes and for a screen reader."""
    was, rank = whole["was"], whole["rank"]
    if was is None:
        return ""
    many = abs(was - rank)
    told = "as before" if not many else f"{'up' if was > rank else 'down'} by {many}"
    shown = "=" if not many else f"{'▲' if was > rank else '▼'}{many}"
    return f'<span class="change"><span aria-hidden="true">{shown}</span><span class="heard">, {told}</span></span>'


def _number(value: float) -> str:
    return f"{value:+.1f}".replace("-", "\u2212").replace("+0.0", "0.0").replace("\u22120.0", "0.0")


def _dollar(value: float) -> str:
    """US dollars for each person, written for 1,000 of them."""
    return re.sub("^[+-]0$", "0", f"{PEOPLE * value:+,.0f}").replace("-", "\u2212")


def _range(spread: Sequence[float], written: Any = _number) -> str:
    return f"{written(spread[0])} to {written(spread[2])}"


def _points(spread: Sequence[float]) -> str:
    return f"{_number(spread[1])} ({_range(spread)})"


def _dollars(spread: Sequence[float]) -> str:
    return f"{_dollar(spread[1])} $ ({_range(spread, _dollar)})"


def _amount(value: float) -> str:
    if 0 < value < 0.1:
        return "under 0.1"
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _budget(budget: Mapping[str, Any]) -> str:
    share = 100 * budget["spent"] / budget["limit"] if budget["limit"] else 0.0
    return f"{share:.0f} %" + ("" if budget["kept"] else ", a year over")


_STYLE = f"""
:root {{ color-scheme: light; font-size: 22px; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; font: 1rem/1.3 "DejaVu Sans", Verdana, Arial, sans-serif; color: {INK}; background: #fff; }}
header {{ display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; padding: .35rem 1rem;
  background: {INK}; color: #fff; }}
h1 {{ font-size: 1.35rem; margin: 0; }}
.round {{ margin: 0; font-size: 1.1rem; }}
main, footer {{ padding: 0 1rem; max-width: 66rem; margin: 0 auto; }}
h2 {{ font-size: 1.2rem; margin: 1.2rem 0 .3rem; }}
.lead {{ margin: .4rem 0; font-weight: bold; }}
.card {{ margin: .5rem 0; padding: .2rem .6rem; border-inline-start: .4rem solid {ORANGE}; }}
table {{ border-collapse: collapse; width: 100%; }}
caption {{ text-align: start; color: {QUIET}; font-size: .82rem; }}
th, td {{ padding: .2rem .4rem; border-bottom: 2px solid {LINE}; text-align: end; vertical-align: top; }}
th {{ text-align: start; }}
thead th {{ vertical-align: bottom; border-bottom-color: {INK}; font-size: .82rem; line-height: 1.15; }}
.scores thead th:nth-child(n+3), .moved th[scope=col] {{ text-align: end; }}
.scores td, .scores th[scope=row] {{ font-size: 1.15rem; }}
.scores .rank {{ text-align: start; font-weight: bold; white-space: nowrap; font-size: 1.3rem; }}
.scores .points {{ font-weight: bold; font-size: 1.3rem; }}
td {{ font-variant-numeric: tabular-nums; }}
.note, .limit {{ display: block; font-size: .8rem; font-weight: normal; }}
.note {{ color: {QUIET}; white-space: nowrap; }}
.limit {{ color: #8a3400; font-weight: bold; }}
.change {{ font-size: 1rem; font-weight: normal; }}
.heard {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }}
.mark {{ width: .9em; height: .9em; vertical-align: -.08em; stroke-width: 1.5; }}
ul {{ list-style: none; padding: 0; margin: 0; }}
li {{ margin: .3rem 0; padding-inline-start: 1.4em; text-indent: -1.4em; }}
figure {{ margin: 0; }}
figure svg {{ width: 100%; height: auto; }}
figcaption {{ color: {QUIET}; font-size: .9rem; }}
footer {{ margin-top: 1rem; color: {QUIET}; }}
@media (max-width: 1000px) {{ :root {{ font-size: 16px; }} .scores, .moved {{ display: block; overflow-x: auto; }} }}
@media print {{ header {{ color: {INK}; background: #fff; }} section {{ break-inside: avoid; }} }}
"""
_MANY = """@media (min-width: 1001px) { :root { font-size: 19px; } .note, .limit { font-size: .9rem; } }
"""
