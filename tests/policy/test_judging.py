"""Judging a policy: limits, regret, hidden scenarios."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np

from spamlab.policy.bundles import bundle
from spamlab.policy.document import Policy
from spamlab.policy.instruments import read_instruments
from spamlab.policy.judging import WANTED_FLOOR, broken_limits, hidden_scenarios, judge_policy
from spamlab.policy.library import make_library
from spamlab.policy.play import Play, economy_named
from spamlab.policy.scenarios import read_scenarios, scenarios_named

from .texts import TEXT

NAME = "pacific-island"
ECONOMY = economy_named(NAME)
INSTRUMENTS = read_instruments()
SCENARIOS = scenarios_named(("calm", "election"))
LIBRARY = make_library(NAME, scenarios=("calm", "election"), runs=2, count=8, steps=1)


def judged(policy: Policy, **rest: object):
    """Judged with few draws, against a library made here."""
    return judge_policy(policy, ECONOMY, SCENARIOS, runs=6, library=LIBRARY, **rest)  # type: ignore[arg-type]


def best() -> Policy:
    """The steadiest policy of the library, with texts."""
    policy = LIBRARY.steady().policy
    assert policy is not None
    return replace(policy, text=TEXT)


def test_the_best_stored_policy_scores_high_and_nothing_scores_nothing() -> None:
    """The library's own best scores near 100; an empty policy 0; the numbers of each scenario are there."""
    found = judged(best())
    assert found.score is not None
    assert found.score > 70
    assert [one.name for one in found.scenarios] == ["calm", "election"]
    for one in found.scenarios:
        assert one.interval[0] <= one.gain <= one.interval[1]
        assert 0 <= one.regret <= 1
        assert set(one.wanted_lost) == {"email", "sms", "voice", "apps"}
    nothing = judged(Policy("x", NAME, 3, (), TEXT))
    assert nothing.score is not None
    assert nothing.score < 5


def test_without_its_texts_a_policy_has_no_score() -> None:
    """Each text that lacks is named, and no number is given."""
    found = judged(replace(best(), text={}))
    assert found.score is None
    assert len(found.lacking) == 4


def test_a_judgement_is_the_same_in_another_process() -> None:
    """The same document, seed and scenarios give the same score to the last digit, in a process of its own."""
    code = ("from policy.test_judging import *\n"
            "print(repr(judged(best(), seed='s').score), repr(judged(best(), seed='t').regret))")
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                           cwd=__file__.rsplit("/", 2)[0])
    assert there.stdout.strip() == f"{judged(best(), seed='s').score!r} {judged(best(), seed='t').regret!r}"


def test_wanted_messages_have_a_floor() -> None:
    """A policy that loses more of a channel's wanted items than the floor allows is told which, where, and scores 0."""
    share = np.zeros((1, 2, 5))
    share[0, 1] = 0.2
    names = [f"wanted_share.{channel}" for channel in WANTED_FLOOR]
    played = Play(ECONOMY, (best(),), ("calm", "election"), 5,
                  {name: share if name.endswith("sms") else 0 * share for name in names},
                  {name: np.zeros((2, 5)) for name in names})
    (failure,) = broken_limits(played)
    assert failure.code == "wanted-lost.sms"
    assert "loses 20.0 %" in failure.sentence
    share[0, 1] = 0.0301
    assert "loses 3.1 %" in broken_limits(played)[0].sentence
    assert "election" in failure.sentence.lower()


def test_hidden_scenarios_follow_the_seed() -> None:
    """Another seed draws others; all are drawn by some seed; never the quiet one; the order is that of the folder."""
    drawn = [tuple(one.name for one in hidden_scenarios(f"seed {number}")) for number in range(40)]
    assert drawn == [tuple(one.name for one in hidden_scenarios(f"seed {number}")) for number in range(40)]
    assert len(set(drawn)) > 10
    assert {name for names in drawn for name in names} == set(read_scenarios()) - {"calm"}
    assert all(len(names) == 3 for names in drawn)


def test_a_measure_of_no_use_costs_points() -> None:
    """The best policy with a costly measure more that begins too late to matter does not score better."""
    worse = replace(best(), measures=(*best().measures, *bundle(INSTRUMENTS, [("treaty", 60)])))
    assert (judged(worse).score or 0) <= (judged(best()).score or 0) + 1
