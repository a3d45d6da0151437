"""A round of a game: all tables' economies side by side, what moves between them, the score and the lesson of each.

Does not belong here: files (game.py), how a round is shown (game_board.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from spamlab.policy.document import WEEKS_A_YEAR, Policy
from spamlab.policy.draws import draw_parameters
from spamlab.policy.economies import economy_named
from spamlab.policy.game import Game, documents
from spamlab.policy.game_economies import (
    BUDGET,
    Array,
    Course,
    Home,
    card_of,
    course_of,
    economy_of_table,
    home_of,
    path_of,
)
from spamlab.policy.game_moves import Moves, displacement
from spamlab.policy.instruments import read_instruments
from spamlab.policy.judging import WANTED_FLOOR
from spamlab.policy.levers import CHANNELS
from spamlab.policy.model import MILLION
from spamlab.records.economy import Economy

RUNS = 48
"""Draws of a round."""
ITEMS = {"email": "e-mails", "sms": "text messages", "voice": "calls", "apps": "messages of apps"}
_SUMS = ("own", "avoided", "paid", "wanted", "received", "sent")
_TELLING = 0.05
"""Part of the change in harm at home from which on harm that moved is worth a sentence."""


def bring(game: Game, played: Sequence[Mapping[str, Any]], policies: Sequence[Policy], *,
          runs: int = RUNS) -> dict[str, Any]:
    """Play a round: all weeks from the first on, with the documents of each round in force from their round on.

    Deterministic in its arguments. Money in million US dollars, points for 100 dollars of harm without measures.
    """
    number = len(played) + 1
    homes, courses, economies = [], [], []
    drawn = draw_parameters(f"game|{game.seed}", runs)
    for place, table in enumerate(game.tables):
        economy = economy_of_table(game, place)
        course = course_of(game, place, economy, [*documents(played, place), policies[place]])
        homes.append(home_of(economy, course, path_of(game, number, place), drawn, number * game.weeks, game.seed))
        courses.append(course)
        economies.append(economy_named(table.economy))
    moves = displacement(homes, drawn["converts"], drawn["fatigue"], game.near)
    return _result(game, number, played, homes, courses, economies, moves)


def _result(game: Game, number: int, played: Sequence[Mapping[str, Any]], homes: Sequence[Home],
            courses: Sequence[Course], economies: Sequence[Economy], moves: Moves) -> dict[str, Any]:
    card = card_of(game, number)
    names = [table.name for table in game.tables]
    this = slice((number - 1) * game.weeks, number * game.weeks)
    whole = slice(0, number * game.weeks)
    tables = []
    points = []
    for place, (home, economy) in enumerate(zip(homes, economies, strict=True)):
        broken = _broken(home, whole)
        sums = {key: _sums(game, place, home, moves, part) for key, part in (("round", this), ("all", whole))}
        points.append(_points(sums["all"], bool(broken)))
        tables.append({
            "name": names[place], "economy": game.tables[place].economy, "economy_title": economy.title,
            "round": _scored(sums["round"], economy, bool(_broken(home, this))),
            "all": _scored(sums["all"], economy, bool(broken)), "limits": broken,
            "budget": _budget(game, number, place, courses[place]),
            "starts": {key: week for key, week in courses[place].last.starts.items() if week is not None},
            "waiting": [f"{read_instruments()[key].title}: {why}" for key, why in courses[place].last.reasons.items()],
        })
    _put_ranks(tables, played)
    sent = _medians(moves.harm[:, :, this].sum(axis=2))
    for place, one in enumerate(tables):
        one["lesson"] = lesson(names, place, tables, sent, homes, moves, this)
    return {
        "weeks": game.weeks,
        "card": {"name": card.scenario.name, "title": card.scenario.title, "about": card.scenario.about,
                 "table": None if card.table is None else names[card.table]},
        "tables": tables, "lead": _lead(tables, points),
        "moved": {"round": _rounded(sent), "all": _rounded(_medians(moves.harm.sum(axis=2)))},
        "accounts": {key: _digits(float(values[..., this, :].mean(axis=-1).sum())) for key, values in (
            ("driven_off", moves.driven_off), ("given_up", moves.given_up), ("elsewhere", moves.elsewhere),
            ("into_tables", moves.into.sum(axis=1)))}}


def _sums(game: Game, place: int, home: Home, moves: Moves, part: slice) -> dict[str, Array]:
    """What a table's score is made of in some weeks, each (D,), million US dollars."""
    received = moves.harm[:, place, part].sum(axis=(0, 1))
    sent = moves.harm[place, :, part].sum(axis=(0, 1))
    own = home.gain[part].sum(axis=0)
    return {"own": own, "avoided": home.avoided[part].sum(axis=0), "paid": home.paid[part].sum(axis=0),
            "wanted": home.wanted[part].sum(axis=0), "received": received, "sent": sent,
            "net": own - received - game.weight * sent, "none": home.none[part].sum(axis=0)}


def _scored(sums: Mapping[str, Array], economy: Economy, broken: bool) -> dict[str, Any]:
    """Low, median and high of 90 % of the draws. points: for 100 dollars of harm without measures."""
    return {
        "points": _spread(_points(sums, broken)),
        "person": _spread(sums["net"] / economy.figures["population"]),
        **{key: _digits(float(np.median(sums[key]))) for key in _SUMS}}


def _points(sums: Mapping[str, Array], broken: bool) -> Array:
    """Points in each draw, (D,); 0 at most where a limit is broken."""
    points = 100 * sums["net"] / sums["none"]
    return np.minimum(points, 0.0) if broken else points


