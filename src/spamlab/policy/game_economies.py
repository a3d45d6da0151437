"""The economies of a game's tables, each alone: cards, documents of several rounds as one course, with and without it.

Does not belong here: what moves between tables (game_moves.py), scores (game_round.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from spamlab.policy.document import Measure, Policy
from spamlab.policy.draws import uniform
from spamlab.policy.economies import economy_named
from spamlab.policy.game import Game
from spamlab.policy.instruments import read_instruments
from spamlab.policy.levers import CHANNELS, LEVERS
from spamlab.policy.market import FLOWS
from spamlab.policy.model import MILLION, Batch, run
from spamlab.policy.plan import Plan, plan
from spamlab.policy.play import HARM, PAYERS
from spamlab.policy.scenarios import SHOCKS, Scenario, read_scenarios
from spamlab.records.economy import Economy

Array = NDArray[np.float64]

FRAUD = ("domestic", "botnet", "offshore")
"""Classes of senders whose money moves between tables; marketing has its shop at home."""
NO_CARDS = ("neighbours-ban",)
"""Scenarios that are no cards: in a game the neighbours are the tables."""
BUDGET = list(SHOCKS).index("budget")


@dataclass(frozen=True)
class Card:
    """What happens in a round. table: the one to which it happens, None for all."""

    scenario: Scenario
    table: int | None


@dataclass(frozen=True)
class Course:
    """What a table's documents of all rounds come to. W weeks.

    levers: (len(LEVERS), W). costs: US dollars a week, (W,), by (instrument, payer). factors: (low, high) by
    instrument. last: the plan of the last round. policy: the measures that it was made of.
    """

    levers: Array
    costs: Mapping[tuple[str, str], Array]
    factors: Mapping[str, tuple[float, float]]
    last: Plan
    policy: Policy


@dataclass(frozen=True)
class Home:
    """One table's economy, in million US dollars a week. W weeks, D draws, K classes of FRAUD, C channels.

    none: harm without measures; avoided: harm less than that; paid: by state, operators and lawful senders; all (W, D).
    wanted: value of wanted items lost beyond none, (W, D). spending, spending_none, near, near_none: what fraudsters
    spend at home and at the neighbour's with and without measures, (K, W, D). harms: of fraud by class, (K, W, D).
    wanted_share: share of wanted items lost beyond none, (C, W, D).
    """

    none: Array
    avoided: Array
    paid: Array
    wanted: Array
    spending: Array
    spending_none: Array
    near: Array
    near_none: Array
    harms: Array
    wanted_share: Array

    @property
    def gain(self) -> Array:
        """Welfare gained over no policy, before anything moves, (W, D)."""
        return self.avoided - self.paid


def economy_of_table(game: Game, place: int) -> Economy:
    """The economy of a table with the game's rule for budgets."""
    economy = economy_named(game.tables[place].economy)
    figures = {**economy.figures, "policy_budget": economy.figures["policy_budget"] * game.budget}
    return replace(economy, figures=figures)


def card_of(game: Game, number: int) -> Card:
    """The card of a round: no card twice before all were drawn. Half of them are for one table."""
    def order(name: str) -> bytes:
        return hashlib.blake2b(f"card|{game.seed}|{name}".encode(), digest_size=8).digest()

    known = read_scenarios()
    names = sorted((name for name in known if name not in NO_CARDS), key=order)
    scenario = known[names[(number - 1) % len(names)]]
    who = uniform(f"game|{game.seed}", 2, "card", number)
    one = bool(scenario.shocks) and who[0] < 0.5
    return Card(scenario, int(who[1] * len(game.tables)) if one else None)


def path_of(game: Game, number: int, place: int) -> Array:
    """What the cards of the rounds up to `number` do to a table, (len(SHOCKS), weeks of the whole game).

    A card begins in the first quarter of its round and lasts to the round's end at least.
    """
    names = list(SHOCKS)
    quiet = [value for value, _about in SHOCKS.values()]
    found = np.repeat(np.array(quiet)[:, None], game.rounds * game.weeks, axis=1)
    for at in range(1, number + 1):
        card = card_of(game, at)
        if card.table not in (None, place):
            continue
        when = uniform(f"game|{game.seed}", 2, "card", at, "time")
        for order, one in enumerate(card.scenario.shocks):
            share = float(uniform(f"game|{game.seed}", 1, "card", at, order)[0])
            size = one.size[0] + share * (one.size[1] - one.size[0])
            first = (at - 1) * game.weeks + round(float(when[0]) * game.weeks / 4)
            long = round(one.weeks[0] + float(when[1]) * (one.weeks[1] - one.weeks[0]))
            row, weeks = names.index(one.what), slice(first, max(first + long, at * game.weeks))
            if quiet[row] == 1.0:
                found[row, weeks] *= size
            else:
                found[row, weeks] = np.maximum(found[row, weeks], size)
    return found


