"""The rule of a user means the simulator's equations for a group, and costs nothing that it need not."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spamlab.errors import UsageError
from spamlab.policy import users
from spamlab.policy.bundles import bundle
from spamlab.policy.document import Policy
from spamlab.policy.draws import draw_parameters
from spamlab.policy.instruments import read_instruments
from spamlab.policy.levers import CHANNELS, LEVERS
from spamlab.policy.market import CHANNEL_OF, market_of
from spamlab.policy.play import economy_named, play
from spamlab.policy.scenarios import read_scenarios
from spamlab.policy.users import Group, Rule, Weeks, expected, simulated

CAMPAIGN = np.array([0.05 if 20 <= week < 26 else 0.0 for week in range(78)])
ITEMS = 1 + 0.5 * np.sin(np.arange(78) / 8)
LIVELY = Rule(theta=0.65, kappa=0.6, loss=0.012, recovery=0.03, half_life=9)


@pytest.mark.parametrize(("susceptibility", "rule"), [(0.004, Rule()), (0.02, LIVELY), (0.02, Rule(theta=0, kappa=1))])
def test_means_of_many_users_are_the_groups_equations(susceptibility: float, rule: Rule) -> None:
    """Over 200,000 users, items, victims, trust and wary are those of the recurrence, week by week and in sum.

    Chance exceeds a bound of 4.5 standard errors seven times in a million; about 300 figures are held against it, with
    a fixed seed.
    """
    group = Group(200_000, susceptibility, trust=0.65, wary=0.1)
    found, meant = simulated(group, ITEMS, CAMPAIGN, rule=rule, seed=1), expected(group, ITEMS, CAMPAIGN, rule=rule)
    for name in ("items", "victims"):
        got, told = getattr(found, name), getattr(meant, name)
        assert np.all(np.abs(got - told) <= 4.5 * np.sqrt(told)), name
        assert abs(got.sum() - told.sum()) <= 4.5 * np.sqrt(told.sum()), name
    assert np.all(np.abs(found.wary - meant.wary) <= 4.5 * np.sqrt(meant.wary * (1 - meant.wary) / group.users))
    # Trust varies less from user to user than by a loss for each of a Poisson number of items that never heals.
    widest = rule.loss * np.sqrt(np.cumsum(ITEMS) / group.users)
    assert np.all(np.abs(found.trust - meant.trust) <= 4.5 * widest)


def test_victims_of_a_week_are_the_simulators_equation() -> None:
    """In a single week, victims = delivered x v x T ** theta x (1 - kappa w), by the recurrence and by the users."""
    group, rule = Group(1_000_000, 0.03, trust=0.5, wary=0.25), LIVELY
    told = 2 * 1_000_000 * 0.03 * 0.5 ** 0.65 * (1 - 0.6 * 0.25)
    assert expected(group, [2], [0], rule=rule).victims[0] == pytest.approx(told, rel=1e-12)
    assert simulated(group, [2], [0], rule=rule).victims[0] == pytest.approx(told, abs=4.5 * told ** 0.5)


def test_the_recurrence_is_the_simulators() -> None:
    """Fed with what the simulator delivers and with its campaign, the recurrence gives its trust and its awareness.

    The simulator counts items against those of today. It leaves out that who was fooled is wary, and so does this
    test, where nobody is.
    """
    economy, weeks = economy_named("mobile-money-leader"), 104
    wanted = [("awareness-campaign", 4), ("caller-id-validation", 8)]
    policy = Policy("Campaign", economy.name, 2, bundle(read_instruments(), wanted), {})
    found = play([policy], economy, [read_scenarios()["calm"]], runs=3, seed="users",
                 record=["trust.apps", "awareness.exposed", "delivered.apps"])
    reached = found.plans[0][0].levers[list(LEVERS).index("awareness.exposed")]
    assert 0 < reached.max() < 1
    drawn = draw_parameters("users", 3)
    today = market_of(economy, drawn).delivered[CHANNELS.index("apps") == CHANNEL_OF].sum(axis=0)
    for run in range(3):
        one = {name: float(values[run]) for name, values in drawn.items()}
        rule = Rule(one["trust.power"], one["awareness.effect"], one["trust.healing"] * (1 - one["trust.start"]),
                    one["trust.healing"], one["awareness.half_life"])
        series = {name: values[0, 0, :, run] for name, values in found.series.items()}
        items = series["delivered.apps"] * 1e6 / today[run]
        assert np.ptp(items) > 0.01
        told = expected(Group(1, 0.0, one["trust.start"]), items, reached[:weeks], rule=rule)
        assert np.allclose(told.trust, series["trust.apps"], rtol=1e-9)
        assert np.allclose(told.wary, series["awareness.exposed"], rtol=1e-9)


def test_wariness_halves_in_its_half_life() -> None:
    """Without spam and campaigns, half of the wary have forgotten after the half-life, to within a weekly step."""
    group, rule, nothing = Group(100_000, 0.01, wary=1.0), Rule(half_life=10), np.zeros(10)
    told = expected(group, nothing, nothing, rule=rule).wary[-1]
    assert told == pytest.approx(0.5, rel=0.03)
    assert simulated(group, nothing, nothing, rule=rule).wary[-1] == pytest.approx(told, abs=4.5 * 0.5 / 100_000 ** 0.5)


def test_same_seed_same_users() -> None:
    """The same seed gives the same weeks, another one others; a campaign moves no item, for it has its own stream."""
    group = Group(20_000, 0.01, trust=0.65)
    first, again, other = (simulated(group, ITEMS, CAMPAIGN, seed=seed) for seed in (3, 3, "other"))
    assert all(np.array_equal(getattr(first, name), getattr(again, name)) for name in Weeks.__annotations__)
    assert not np.array_equal(first.items, other.items)
    assert np.array_equal(first.items, simulated(group, ITEMS, CAMPAIGN * 0, seed=3).items)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 0.999)), max_size=6), st.integers(1, 300), st.floats(0, 1),
       st.floats(0, 1), st.floats(0, 1),
       st.builds(Rule, theta=st.floats(0, 1), kappa=st.floats(0, 1), loss=st.floats(0, 0.2), recovery=st.floats(0, 0.2),
                 half_life=st.floats(1, 52)))
def test_states_stay_in_range(weeks: list[tuple[float, float]], size: int, susceptibility: float, trust: float,
                              wary: float, rule: Rule) -> None:
    """Whatever happens, trust and the share of the wary stay between 0 and 1, and no more items fool than came."""
    group = Group(size, susceptibility, trust, wary)
    for way in (simulated, expected):
        found = way(group, [one[0] for one in weeks], [one[1] for one in weeks], rule=rule)
        assert np.all((found.trust >= 0) & (found.trust <= 1 + 1e-12))
        assert np.all((found.wary >= -1e-12) & (found.wary <= 1 + 1e-12))
        assert np.all(found.victims <= found.items)


@pytest.mark.parametrize(("delivered", "reached"), [
    ([1, 2], [0]), ([[1]], [[0]]), ([-1], [0]), ([float("nan")], [0]), ([101], [0]), ([1], [1]), ([1], [-0.1])])
def test_wrong_weeks_are_a_sentence(delivered: list[float], reached: list[float]) -> None:
    """Weeks that do not fit each other, or numbers out of range, are an error in one sentence."""
    for way in (simulated, expected):
        with pytest.raises(UsageError, match=r"^delivered.*\.$"):
            way(Group(10, 0.01), delivered, reached)


def test_memory_is_that_of_a_block() -> None:
    """Ten times the users take no more memory, for a block of users goes through all weeks before the next comes."""
    def peak(count: int) -> int:
        tracemalloc.start()
        simulated(Group(count, 0.01, 0.65), ITEMS[:4], CAMPAIGN[:4])
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(10 * users.BLOCK) <= 1.2 * peak(users.BLOCK)
