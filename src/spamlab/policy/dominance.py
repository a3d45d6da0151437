"""Does any one policy win everywhere? The dominance test over the stored library (policy-evidence 6.5 and 6.6).

    python -m spamlab.policy.dominance          # writes docs/policy/dominance.md from datasets/policy/library

A cell is one economy in one scenario. A policy is near the best of a cell if its score lies within 15 points of the
best score there. Does not belong here: making the library (library.py).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from spamlab.errors import ContentError
from spamlab.policy.bundles import LEVELS
from spamlab.policy.instruments import read_instruments
from spamlab.policy.library import Library, read_library
from spamlab.policy.play import Array
from spamlab.policy.scenarios import read_scenarios
from spamlab.shipped import default_folder

TIE = 2.0
"""Points below the best at which two policies can't be told apart by so few draws."""
NEAR = 15.0
"""Points below a cell's best score that still count as near it."""
MOST_CELLS = 0.8
"""A policy that is near the best in this share of the cells, or more, dominates."""
MOST_ALIKE = 0.7
"""Most that the best sets of two economies may have in common on average (Jaccard: shared over all)."""
CALM = "calm"
_OWN = ("greedy/", "near/", "with/")
"""Names that stand for another policy in each economy."""


@dataclass(frozen=True)
class Cells:
    """Scores of the policies that were played in every economy alike, and the best sets.

    ids: policies; score: (policies, cells); best: (cells,). names: (economy, scenario) of each cell. sets: for each
    cell the instruments of each policy that can't be told from its best one (at most TIE points below). steady: for
    each economy the instruments of its steadiest policy.
    """

    ids: tuple[str, ...]
    score: Array
    best: Array
    names: tuple[tuple[str, str], ...]
    sets: Mapping[tuple[str, str], tuple[frozenset[str], ...]]
    steady: Mapping[str, frozenset[str]]

    def near(self) -> Array:
        """For each policy the share of the cells in which it is near the best, (policies,)."""
        near: Array = (self.score >= self.best[None] - NEAR).mean(axis=1)
        return near


def cells_of(libraries: Sequence[Library]) -> Cells:
    """The cells of several economies' libraries, which share their scenarios."""
    tables = [{one.id: one for one in library.stored} for library in libraries]
    common = tuple(id for id in tables[0] if not id.startswith(_OWN) and all(id in table for table in tables))
    score = np.concatenate([[table[id].score for id in common] for table in tables], axis=1)
    best = np.concatenate([np.max([one.score for one in library.stored], axis=0) for library in libraries])
    names, sets = [], {}
    for library in libraries:
        for place, scenario in enumerate(library.scenarios):
            names.append((library.economy, scenario))
            kept = [(one.score[place], instruments_of(one)) for one in library.stored if one.policy is not None]
            kept += [(one.score[place], instruments_of(library.steady()) | {one.id.removeprefix("with/")})
                     for one in library.stored if one.id.startswith("with/")]
            least = max(score for score, _inside in kept) - TIE
            sets[names[-1]] = tuple(inside for score, inside in kept if score >= least)
    steady = {library.economy: instruments_of(library.steady()) for library in libraries}
    return Cells(common, score, best, tuple(names), sets, steady)


def instruments_of(stored: object) -> frozenset[str]:
    """The instruments of a stored policy of the shortlist."""
    policy = getattr(stored, "policy", None)
    return frozenset(one.instrument for one in policy.measures) if policy is not None else frozenset()


def alike(first: frozenset[str], second: frozenset[str]) -> float:
    """Jaccard's index of two sets: what they share over all that is in either; 1 for two empty ones."""
    return len(first & second) / len(first | second) if first | second else 1.0


def overlaps(sets: Mapping[str, frozenset[str]]) -> dict[tuple[str, str], float]:
    """How alike the sets of each two economies are."""
    return {(one, other): alike(sets[one], sets[other]) for one, other in combinations(sets, 2)}


def uses(cells: Cells) -> dict[str, float]:
    """For each instrument the share of the best policies that have it, a cell counting once."""
    return {id: sum(sum(id in one for one in tied) / len(tied) for tied in cells.sets.values()) / len(cells.sets)
            for id in read_instruments()}


def turns(libraries: Sequence[Library]) -> dict[str, dict[str, int]]:
    """Scenario -> what turns round -> the number of economies in which it does, against calm.

    What turns round is an instrument whose gain, alone, has another sign, or the order of two references ("A over B").
    A difference below a hundredth of the best in calm counts as none.
    """
    found: dict[str, dict[str, int]] = {}
    for library in libraries:
        table = {one.id: one for one in library.stored}
        calm = library.scenarios.index(CALM)
        little = 0.01 * max(one.gain[calm] for one in library.stored)
        for id in read_instruments():
            for place, scenario in enumerate(library.scenarios):
                gains = [(table[f"alone/{id}/{level}"].gain[calm], table[f"alone/{id}/{level}"].gain[place])
                         for level in LEVELS if f"alone/{id}/{level}" in table]
                if any(before * after < 0 and min(abs(before), abs(after)) > little for before, after in gains):
                    by_name = found.setdefault(scenario, {})
                    by_name[id] = by_name.get(id, 0) + 1
        for first, second in combinations(sorted(id for id in table if id.startswith("reference/")), 2):
            ahead = [before - after for before, after in zip(table[first].gain, table[second].gain, strict=True)]
            for place, scenario in enumerate(library.scenarios):
                if ahead[calm] * ahead[place] < 0 and min(abs(ahead[calm]), abs(ahead[place])) > little:
                    by_name = found.setdefault(scenario, {})
                    order = f"{first.split('/')[1]} over {second.split('/')[1]}"
                    by_name[order] = by_name.get(order, 0) + 1
    return found


