"""Plays policies through scenarios: the same draws for every policy and for none, and the differences between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from spamlab.errors import UsageError
from spamlab.policy.document import WEEKS_A_YEAR, Policy
from spamlab.policy.draws import Parameter, draw_parameters, uniform
from spamlab.policy.economies import economy_named
from spamlab.policy.instruments import Instrument, read_instruments
from spamlab.policy.levers import LEVERS
from spamlab.policy.model import MILLION, Batch, Outcome, Structure, run
from spamlab.policy.plan import Plan, plan
from spamlab.policy.scenarios import SHOCKS, Scenario
from spamlab.records.economy import Economy

__all__ = ["MOST_AT_ONCE", "PAYERS", "Play", "Structure", "economy_named", "play"]

Array = NDArray[np.float64]

PAYERS: Mapping[str, str] = {"state": "public_cost", "operators": "operator_cost", "senders": "compliance_cost"}
"""Who pays for a measure, and the outcome in which it is counted."""
HARM = ("loss", "time", "wanted_lost")
MOST_AT_ONCE = 16_384
"""Runs that are held in memory together."""
_BUDGET = list(SHOCKS).index("budget")


@dataclass(frozen=True)
class Play:
    """What came out. P policies, S scenarios, D draws; money in million US dollars over the whole time, at home.

    totals: outcome -> (P, S, D); baseline: the same without any measure, (S, D). Outcomes: "loss" (victims' losses),
    "time" (of people, for what is delivered), "wanted_lost" (value of wanted items lost), "public_cost",
    "operator_cost", "compliance_cost" (lawful senders), "harm" (loss + time + wanted_lost), "welfare" (minus all six),
    "harm_abroad", "victims", "complaints", "revenue" (of senders), "wanted_items" (lost, in million), and, by channel,
    "delivered.email", "victims.email", "attempted.email", "wanted_share.email" (share of wanted items lost) and so on.
    series: (P, S, weeks, D) of the outcomes asked for as `record`; baseline_series: (S, weeks, D).
    plans: (P, S) of spamlab.policy.plan.Plan.
    """

    economy: Economy
    policies: tuple[Policy, ...]
    scenarios: tuple[str, ...]
    draws: int
    totals: Mapping[str, Array]
    baseline: Mapping[str, Array]
    series: Mapping[str, Array] = field(default_factory=dict)
    baseline_series: Mapping[str, Array] = field(default_factory=dict)
    plans: tuple[tuple[Plan, ...], ...] = ()

    def gain(self, outcome: str = "welfare") -> Array:
        """The paired difference to no policy, (P, S, D): positive is more of the outcome than without the policy."""
        return self.totals[outcome] - self.baseline[outcome][None]


def play(policies: Sequence[Policy], economy: Economy, scenarios: Sequence[Scenario], *, runs: int = 64,
         seed: int | str = 0, structure: Structure | None = None, record: Sequence[str] = (), years: int | None = None,
         instruments: Mapping[str, Instrument] | None = None, parameters: Mapping[str, Array] | None = None,
         known: Mapping[str, Parameter] | None = None) -> Play:
    """Play every policy through every scenario with the same `runs` draws.

    years: default the policies' own, which must be one number. parameters: (runs,) by name in place of draws of `known`
    (default: those that come with spamlab). Deterministic in its arguments; a draw has the same value whatever else is
    played. Raises UsageError where nothing is to be played, or policies of different length are.
    """
    if not scenarios or runs < 1:
        raise UsageError("a play needs at least one scenario and one run.")
    weeks = _years(policies, years) * WEEKS_A_YEAR
    tools = read_instruments() if instruments is None else instruments
    drawn = draw_parameters(seed, runs, known) if parameters is None else dict(parameters)
    paths = np.stack([one.path(weeks, seed) for one in scenarios], axis=2)
    form = structure or Structure()
    plans = tuple(_plans(policy, economy, tools, weeks, paths) for policy in policies)
    nothing = np.zeros((len(LEVERS), weeks))
    alone = _run([(nothing,) * len(scenarios)], economy, paths, drawn, form, record)
    at_once = max(1, MOST_AT_ONCE // (len(scenarios) * runs))
    parts = [_run([tuple(one.levers for one in row) for row in plans[first:first + at_once]], economy, paths, drawn,
                  form, record) for first in range(0, len(plans), at_once)]
    shape = (-1, len(scenarios), runs)
    totals = {name: np.concatenate([part.totals[name].reshape(shape) for part in parts])
              for name in alone.totals} if parts else {name: np.empty((0, *shape[1:])) for name in alone.totals}
    baseline = {name: values.reshape(shape[1:]) for name, values in alone.totals.items()}
    _put_costs(totals, baseline, plans, seed)
    return Play(
        economy, tuple(policies), tuple(one.name for one in scenarios), runs, totals, baseline,
        {name: np.concatenate([_weekly(part.series[name], shape) for part in parts]) for name in record if parts},
        {name: _weekly(alone.series[name], shape)[0] for name in record}, plans)


def _years(policies: Sequence[Policy], years: int | None) -> int:
    found = {policy.years for policy in policies} if years is None else {years}
    if len(found) > 1:
        raise UsageError("policies of different length can't be compared: give all the same number of years.")
    return next(iter(found), 3)


def _plans(policy: Policy, economy: Economy, tools: Mapping[str, Instrument], weeks: int,
           paths: Array) -> tuple[Plan, ...]:
    """The policy's plan in each scenario; only a cut of the budget makes another one."""
    made: dict[bytes, Plan] = {}
    found = []
    for number in range(paths.shape[2]):
        budget = paths[_BUDGET, :, number]
        key = budget.tobytes()
        if key not in made:
            made[key] = plan(policy, economy, tools, weeks=weeks, budget=None if (budget == 1).all() else budget)
        found.append(made[key])
    return tuple(found)


def _run(rows: Sequence[Sequence[Array]], economy: Economy, paths: Array, drawn: Mapping[str, Array], form: Structure,
         record: Sequence[str]) -> Outcome:
    """Run policies (rows of levers by scenario): policy x scenario x draw as one axis."""
    columns: dict[int, int] = {}
    kept: list[Array] = []
    for row in rows:
        for levers in row:
            if id(levers) not in columns:
                columns[id(levers)] = len(kept)
                kept.append(levers)
    draws, scenarios = len(next(iter(drawn.values()))), paths.shape[2]
    lever_of = np.repeat([columns[id(levers)] for row in rows for levers in row], draws)
    shock_of = np.tile(np.repeat(np.arange(scenarios), draws), len(rows))
    times = len(rows) * scenarios
    return run(Batch(economy, {name: np.tile(values, times) for name, values in drawn.items()}, np.stack(kept, axis=2),
                     lever_of, paths, shock_of, form), record)


def _weekly(values: Array, shape: tuple[int, ...]) -> Array:
    """(weeks, runs) -> (P, S, weeks, D)."""
    return np.moveaxis(values.reshape(len(values), *shape), 0, 2)


def _put_costs(totals: dict[str, Array], baseline: dict[str, Array], plans: Sequence[Sequence[Plan]],
               seed: int | str) -> None:
    """Add the costs of measures, each with its own draw within its range, then harm and welfare."""
    runs = next(iter(baseline.values())).shape[1]
    for payer, outcome in PAYERS.items():
        totals[outcome] = np.array([[_cost(one, payer, runs, seed) for one in row] for row in plans]).reshape(
            totals["loss"].shape)
        baseline[outcome] = np.zeros_like(baseline["loss"])
    for found in (totals, baseline):
        found["harm"] = _sum(found[name] for name in HARM)
        found["welfare"] = -_sum(found[name] for name in ("harm", *PAYERS.values()))


def _cost(one: Plan, payer: str, runs: int, seed: int | str) -> Array:
    """What a payer pays in a plan, (runs,), in million US dollars."""
    whole = np.zeros(runs)
    for (instrument, who), weekly in one.costs.items():
        if who == payer:
            low, high = one.cost_factor[instrument]
            whole += weekly.sum() / MILLION * low * (high / low) ** uniform(seed, runs, "cost", instrument)
    return whole


def _sum(values: Iterable[Array]) -> Array:
    return np.asarray(np.add.reduce(list(values)))
