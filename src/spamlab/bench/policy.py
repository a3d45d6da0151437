"""What the policy simulator costs: runs in one batch, users against Mesa's agents, memory against the number of people.

A run is one policy in one scenario with one draw over three years. What is timed runs in a process of its own that is
held to one core and one thread. Users against agents is like for like: the rule of spamlab.policy.users, followed by
every user in every week, here in arrays and there by agents; the same run shows that means and variances are equal.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spamlab.bench.agreement import Agreement, agreements
from spamlab.bench.page import machine, put_figures, table
from spamlab.bench.rows import Row
from spamlab.errors import MachineError
from spamlab.policy.users import Group, Rule, Weeks, simulated

POLICIES, REFERENCED, SCENARIOS, DRAWS, YEARS = 10, 6, 4, 50, 3
SECONDS = 3.0
"""The goal for that many runs in one batch."""
TIMES = 40.0
"""The goal: user-steps a second in arrays, as a multiple of Mesa's."""
FLAT = 1.1
"""Memory for the largest economy, as a multiple of that for the smallest, at most: their plans are not equally long."""
SMALL, LARGE = "pacific-island", "very-large-south-asian"
MANY = Group(10_000, 0.004, trust=0.65, wary=0.05)
"""The users whose steps are timed; by Rule's defaults, one item a week each in the mean."""
CAMPAIGN = 0.01
"""The chance that a campaign makes one of them wary, each week."""
FEW = Group(60, 0.06, trust=0.65, wary=0.1)
"""The users whose means and variances are compared: few and gullible, so that nothing averages out."""
FEW_RULE = Rule(kappa=0.6, loss=0.005, recovery=0.03, half_life=8.0)
SEEDS = 400
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")}

Array = NDArray[np.float64]


