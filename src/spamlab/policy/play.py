"""Plays policies through scenarios: the same draws for every policy and for none, and the differences between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spamlab.policy.document import Policy
from spamlab.records.economy import Economy

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Structure:
    """The forms of the model about which nobody is sure. Three switches.

    displacement: "logit" (money spreads over what pays) or "winner" (it goes to what pays best). rebuild: "capacity"
    (at full rate while it pays) or "margin" (at a rate in proportion to the margin). trust: whether people lose trust.
    """

    displacement: str = "logit"
    rebuild: str = "capacity"
    trust: bool = True


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
    plans: tuple[tuple[Any, ...], ...] = ()

    def gain(self, outcome: str = "welfare") -> Array:
        """The paired difference to no policy, (P, S, D): positive is more of the outcome than without the policy."""
        return self.totals[outcome] - self.baseline[outcome][None]


def play(policies: Sequence[Policy], economy: Economy, scenarios: Sequence[Any], *, runs: int = 64, seed: int | str = 0,
         structure: Structure | None = None, record: Sequence[str] = ()) -> Play:
    """Play every policy through every scenario with the same `runs` draws.

    scenarios: of spamlab.policy.scenarios. Deterministic in (seed, economy, scenarios, runs); a draw has the same value
    whatever else is played.
    """
    raise NotImplementedError