def _lead(tables: Sequence[Mapping[str, Any]], points: Sequence[Array]) -> dict[str, Any]:
    """Who leads before whom, and in which share of the draws: all tables are played with the same ones."""
    first, second = sorted(range(len(tables)), key=lambda place: int(tables[place]["all"]["rank"]))[:2]
    return {"first": tables[first]["name"], "second": tables[second]["name"],
            "share": _digits(float((points[first] > points[second]).mean()))}


def _broken(home: Home, part: slice) -> list[str]:
    """Limits under wanted messages that a table breaks in some weeks, a sentence each."""
    found = []
    for row, channel in enumerate(CHANNELS):
        lost = float(np.median(home.wanted_share[row, part].mean(axis=0)))
        if lost > WANTED_FLOOR[channel]:
            found.append(f"{100 * lost:.0f} % of the wanted {ITEMS[channel]} are lost; "
                         f"at most {100 * WANTED_FLOOR[channel]:.0f} % may be")
    return found


def _budget(game: Game, number: int, place: int, course: Course) -> dict[str, Any]:
    """What the state spent and can spend to the end of this year, million US dollars; whether each year kept to it."""
    economy = economy_of_table(game, place)
    weekly = path_of(game, number, place)[BUDGET] * economy.figures["policy_budget"] / WEEKS_A_YEAR
    weeks = number * game.weeks
    spent = sum((paid[:weeks] for (_name, payer), paid in course.costs.items() if payer == "state"), np.zeros(weeks))
    kept = all(spent[first:first + WEEKS_A_YEAR].sum() <= weekly[first:first + WEEKS_A_YEAR].sum() * (1 + 1e-6)
               for first in range(0, weeks, WEEKS_A_YEAR))
    return {"spent": _digits(float(spent.sum()) / MILLION),
            "limit": _digits(float(weekly[:-(-weeks // WEEKS_A_YEAR) * WEEKS_A_YEAR].sum()) / MILLION), "kept": kept}


def _put_ranks(tables: Sequence[dict[str, Any]], played: Sequence[Mapping[str, Any]]) -> None:
    """Rank in the round and in all by the median of points, equal ones alike; `was`: the rank after the last round."""
    for key in ("round", "all"):
        points = [one[key]["points"][1] for one in tables]
        for one in tables:
            one[key]["rank"] = 1 + sum(other > one[key]["points"][1] for other in points)
    for place, one in enumerate(tables):
        one["all"]["was"] = played[-1]["tables"][place]["all"]["rank"] if played else None


def lesson(names: Sequence[str], place: int, tables: Sequence[Mapping[str, Any]], sent: Array, homes: Sequence[Home],
           moves: Moves, part: slice) -> str:
    """The best lesson of a round for a table, in one sentence: who received whose fraud, or why none moved.

    Amounts are US dollars for 1,000 people of the table, as everywhere on the board.
    """
    name, one = names[place], tables[place]["round"]
    people = economy_named(tables[place]["economy"]).figures["population"] / 1000
    harm = float(np.median(homes[place].none[part].sum(axis=0)))
    to, source = int(sent[place].argmax()), int(sent[:, place].argmax())
    cost = max((("wanted messages lost", one["wanted"]), ("its measures", one["paid"])), key=lambda pair: pair[1])
    way = "fell" if one["avoided"] >= 0 else "rose"
    lost = (f"{name} lost more than it gained: for 1,000 people {cost[0]} cost {_dollars(max(cost[1], 0.0) / people)}, "
            f"and all harm together {way} by {_dollars(abs(one['avoided']) / people)}.")
    if one["own"] < 0 and one["avoided"] < 0:
        return lost
    moved = max(one["received"], one["sent"]) > max(_TELLING * abs(one["avoided"]), harm / 10_000)
    if moved and one["received"] > one["sent"]:
        left, others = (_left(homes[which], part) for which in (place, source))
        why = (f"its market stood more open than that of {names[source]}" if left > others
               else "a market that is as closed as others' still takes its share")
        return (f"{name} received {_dollars(one['received'] / people)} of harm for 1,000 people from fraud that "
                f"others drove off, most from {names[source]}: {why}.")
    if moved:
        off = float(np.median(moves.driven_off[place][:, part].sum(axis=(0, 1))))
        into = float(np.median(moves.into[place][:, :, part].sum(axis=(0, 1, 2))))
        return (f"Of each 100 dollars that fraudsters spent less at {name}, {100 * into / max(off, 1e-12):.0f} went on "
                f"to other tables, most to {names[to]}, and did {_dollars(one['sent'] / people)} of harm there for "
                f"1,000 people at {name}.")
    if one["own"] < 0:
        return lost
    return (f"Little fraud moved on from {name}: of each 100 dollars of harm there "
            f"{100 * max(one['avoided'], 0.0) / harm:.1f} were avoided, and others received "
            f"{100 * one['sent'] / harm:.1f}.")


def _dollars(value: float) -> str:
    if value < 0.1:
        return "less than 0.1 dollars"
    return f"{value:,.0f} dollars" if value >= 10 else f"{value:.1f} dollars"


def _left(home: Home, part: slice) -> float:
    """What a table's measures left of the market of fraud, as a share."""
    return float(np.median(home.spending[:, part].sum(axis=(0, 1)) / home.spending_none[:, part].sum(axis=(0, 1))))


def _medians(values: Array) -> Array:
    return np.asarray(np.median(values, axis=-1))


def _spread(values: Array) -> list[float]:
    return [_digits(float(one)) for one in np.percentile(values, (5, 50, 95))]


def _rounded(values: Array) -> list[list[float]]:
    return [[_digits(float(one)) for one in row] for row in values]


def _digits(value: float) -> float:
    """Six digits that count: the same text on every machine."""
    return float(f"{value:.6g}") + 0.0
