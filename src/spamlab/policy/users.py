"""The rule that one user follows, for many users at once, and what it means for a group: the simulator's equations.

The simulator knows groups, never users. Here stands the rule behind its groups, so that anybody can check that the
equations of a group are what users do, and what users would cost. Does not belong here: senders, filters, money.

The rule of a user in a week, in six lines:

1. Spam is delivered to the user: a Poisson number of items, about the group's mean.
2. Each item fools the user with the chance `susceptibility` x trust ** theta x (1 - kappa, if wary).
3. Each item takes `loss` from trust, and `recovery` of what was missing comes back; trust stays from 0.05 to 1.
4. A wary user forgets, with the chance ln 2 / `half_life`.
5. A user who is not wary becomes so with the chance that a campaign reaches and convinces, `reached`.
6. Who was fooled is wary after this week, whatever the lines above say.

All users of a group follow it alike, so their means follow a recurrence (`expected`), the simulator's: victims =
delivered x v x T ** theta x (1 - kappa w), with T the mean of trust and w the share of the wary (equation 4 of
spamlab.policy.model; lines 3 to 5 are its equations 13 and 15). The simulator leaves line 6 out: few are fooled, so
that it hardly counts. The recurrence is exact but for one thing: it takes the power of the mean of trust for the mean
of its powers, and a user's trust and wariness as independent. With d items a week the relative error is about
theta (1 - theta) / 2 times the squared coefficient of variation of trust, whose variance is about
loss ** 2 d / (2 recovery): at most four in a thousand in the ranges of datasets/policy/parameters.toml.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import exp, log, log1p

import numpy as np
from numpy.typing import NDArray

from spamlab.errors import UsageError

Array = NDArray[np.float64]
Numbers = Sequence[float] | Array

BLOCK = 16_384
"""Users who go through all weeks together: their state and what is drawn for a week stay in the processor's cache."""
LEAST_TRUST = 0.05
"""Nobody loses all trust, as in the simulator."""
MOST = 100
"""Items a week and user, at most in the mean; the chance that a user gets ten times as many is nil."""
STREAMS = ("items", "fooled", "forgetting", "campaign")
"""What is drawn, each from a stream of its own."""


@dataclass(frozen=True)
class Rule:
    """What all users have in common.

    theta: power of trust in the response. kappa: share of the response that a wary user loses, 0 to 1. loss: trust that
    an item takes. recovery: share of the missing trust that comes back in a week. half_life: weeks, at least 1. The
    defaults are the middle of the ranges of datasets/policy/parameters.toml, and the loss at which one item a week
    keeps trust at 0.65.
    """

    theta: float = 0.65
    kappa: float = 0.07
    loss: float = 0.0078
    recovery: float = 0.0224
    half_life: float = 12.6

    @property
    def forgets(self) -> float:
        """The chance that a wary user forgets in a week."""
        return log(2) / self.half_life


@dataclass(frozen=True)
class Group:
    """Users who are alike.

    susceptibility: chance that an item fools a user in full trust who is not wary. trust of each, and share of the
    wary, at the start: 0 to 1.
    """

    users: int
    susceptibility: float
    trust: float = 1.0
    wary: float = 0.0

    def who_is_wary(self, first: int, count: int) -> NDArray[np.bool_]:
        """Whether each of `count` users from number `first` is wary at the start; those who are stand evenly apart."""
        before: Array = np.floor(np.arange(first, first + count + 1) * self.wary)
        return before[1:] > before[:-1]


@dataclass(frozen=True)
class Weeks:
    """What a group went through, each (weeks,).

    items: delivered to all its users in the week. victims: items that fooled one of them. trust, wary: mean of trust,
    and share of the wary, after the week.
    """

    items: Array
    victims: Array
    trust: Array
    wary: Array


