"""What moves between tables of a game: money that fraudsters no longer spend at one, and the harm it does at others.

The rule, in plain words. Each economy is played twice with the same draws and cards: with the table's documents and
without any measure. What fraudsters spend on sending less than without measures was driven off, as far as it did not
fall at the neighbour's in the same measure: a sender who was caught spends less everywhere. Of the money driven off,
the model's share (`converts`) is spent elsewhere; the rest is given up. Of what is spent elsewhere, the share `near`
looks at the markets of all tables in proportion to their size, the own one included; a table takes in as much of its
part as its own measures left of its market, and what finds no place goes elsewhere. At a table a dollar does the harm
that one of that class does there; as people tire (equation 4 of the model), twice the money does less than twice the
harm. Fraudsters from home arrive as fraudsters from abroad.

Why so. Channels stand in for one another: when calls were signed, texts grew (row V3 of the evidence); between
countries nobody has a figure, so `near` is our own choice. The model's own neighbour can't stand for other tables: home
is a small part of its world, so that a cost there of two to three times (shock `neighbour_cost`) changes harm at home
by less than 0.3 %, and the shock `inflow` says how much comes, and not from whom. Every dollar is accounted for in each
week: driven off = given up + into tables + elsewhere.

Does not belong here: the economies themselves (game_economies.py), scores (game_round.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spamlab.policy.game_economies import Array, Home

ARRIVES = (2, 1, 2)
"""As which of FRAUD the money of each class arrives at another table."""
_LEAST = 1e-300
"""In place of 0 where something is divided by a market that is not there."""


@dataclass(frozen=True)
class Moves:
    """Where money went, in million US dollars a week. T tables.

    driven_off, given_up, elsewhere: (T, K, W, D). into: (T from, T to, K as it left, W, D). harm: done at `to` by what
    came from `from`, (T, T, W, D).
    """

    driven_off: Array
    given_up: Array
    elsewhere: Array
    into: Array
    harm: Array


def displacement(homes: Sequence[Home], converts: Array, fatigue: Array, near: float) -> Moves:
    """Where the money goes that tables drive off, and what it does there: the rule above. converts, fatigue: (D,)."""
    driven_off = np.array([_driven_off(one) for one in homes])
    moved = driven_off * converts
    markets = np.array([one.spending_none for one in homes])
    # A table's market takes in as much of its part as its measures left of it.
    open_part = np.minimum(np.array([one.spending for one in homes]) / np.maximum(markets, _LEAST), 1.0)
    parts = markets * open_part / np.maximum(markets.sum(axis=0), _LEAST)
    into = near * moved[:, None] * parts[None]
    for place in range(len(homes)):
        into[place, place] = 0.0
    harm = np.zeros((len(homes), len(homes), *homes[0].none.shape))
    for place, home in enumerate(homes):
        for arrival in set(ARRIVES):
            come = into[:, place, [old for old, new in enumerate(ARRIVES) if new == arrival]].sum(axis=1)
            harm[:, place] += _harm(home, arrival, come, fatigue)
    return Moves(driven_off, driven_off - moved, moved - into.sum(axis=1), into, harm)


def _driven_off(home: Home) -> Array:
    """What fraudsters spend less at home, beyond what they spend less at the neighbour's too, (K, W, D)."""
    everywhere = np.minimum(home.near / np.maximum(home.near_none, _LEAST), 1.0)
    return np.maximum(home.spending_none * everywhere - home.spending, 0.0)


def _harm(home: Home, sender: int, come: Array, fatigue: Array) -> Array:
    """Harm done by money that comes, (T, W, D), shared over where it came from."""
    whole = come.sum(axis=0)
    normal = np.maximum(home.spending_none[sender], _LEAST)
    now, more = home.spending[sender] / normal, whole / normal
    each = home.harms[sender] / np.maximum(now / (1 + now / fatigue), 1e-12)
    harm = each * ((now + more) / (1 + (now + more) / fatigue) - now / (1 + now / fatigue))
    return np.asarray(come / np.maximum(whole, _LEAST) * harm)
