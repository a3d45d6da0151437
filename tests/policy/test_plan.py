"""What a plan does with time, money and staff: nothing beyond what there is, in the document's order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spamlab.policy.document import WEEKS_A_YEAR, Measure, Policy, read_policy
from spamlab.policy.economies import economy_named, economy_names
from spamlab.policy.plan import LEVER_INDEX, Plan, plan, staff_factor, units
from spamlab.shipped import default_folder

from .strategies import INSTRUMENTS, policies

EXAMPLES = sorted((default_folder("datasets") / "policy" / "examples").glob("*.toml"))


def policy(*measures: tuple[str, int, dict[str, Any]] | str, economy: str = "advanced-city", years: int = 3) -> Policy:
    """A policy of these measures; a name alone begins in week 0 with its defaults."""
    made = [(one, 0, {}) if isinstance(one, str) else one for one in measures]
    return Policy("T", economy, years, tuple(Measure(name, start, given) for name, start, given in made), {})


def planned(given: Policy, **more: Any) -> Plan:
    """Its plan over all its weeks."""
    return plan(given, economy_named(given.economy), INSTRUMENTS, weeks=given.years * WEEKS_A_YEAR, **more)


def lever(made: Plan, name: str) -> np.ndarray[Any, Any]:
    """A lever's intensity by week."""
    return made.levers[LEVER_INDEX[name]]


@settings(max_examples=60, deadline=None)
@given(policies())
def test_never_more_than_there_is(given_policy: Policy) -> None:
    """In no year more money than the budget, in no week more staff than there are; what is spent is what it costs."""
    made = planned(given_policy)
    weeks = given_policy.years * WEEKS_A_YEAR
    assert made.levers.shape == (len(LEVER_INDEX), weeks)
    assert np.isfinite(made.levers).all()
    assert (made.levers >= 0).all()
    assert (made.staff <= made.capacity + 1e-6).all()
    state = np.sum([made.costs[key] for key in made.costs if key[1] == "state"], axis=0) + np.zeros(weeks)
    for year, (spent, budget) in enumerate(made.money):
        assert spent <= budget + 1e-3
        assert spent == pytest.approx(state[year * WEEKS_A_YEAR:(year + 1) * WEEKS_A_YEAR].sum(), abs=1e-3)
    assert set(made.starts) == {one.instrument for one in given_policy.measures}
    for one in given_policy.measures:
        force, begin = made.starts[one.instrument], made.begins[one.instrument]
        if force is None or begin is None:
            assert made.reasons[one.instrument]
            continue
        assert begin >= one.start
        assert force - begin >= INSTRUMENTS[one.instrument].lead_weeks
        assert all((made.starts[need] or 0) <= begin for need in INSTRUMENTS[one.instrument].needs)


@settings(max_examples=60, deadline=None)
@given(policies())
def test_the_last_measure_delays_none_before_it(given_policy: Policy) -> None:
    """Without the last measure, those before that do not need it enter into force exactly when they did."""
    if not given_policy.measures:
        return
    last = given_policy.measures[-1].instrument
    if any(last in INSTRUMENTS[one.instrument].needs for one in given_policy.measures):
        return
    whole, part = planned(given_policy), planned(replace(given_policy, measures=given_policy.measures[:-1]))
    assert part.starts == {name: week for name, week in whole.starts.items() if name != last}


@settings(max_examples=20, deadline=None)
@given(policies())
def test_the_same_again(given_policy: Policy) -> None:
    """A plan is a function of its arguments."""
    one, other = planned(given_policy), planned(given_policy)
    assert np.array_equal(one.levers, other.levers)
    assert (one.starts, one.reasons, one.money) == (other.starts, other.reasons, other.money)


@settings(max_examples=40, deadline=None)
@given(policies(), st.integers(0, 200), st.floats(0, 0.9))
def test_a_cut_stops_what_can_not_be_paid(given_policy: Policy, week: int, left: float) -> None:
    """After a cut, each year's spending is within the smaller budget, or nothing of that year is spent after the cut;
    staff suffice, and before the cut all is as without it."""
    weeks = given_policy.years * WEEKS_A_YEAR
    factors = np.where(np.arange(weeks) >= week, left, 1.0)
    made, calm = planned(given_policy, budget=factors), planned(given_policy)
    assert np.array_equal(made.levers[:, :week], calm.levers[:, :week])
    assert (made.staff <= made.capacity + 1e-6).all()
    state = np.sum([made.costs[key] for key in made.costs if key[1] == "state"], axis=0) + np.zeros(weeks)
    for year, (spent, budget) in enumerate(made.money):
        after = state[max(week, year * WEEKS_A_YEAR):(year + 1) * WEEKS_A_YEAR].sum()
        assert spent <= budget + 1e-3 or after <= 1e-3
    for name, stop in made.stops.items():
        assert stop == week
        assert f"It stops in week {week}" in made.reasons[name]


