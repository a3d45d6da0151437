"""Feedback on a policy from the policy itself: each measure left out once, each other instrument added once.

What a measure gains is the difference that it makes in this document, with all others as they stand, on the same draws.
Nothing here looks into the stored library: a participant learns about the own document, never about a reference.

Does not belong here: the score (judging.py), what a mistake with a name is (mistakes.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from spamlab.policy.bundles import sound
from spamlab.policy.document import Measure, Policy
from spamlab.policy.instruments import Instrument, read_instruments
from spamlab.policy.mistakes import TOLD, mistake_in, seen
from spamlab.policy.play import Array, Play, play
from spamlab.policy.scenarios import Scenario, read_scenarios
from spamlab.records.economy import Economy

RUNS = 6
PARTS: Mapping[str, tuple[str, str]] = {
    "loss": ("less that victims lose", "more that victims lose"),
    "time": ("less time spent on spam", "more time spent on spam"),
    "wanted_lost": ("fewer wanted messages and calls lost or left unanswered", "wanted messages and calls lost"),
    "public_cost": ("savings of the state", "what the state pays"),
    "operator_cost": ("savings of operators", "what operators pay"),
    "compliance_cost": ("savings of lawful senders", "what lawful senders pay"),
}
"""What welfare is made of -> how a gain through it is called, and a cost."""
LATE = 26
TAUGHT = ("ban-all", "strict-filters")
"""Mistakes that are told whatever else there is to say."""
_LITTLE = 0.01
_MOST_LATE = 3
_MOST_MISSING = 3


@dataclass(frozen=True)
class Change:
    """What one instrument does in this policy: welfare with it, less welfare without it, in million US dollars.

    place: the measure's number in the document, from 1; 0 for one that is not in it. interval: the middle 90 % over
    scenarios and draws. through: the part of welfare by which it gains or costs most. scenario: where most of it.
    brought: titles of what it needs and is not in the document either; its gain is that of all of them together.
    """

    instrument: str
    title: str
    place: int
    gain: float
    interval: tuple[float, float]
    through: str
    scenario: str
    brought: tuple[str, ...] = ()


@dataclass(frozen=True)
class Feedback:
    """gain: of the whole policy over none, mean. own: every measure, the one that costs most first.

    missing: every other instrument, the best first. idle: measures that are never in force; late: those that begin
    half a year late or later; each by title with the reason. mistake: the code of a known mistake, or "".
    """

    gain: float
    own: tuple[Change, ...]
    missing: tuple[Change, ...]
    idle: tuple[tuple[str, str], ...]
    late: tuple[tuple[str, str], ...]
    mistake: str = ""

    def sentences(self, *, taught: bool = True) -> tuple[str, ...]:
        """What is worth saying, the most important first; each at most 60 words.

        taught: with what is said of a ban of everything and of strict filters.
        """
        first = [TOLD[self.mistake][0]] if taught and self.mistake in TAUGHT else []
        return (*first, *_sentences(self))

    def advice(self) -> tuple[str, ...]:
        """Of what is not in the document, what would gain most; nothing where nothing would gain."""
        return tuple(_advice(self))


def feedback(policy: Policy, economy: Economy, scenarios: Sequence[Scenario], *, runs: int = RUNS,
             seed: int | str = 0) -> Feedback:
    """Play the policy, the policy without each of its measures, and with each other instrument, in one batch."""
    instruments = read_instruments()
    inside = [one.instrument for one in policy.measures]
    others = [id for id in instruments if id not in inside]
    tried = [policy, *(_without(policy, place) for place in range(len(inside))),
             *(_with(policy, instruments, id) for id in others)]
    played = play(tried, economy, scenarios, runs=runs, seed=seed)
    own = [_change(played, 0, place, instruments[id], place) for place, id in enumerate(inside, 1)]
    missing = [replace(_change(played, len(inside) + number, 0, instruments[id], 0), brought=tuple(
        instruments[one.instrument].title for one in tried[len(inside) + number].measures
        if one.instrument not in (*inside, id))) for number, id in enumerate(others, 1)]
    return Feedback(
        float(played.gain()[0].mean()), tuple(sorted(own, key=lambda one: one.gain)),
        tuple(sorted(missing, key=lambda one: -one.gain)), *_waiting(policy, played, instruments),
        mistake_in(seen(policy, economy)))


def _without(policy: Policy, place: int) -> Policy:
    return replace(policy, measures=policy.measures[:place] + policy.measures[place + 1:])


def _with(policy: Policy, instruments: Mapping[str, Instrument], id: str) -> Policy:
    """The policy with the instrument at its defaults at the end, and before it what it needs and is not there."""
    settings = {one.name: one.default for one in instruments[id].settings}
    return replace(policy, measures=sound(instruments, (*policy.measures, Measure(id, 0, settings))))


def _change(played: Play, having: int, lacking: int, instrument: Instrument, place: int) -> Change:
    """The difference between policy `having` the instrument and policy `lacking` it."""
    # (S, D) each; above 0 is a gain
    parts = {name: played.totals[name][lacking] - played.totals[name][having] for name in PARTS}
    whole: Array = np.sum(list(parts.values()), axis=0)
    gain = float(whole.mean())
    sign = 1 if gain >= 0 else -1
    through = max(parts, key=lambda name: sign * float(parts[name].mean()))
    scenario = played.scenarios[int((sign * whole.mean(axis=1)).argmax())]
    low, high = (float(one) for one in np.quantile(whole, (0.05, 0.95)))
    return Change(instrument.id, instrument.title, place, gain, (low, high), through, scenario)


def _waiting(policy: Policy, played: Play, instruments: Mapping[str, Instrument],
             ) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """What is never in force, and what begins late, each with its reason; in the first of the scenarios."""
    plan = played.plans[0][0]
    idle = tuple((instruments[id].title, plan.reasons.get(id, "")) for id, week in plan.starts.items() if week is None)
    late = []
    for one in policy.measures:
        begins = plan.begins.get(one.instrument)
        if plan.starts.get(one.instrument) is not None and begins is not None and begins >= one.start + LATE:
            late.append((instruments[one.instrument].title, plan.reasons.get(one.instrument, "")))
    return idle, tuple(late)


def _sentences(found: Feedback) -> list[str]:
    whole = max(abs(found.gain), 1e-9)
    said = []
    worst = found.own[0] if found.own else None
    if worst is not None and worst.gain < -_LITTLE * whole:
        said.append(f"{_named(worst)} cost you most: {money(-worst.gain)} over the years. It costs through "
                    f"{PARTS[worst.through][1]}. {_where(worst)}")
    best = found.own[-1] if found.own else None
    if best is not None and best.gain > _LITTLE * whole:
        said.append(f"{_named(best)} gained you most: {money(best.gain)}. It gains through {PARTS[best.through][0]}. "
                    f"{_where(best)}")
    said += _advice(found)
    said += [f"“{title}” stays on paper. {reason}" for title, reason in found.idle]
    said += [f"“{title}” comes late. {reason}" for title, reason in found.late[:_MOST_LATE]]
    idle = {title for title, _reason in found.idle}
    nothing = [one for one in found.own if abs(one.gain) <= 0.001 * whole and one.title not in idle]
    said += [f"{_named(one)} changes next to nothing here." for one in nothing[:2]]
    return said


def _advice(found: Feedback) -> list[str]:
    whole = max(abs(found.gain), 1e-9)
    better = [one for one in found.missing[:_MOST_MISSING] if one.gain > _LITTLE * whole]
    if not better:
        return []
    first, *rest = better
    said = [f"Of what you left out, {_added(first)} would gain most: about {money(first.gain)}. It gains through "
            f"{PARTS[first.through][0]}. {_where(first)}"]
    if rest:
        said.append(f"After it come {' and '.join(f'{_added(one)}: about {money(one.gain)}' for one in rest)}. "
                    "Each was tried alone, at the end of your list.")
    return said


def _added(change: Change) -> str:
    """A measure that is not in the document, with what it needs."""
    return f"“{change.title}”" + (f" (it needs “{'” and “'.join(change.brought)}” before it)" if change.brought else "")


def _named(change: Change) -> str:
    return f"Measure {change.place}, “{change.title}”,"


def _where(change: Change) -> str:
    title = read_scenarios()[change.scenario].title if change.scenario in read_scenarios() else change.scenario
    return f"You see it most in the scenario “{title}”."


def money(million: float) -> str:
    """An amount in words, in two digits that mean something."""
    if million >= 1000:
        return f"{million / 1000:.2g} billion dollars"
    if million >= 1:
        return f"{float(f'{million:.2g}'):g} million dollars"
    return f"{float(f'{million * 1000:.2g}'):g} thousand dollars"