def measure(*, quick: bool = False, markdown: Path | None = None) -> list[Row]:
    """The rows: a batch and single runs, users against agents with how they agree, memory."""
    try:
        import mesa  # noqa: F401
    except ImportError:
        raise MachineError("Mesa is not installed, and the bench compares with it: run make install-dev.") from None
    rows = [machine("numpy", "mesa")]
    rows += _batch(_child("timed_runs", 2 if quick else 5, 10 if quick else 40))
    rows += _rates(_child("timed_users", 3 if quick else 9))
    rows += _agreement(compared(simulated_few, mesa_few, SEEDS // 2 if quick else SEEDS))
    rows += _memory(*(_child("peak", name) for name in (SMALL, LARGE)))
    if markdown is not None:
        put_figures(markdown, "policy", table(rows))
    return rows


def _child(name: str, *arguments: object) -> Any:
    """What a function of this module gives in a process of its own, on one core and one thread."""
    code = (f"import json, os; from spamlab.bench import policy\n"
            f"if hasattr(os, 'sched_setaffinity'): os.sched_setaffinity(0, {{max(os.sched_getaffinity(0))}})\n"
            f"print(json.dumps(policy.{name}(*{arguments!r})))")
    done = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True,
                          env={**os.environ, **ONE_THREAD})
    return json.loads(done.stdout)


# runs


def _documents() -> list[str]:
    """Ten policy documents: the references of the library, and mixes of a dozen instruments in each of four orders."""
    from spamlab.policy.bundles import bundle
    from spamlab.policy.document import Policy, policy_toml
    from spamlab.policy.instruments import read_instruments
    from spamlab.policy.library import REFERENCES

    instruments = read_instruments()
    wanted: list[Sequence[tuple[str, int]]] = [*list(REFERENCES.values())[:REFERENCED]]
    names = list(instruments)
    for mix in range(POLICIES - len(wanted)):
        order = [names[(mix * 7 + 5 * step) % len(names)] for step in range(12)]
        wanted.append([(name, 4 * place) for place, name in enumerate(dict.fromkeys(order))])
    texts = dict.fromkeys(("purpose", "proportionality", "rights", "remedies"), "Said for the bench.")
    return [policy_toml(Policy(f"Document {number}", "mobile-money-leader", YEARS, bundle(instruments, one), texts))
            for number, one in enumerate(wanted)]


def timed_runs(rounds: int, singles: int) -> dict[str, Any]:
    """Seconds of each batch and of each single run, taking turns.

    A batch reads the documents, makes their plans and plays them all, the runs without any policy among them; a single
    run is one call of play with one policy, scenario and draw, which too plays the run without it.
    """
    from spamlab.policy.document import read_policy
    from spamlab.policy.play import economy_named, play
    from spamlab.policy.scenarios import read_scenarios

    documents, economy = _documents(), economy_named("mobile-money-leader")
    scenarios = list(read_scenarios().values())[:SCENARIOS]
    measures = sum(len(read_policy(text).measures) for text in documents)
    play([read_policy(documents[0])], economy, scenarios[:1], runs=1)
    batches: list[float] = []
    worked_for: list[float] = []
    alone: list[float] = []
    for turn in range(rounds):
        began, worked = time.perf_counter(), time.process_time()
        found = play([read_policy(text) for text in documents], economy, scenarios, runs=DRAWS, seed=turn)
        batches.append(time.perf_counter() - began)
        worked_for.append(time.process_time() - worked)
        for number in range(turn, singles, rounds):
            policy = read_policy(documents[number % POLICIES])
            began = time.perf_counter()
            play([policy], economy, [scenarios[number % SCENARIOS]], runs=1, seed=number)
            alone.append(time.perf_counter() - began)
    return {"batches": batches, "processor": worked_for, "alone": alone, "measures": measures,
            "runs": int(found.totals["welfare"].size), "baselines": int(found.baseline["welfare"].size)}


def _batch(found: Mapping[str, Any]) -> list[Row]:
    seconds, runs = median(found["batches"]), found["runs"]
    each, alone = seconds / runs, median(found["alone"])
    what = (f"{runs} runs of {YEARS} years in one batch ({POLICIES} documents with {found['measures']} measures, "
            f"{SCENARIOS} scenarios, {DRAWS} draws), read and planned too, with the {found['baselines']} runs without "
            "a policy, one core")
    told = (f"processor alone: {median(found['processor']):.3g} s; slowest of {len(found['batches'])}: "
            f"{max(found['batches']):.3g} s")
    return [
        Row(what, round(seconds, 3), "s", told, None, f"at most {SECONDS:g} s", seconds <= SECONDS),
        Row("one run in that batch", round(each * 1e3, 3), "ms",
            f"one by one, each with its own run without a policy: {alone * 1e3:.3g} ms", round(alone / each, 1),
            "reported", True)]


# users


def timed_users(rounds: int) -> dict[str, list[float]]:
    """User-steps a second in each round of the ways, taking turns; the first turn is not counted."""
    from spamlab.bench.mesa_peer import Society

    years, weeks, times = 156, 10, 5
    society = Society(MANY, Rule(), 1)

    def agents(shuffled: bool) -> int:
        for _ in range(weeks):
            society.week(1.0, CAMPAIGN, shuffled=shuffled)
        return weeks * MANY.users

    seeds = count()

    def arrays() -> int:
        for _ in range(times):
            simulated(MANY, np.ones(years), np.full(years, CAMPAIGN), seed=next(seeds))
        return times * years * MANY.users

    ways: dict[str, Callable[[], int]] = {
        "arrays": arrays, "fixed order": partial(agents, False), "random order": partial(agents, True)}
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, steps in ways.items():
            began = time.perf_counter()
            done = steps()
            found[name].append(done / (time.perf_counter() - began))
    return {name: rates[1:] for name, rates in found.items()}


def _rates(found: Mapping[str, Sequence[float]]) -> list[Row]:
    rates = {name: median(one) for name, one in found.items()}
    what = f"the rule of spamlab.policy.users, {MANY.users} users, in NumPy, one core"
    rows = []
    for peer, asked in (("fixed order", True), ("random order", False)):
        ratio = rates["arrays"] / rates[peer]
        rows.append(Row(what, round(rates["arrays"] / 1e6, 1), "million user-steps/s",
                        f"Mesa, {peer}: {rates[peer] / 1e6:.2f} million", round(ratio, 1),
                        f"at least {TIMES:g} times" if asked else "reported", ratio >= TIMES or not asked))
    return rows


Way = Callable[[int], Weeks]


def _weeks() -> tuple[Array, Array]:
    """Half a year: two items a week in the mean, more and less by season, and a campaign of four weeks."""
    weeks = np.arange(26)
    return 2 + np.sin(weeks / 4), np.where((weeks >= 8) & (weeks < 12), 0.1, 0.0)


def simulated_few(seed: int) -> Weeks:
    """The few users in arrays."""
    return simulated(FEW, *_weeks(), rule=FEW_RULE, seed=seed)


def mesa_few(seed: int) -> Weeks:
    """The few users as agents."""
    from spamlab.bench import mesa_peer

    delivered, reached = _weeks()
    return mesa_peer.simulated(FEW, delivered.tolist(), reached.tolist(), rule=FEW_RULE, seed=seed)


def compared(first: Way, second: Way, seeds: int) -> list[Agreement]:
    """Whether two ways agree over `seeds` seeds in items, victims, and trust and wariness at the end."""
    def figures(way: Way) -> dict[str, Array]:
        runs = [way(seed) for seed in range(seeds)]
        return {"items": np.array([run.items.sum() for run in runs]),
                "victims": np.array([run.victims.sum() for run in runs]),
                "trust at the end": np.array([run.trust[-1] for run in runs]),
                "share of the wary at the end": np.array([run.wary[-1] for run in runs])}

    return agreements(figures(first), figures(second))


def _agreement(found: Sequence[Agreement]) -> list[Row]:
    """A row for each figure: the ratio is the mean in arrays to Mesa's, which should be about 1."""
    return [Row(f"{one.figure}: mean of runs in arrays, {one.seeds} seeds, {FEW.users} users, {len(_weeks()[0])} weeks",
                float(f"{one.means[0]:.4g}"), one.figure.split()[0],
                f"Mesa: {one.means[1]:.4g}, so at most {one.furthest:.1%} apart (p {one.mean_p:.2f}); variances "
                f"{one.variances[0]:.3g} and {one.variances[1]:.3g} (p {one.variance_p:.2f})",
                round(one.means[0] / one.means[1], 4), f"equal means and variances: each p at least {one.least_p:g}",
                one.holds) for one in found]


# memory


def peak(name: str, years: int = YEARS) -> dict[str, float]:
    """Bytes that play holds at most, for the references in an economy, and the people of that economy."""
    from spamlab.policy.document import read_policy
    from spamlab.policy.play import economy_named, play
    from spamlab.policy.scenarios import read_scenarios

    policies, economy = [read_policy(text) for text in _documents()[:REFERENCED]], economy_named(name)
    scenarios = list(read_scenarios().values())[:SCENARIOS]
    play(policies[:1], economy, scenarios[:1], runs=1, years=1)
    tracemalloc.start()
    play(policies, economy, scenarios, runs=DRAWS, years=years)
    return {"bytes": tracemalloc.get_traced_memory()[1], "people": economy.figures["population"] * 1e6}


def bytes_of_a_user() -> tuple[float, float]:
    """Bytes that a user's state takes in arrays, and that an agent of Mesa's takes."""
    from spamlab.bench.mesa_peer import Society

    tracemalloc.start()
    society = Society(MANY, Rule(), 1)
    agent = tracemalloc.get_traced_memory()[0] / len(society.agents)
    tracemalloc.stop()
    return float(np.dtype(float).itemsize + np.dtype(bool).itemsize), agent


def _memory(small: Mapping[str, float], large: Mapping[str, float]) -> list[Row]:
    ratio = small["bytes"] / large["bytes"]
    in_arrays, agent = bytes_of_a_user()
    people = large["people"]
    billions = f"{in_arrays * people / 1e9:.0f} and {agent * people / 1e9:.0f} GB"
    return [
        Row(f"memory of a batch for {people / 1e6:.0f} million people, at its peak", round(large["bytes"] / 1e6, 1),
            "MB", f"for {small['people'] / 1e6:.1f} million people: {small['bytes'] / 1e6:.1f} MB", round(ratio, 3),
            f"at most {FLAT:g} times that", large["bytes"] <= FLAT * small["bytes"]),
        Row("state of one user in arrays", round(in_arrays), "bytes",
            f"an agent of Mesa's: {agent:.0f} bytes; {billions} for {people / 1e6:.0f} million people",
            round(agent / in_arrays, 1), "reported", True)]
