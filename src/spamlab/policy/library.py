"""The stored library: hundreds of feasible policies for each economy, and what they gain in each scenario.

    python -m spamlab.policy.library            # makes datasets/policy/library anew, some minutes on two cores
    python -m spamlab.policy.library --economy advanced-city --out FOLDER

One file of JSON lines for each economy. The first line says how it was made; each other line is one policy with its
mean gain in welfare over no policy (million US dollars) and its score in each scenario. Those that are best or nearly
best in some scenario, the shortlist, stand there as whole documents: a judgement replays them. All others are made
again from their names.

Does not belong here: judging a participant's policy (judging.py), what the figures say about dominance (dominance.py).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from spamlab.errors import ContentError, UsageError
from spamlab.policy.bundles import LEVELS, alone, bundle, setting_at, settings_at, sound
from spamlab.policy.document import Measure, Policy
from spamlab.policy.instruments import PILLARS, Instrument, read_instruments
from spamlab.policy.play import Array, economy_named, play
from spamlab.policy.regret import regrets, score_of
from spamlab.policy.scenarios import Scenario, read_scenarios, scenarios_named
from spamlab.records.economy import Economy
from spamlab.shipped import default_folder

YEARS = 3
FILLING = 500
GREEDY = 12
RUNS = 8
SEED = "library"
"""Of the draws by which the library is made; a judgement has draws of its own."""
_LATEST = 78
_PAIRED = 10
_ROUNDS = 3
_NEAR = 0.04
_MOST_RIVALS = 5
_CHUNK = 64

REFERENCES: Mapping[str, tuple[tuple[str, int], ...]] = {
    "law-and-warnings": (("consent-law", 0), ("penalties", 0), ("investigation-powers", 0), ("enforcement-staff", 8),
                         ("opt-out-list", 26)),
    "registry-first": (("sender-id-registry", 0), ("sms-firewall", 0), ("dns-blocking", 13), ("payment-friction", 26),
                       ("awareness-campaign", 26)),
    "code-of-the-industry": (("consent-law", 0), ("penalties", 0), ("code-of-practice", 13), ("complaint-line", 13),
                             ("information-sharing", 26), ("awareness-campaign", 39)),
    "clean-networks": (("code-of-practice", 0), ("port-25", 8), ("bot-quarantine", 26), ("mail-authentication", 26),
                       ("published-rankings", 39)),
    "signed-calls": (("caller-id-validation", 0), ("reseller-rules", 13), ("enforcement-staff", 13), ("penalties", 13),
                     ("referral-desk", 26)),
    "cards-and-filters": (("sim-registration", 0), ("operator-filtering", 0), ("sms-firewall", 13),
                          ("complaint-line", 26)),
}
"""Bundles of the sort that whole countries chose (policy-evidence L4-L8, S1, S6-S8, B6, V1-V7): what a copied policy
would look like. Archetypes, no country's law."""


@dataclass(frozen=True)
class Stored:
    """One policy of the library.

    gain, score: one number for each of the library's scenarios. policy: the document, of the shortlist only.
    rival: the scenarios in which it is best or nearly best.
    """

    id: str
    gain: tuple[float, ...]
    score: tuple[float, ...]
    policy: Policy | None = None
    rival: tuple[str, ...] = ()


@dataclass(frozen=True)
class Library:
    """The stored policies of one economy. digest: of the content by which they were made; runs: draws."""

    economy: str
    scenarios: tuple[str, ...]
    runs: int
    digest: str
    stored: tuple[Stored, ...]

    def rivals(self, scenario: str) -> tuple[Policy, ...]:
        """The policies to beat in a scenario: best or nearly so there; the whole shortlist for an unknown one."""
        known = [one for one in self.stored if one.policy is not None]
        near = [one for one in known if scenario in one.rival] or known
        return tuple(one.policy for one in near if one.policy is not None)

    def steady(self) -> Stored:
        """The policy of the shortlist with the best mean score over all scenarios."""
        return max((one for one in self.stored if one.policy is not None), key=lambda one: sum(one.score))