def test_a_cut_takes_the_last_first() -> None:
    """What stands last in the document stops first, with what needs it, and the reason says so."""
    given_policy = policy("complaint-line", "information-sharing", "payment-friction", "sender-id-registry",
                          economy="prepaid-archipelago")
    calm = planned(given_policy)
    yearly = calm.money[2][0]
    factors = np.ones(156)
    factors[104:] = 0.0
    made = planned(given_policy, budget=factors)
    assert set(made.stops) == set(calm.starts)
    assert made.reasons["payment-friction"].count("It stops") == 1
    factors[104:] = yearly * 0.75 / calm.money[2][1]
    made = planned(given_policy, budget=factors)
    assert list(made.stops) == ["sender-id-registry"]
    assert "It stops in week 104: the budget of year 3 was cut to" in made.reasons["sender-id-registry"]
    assert lever(made, "registry")[103] > 0
    assert (lever(made, "registry")[104:] == 0).all()
    assert lever(made, "payment_friction")[-1] > 0


def test_needs_are_waited_for() -> None:
    """A measure's set-up begins when what it needs is in force, also if that stands later; the reason names it."""
    law = "“Consent law for commercial messages”"
    for order in (("consent-law", "penalties"), ("penalties", "consent-law")):
        made = planned(policy(*order))
        assert made.begins["penalties"] == made.starts["consent-law"] == 40
        assert made.reasons["penalties"] == f"It waits until week 40 for {law} to be in force."
    assert f"{law}, which it needs, is never in force" in planned(policy("penalties")).reasons["penalties"]


def test_staff_are_short() -> None:
    """With little staff a set-up takes longer, later ones wait or never begin, and hired officers change that."""
    poor = planned(policy("sender-id-registry", "complaint-line", economy="fragile-state"))
    assert poor.starts["sender-id-registry"] is None
    assert "full-time staff to set up and" in poor.reasons["sender-id-registry"]
    assert "0.30 are free" in poor.reasons["sender-id-registry"]
    hired = planned(policy(("enforcement-staff", 0, {"officers": 1}), "shared-blocklists", economy="fragile-state"))
    force = hired.starts["enforcement-staff"]
    assert force is not None
    assert hired.starts["shared-blocklists"] is not None
    assert hired.starts["shared-blocklists"] > force
    assert hired.capacity[force] == pytest.approx(1.3)
    slow = planned(policy("consent-law", economy="fragile-state"))
    assert slow.starts["consent-law"] == 120
    assert slow.reasons["consent-law"].startswith("It takes 120 weeks to set up instead of 40, because")


def test_a_regulator_hires_only_so_many() -> None:
    """At most four in a hundred of the regulator's staff are hired, whole people only, and the plan says so."""
    made = planned(policy(("enforcement-staff", 0, {"officers": 30}), economy="caribbean-island"))
    assert "Only 2 of 30 officers can be hired" in made.reasons["enforcement-staff"]
    assert made.capacity[-1] == pytest.approx(3)
    none = planned(policy(("enforcement-staff", 0, {"officers": 2}), economy="pacific-island"))
    assert none.reasons["enforcement-staff"].startswith("No officer can be hired: a regulator of 20 people can take")


def test_money_is_short() -> None:
    """What no year's budget can carry never begins, and the reason has the numbers."""
    made = planned(policy(*INSTRUMENTS, economy="caribbean-island"))
    assert made.starts["sim-registration"] is None
    assert "US dollars are left" in made.reasons["sim-registration"]
    assert all(0.5 * budget < spent <= budget for spent, budget in made.money)


