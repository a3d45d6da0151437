"""The rule of spamlab.policy.users as a Mesa model, one agent for each user: the peer of the bench, and nothing else.

It is written for speed as far as Mesa goes: users act in a fixed order (their rule does not look at others), nothing is
collected but four sums, single numbers are drawn with Python's own generator, the cheapest for that, and a Poisson
number by multiplying uniform ones (Knuth, "The Art of Computer Programming", volume 2, section 3.4.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

import mesa
import numpy as np

from spamlab.policy.users import LEAST_TRUST, Group, Rule, Weeks


class User(mesa.Agent):  # type: ignore[misc]
    """One user. State: trust and wary."""

    def __init__(self, model: Society, trust: float, wary: bool) -> None:
        super().__init__(model)
        self.trust = trust
        self.wary = wary

    def step(self) -> None:
        """One week: the six lines of spamlab.policy.users."""
        model: Society = self.model
        rule, draw = model.rule, model.random.random
        trust, wary = self.trust, self.wary
        items, victims, product = 0, 0, draw()
        while product > model.none:
            items += 1
            if draw() < model.susceptibility and draw() < trust ** rule.theta * (1 - rule.kappa * wary):
                victims += 1
            product *= draw()
        trust += rule.recovery * (1 - trust) - rule.loss * items
        self.trust = trust = trust if trust > LEAST_TRUST else LEAST_TRUST
        self.wary = wary = victims > 0 or (draw() >= model.forgets if wary else draw() < model.reached)
        model.items += items
        model.victims += victims
        model.trust += trust
        model.wary += wary


class Society(mesa.Model):  # type: ignore[misc]
    """A group of users. none: the chance that a user gets no item this week. The sums are those of the week."""

    def __init__(self, group: Group, rule: Rule, seed: int) -> None:
        super().__init__(seed=seed)
        self.rule, self.susceptibility = rule, group.susceptibility
        self.forgets = rule.forgets
        self.none, self.reached = 1.0, 0.0
        self.items, self.victims, self.trust, self.wary = 0, 0, 0.0, 0
        for wary in group.who_is_wary(0, group.users).tolist():
            User(self, group.trust, wary)

    def week(self, delivered: float, reached: float, *, shuffled: bool = False) -> None:
        """Let all users act, in a random order if wanted.

        delivered: items for each in the mean. reached: chance that a campaign makes a user wary.
        """
        self.none, self.reached = exp(-delivered), reached
        self.items, self.victims, self.trust, self.wary = 0, 0, 0.0, 0
        if shuffled:
            self.agents.shuffle_do("step")
        else:
            self.agents.do("step")


def simulated(group: Group, delivered: Sequence[float], reached: Sequence[float], *, rule: Rule, seed: int) -> Weeks:
    """As spamlab.policy.users.simulated, agent by agent."""
    society = Society(group, rule, seed)
    found = np.zeros((4, len(delivered)))
    for number, (items, chance) in enumerate(zip(delivered, reached, strict=True)):
        society.week(items, chance)
        found[:, number] = (society.items, society.victims, society.trust / group.users, society.wary / group.users)
    return Weeks(*found)