def read_library(economy: str, folder: Path | None = None) -> Library:
    """The stored library of an economy. Raises ContentError where there is none or it can't be read."""
    path = (folder or default_folder("datasets") / "policy" / "library") / f"{economy}.jsonl"
    return _read(path, path.stat().st_mtime_ns if path.is_file() else 0)


@lru_cache(maxsize=32)
def _read(path: Path, _changed: int) -> Library:
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        head, rest = lines[0], lines[1:]
        names = tuple(head["scenarios"])
        return Library(head["economy"], names, head["runs"], head["digest"], tuple(
            Stored(one["id"], tuple(one["gain"]), tuple(one["score"]), _document(head["economy"], one),
                   tuple(names[place] for place in one.get("rival", ()))) for one in rest))
    except FileNotFoundError:
        raise ContentError(f"there is no stored library of policies for the economy {path.stem}; make it with "
                           f"python -m spamlab.policy.library --economy {path.stem}") from None
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise ContentError(f"{path.name}: the stored library can't be read ({type(error).__name__}: {error}); make it "
                           f"anew with python -m spamlab.policy.library --economy {path.stem}") from None


def library_text(library: Library) -> str:
    """The library as its file holds it."""
    head = {"economy": library.economy, "scenarios": list(library.scenarios), "runs": library.runs,
            "digest": library.digest, "policies": len(library.stored)}
    lines = [json.dumps(head)]
    for one in library.stored:
        line: dict[str, Any] = {"id": one.id, "gain": [float(f"{gain:.4g}") for gain in one.gain],
                                "score": [round(score) for score in one.score]}
        if one.policy is not None:
            line["rival"] = [library.scenarios.index(name) for name in one.rival]
            line["measures"] = [[measure.instrument, measure.start, dict(measure.settings)]
                                for measure in one.policy.measures]
        lines.append(json.dumps(line, separators=(",", ":")))
    return "\n".join(lines) + "\n"


def _document(economy: str, line: Mapping[str, Any]) -> Policy | None:
    if "measures" not in line:
        return None
    measures = tuple(Measure(instrument, start, {name: tuple(value) if isinstance(value, list) else value
                                                 for name, value in settings.items()})
                     for instrument, start, settings in line["measures"])
    return Policy(line["id"], economy, YEARS, measures, {})


def content_digest(economy: str, datasets: Path | None = None) -> str:
    """A digest of the files that decide what a policy does in an economy."""
    folder = datasets or default_folder("datasets")
    paths = [*sorted(one for kind in ("instruments", "scenarios") for one in (folder / "policy" / kind).glob("*.toml")),
             folder / "policy" / "parameters.toml",
             folder / "profiles" / f"{economy}.toml"]
    summed = hashlib.blake2b(digest_size=8)
    for path in paths:
        summed.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return summed.hexdigest()


# what is tried


def plain_candidates(instruments: Mapping[str, Instrument]) -> Iterator[tuple[str, tuple[Measure, ...]]]:
    """Name and measures: none, all, each alone at each level, each pillar at each level, the references."""
    yield "none", ()
    for level in LEVELS:
        yield f"all/{level}", bundle(instruments, [(id, 0) for id in instruments], level)
    yield "all/in-turn", bundle(instruments, [(id, 5 * place) for place, id in enumerate(instruments)])
    for id in instruments:
        for level in LEVELS:
            yield f"alone/{id}/{level}", alone(instruments, id, level)
    for pillar in PILLARS:
        own = [(id, 0) for id, one in instruments.items() if one.pillar == pillar]
        for level in LEVELS:
            yield f"pillar/{pillar}/{level}", bundle(instruments, own, level)
    for name, wanted in REFERENCES.items():
        yield f"reference/{name}", bundle(instruments, wanted)


