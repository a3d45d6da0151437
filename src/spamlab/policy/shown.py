"""What a policy did, as plain data and as text: by scenario with intervals, what was delayed, and what nobody knows.

Three layers of uncertainty are kept apart: draws (the interval of each scenario), structure (the forms of the model
about which nobody is sure), shocks (from scenario to scenario). Does not belong here: judging (judging.py), figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spamlab.errors import ContentError
from spamlab.policy.document import TEXTS, WEEKS_A_YEAR, Policy, missing_texts
from spamlab.policy.drawing import INTERVAL, in_digits, in_words, money_unit
from spamlab.policy.figures import CHANNEL_TITLES
from spamlab.policy.instruments import Instrument, read_instruments
from spamlab.policy.judging import Failure, broken_limits, judge_policy
from spamlab.policy.levers import CHANNELS
from spamlab.policy.library import content_digest, read_library
from spamlab.policy.model import STRUCTURES
from spamlab.policy.plan import Plan, plan
from spamlab.policy.play import Play, Structure, play
from spamlab.policy.scenarios import Scenario
from spamlab.records.economy import Economy

RELATIVE = "A score is relative to this model."
COSTS = ("public_cost", "operator_cost", "compliance_cost")


@dataclass(frozen=True)
class ScenarioOutcome:
    """One scenario. Each figure is (low, median, high) of the paired difference to no policy over the draws, 90 %.

    gain, harm_avoided, cost (of state, operators and lawful senders), wanted_lost (the value of wanted items): million
    US dollars over the whole time. wanted_share: share of wanted items lost beyond no policy, by channel, medians.
    """

    name: str
    title: str
    gain: tuple[float, float, float]
    harm_avoided: tuple[float, float, float]
    cost: tuple[float, float, float]
    wanted_lost: tuple[float, float, float]
    wanted_share: Mapping[str, float]


@dataclass(frozen=True)
class Delay:
    """A measure that is late, never begins or stops. scenario: "" where it is so in all of them."""

    place: int
    title: str
    asked: int
    force: int | None
    why: str
    scenario: str = ""


@dataclass(frozen=True)
class Outcome:
    """All that is told of a policy.

    score: 0 to 100, or None. no_score: why there is none, or "". fits: the stored library was made with the data of
    today; where it was not, the score stands against policies that may no longer be the best. failures: hard limits
    that are broken.
    structure: the median gain in the first scenario by form of the model. played: the play that it rests on.
    """

    policy: Policy
    economy: Economy
    runs: int
    seed: int | str
    scenarios: tuple[ScenarioOutcome, ...]
    delays: tuple[Delay, ...]
    structure: tuple[tuple[Structure, float], ...]
    score: float | None
    no_score: str
    fits: bool
    failures: tuple[Failure, ...]
    played: Play


def outcome(policy: Policy, economy: Economy, scenarios: Sequence[Scenario], *, runs: int, seed: int | str,
            progress: Callable[[], None] = lambda: None) -> Outcome:
    """Play a policy, and judge it where its four texts are there and the economy has a stored library to judge by.

    progress: called after the play of each form of the model.
    """
    why = _no_score(policy, economy)
    score = None
    if why:
        played = play([policy], economy, scenarios, runs=runs, seed=seed)
        failures = broken_limits(played)
    else:
        judged = judge_policy(policy, economy, scenarios, runs=runs, seed=seed)
        played, failures, score = judged.played, judged.failures, judged.score
    progress()
    forms = []
    for form in STRUCTURES:
        made = played
        if form != STRUCTURES[0]:
            made = play([policy], economy, scenarios[:1], runs=runs, seed=seed, structure=form)
            progress()
        forms.append((form, float(np.median(made.gain()[0, 0]))))
    return Outcome(policy, economy, runs, seed, tuple(_scenarios(played, scenarios)),
                   tuple(_delays(policy, economy, played, scenarios)), tuple(forms), score, why,
                   score is None or read_library(economy.name).digest == content_digest(economy.name), failures, played)


def _no_score(policy: Policy, economy: Economy) -> str:
    """Why there can be no score, in one sentence; "" where there can."""
    lacking = missing_texts(policy)
    names = [f"“{one.title}”" for one in TEXTS.values() if any(told.startswith(f"{one.title} (") for told in lacking)]
    if names:
        return f"No score is shown until the texts are written that only people can judge: {', '.join(names)}."
    if lacking:
        return f"No score is shown: {lacking[0][:1].lower()}{lacking[0][1:]}"
    try:
        read_library(economy.name)
    except ContentError as trouble:
        return f"No score can be given: {trouble}."
    return ""


def _scenarios(played: Play, scenarios: Sequence[Scenario]) -> list[ScenarioOutcome]:
    spent = sum((played.gain(name)[0] for name in COSTS), np.zeros(1))
    shares = {channel: played.gain(f"wanted_share.{channel}")[0] for channel in CHANNELS}
    return [ScenarioOutcome(
        one.name, one.title, _spread(played.gain()[0, place]), _spread(-played.gain("harm")[0, place]),
        _spread(spent[place]), _spread(played.gain("wanted_lost")[0, place]),
        {channel: float(np.median(share[place])) for channel, share in shares.items()})
        for place, one in enumerate(scenarios)]


def _spread(values: Any) -> tuple[float, float, float]:
    low, middle, high = (float(one) + 0.0 for one in np.percentile(values, INTERVAL))  # no -0
    return low, middle, high


def _delays(policy: Policy, economy: Economy, played: Play, scenarios: Sequence[Scenario]) -> list[Delay]:
    """Of the plan that the document makes; then, of each scenario, what is otherwise there."""
    instruments = read_instruments()
    made = plan(policy, economy, instruments, weeks=WEEKS_A_YEAR * policy.years)
    found = list(_reasons(policy, made, instruments, "", {}))
    for plans, scenario in zip(played.plans[0], scenarios, strict=True):
        found += _reasons(policy, plans, instruments, scenario.title, made.reasons)
    return found


def _reasons(policy: Policy, made: Plan, instruments: Mapping[str, Instrument], scenario: str,
             known: Mapping[str, str]) -> list[Delay]:
    return [Delay(place, instruments[one.instrument].title, one.start, made.starts.get(one.instrument), why, scenario)
            for place, one in enumerate(policy.measures, 1)
            if (why := made.reasons.get(one.instrument, "")) and why != known.get(one.instrument)]


def as_json(found: Outcome) -> dict[str, Any]:
    """The stable form of `spamlab policy run --json`, and more keys."""
    return {
        "score": None if found.score is None else round(found.score, 2),
        "scenarios": [{
            "name": one.name, "title": one.title, "harm_avoided": one.harm_avoided[1], "cost": one.cost[1],
            "wanted_lost": one.wanted_lost[1], "interval": [one.gain[0], one.gain[2]], "gain": one.gain[1],
            "harm_avoided_interval": list(one.harm_avoided[::2]), "cost_interval": list(one.cost[::2]),
            "wanted_lost_interval": list(one.wanted_lost[::2]), "wanted_share": dict(one.wanted_share)}
            for one in found.scenarios],
        "title": found.policy.title, "economy": found.economy.name, "years": found.policy.years, "runs": found.runs,
        "seed": found.seed, "no_score": found.no_score or None, "library_fits": found.fits,
        "limits": [one.sentence for one in found.failures],
        "delayed": [{"measure": found.policy.measures[one.place - 1].instrument, "asked": one.asked,
                     "in_force": one.force, "why": one.why, "scenario": one.scenario or None} for one in found.delays],
        "structure": [{"displacement": form.displacement, "rebuild": form.rebuild, "trust": form.trust, "gain": gain}
                      for form, gain in found.structure],
        "unit": "million US dollars over all years, at home, against no policy", "note": RELATIVE}


def as_text(found: Outcome) -> str:
    """The same in sentences and a table."""
    policy = found.policy
    years = _count(policy.years, "year")
    head = (f"{policy.title}: {found.economy.title}, {years}, "
            f"{_count(len(policy.measures), 'measure')}; {found.runs} draws, seed {found.seed}")
    factor, unit = money_unit(np.array([one.gain for one in found.scenarios]))
    lines = [head, "", *_table(found, factor), "",
             f"{unit[:1].upper()}{unit[1:]} over {years}, at home, against no policy: median (90 % of draws).",
             "Wanted lost: their value, and the share of the channel that loses most.", "", "What nobody knows, apart:"]
    lines += [f"- {one}" for one in _layers(found, factor)]
    if found.delays:
        lines += ["", "Delayed:"]
        lines += [f"- {one.place}. {one.title}{f' ({one.scenario})' if one.scenario else ''}: {one.why}"
                  for one in found.delays]
    lines += ["", *(one.sentence for one in found.failures), _score(found), RELATIVE]
    return "\n".join(lines)


def _table(found: Outcome, factor: float) -> list[str]:
    heads = ("Scenario", "Gain", "Harm avoided", "Cost", "Wanted lost")
    rows: list[tuple[str, ...]] = [heads]
    for one in found.scenarios:
        channel = max(one.wanted_share, key=lambda name: one.wanted_share[name])
        lost = 100 * one.wanted_share[channel]
        share = f", {lost:.1f} % of {CHANNEL_TITLES[channel]}" if lost > 0 else ""
        parts = (one.gain, one.harm_avoided, one.cost, one.wanted_lost)
        gain, harm, cost, wanted = (in_words(np.array(part) * factor) for part in parts)
        rows.append((one.title, gain, harm, cost, wanted + share))
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _layers(found: Outcome, factor: float) -> list[str]:
    first = found.scenarios[0]
    low, high = (in_digits(first.gain[end] * factor) for end in (0, 2))
    told = [f"Draws: in “{first.title}” the gain lies between {low} and {high} in 90 % of {found.runs} draws of what "
            "the model's parameters may be."]
    forms = [(gain * factor, _form(form)) for form, gain in found.structure]
    told.append(f"Structure: over {len(forms)} forms of the model, in “{first.title}”, {_between(forms)}.")
    if len(found.scenarios) > 1:
        shocks = [(one.gain[1] * factor, one.title) for one in found.scenarios]
        told.append(f"Shocks: over {len(shocks)} scenarios {_between(shocks)}.")
    else:
        told.append("Shocks: one scenario was played; others may turn the sign.")
    return told


def _between(medians: Sequence[tuple[float, str]]) -> str:
    """The range of medians in words, each end with its name."""
    low, high = min(medians), max(medians)
    if in_digits(low[0]) == in_digits(high[0]):
        return f"the median gain is {in_digits(low[0])} in each"
    return f"the median gain lies between {in_digits(low[0])} ({low[1]}) and {in_digits(high[0])} ({high[1]})"


def _form(form: Structure) -> str:
    """What is otherwise than in the form that all else is played with."""
    told = [*(["money goes to what pays best"] if form.displacement == "winner" else []),
            *(["networks are rebuilt by what they earn"] if form.rebuild == "margin" else []),
            *([] if form.trust else ["people lose no trust"])]
    return ", ".join(told) or "the usual form"


def _score(found: Outcome) -> str:
    if found.score is None:
        return found.no_score
    said = f"Score: {found.score:.0f} of 100, by regret against the stored library of this economy."
    if found.fits:
        return said
    return (f"{said}\nThis score may be wrong: instruments, parameters, scenarios or the economy changed since the "
            f"library was made. Make it anew: python -m spamlab.policy.library --economy {found.economy.name}")


def _count(many: int, what: str) -> str:
    return f"{many} {what}" + ("" if many == 1 else "s")
