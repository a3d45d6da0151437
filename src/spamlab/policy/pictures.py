"""The figures of one policy by name, each played as it needs.

Does not belong here: what a figure shows (figures.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from spamlab.errors import UsageError
from spamlab.policy.document import Policy
from spamlab.policy.drawing import INTERVAL, Drawn
from spamlab.policy.figures import displacement_figure, gain_figure, measures_figure, plan_figure, weekly_figure
from spamlab.policy.instruments import read_instruments
from spamlab.policy.levers import CHANNELS
from spamlab.policy.play import Play, play
from spamlab.policy.scenarios import Scenario
from spamlab.records.economy import Economy

WEEKLY = tuple(f"victims.{channel}" for channel in CHANNELS)
PICTURES = ("gain", "weeks", "channels", "plan", "measures")


def picture(name: str, policy: Policy, economy: Economy, scenarios: Sequence[Scenario], *, runs: int, seed: int | str,
            played: Play | None = None) -> Drawn:
    """The figure called `name`, of PICTURES. weeks, channels and plan are of the first scenario.

    played: the policy alone in the same scenarios with the same draws, where somebody has played it already.
    """
    titles = {one.name: one.title for one in scenarios}
    if name == "measures":
        return worth_picture(policy, economy, scenarios, runs=runs, seed=seed)
    if name == "weeks":
        shown = scenarios[:1]
        if played is None or WEEKLY[0] not in played.series:
            played = play([policy], economy, shown, runs=runs, seed=seed, record=WEEKLY)
        return weekly_figure(played, titles=titles, seed=seed)
    made = played or play([policy], economy, scenarios, runs=runs, seed=seed)
    if name == "gain":
        return gain_figure(made, titles=titles, seed=seed)
    if name == "channels":
        return displacement_figure(made, titles=titles, seed=seed)
    if name == "plan":
        return plan_figure(policy, made.plans[0][0], read_instruments())
    raise UsageError(f"there is no figure called {name}; there are: {', '.join(PICTURES)}")


def worth_picture(policy: Policy, economy: Economy, scenarios: Sequence[Scenario], *, runs: int,
                  seed: int | str) -> Drawn:
    """What each measure is worth over all the scenarios: the policy less the policy without it, on the same draws.

    Where another measure needs the one that is left out, that one does not begin either.
    """
    without = [replace(policy, measures=policy.measures[:place] + policy.measures[place + 1:])
               for place in range(len(policy.measures))]
    gain = play([policy, *without], economy, scenarios, runs=runs, seed=seed).gain()
    worth = (gain[:1] - gain[1:]).reshape(len(without), -1)
    names = [read_instruments()[one.instrument].title for one in policy.measures]
    spread = np.percentile(worth, INTERVAL, axis=1) if without else np.zeros((3, 0))
    return measures_figure(names, spread, draws=runs, seed=seed)