def filling(instruments: Mapping[str, Instrument], count: int = FILLING,
            seed: str = SEED) -> Iterator[tuple[str, tuple[Measure, ...]]]:
    """A Latin hypercube of `count` policies over how many measures, which, how strong, in which order, from when.

    Deterministic by seed, whatever the machine: strata are put in order by BLAKE2b of their names.
    """
    ids = list(instruments)
    dense = 0.05 + 0.45 * _strata(count, seed, "density")
    inside, level, order, start = ({id: _strata(count, seed, what, id) for id in ids}
                                   for what in ("in", "level", "order", "start"))
    for number in range(count):
        chosen = sorted((id for id in ids if inside[id][number] < dense[number]), key=lambda id: order[id][number])
        measures = tuple(Measure(id, _start(start[id][number]), {
            one.name: setting_at(one, _level(level[id][number], seed, number, id, one.name))
            for one in instruments[id].settings}) for id in chosen)
        yield f"filling/{number:03d}", sound(instruments, measures)


def _strata(count: int, *names: str) -> Array:
    """The middles of `count` strata of 0 to 1 in an order of their own."""
    places = sorted(range(count), key=lambda one: _hashed(*names, str(one)))
    found = np.empty(count)
    found[places] = (np.arange(count) + 0.5) / count
    return found


def _level(share: float, *names: object) -> str:
    """Mostly the instrument's level, in a fifth of its settings one of their own."""
    own = _hashed(*(str(one) for one in names)) / 2**64
    return LEVELS[int(3 * share)] if own < 0.8 else LEVELS[int(3 * (own - 0.8) / 0.2)]


def _start(share: float) -> int:
    """Two in five begin at once, the others within a year and a half."""
    return 0 if share < 0.4 else round((share - 0.4) / 0.6 * _LATEST)


def _hashed(*names: str) -> int:
    return int.from_bytes(hashlib.blake2b("|".join(names).encode(), digest_size=8).digest(), "big")


# making