def test_officers_are_the_staff_left_over() -> None:
    """The lever of officers is what the measures leave of the staff, by week."""
    made = planned(policy("sender-id-registry", ("enforcement-staff", 10, {"officers": 5, "priority": "both"})))
    assert lever(made, "officers") == pytest.approx(made.capacity - made.staff)
    assert lever(made, "officers")[0] < 30 < lever(made, "officers")[-1] + 2
    force = made.starts["enforcement-staff"]
    assert force == 10 + 16 + 5 * 3
    assert lever(made, "fraud_first")[force - 1:force + 1].tolist() == [0, 0.5]


def test_uptake_grows() -> None:
    """An effect begins in the week in force and reaches 95 % after the weeks of its ramp."""
    made = planned(policy("sms-firewall"))
    force = made.starts["sms-firewall"]
    assert force == 26
    rise = lever(made, "firewall")
    assert rise[force - 1] == 0 < rise[force]
    assert (np.diff(rise[force:]) > 0).all()
    assert rise[force + 29] == pytest.approx(1 - np.exp(-3))


def test_timetables() -> None:
    """Mail authentication climbs step by step; a register opens, is announced and then switched on."""
    made = planned(policy(("mail-authentication", 0, {"domains": "all", "quarantine_after": 30, "reject_after": 80})))
    steps = lever(made, "authentication")
    force = made.starts["mail-authentication"]
    assert force == 16
    assert steps[force + 29] < 0.2 < steps[force + 79] < 0.9 * 0.65 + 1e-9 < steps[force + 100]
    made = planned(policy(("sender-id-registry", 0, {"unregistered": "block", "registration_weeks": 20})))
    force = made.starts["sender-id-registry"]
    assert force == 30
    assert lever(made, "registry_open")[force - 1:force + 1].tolist() == [0, 1]
    assert lever(made, "registry")[force + 19:force + 21].tolist() == [0, 1]
    assert np.flatnonzero(lever(made, "announced")).tolist() == list(range(force + 12, force + 24))


def test_waves_come_again() -> None:
    """Campaigns and takedowns are single weeks that come back; only the groups addressed are reached."""
    made = planned(policy(("awareness-campaign", 3, {"audience": ("exposed",), "reach": 30, "every": 20}),
                          "investigation-powers", ("joint-takedown", 0, {"share": 40, "every": 30})))
    weeks = np.flatnonzero(lever(made, "awareness.exposed"))
    assert weeks.tolist() == list(range(15, 156, 20))
    assert lever(made, "awareness.exposed").max() == pytest.approx(0.3)
    assert lever(made, "awareness.average").max() == 0
    assert np.diff(np.flatnonzero(lever(made, "takedown"))).tolist() == [30, 30]


def test_costs() -> None:
    """Who pays: fewer waves cost less, a fixed sum is spread over the set-up, ranges are around the central figure."""
    made = planned(policy("sender-id-registry", ("awareness-campaign", 0, {"reach": 10, "every": 52})))
    often = planned(policy("sender-id-registry", ("awareness-campaign", 0, {"reach": 20, "every": 26})))
    one, four = (made_.costs["awareness-campaign", "state"][-1] for made_ in (made, often))
    assert four == pytest.approx(4 * one)
    people, wage = 6e6, 85_000
    assert one * 52 == pytest.approx(people * 0.1 * wage * np.sqrt(0.45e-6 * 3e-6))
    assert {payer for name, payer in made.costs if name == "sender-id-registry"} == {"state", "operators", "senders"}
    low, high = made.cost_factor["sender-id-registry"]
    assert 0.1 < low < 1 < high < 10


def test_units() -> None:
    """Small operators count as a tenth; what is counted follows from the economy's figures."""
    many = economy_named("upper-middle-many-isps")
    assert units(many, "operator") == 3 + 6 * 5
    assert units(many, "line") == pytest.approx(210e6 * 0.23)
    assert units(many, "infected_customer") == pytest.approx(210e6 * 0.23 * 0.02 * 2)
    assert units(many, "fixed") == units(many, "officer") == 1
    assert [staff_factor(economy_named(one)) for one in ("landlocked-least-developed", "pacific-island")] == [1, 0.4]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_can_be_planned_everywhere(path: Path) -> None:
    """Each example has a plan in each economy; everything at once can nowhere be done whole."""
    given_policy = read_policy(path)
    for name in economy_names():
        made = plan(given_policy, economy_named(name), INSTRUMENTS, weeks=given_policy.years * WEEKS_A_YEAR)
        done = [one for one, week in made.starts.items() if week is not None]
        assert (len(done) < len(made.starts)) or path.stem != "everything-at-once"