def faults(libraries: Sequence[Library]) -> list[str]:
    """What fails of the dominance test, one sentence each; empty where nothing dominates."""
    cells = cells_of(libraries)
    near = cells.near()
    found = [f"{cells.ids[row]} is near the best in {near[row]:.0%} of the cells" for row in np.argsort(-near)
             if near[row] >= MOST_CELLS]
    mean = float(np.mean(list(overlaps(cells.steady).values()))) if len(cells.steady) > 1 else 0.0
    if mean > MOST_ALIKE:
        found.append(f"the best sets of two economies share {mean:.0%} of their measures on average")
    for id, share in uses(cells).items():
        if share in (0.0, 1.0):
            found.append(f"{id} is in {'every' if share else 'no'} best set")
    return found


def all_libraries(folder: Path | None = None) -> list[Library]:
    """The stored libraries of all economies."""
    home = folder or default_folder("datasets") / "policy" / "library"
    return [read_library(path.stem, home) for path in sorted(home.glob("*.jsonl"))]


def page(libraries: Sequence[Library]) -> str:
    """The page docs/policy/dominance.md."""
    cells, titles = cells_of(libraries), {name: one.title for name, one in read_scenarios().items()}
    near = cells.near()
    groups = (("nothing", "none"), ("everything", "all/"), ("one instrument with what it needs", "alone/"),
              ("one pillar", "pillar/"), ("a pair", "pair/"), ("a reference, copied", "reference/"),
              ("filling the space", "filling/"), ("the steadiest of one economy, copied", "copy/"))
    lines = ["# Does one policy win everywhere?", "",
             f"Made by `python -m spamlab.policy.dominance` from the stored library: {len(libraries)} economies, "
             f"{len(libraries[0].scenarios)} scenarios, {min(len(one.stored) for one in libraries)} policies or more "
             f"in each economy, {libraries[0].runs} draws. A policy is near the best of a cell (one economy in one "
             f"scenario) if its score is at most {NEAR:g} points below the best one's. It dominates if that is so in "
             f"{MOST_CELLS:.0%} of the cells.", "",
             "All scores are relative to the model; see [how it is judged](judging.md).", "",
             "## The best of each sort", "",
             "| sort | policies | the best of them | near the best in | mean score |", "|---|---|---|---|---|"]
    for told, start in groups:
        rows = [row for row, id in enumerate(cells.ids) if id == start or (start[-1] == "/" and id.startswith(start))]
        if rows:
            top = max(rows, key=lambda row: (near[row], cells.score[row].mean()))
            lines.append(f"| {told} | {len(rows)} | `{cells.ids[top]}` | {near[top]:.0%} of {len(cells.names)} cells | "
                         f"{cells.score[top].mean():.0f} |")
    shared = overlaps(cells.steady)
    most = max(shared, key=lambda pair: shared[pair]) if shared else ("", "")
    lines += ["", "## The best set of each economy", "",
              "Measures of the policy with the best mean score over all scenarios.", "",
              "| economy | measures |", "|---|---|",
              *(f"| {name} | {', '.join(sorted(one))} |" for name, one in cells.steady.items()), "",
              f"Two of these sets share {np.mean(list(shared.values())):.0%} of their measures on average (Jaccard; at "
              f"most {MOST_ALIKE:.0%} may be), {most[0]} and {most[1]} the most: {shared.get(most, 0):.0%}."]
    lines += ["", "## How often a measure is in a cell's best policy", "", "| instrument | cells |", "|---|---|",
              *(f"| {id} | {share:.0%} |" for id, share in sorted(uses(cells).items(), key=lambda one: -one[1]))]
    lines += ["", "## What a shock turns round", "",
              "Instruments whose gain, alone and at one of three levels, has another sign than in quiet years; pairs "
              "of references whose order turns; and in how many economies.", "",
              "| scenario | what turns round |", "|---|---|"]
    turned = turns(libraries)
    for scenario in libraries[0].scenarios:
        if scenario != CALM:
            told = ", ".join(f"{id} ({count})" for id, count in
                             sorted(turned.get(scenario, {}).items(), key=lambda one: (-one[1], one[0])))
            lines.append(f"| {titles.get(scenario, scenario)} | {told or '-'} |")
    wrong = faults(libraries)
    lines += ["", "## What fails", "", *([f"- {one}." for one in wrong] or ["Nothing."])]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page; the exit status is 1 where something dominates."""
    parser = argparse.ArgumentParser(prog="python -m spamlab.policy.dominance", description=__doc__.splitlines()[0])
    parser.add_argument("--library", type=Path, help="folder of the stored library")
    parser.add_argument("--out", type=Path, default=default_folder("docs") / "policy" / "dominance.md")
    given = parser.parse_args(arguments)
    try:
        libraries = all_libraries(given.library)
        if not libraries:
            raise ContentError("there is no stored library yet; make it with python -m spamlab.policy.library")
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(page(libraries), encoding="utf-8")
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    wrong = faults(libraries)
    print("\n".join(wrong) or "nothing dominates")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