@dataclass
class Maker:
    """Makes the library of one economy. runs: draws; filling: how many fill the space; steps: of the search at most."""

    economy: Economy
    scenarios: tuple[Scenario, ...]
    instruments: Mapping[str, Instrument]
    runs: int = RUNS
    filling: int = FILLING
    steps: int = GREEDY
    tell: Callable[[str], None] = lambda _line: None
    gains: dict[str, Array] = field(default_factory=dict)
    measures: dict[str, tuple[Measure, ...]] = field(default_factory=dict)

    def make(self) -> Library:
        """All candidates, the best pairs, the greedy ones and what a search nearby finds; then the shortlist."""
        self._try([*plain_candidates(self.instruments), *filling(self.instruments, self.filling)], "candidates")
        self._pairs()
        self._greedy()
        self._nearby()
        return self._library()

    def _try(self, candidates: Sequence[tuple[str, tuple[Measure, ...]]], told: str = "") -> None:
        """Play the candidates through every scenario and keep their gains, each (S, D)."""
        fresh = [one for one in candidates if one[0] not in self.gains]
        for first in range(0, len(fresh), _CHUNK):
            part = fresh[first:first + _CHUNK]
            gains = self._played([measures for _name, measures in part], self.scenarios, self.runs)
            for (name, measures), gain in zip(part, gains, strict=True):
                self.gains[name], self.measures[name] = gain, measures
            if told:
                self.tell(f"{self.economy.name}: {told}, {first + len(part)} of {len(fresh)}")

    def _played(self, several: Sequence[tuple[Measure, ...]], scenarios: Sequence[Scenario], runs: int) -> Array:
        policies = [Policy("", self.economy.name, YEARS, measures, {}) for measures in several]
        return play(policies, self.economy, scenarios, runs=runs, seed=SEED).gain()

    def _searched(self, several: Sequence[tuple[Measure, ...]], scenarios: Sequence[Scenario]) -> Array:
        """Mean gains of what a search tries, over half of the draws."""
        means: Array = self._played(several, scenarios, max(1, self.runs // 2)).mean(axis=(1, 2))
        return means

    def _pairs(self) -> None:
        """The pairs of the ten instruments that gain most alone."""
        def of(id: str) -> float:
            return max(float(self.gains[f"alone/{id}/{level}"].mean()) for level in LEVELS)

        best = sorted(self.instruments, key=of, reverse=True)[:_PAIRED]
        self._try([(f"pair/{first}+{second}", bundle(self.instruments, [(first, 0), (second, 0)]))
                   for first, second in combinations(best, 2)], "pairs")

    def _greedy(self) -> None:
        """From nothing, always the instrument that adds most, for as long as one adds."""
        chosen: list[tuple[str, int]] = []
        gain = 0.0
        for step in range(1, self.steps + 1):
            rest = [id for id in self.instruments if id not in {one for one, _start in chosen}]
            tried = [bundle(self.instruments, [*chosen, (id, 0)]) for id in rest]
            means = self._searched(tried, self.scenarios)
            best = int(means.argmax())
            if means[best] <= gain:
                break
            gain = float(means[best])
            chosen.append((rest[best], 0))
            self._try([(f"greedy/{step:02d}", tried[best])])
        self.tell(f"{self.economy.name}: greedy, {len(chosen)} steps")

    def _nearby(self) -> None:
        """From the best of each scenario, and of all together, the best of all single changes, some rounds long."""
        for place in (None, *range(len(self.scenarios))):
            scenarios = self.scenarios if place is None else (self.scenarios[place],)
            name = "all" if place is None else scenarios[0].name
            best = max(self.gains, key=lambda one: self._mean(one, place))
            now = self.measures[best]
            gain = float(self._searched([now], scenarios)[0])
            for step in range(1, min(_ROUNDS, self.steps) + 1):
                tried = list(changes(self.instruments, now))
                means = self._searched(tried, scenarios)
                order = np.argsort(-means)
                if means[order[0]] <= gain:
                    break
                now, gain = tried[int(order[0])], float(means[order[0]])
                self._try([(f"near/{name}/{step}", now)])
            self.tell(f"{self.economy.name}: search near the best, {name}")

    def _mean(self, name: str, place: int | None) -> float:
        return float((self.gains[name] if place is None else self.gains[name][place]).mean())

    def _library(self) -> Library:
        names = list(self.gains)
        gains = np.stack([self.gains[name] for name in names])  # (P, S, D)
        means = gains.mean(axis=2)
        best = means.argmax(axis=0)
        rivals: dict[str, list[str]] = {}
        scores = np.zeros_like(means)
        for place, scenario in enumerate(self.scenarios):
            own = gains[best[place], place][None]
            scores[:, place] = [score_of(regrets(gain[None], own)) for gain in gains[:, place]]
            top = means[best[place], place]
            near = [one for one in np.argsort(-means[:, place]) if means[one, place] >= top - _NEAR * abs(top)]
            for one in near[:_MOST_RIVALS]:
                rivals.setdefault(names[one], []).append(scenario.name)
        rivals.setdefault(names[int(scores.sum(axis=1).argmax())], [])
        return Library(self.economy.name, tuple(one.name for one in self.scenarios), self.runs,
                       content_digest(self.economy.name), tuple(
            Stored(name, tuple(map(float, means[row])), tuple(map(float, scores[row])),
                   Policy(name, self.economy.name, YEARS, self.measures[name], {}) if name in rivals else None,
                   tuple(rivals.get(name, ()))) for row, name in enumerate(names)))


def changes(instruments: Mapping[str, Instrument],
            measures: tuple[Measure, ...]) -> Iterator[tuple[Measure, ...]]:
    """Every policy one change away: a measure left out, added last or first, at another level, at another start."""
    inside = {one.instrument for one in measures}
    for place, one in enumerate(measures):
        before, after = measures[:place], measures[place + 1:]
        if not any(one.instrument in instruments[other.instrument].needs for other in measures):
            yield before + after
        others = [replace(one, settings=settings_at(instruments[one.instrument], level)) for level in LEVELS]
        others += [replace(one, start=start) for start in (0, 26, 52)]
        for other in others:
            made = sound(instruments, (*before, other, *after))
            if made != measures:
                yield made
    for id in instruments:
        if id not in inside:
            fresh = Measure(id, 0, settings_at(instruments[id], "mid"))
            yield sound(instruments, (*measures, fresh))
            yield sound(instruments, (fresh, *measures))


def longer(instruments: Mapping[str, Instrument], stored: Stored) -> Iterator[tuple[str, tuple[Measure, ...]]]:
    """A stored policy with each instrument that it lacks, at its middle level, as the last measure."""
    measures = stored.policy.measures if stored.policy is not None else ()
    for id in instruments:
        if id not in {one.instrument for one in measures}:
            yield id, sound(instruments, (*measures, Measure(id, 0, settings_at(instruments[id], "mid"))))


def crossed(library: Library, others: Sequence[Stored]) -> Library:
    """The library with the steadiest policies of other economies played in its own, as "copy/NAME", and its own with
    one more instrument at its end, as "with/ID"."""
    economy, scenarios = economy_named(library.economy), [read_scenarios()[name] for name in library.scenarios]
    names = [f"copy/{one.policy.title}" for one in others if one.policy is not None]
    policies = [replace(one.policy, economy=library.economy) for one in others if one.policy is not None]
    for id, measures in longer(read_instruments(), library.steady()):
        names.append(f"with/{id}")
        policies.append(Policy("", library.economy, YEARS, measures, {}))
    tops = [max((one for one in library.stored if one.policy is not None), key=lambda one: one.gain[place]).policy
            for place in range(len(scenarios))]
    gains = play([*policies, *(one for one in tops if one is not None)], economy, scenarios, runs=library.runs,
                 seed=SEED).gain()
    own, best = gains[:len(policies)], [gains[len(policies) + place, place] for place in range(len(scenarios))]
    return replace(library, stored=(*library.stored, *(
        Stored(name, tuple(map(float, gain.mean(axis=1))),
               tuple(score_of(regrets(gain[place][None], one[None])) for place, one in enumerate(best)))
        for name, gain in zip(names, own, strict=True))))


def make_library(economy: str, *, scenarios: Sequence[str] = (), runs: int = RUNS, count: int = FILLING,
                 steps: int = GREEDY, tell: Callable[[str], None] = lambda _line: None) -> Library:
    """The library of one economy, made anew. scenarios: all where none is named. Deterministic."""
    maker = Maker(economy_named(economy), scenarios_named(scenarios), read_instruments(), runs, count, steps, tell)
    return maker.make()


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the library of one economy or all, with a line of progress for each step."""
    parser = argparse.ArgumentParser(prog="python -m spamlab.policy.library", description=__doc__.splitlines()[0])
    parser.add_argument("--economy", action="append", help="an economy's name; all where left out")
    parser.add_argument("--out", type=Path, default=default_folder("datasets") / "policy" / "library")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"draws for each policy and scenario ({RUNS})")
    parser.add_argument("--workers", type=int, default=2, help="processes (2)")
    given = parser.parse_args(arguments)
    names = given.economy or sorted(path.stem for path in (default_folder("datasets") / "profiles").glob("*.toml")
                                    if path.stem != "sources")
    given.out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    try:
        with ProcessPoolExecutor(given.workers) as pool:
            for library in pool.map(_made, names, [given.runs] * len(names)):
                _write(library, given.out, began)
            steady = [_steady(name, given.out) for name in names]
            for library in pool.map(crossed, [read_library(name, given.out) for name in names], [steady] * len(names)):
                _write(library, given.out, began)
    except (ContentError, UsageError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _write(library: Library, folder: Path, began: float) -> None:
    text = library_text(library)
    (folder / f"{library.economy}.jsonl").write_text(text, encoding="utf-8")
    print(f"{library.economy}: {len(library.stored)} policies, {len(text) / 1000:.0f} kB, "
          f"{time.monotonic() - began:.0f} s", flush=True)


def _steady(name: str, folder: Path) -> Stored:
    """An economy's steadiest policy, under the economy's name."""
    best = read_library(name, folder).steady()
    assert best.policy is not None
    return replace(best, policy=replace(best.policy, title=name))


def _made(name: str, runs: int) -> Library:
    return make_library(name, runs=runs, tell=lambda line: print(line, flush=True))


if __name__ == "__main__":
    sys.exit(main())