def simulated(group: Group, delivered: Numbers, reached: Numbers, *, rule: Rule | None = None,
              seed: int | str = 0) -> Weeks:
    """Let each user of a group follow the rule, week by week.

    delivered: mean items for each user, (weeks,). reached: chance that a campaign makes a user wary, (weeks,).
    Deterministic in all that is given. Raises UsageError if the two are not as long as each other, or out of range.
    """
    delivered, reached = _sound(delivered, reached)
    sums = np.zeros((4, len(delivered)))
    for block, first in enumerate(range(0, group.users, BLOCK)):
        count = min(BLOCK, group.users - first)
        _through(rule or Rule(), group.susceptibility, np.full(count, group.trust), group.who_is_wary(first, count),
                 delivered, reached, [_stream(seed, name, block) for name in STREAMS], sums)
    items, victims, trust, wary = sums
    return Weeks(items, victims, trust / group.users, wary / group.users)


def _through(rule: Rule, susceptibility: float, trust: Array, wary: NDArray[np.bool_], delivered: Array, reached: Array,
             streams: Sequence[np.random.Generator], sums: Array) -> None:
    """Take users, whose state is `trust` and `wary`, through all weeks, and add what happened to `sums`, (4, weeks).

    A Poisson number for each of many users is one Poisson number, each of its events being anybody's with the same
    chance; an event of chance p in a week is at least one of Poisson events of rate -log(1 - p). So what is rare for a
    user costs little for all.
    """
    arrivals, fooling, forgetting, campaign = streams
    users = len(trust)
    forgets = -log1p(-rule.forgets)
    change = rule.recovery - rule.loss * np.arange(MOST * 10)
    for week in range(len(delivered)):
        owners = _dealt(arrivals, delivered[week], users)
        # The owners stand in no order, so that the items that would fool an unwary user in full trust may be the first.
        tried = owners[:fooling.binomial(len(owners), susceptibility)]
        fooled = tried[fooling.random(len(tried)) < trust[tried] ** rule.theta * (1 - rule.kappa * wary[tried])]
        trust *= 1 - rule.recovery
        trust += change[np.bincount(owners, minlength=users)]
        np.maximum(trust, LEAST_TRUST, out=trust)
        told = _dealt(campaign, -log1p(-reached[week]), users)
        told = told[~wary[told]]
        wary[_dealt(forgetting, forgets, users)] = False
        wary[told] = True
        wary[fooled] = True
        sums[:, week] += (len(owners), len(fooled), float(trust.sum()), int(np.count_nonzero(wary)))


def _dealt(stream: np.random.Generator, rate: float, users: int) -> NDArray[np.int64]:
    """The users to whom the events of a week happen, in no order: a Poisson number for each, `rate` in the mean."""
    return stream.integers(0, users, stream.poisson(rate * users))


def expected(group: Group, delivered: Numbers, reached: Numbers, *, rule: Rule | None = None) -> Weeks:
    """The same for the group as a whole, whose state is two numbers: the mean of trust and the share of the wary."""
    delivered, reached = _sound(delivered, reached)
    rule = rule or Rule()
    trust, wary = group.trust, group.wary
    found = np.zeros((4, len(delivered)))
    for week, items in enumerate(delivered):
        response = items * group.susceptibility * trust ** rule.theta
        found[:2, week] = items * group.users, group.users * response * (1 - rule.kappa * wary)
        trust = max(trust - rule.loss * items + rule.recovery * (1 - trust), LEAST_TRUST)
        wary = (1 - (1 - wary) * (1 - reached[week]) * exp(-response)
                - wary * rule.forgets * exp(-(1 - rule.kappa) * response))
        found[2:, week] = trust, wary
    return Weeks(*found)


def _sound(delivered: Numbers, reached: Numbers) -> tuple[Array, Array]:
    items, chances = np.asarray(delivered, dtype=float), np.asarray(reached, dtype=float)
    if items.shape != chances.shape or items.ndim != 1:
        raise UsageError("delivered and reached must have one number for each week, and have the shapes "
                         f"{items.shape} and {chances.shape}.")
    if not (np.all((items >= 0) & (items <= MOST)) and np.all((chances >= 0) & (chances < 1))):
        raise UsageError(f"delivered must be numbers from 0 to {MOST}, and reached chances from 0 up to 1, 1 left out.")
    return items, chances


def _stream(seed: int | str, name: str, block: int) -> np.random.Generator:
    label = f"spamlab users|{seed}|{name}|{block}".encode()
    return np.random.Generator(np.random.SFC64(int.from_bytes(blake2b(label, digest_size=16).digest(), "big")))
