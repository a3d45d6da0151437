"""Tests of the simulator's weekly steps: accounts, determinism, and what must hold whatever the figures are."""

from __future__ import annotations

import hashlib
import itertools
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from spamlab.policy import model
from spamlab.policy.draws import draw_parameters
from spamlab.policy.economies import economy_named, economy_names
from spamlab.policy.levers import CHANNELS, GROUPS, LEVERS
from spamlab.policy.market import CLASSES, FLOWS, market_of
from spamlab.policy.model import STRUCTURES, Batch, Outcome, Structure, flat_levers, quiet, run
from spamlab.policy.scenarios import read_scenarios

Array = NDArray[np.float64]
WEEKS = 104
CENT = 1e-8
"""One US cent in millions."""
LAW = {f"law__{channel}": 1.0 for channel in CHANNELS}
BUSY = {**LAW, "fine": 100.0, "officers": 10.0, "fraud_first": 0.5, "registry_open": 1.0, "registry": 1.0,
        "caller_id": 1.0, "firewall": 1.0, "filtering__email": 1.0, "payment_friction": 1.0, "audit": 1.0,
        "awareness__exposed": 0.1, "quarantine": 1.0, "port25": 1.0, "dns_blocking": 1.0, "sim_registration": 1.0}


def batch(levers: Array | None = None, *, runs: int = 24, weeks: int = WEEKS, seed: int = 1, economy: str = "",
          structure: Structure | None = None, shocks: Array | None = None,
          fixed: dict[str, float] | None = None) -> Batch:
    """A batch of runs that all use the first column of levers and shocks. fixed: parameters that are not drawn."""
    parameters = draw_parameters(seed, runs) | {name: np.full(runs, value) for name, value in (fixed or {}).items()}
    return Batch(economy_named(economy or "mobile-money-leader"), parameters,
                 flat_levers(weeks) if levers is None else levers, np.zeros(runs, dtype=int),
                 quiet(weeks) if shocks is None else shocks, np.zeros(runs, dtype=int), structure or Structure())


def busy(weeks: int = WEEKS) -> Array:
    """Many measures at once, from week 10 on, and an operation against a botnet."""
    levers = flat_levers(weeks, **BUSY)
    levers[:, :10] = 0
    levers[list(LEVERS).index("takedown"), 30] = 0.6
    return levers


@pytest.mark.parametrize("structure", STRUCTURES, ids=lambda one: f"{one.displacement}-{one.rebuild}-{one.trust}")
@pytest.mark.parametrize("economy", ["pacific-island", "upper-middle-many-isps"])
def test_accounts_balance_every_week(structure: Structure, economy: str) -> None:
    """Each week, to the cent and the item: attempts go somewhere, losses go to somebody, money that moves arrives."""
    names = ["attempted", "undeliverable", "stopped", "filtered", "delivered", "paid", "revenue", "middlemen",
             "recovered"]
    flows = [f"{name}.{one}" for name in ("moved_out", "moved_in", "entered", "left", "outside") for one in CLASSES]
    places = [f"spending.{a}.{b}{market}" for a, b in FLOWS for market in ("", ".neighbour", ".rest")]
    shocks = np.stack([read_scenarios()["ai-wave"].path(WEEKS, 3)], axis=2)
    found = run(batch(busy(), structure=structure, economy=economy, shocks=shocks), names + flows + places).series
    gone = found["undeliverable"] + found["stopped"] + found["filtered"] + found["delivered"]
    assert np.abs(found["attempted"] - gone).max() < 1e-6 * 0.01 + 1e-12 * found["attempted"].max()
    assert found["stopped"].sum(axis=0).min() > 0
    got = found["revenue"] + found["middlemen"] + found["recovered"]
    assert np.abs(found["paid"] - got).max() < CENT
    for one in CLASSES:
        assert np.abs(found[f"moved_out.{one}"] - found[f"moved_in.{one}"]).max() < CENT
        assert found[f"moved_out.{one}"].min() > 0
        money = found[f"outside.{one}"] + sum(found[f"spending.{a}.{b}{market}"] for a, b in FLOWS if a == one
                                              for market in ("", ".neighbour", ".rest"))
        change = found[f"entered.{one}"] - found[f"left.{one}"]
        assert np.abs(np.diff(money, axis=0) - change[1:]).max() < CENT + 1e-12 * money.max()


