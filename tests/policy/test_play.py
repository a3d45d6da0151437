"""Tests of playing policies: the same draws for all, paired differences, costs."""

from __future__ import annotations

import numpy as np
import pytest

from spamlab.errors import UsageError
from spamlab.policy.document import Measure, Policy
from spamlab.policy.economies import economy_named, economy_names
from spamlab.policy.instruments import read_instruments
from spamlab.policy.play import Play, play
from spamlab.policy.scenarios import read_scenarios, scenarios_named

ECONOMY = "prepaid-archipelago"


def policy(*instruments: str, years: int = 2) -> Policy:
    """A policy of instruments with their default settings."""
    known = read_instruments()
    return Policy("Test", ECONOMY, years, tuple(
        Measure(name, 0, {one.name: one.default for one in known[name].settings}) for name in instruments), {})


def played(*policies: Policy, runs: int = 12, seed: int = 1, names: tuple[str, ...] = ("calm", "budget-cut")) -> Play:
    """The policies in two scenarios."""
    return play(policies, economy_named(ECONOMY), scenarios_named(names), runs=runs, seed=seed)


def test_no_policy_gains_nothing() -> None:
    """A policy without measures has the outcome of no policy, to the last bit."""
    found = played(policy())
    for name in found.totals:
        np.testing.assert_array_equal(found.gain(name), 0, err_msg=name)


def test_a_policy_has_the_same_outcome_in_any_company() -> None:
    """What else is played, in which order, and how many draws are taken, changes no draw of a policy, but for the last
    bits of rounding: sums of blocks of another size are added in another order."""
    first, second = policy("sms-firewall"), policy("enforcement-staff", "operator-audits")
    alone, beside = played(first), played(second, first)
    more = played(first, runs=20)
    fewer = played(first, names=("budget-cut",))
    for name in alone.totals:
        np.testing.assert_allclose(alone.totals[name][0], beside.totals[name][1], rtol=1e-9, err_msg=name)
        np.testing.assert_allclose(alone.totals[name], more.totals[name][:, :, :12], rtol=1e-9, err_msg=name)
        np.testing.assert_allclose(alone.totals[name][:, 1], fewer.totals[name][:, 0], rtol=1e-9, err_msg=name)


def test_welfare_is_harm_and_costs() -> None:
    """Welfare is minus the harm and what three payers pay; harm is losses, time and wanted items lost."""
    found = played(policy("sms-firewall", "awareness-campaign", "consent-law"))
    totals = found.totals
    np.testing.assert_allclose(totals["harm"], totals["loss"] + totals["time"] + totals["wanted_lost"])
    np.testing.assert_allclose(-totals["welfare"], totals["harm"] + totals["public_cost"] + totals["operator_cost"]
                               + totals["compliance_cost"])
    assert (totals["public_cost"] > 0).all()
    assert (totals["operator_cost"] > 0).all()
    assert found.baseline["public_cost"].sum() == 0


def test_costs_lie_in_their_ranges() -> None:
    """A draw's cost lies between the low and the high end of what the plan says, and draws differ."""
    found = played(policy("sms-firewall"), runs=50)
    plan = found.plans[0][0]
    central = sum(values.sum() for (_, payer), values in plan.costs.items() if payer == "operators") / 1e6
    low, high = plan.cost_factor["sms-firewall"]
    drawn = found.totals["operator_cost"][0, 0]
    assert (drawn >= central * low * (1 - 1e-9)).all()
    assert (drawn <= central * high * (1 + 1e-9)).all()
    assert len(set(drawn)) == 50


def test_a_cut_of_the_budget_changes_the_plan_alone_there() -> None:
    """In the scenario of the cut less is spent by the state than in calm, for a policy that uses its budget."""
    everything = Policy("All", "caribbean-island", 3, policy(*read_instruments()).measures, {})
    found = play([everything], economy_named("caribbean-island"), scenarios_named(("calm", "budget-cut")), runs=12)
    calm, cut = found.plans[0]
    assert all(spent <= budget * (1 + 1e-9) for spent, budget in cut.money)
    assert sum(budget for _, budget in cut.money) < sum(budget for _, budget in calm.money)
    assert found.totals["public_cost"][0, 1].mean() < found.totals["public_cost"][0, 0].mean()


def test_series_are_the_weeks_of_the_totals() -> None:
    """A recorded series has policies, scenarios, weeks and draws as its axes and adds up to the total."""
    found = play([policy("sms-firewall"), policy()], economy_named(ECONOMY), scenarios_named(["calm"]), runs=5,
                 record=["delivered.sms"])
    assert found.series["delivered.sms"].shape == (2, 1, 104, 5)
    np.testing.assert_allclose(found.series["delivered.sms"].sum(axis=2), found.totals["delivered.sms"])
    np.testing.assert_allclose(found.baseline_series["delivered.sms"].sum(axis=1), found.baseline["delivered.sms"])


def test_what_can_not_be_played_is_one_sentence() -> None:
    """No scenario, no run, policies of different length, an unknown economy or scenario: a sentence each."""
    with pytest.raises(UsageError, match="at least one scenario"):
        play([policy()], economy_named(ECONOMY), [], runs=5)
    with pytest.raises(UsageError, match="different length"):
        played(policy(years=1), policy(years=2))
    with pytest.raises(UsageError, match="no economy called atlantis: known are advanced-city"):
        economy_named("atlantis")
    with pytest.raises(UsageError, match="no scenario called meteor: known are calm"):
        scenarios_named(["meteor"])


@pytest.mark.parametrize("economy", economy_names())
def test_every_economy_and_scenario_can_be_played(economy: str) -> None:
    """All measures at once give finite figures in every economy under every scenario."""
    everything = Policy("All", economy, 3, policy(*read_instruments()).measures, {})
    found = play([everything], economy_named(economy), list(read_scenarios().values()), runs=3)
    assert all(np.isfinite(values).all() for values in found.totals.values())
    assert (found.totals["loss"] > 0).all()
