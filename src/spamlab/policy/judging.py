"""Judges a policy: hard limits first, then regret against the stored library on the same draws.

Does not belong here: why a measure gained or cost (feedback.py), what a participant is told of it (the judge's kind).
"""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spamlab.policy.document import Policy, missing_texts
from spamlab.policy.levers import CHANNELS
from spamlab.policy.library import Library, read_library
from spamlab.policy.play import Array, Play, play
from spamlab.policy.regret import regrets, score_of, spread
from spamlab.policy.scenarios import Scenario, read_scenarios
from spamlab.records.economy import Economy

HIDDEN = 3
RUNS = 32
"""Draws of a judgement: enough for a score that moves by some two points between seeds."""
WANTED_FLOOR = {"email": 0.03, "sms": 0.03, "voice": 0.03, "apps": 0.03}
"""Share of a channel's wanted items that a policy may lose over its whole time, beyond what is lost without it: our own
choice. One in thirty is about what a first week of unprepared blocking costs a year (policy-evidence S4)."""
_MOST_KEPT = 512


@dataclass(frozen=True)
class Failure:
    """A hard limit that is broken. code: its name, such as "wanted-lost.sms". sentence: for the participant."""

    code: str
    sentence: str


@dataclass(frozen=True)
class ScenarioScore:
    """One scenario. Money in million US dollars over the whole time.

    gain, interval: welfare gained over no policy, its median and the middle 90 % of the draws. best: the median of the
    best stored policy's. regret: mean over the draws. harm_avoided, cost: medians; cost is the sum of what the state,
    operators and lawful senders pay. wanted_lost: share of wanted items lost beyond no policy, by channel, medians.
    """

    name: str
    score: float
    gain: float
    interval: tuple[float, float]
    best: float
    regret: float
    harm_avoided: float
    cost: float
    wanted_lost: dict[str, float]


@dataclass(frozen=True)
class Judgement:
    """What the judge found. score: 0 to 100, or None where the document lacks a text and no score may be shown.

    regret: mean, and at the 90th percentile, over all scenarios and draws. played: the play that it rests on.
    """

    score: float | None
    regret: tuple[float, float]
    scenarios: tuple[ScenarioScore, ...]
    failures: tuple[Failure, ...]
    lacking: tuple[str, ...]
    played: Play


def judge_policy(policy: Policy, economy: Economy, scenarios: Sequence[Scenario], *, runs: int = RUNS,
                 seed: int | str = 0, library: Library | None = None) -> Judgement:
    """Play the policy and the best stored ones through the same draws of each scenario.

    library: of this economy; left out, the stored one. Deterministic in all arguments. Raises ContentError where the
    economy has no stored library.
    """
    stored = read_library(economy.name) if library is None else library
    played = play([policy], economy, scenarios, runs=runs, seed=seed)
    gain = played.gain()[0]
    best = np.stack([best_gain(stored, economy, scenario, runs=runs, seed=seed) for scenario in scenarios])
    regret = regrets(gain, best)
    failures = broken_limits(played)
    lacking = tuple(missing_texts(policy))
    score = None if lacking else 0.0 if failures else score_of(regret)
    return Judgement(score, spread(regret), tuple(_scenarios(played, gain, best, regret)), failures, lacking, played)


def hidden_scenarios(seed: int | str, count: int = HIDDEN) -> tuple[Scenario, ...]:
    """`count` of the scenarios in which something happens, by the seed; their time and size follow the seed in play."""
    def order(name: str) -> bytes:
        return hashlib.blake2b(f"hidden|{seed}|{name}".encode(), digest_size=8).digest()

    known = read_scenarios()
    names = sorted((name for name, one in known.items() if one.shocks), key=order)[:count]
    return tuple(known[name] for name in known if name in names)


def best_gain(library: Library, economy: Economy, scenario: Scenario, *, runs: int, seed: int | str) -> Array:
    """The gain of the stored policy that does best in this scenario on these draws, (D,).

    Only those that the library holds for the scenario are played; what was played is kept in this process.
    """
    key = hashlib.blake2b(repr((library.digest, economy, scenario, runs, seed)).encode(), digest_size=16).hexdigest()
    with _lock:
        if key in _kept:
            return _kept[key]
    gains = play(library.rivals(scenario.name), economy, [scenario], runs=runs, seed=seed).gain()[:, 0]
    found: Array = gains[int(gains.mean(axis=1).argmax())]
    with _lock:
        while len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = found
    return found


def broken_limits(played: Play, which: int = 0) -> tuple[Failure, ...]:
    """The floors under wanted traffic that policy number `which` breaks, one for each channel."""
    found = []
    for channel, floor in WANTED_FLOOR.items():
        lost = np.median(wanted_lost(played, channel)[which], axis=1)
        worst = int(lost.argmax())
        if lost[worst] > floor:
            share = math.ceil(1000 * lost[worst]) / 10  # rounded up: a share over the limit never reads like the limit
            found.append(Failure(f"wanted-lost.{channel}", (
                f"Your policy loses {share:.1f} % of the wanted {_ITEMS[channel]}, most in the scenario "
                f"“{played.scenarios[worst]}”. At most {100 * floor:.0f} % may be lost.")))
    return tuple(found)


def wanted_lost(played: Play, channel: str) -> Array:
    """Share of a channel's wanted items lost beyond what is lost without a policy, (P, S, D)."""
    name = f"wanted_share.{channel}"
    return played.gain(name)


def _scenarios(played: Play, gain: Array, best: Array, regret: Array) -> list[ScenarioScore]:
    found = []
    spent = sum(played.gain(name)[0] for name in ("public_cost", "operator_cost", "compliance_cost"))
    for place, name in enumerate(played.scenarios):
        low, middle, high = (float(one) for one in np.quantile(gain[place], (0.05, 0.5, 0.95)))
        found.append(ScenarioScore(
            name, score_of(regret[place]), middle, (low, high), float(np.median(best[place])),
            float(regret[place].mean()), -float(np.median(played.gain("harm")[0, place])),
            float(np.median(np.asarray(spent)[place])),
            {channel: float(np.median(wanted_lost(played, channel)[0, place])) for channel in CHANNELS}))
    return found


_ITEMS = {"email": "e-mail", "sms": "text messages", "voice": "calls", "apps": "messages of apps"}
_kept: dict[str, Array] = {}
_lock = threading.Lock()