def test_nothing_moves_before_anything_is_decided() -> None:
    """Without measures, shocks and growth a market in free entry stays where it is: margins are nil, nobody moves."""
    names = [f"margin.{a}.{b}" for a, b in FLOWS] + [f"spending.{a}.{b}" for a, b in FLOWS]
    found = run(batch(fixed={"trend": 1.0}), names).series
    for a, b in FLOWS:
        assert np.abs(found[f"margin.{a}.{b}"]).max() < 1e-9
        assert found[f"spending.{a}.{b}"][-1] == pytest.approx(found[f"spending.{a}.{b}"][0], rel=1e-9)


@pytest.mark.parametrize("economy", economy_names())
def test_free_entry_holds_in_every_economy(economy: str) -> None:
    """What a sender earns by an attempt is what the attempt costs, for each flow, and no figure is without sense."""
    market = market_of(economy_named(economy), parameters := draw_parameters(5, 50))
    earned = (1 - market.undeliverable) * market.passed * market.victims * market.loss * parameters["sender_share"]
    np.testing.assert_allclose(earned, market.cost, rtol=1e-9)
    assert ((market.sending > 0) & (market.sending <= 1 + 1e-9)).all()
    assert (market.victims < 1).all()
    assert (market.spending > 0).all()
    assert market.operators.sum() == pytest.approx(1)


def test_runs_do_not_touch_each_other() -> None:
    """A run has the same outcome alone, in another order, and in a batch that is larger than a block, but for
    the last bits of rounding."""
    runs = model.BLOCK + 7
    whole = batch(busy(), runs=runs, weeks=WEEKS)
    there = run(whole).totals
    some = [3, 0, runs - 1]
    few = run(Batch(whole.economy, {name: values[some] for name, values in whole.parameters.items()}, whole.levers,
                    whole.lever_of[some], whole.shocks, whole.shock_of[some])).totals
    for name, values in few.items():
        np.testing.assert_allclose(values, there[name][some], rtol=1e-9, err_msg=name)


SCRIPT = """
import hashlib, sys
sys.path.insert(0, "tests")
from policy.test_model import digest
print(digest())
"""


def digest() -> str:
    """A fingerprint of all totals of a batch with many measures, to the last bit."""
    totals = run(batch(busy(), runs=8)).totals
    return hashlib.sha256(b"".join(totals[name].tobytes() for name in sorted(totals))).hexdigest()


