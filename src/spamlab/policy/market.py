"""The market before any measure: who sends what to whom at what cost, so that nobody gains by coming or going.

Free entry (Rao and Reiley 2012, table 4): what a sender earns by an attempt is what the attempt costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spamlab.policy.levers import CHANNELS
from spamlab.records.economy import Economy

Array = NDArray[np.float64]

CLASSES = ("marketing", "domestic", "botnet", "offshore")
"""Senders: marketers who do not ask; fraudsters at home; mail of botnets; everything else from abroad."""
MARKETS = ("home", "neighbour", "rest")
FLOWS = (
    ("marketing", "email"), ("marketing", "sms"), ("marketing", "voice"),
    ("domestic", "email"), ("domestic", "sms"), ("domestic", "voice"), ("domestic", "apps"),
    ("botnet", "email"),
    ("offshore", "email"), ("offshore", "sms"), ("offshore", "voice"), ("offshore", "apps"))
"""(class, channel) of each flow of spam; rows of most arrays here."""
CLASS_OF = np.array([CLASSES.index(sender) for sender, _ in FLOWS])
CHANNEL_OF = np.array([CHANNELS.index(channel) for _, channel in FLOWS])
BY_CLASS = np.array([[float(CLASS_OF[flow] == number) for flow in range(len(FLOWS))] for number in range(len(CLASSES))])
"""(classes, flows): sums flows into classes."""
BY_CHANNEL = np.array([[float(CHANNEL_OF[flow] == number) for flow in range(len(FLOWS))]
                       for number in range(len(CHANNELS))])
"""(channels, flows): sums flows into channels."""
WORLD_INBOXES = 5.5e9
GROUP_SHARES = np.array([0.6, 0.3, 0.1])
GROUP_RISKS = np.array([0.4, 1.2, 4.0])
"""Careful, average and exposed users: their share, and how easily they fall for fraud; own choice, mean 1."""
MOST_OPERATORS = 5


@dataclass(frozen=True)
class Market:
    """The market of one economy, in B draws; F flows, M markets, C channels.

    spending: US dollars a week, (F, M, B), for sending and for the work on victims. cost: US dollars for an attempt,
    for both, (F, B). sending: the share of it that is for sending, (F, B). undeliverable, passed: shares,
    (F, B). victims: for a delivered item, (F, B). loss: US dollars for a victim, (F, B). regretted: part of it that is
    a loss, (F, B). attempts, delivered: at home a week, (F, B). users: people by channel, (C,). income: GDP per head,
    (B,). outside: what the same people spend elsewhere, (classes, B). wanted: items a week, (C, B). worth: US dollars
    for a wanted item lost, (C, B). operators: shares of subscribers, (MOST_OPERATORS,); one that does not exist has 0.
    bots: infected hosts at home, (B,); infected: the same per 1,000 lines. senders: of one class, (B,).
    people: all of them.
    """

    spending: Array
    cost: Array
    sending: Array
    undeliverable: Array
    passed: Array
    victims: Array
    loss: Array
    regretted: Array
    attempts: Array
    delivered: Array
    users: Array
    income: Array
    outside: Array
    wanted: Array
    worth: Array
    operators: Array
    bots: Array
    infected: Array
    senders: Array
    people: float


def market_of(economy: Economy, parameters: Mapping[str, Array]) -> Market:
    """The market of an economy for B draws of every parameter."""
    p, figures = parameters, economy.figures
    runs = len(p["sale"])
    income = figures["gdp_per_head"] * p["income_spread"]
    people = figures["population"] * 1e6
    online, cards = people * figures["internet"] / 100, people * figures["sims"] / 100
    users = np.array([online, cards, cards, online])
    pull = np.clip((income / 10_000) ** p["income_pull"], 0.3, 2.5)
    # SMS and calls are priced locally: where they are dear, fewer are sent for the same money.
    local = {"sms": np.clip((figures["sms_person"] / 0.01) ** 0.6, 0.4, 2.5),
             "voice": 1 + 25 * figures["minute_inbound"] * p["answered"]}

    cost, sending, attempts, undeliverable, passed, victims, loss, regretted = (
        np.zeros((len(FLOWS), runs)) for _ in range(8))
    for row, (sender, channel) in enumerate(FLOWS):
        abroad = sender in ("botnet", "offshore")
        factor = local.get(channel, 1.0) if sender == "offshore" or channel == "sms" else 1.0
        bulk = sender == "botnet"
        sending[row] = p["cost.botnet_email" if bulk else f"cost.{channel}"] * factor
        # A dearer way is used less: the same money, fewer attempts.
        attempts[row] = p[f"volume.{sender}_{channel}"] * users[CHANNEL_OF[row]] * (pull if abroad else 1.0) / factor
        undeliverable[row] = {"email": p["undeliverable.email"] * (1.0 if abroad else 0.3),
                              "sms": p["undeliverable.sms"],
                              "voice": 1 - p["answered_named" if sender == "marketing" else "answered"],
                              "apps": p["undeliverable.sms"]}[channel]
        passed[row] = p[f"pass.{sender}_email" if channel == "email" else f"pass.{channel}"]
        if sender == "marketing":
            loss[row] = 0.3 * p["sale"] * np.sqrt(income / 10_000)
            regretted[row] = p["regret_marketing"]
        else:
            loss[row] = p["sale"] if bulk else p["fraud_loss"] * income
            regretted[row] = p["regret_goods"] if bulk else 1.0
        # Free entry sets the least response that pays; what comes in beyond it pays those who work on the victims.
        by_victim = (1 - undeliverable[row]) * passed[row] * p["sender_share"] * loss[row]
        pays = sending[row] / by_victim
        drawn = p["victims.bulk_email" if bulk else f"victims.{channel}"]
        victims[row] = 2 * pays if sender == "marketing" else np.maximum(pays, drawn)
        cost[row] = victims[row] * by_victim
    home = attempts * cost
    low, high = (max(one, 0.1) for one in economy.bots)
    infected = low * (high / low) ** p["bots.place"]
    lines = people * (figures["fixed_lines"] + 0.1 * figures["sims"]) / 100  # ten SIM cards count as one line
    return Market(
        spending=_by_market(home, online, p), cost=cost, sending=sending / cost, undeliverable=undeliverable,
        passed=passed, victims=victims, loss=loss, regretted=regretted, attempts=attempts,
        delivered=attempts * (1 - undeliverable) * passed, users=users, income=income,
        outside=(BY_CLASS @ home) * p["outside"],
        wanted=np.array([p[f"wanted.{channel}"] for channel in CHANNELS]) * users[:, None],
        worth=np.array([p["worth.email"], p["worth.sms"], p["worth.voice"], p["worth.email"]]) * income / 10_000,
        operators=operators_of(economy), bots=infected * lines / 1000, infected=infected,
        senders=p["senders"] * min(10.0, max(0.3, (figures["population"] / 20) ** 0.5)), people=people)


def operators_of(economy: Economy) -> Array:
    """Shares of subscribers, the largest first, (MOST_OPERATORS,); what is left belongs to small ones, as the last."""
    shares = [share / 100 for share in economy.shares[:MOST_OPERATORS - 1]]
    rest = max(0.0, 1 - sum(shares))
    return np.array([*shares, *[0.0] * (MOST_OPERATORS - 1 - len(shares)), rest if rest > 1e-9 else 0.0])


def _by_market(home: Array, online: float, p: Mapping[str, Array]) -> Array:
    """Spending by market, (F, M, B): the world's pool of the classes abroad is as large as its inboxes."""
    share = min(0.5, online / WORLD_INBOXES)
    near = min(0.3, 5 * share)
    spending = np.empty((len(FLOWS), len(MARKETS), home.shape[1]))
    for row, (sender, _) in enumerate(FLOWS):
        at_home: Array | float = share
        neighbour: Array | float = near
        if sender == "marketing":
            at_home, neighbour = 0.95, 0.03
        elif sender == "domestic":
            at_home, neighbour = 1 - p["exported"], p["exported"] / 2
        world = home[row] / at_home
        spending[row] = home[row], world * neighbour, world * (1 - at_home - neighbour)
    return spending