def course_of(game: Game, place: int, economy: Economy, policies: Sequence[Policy]) -> Course:
    """Put the plans of all rounds together: each round's weeks are those of its own plan.

    What had begun before a round and is still in its document keeps the week in which it began; what is new begins in
    the round at the earliest; what is no longer in the document ends with the round before.
    """
    weeks = game.rounds * game.weeks
    levers = np.zeros((len(LEVERS), len(policies) * game.weeks))
    costs: dict[tuple[str, str], Array] = {}
    factors: dict[str, tuple[float, float]] = {}
    made: Plan | None = None
    policy = policies[0]
    for number, document in enumerate(policies, 1):
        first = (number - 1) * game.weeks
        policy = document if made is None else _continued(policy, made, document, first)
        budget = path_of(game, number, place)[BUDGET]
        made = plan(policy, economy, read_instruments(), weeks=weeks, budget=None if (budget == 1).all() else budget)
        part = slice(first, first + game.weeks)
        levers[:, part] = made.levers[:, part]
        for key, paid in made.costs.items():
            costs.setdefault(key, np.zeros(levers.shape[1]))[part] = paid[part]
        factors.update(made.cost_factor)
    assert made is not None
    return Course(levers, costs, factors, made, policy)


def _continued(policy: Policy, made: Plan, document: Policy, first: int) -> Policy:
    """The document with what had begun before the week `first` in front, in its old order, with its old start."""
    begun = {one.instrument: begin for one in policy.measures
             if (begin := made.begins.get(one.instrument)) is not None and begin < first
             and made.stops.get(one.instrument, first + 1) > first}
    new = {one.instrument: one for one in document.measures}
    kept = [Measure(name, begin, new[name].settings) for name, begin in begun.items() if name in new]
    added = [replace(one, start=max(one.start, first)) for one in document.measures if one.instrument not in begun]
    return replace(document, measures=(*kept, *added))


def home_of(economy: Economy, course: Course, path: Array, drawn: Mapping[str, Array], weeks: int,
            seed: int | str) -> Home:
    """Play one table's economy with and without its measures, with the same draws and cards."""
    runs = len(next(iter(drawn.values())))
    flows = [f"{sender}.{channel}" for sender, channel in FLOWS if sender in FRAUD]
    record = [*HARM, *(f"wanted_share.{channel}" for channel in CHANNELS),
              *(f"{what}.{flow}" for what in ("spending", "loss", "time") for flow in flows),
              *(f"spending.{flow}.neighbour" for flow in flows)]
    levers = np.stack([np.zeros_like(course.levers), course.levers], axis=2)
    series = run(Batch(economy, {name: np.tile(values, 2) for name, values in drawn.items()}, levers,
                       np.repeat([0, 1], runs), path[:, :weeks, None], np.zeros(2 * runs, dtype=np.intp)),
                 record).series
    none = {name: values[:, :runs] for name, values in series.items()}
    with_it = {name: values[:, runs:] for name, values in series.items()}

    def classes(values: Mapping[str, Array], what: str, ending: str = "") -> Array:
        return np.array([np.sum([values[f"{what}.{flow}{ending}"] for flow in flows if flow.startswith(f"{sender}.")],
                                axis=0) for sender in FRAUD])

    harm_none, harm = (np.sum([values[name] for name in HARM], axis=0) for values in (none, with_it))
    return Home(
        harm_none, harm_none - harm, _paid(course, weeks, runs, seed), with_it["wanted_lost"] - none["wanted_lost"],
        classes(with_it, "spending"), classes(none, "spending"), classes(with_it, "spending", ".neighbour"),
        classes(none, "spending", ".neighbour"), classes(with_it, "loss") + classes(with_it, "time"),
        np.array([with_it[f"wanted_share.{channel}"] - none[f"wanted_share.{channel}"] for channel in CHANNELS]))


def _paid(course: Course, weeks: int, runs: int, seed: int | str) -> Array:
    """What the measures cost all payers, (W, D), million US dollars; each instrument with its own draw in its range."""
    whole = np.zeros((weeks, runs))
    for (instrument, payer), weekly in course.costs.items():
        if payer in PAYERS:
            low, high = course.factors[instrument]
            factor = low * (high / low) ** uniform(f"game|{seed}", runs, "cost", instrument)
            whole += weekly[:weeks, None] / MILLION * factor
    return whole
