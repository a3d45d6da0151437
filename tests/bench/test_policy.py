"""The bench of the policy simulator compares like with like, and its rows can fail."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from spamlab.bench import mesa_peer, policy
from spamlab.bench.agreement import agreements
from spamlab.policy.document import read_policy
from spamlab.policy.users import Group, Rule, Weeks, expected


def test_arrays_and_mesa_have_equal_means_and_variances() -> None:
    """Over 200 seeds, users in arrays and Mesa's agents can't be told apart, and both are near the group's equations.

    Eight tests share an error rate of one in a hundred; the seeds are fixed, so that the answer can't change. The
    equations are for many users: with sixty, whose chances move with what happened to them, 2 per cent are allowed.
    """
    found = policy.compared(policy.simulated_few, policy.mesa_few, 200)
    assert [one.figure for one in found if not one.holds] == []
    assert all(one.furthest < 0.07 for one in found)
    weeks = expected(policy.FEW, *policy._weeks(), rule=policy.FEW_RULE)
    told = (weeks.items.sum(), weeks.victims.sum(), weeks.trust[-1], weeks.wary[-1])
    for one, mean in zip(found, told, strict=True):
        assert one.means == pytest.approx((mean, mean), rel=0.02), one.figure


def test_a_slightly_different_rule_is_told_apart() -> None:
    """Agents who are a tenth more gullible, or who forget in six weeks and not in eight, are found out."""
    def changed(group: Group, rule: Rule, seed: int) -> Weeks:
        delivered, reached = policy._weeks()
        return mesa_peer.simulated(group, delivered.tolist(), reached.tolist(), rule=rule, seed=seed)

    gullible = replace(policy.FEW, susceptibility=policy.FEW.susceptibility * 1.1)
    for group, rule in ((gullible, policy.FEW_RULE), (policy.FEW, replace(policy.FEW_RULE, half_life=6.0))):
        found = policy.compared(policy.simulated_few, partial(changed, group, rule), 200)
        assert not all(one.holds for one in found)


def test_comparison_finds_equal_equal_and_different_different() -> None:
    """Of 200 pairs of equal ways about the stated share are called different; other means or variances are seen."""
    draws = np.random.default_rng(1)

    def figures(scale: float = 1.0, shift: float = 0.0) -> dict[str, policy.Array]:
        return {"one": draws.exponential(size=300) * scale + shift, "two": draws.normal(10, 1, 300)}

    wrong = sum(not all(one.holds for one in agreements(figures(), figures())) for _ in range(200))
    assert wrong <= 8
    assert not agreements(figures(), figures(shift=0.5))[0].holds
    wider = agreements(figures(), figures(scale=1.7, shift=-0.7))[0]
    assert not wider.holds
    assert wider.variance_p < wider.least_p <= wider.mean_p


def test_ways_take_turns_and_the_goal_can_be_missed() -> None:
    """Each way has a rate for each round; the goal goes with the fixed order alone, and is missed where it is."""
    found = policy.timed_users(1)
    assert {name: len(rates) for name, rates in found.items()} == {"arrays": 1, "fixed order": 1, "random order": 1}
    rows = policy._rates({"arrays": [3.9e6], "fixed order": [0.1e6], "random order": [0.05e6]})
    assert [(row.ratio, row.goal, row.holds) for row in rows] == [
        (39.0, "at least 40 times", False), (78.0, "reported", True)]


def test_rows_of_runs_and_memory_can_fail() -> None:
    """A batch of more than three seconds, and memory that grows with the people, do not hold."""
    run = {"batches": [3.5, 2.0, 3.1], "processor": [1.0], "alone": [0.1, 0.2, 0.1], "measures": 80, "runs": 2_000,
           "baselines": 200}
    batch, each = policy._batch(run)
    assert (batch.value, batch.holds) == (3.1, False)
    assert (each.value, each.ratio) == (1.55, 64.5)
    flat, grown = (policy._memory({"bytes": 1e6, "people": 3e5}, {"bytes": size, "people": 1.43e9})[0]
                   for size in (1.001e6, 2e6))
    assert (flat.holds, grown.holds) == (True, False)


def test_an_agent_is_larger_than_a_user_in_arrays() -> None:
    """A user's state is nine bytes in arrays; an agent takes at least ten times that."""
    in_arrays, agent = policy.bytes_of_a_user()
    assert in_arrays == 9
    assert agent > 10 * in_arrays



def test_documents_are_sound_and_their_batch_is_counted() -> None:
    """Ten documents are read without a fault; a batch holds a run for each policy, scenario and draw."""
    documents = policy._documents()
    assert len(documents) == policy.POLICIES == len(set(documents))
    assert min(len(read_policy(text).measures) for text in documents) >= 4
    found = policy.timed_runs(1, 1)
    assert found["runs"] == policy.POLICIES * policy.SCENARIOS * policy.DRAWS == 2_000
    assert found["baselines"] == policy.SCENARIOS * policy.DRAWS
    assert len(found["batches"]) == len(found["alone"]) == 1


def test_memory_does_not_grow_with_the_people() -> None:
    """A batch for 1,430 million people takes as much memory as one for 0.3 million, each in a process of its own."""
    small, large = (policy._child("peak", name, 1) for name in (policy.SMALL, policy.LARGE))
    assert large["people"] > 4_000 * small["people"]
    assert policy._memory(small, large)[0].holds