def test_other_processes_find_the_same() -> None:
    """The same inputs give the same bytes in two other processes, whatever Python's hash seed is."""
    said = {subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=120,
                           env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"}).stdout.strip() for seed in "12"}
    assert said == {digest()}


def test_surplus_of_a_class_falls_with_what_is_at_stake() -> None:
    """With rivals fixed and nowhere to go, a class earns less the likelier and the larger its sanction is, and a fine
    above its assets takes no more than its assets."""
    still = {"mobility": 0.0, "exit": 1e-12, "entry": 1e-12, "rebuild": 1e-12, "targeting": 0.0, "trend": 1.0,
             "incapacitated": 0.0}
    names = ["spending.domestic.sms", "margin.domestic.sms"]

    def surplus(**levers: float) -> Array:
        found = run(batch(flat_levers(WEEKS, fraud_first=1.0, **levers), fixed=still), names).series
        return np.asarray((found[names[0]] * found[names[1]]).sum(axis=0))

    likelier = [surplus(officers=officers, fine=50.0) for officers in (0.0, 2.0, 5.0, 10.0)]
    assert all((after < before).all() for before, after in itertools.pairwise(likelier))
    larger = [surplus(officers=5.0, fine=fine) for fine in (0.0, 0.01, 1e6, 2e6)]
    assert (larger[1] < larger[0]).all()
    assert (larger[2] <= larger[1]).all()
    np.testing.assert_allclose(larger[3], larger[2], rtol=1e-9)


def test_enforcement_does_not_raise_harm_at_home_in_the_median() -> None:
    """Losses at home do not rise in the median with more officers; where they rise in a draw, that is a finding."""
    losses = [run(batch(flat_levers(WEEKS, officers=officers, fraud_first=0.7, fine=50.0, director_liability=1.0,
                                    reach_abroad=1.0), runs=64)).totals["loss"] for officers in (0.0, 3.0, 10.0, 30.0)]
    for before, after in itertools.pairwise(losses):
        assert np.median(after - before) <= 1e-9
    assert np.median(losses[-1] / losses[0]) < 0.9


@pytest.mark.parametrize(("levers", "outcome", "least"), [
    ({"firewall": 1.0, "audit": 1.0}, "delivered.sms", 0.05),
    ({"caller_id": 1.0, "caller_id_vetting": 1.0, "audit": 1.0}, "victims.voice", 0.1),
    ({"authentication": 1.0}, "delivered.email", 0.005),
    ({"registry": 1.0, "registry_open": 1.0, "audit": 1.0}, "victims.sms", 0.1),
    ({"payment_friction": 1.0}, "loss", 0.05),
    ({"referral": 1.0}, "victims.apps", 0.02),
    ({"sim_registration": 1.0, "audit": 1.0}, "victims.sms", 0.001),
    ({"awareness__exposed": 0.3}, "victims", 0.01),
    ({**LAW, "officers": 5.0}, "delivered.marketing", 0.2),
    ({"opt_out_list__voice": 1.0, **LAW}, "delivered.voice", 0.01),
])
def test_each_lever_lowers_what_it_is_for(levers: dict[str, float], outcome: str, least: float) -> None:
    """A measure lowers its own outcome by at least so much, in the median of paired draws."""
    without, with_it = (run(batch(flat_levers(WEEKS, **settings))).totals[outcome] for settings in ({}, levers))
    assert np.median(1 - with_it / without) > least


def test_a_lever_that_does_nothing_here_changes_nothing_there() -> None:
    """Closing port 25 lowers what leaves the country and not what arrives."""
    without = run(batch()).totals
    closed = run(batch(flat_levers(WEEKS, port25=1.0))).totals
    np.testing.assert_allclose(closed["delivered.email"], without["delivered.email"])
    assert (closed["sent_abroad"] < without["sent_abroad"]).all()
    assert (closed["wanted_share.email"] < without["wanted_share.email"]).all()


def test_what_is_recorded_adds_up_to_the_totals() -> None:
    """A total is the sum of its weeks, by channel and whole."""
    names = ["delivered", *(f"delivered.{channel}" for channel in CHANNELS), "loss", "wanted_lost"]
    found = run(batch(busy()), names)
    for name in names:
        np.testing.assert_allclose(found.series[name].sum(axis=0), found.totals[name], rtol=1e-9)
    np.testing.assert_allclose(sum(found.totals[f"delivered.{channel}"] for channel in CHANNELS),
                               found.totals["delivered"], rtol=1e-9)


def test_states_stay_within_bounds() -> None:
    """Trust, awareness, shares and stocks stay within their bounds under every scenario and many measures."""
    names = [*(f"trust.{channel}" for channel in CHANNELS), *(f"awareness.{group}" for group in GROUPS), "bots",
             "unregistered", *(f"wanted_share.{channel}" for channel in CHANNELS), *(f"risk.{one}" for one in CLASSES)]
    for scenario in read_scenarios().values():
        found: Outcome = run(batch(busy(), runs=8, shocks=np.stack([scenario.path(WEEKS, 1)], axis=2)), names)
        for name in names:
            assert np.isfinite(found.series[name]).all(), (scenario.name, name)
            assert found.series[name].min() >= 0, (scenario.name, name)
            if name != "bots":
                assert found.series[name].max() <= 1, (scenario.name, name)


def test_a_name_that_is_not_recorded_is_refused() -> None:
    """A typing error in `record` is told, with the name."""
    with pytest.raises(KeyError, match=r"spending\.email"):
        run(batch(weeks=4), ["spending.email"])
