"""Which assumptions a conclusion hangs on: a screen of all, Sobol's indices of the largest, and what turns it.

A conclusion is the gain in welfare of one policy over none, or the difference between two policies. The indices
themselves: indices.py. `python -m spamlab.policy.sensitivity [FILE]` writes docs/policy/sensitivity.md of the source
tree, or FILE, with its figures in a folder images beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spamlab.errors import ContentError, UsageError
from spamlab.policy.document import Policy
from spamlab.policy.draws import Parameter, read_parameters, uniform
from spamlab.policy.economies import economy_named
from spamlab.policy.indices import Effect, Function, Index, morris, sobol
from spamlab.policy.instruments import read_instruments
from spamlab.policy.library import YEARS, filling, plain_candidates, read_library
from spamlab.policy.model import MILLION
from spamlab.policy.pages import table, write_page
from spamlab.policy.play import Play, play
from spamlab.policy.scenarios import Scenario, scenarios_named
from spamlab.records.economy import Economy
from spamlab.shipped import default_folder

Array = NDArray[np.float64]

ECONOMIES = ("mobile-money-leader", "landlocked-least-developed")
"""The economies of the page."""
SEED = 11
WALKS, BASE, DRAWS = 10, 1024, 256
TOP = 12
"""Parameters that go from the screen into Sobol's analysis."""
TRIED = 24
"""Parameters that are tried at their ends."""
MOST = 6
"""Parameters that are put to their worse ends together."""
CONTENDERS = 40
"""Policies of the library, the best by its own figures, that are played again to find the best two."""
ALIKE = 0.85
"""Policies whose instruments overlap by more than this (Jaccard) count as one."""
PRICE = "price of "
"""A measure's cost is a parameter too: where it lies in its range."""


@dataclass(frozen=True)
class Reversal:
    """What happens to a conclusion when one parameter is fixed at an end of its range and all others are drawn.

    base, low, high: the median with everything drawn, at the low and at the high end, million US dollars.
    above: share of draws above 0 in each of the three.
    """

    parameter: str
    base: float
    low: float
    high: float
    above: tuple[float, float, float]

    @property
    def turns(self) -> bool:
        """Whether the sign of the median turns at one of the ends."""
        return self.base * self.low < 0 or self.base * self.high < 0


def parameters_of(policies: Sequence[Policy], economy: Economy, scenario: Scenario | None = None) -> tuple[str, ...]:
    """What can be varied: each parameter of the simulator that has a range, and the price of each measure."""
    played = _play(policies, economy, scenario or _calm(), {}, 1)
    prices = {PRICE + instrument for row in played.plans for instrument in _prices(row[0])}
    return (*(name for name, one in read_parameters().items() if one.low < one.high), *sorted(prices))


def conclusion(policies: Sequence[Policy], economy: Economy, scenario: Scenario | None = None) -> Function:
    """The conclusion on one policy (its gain in welfare over none) or on two (first less second), million US dollars.

    The function takes places in the ranges by name; what is not named stands in its middle. Raises UsageError for
    another number of policies.
    """
    if len(policies) not in (1, 2):
        raise UsageError("a conclusion is about one policy, or about two that are compared.")
    where = scenario or _calm()

    def found(shares: Mapping[str, Array]) -> Array:
        runs = len(next(iter(shares.values())))
        played = _play(policies, economy, where, shares, runs)
        gains = [_gain(played, number, shares) for number in range(len(policies))]
        return gains[0] if len(gains) == 1 else gains[0] - gains[1]

    return found


def screen(policies: Sequence[Policy], economy: Economy, *, scenario: Scenario | None = None, walks: int = WALKS,
           seed: int = SEED) -> tuple[Effect, ...]:
    """Morris' screen of everything that can be varied, the largest effect first, in million US dollars."""
    return morris(conclusion(policies, economy, scenario), parameters_of(policies, economy, scenario), walks=walks,
                  seed=seed)


def sobol_indices(policies: Sequence[Policy], economy: Economy, names: Sequence[str], *,
                  scenario: Scenario | None = None, base: int = BASE, seed: int = SEED) -> tuple[Index, ...]:
    """Sobol's indices of the parameters called `names`, the others in the middle of their ranges."""
    return sobol(conclusion(policies, economy, scenario), names, base=base, seed=seed)


def reversals(policies: Sequence[Policy], economy: Economy, names: Sequence[str], *, scenario: Scenario | None = None,
              draws: int = DRAWS, seed: int | str = SEED) -> tuple[Reversal, ...]:
    """Each of the parameters called `names` at both ends, all others drawn, always with the same draws.

    Those that turn the conclusion come first, then those that move it most.
    """
    cases = [{}, *({name: end} for name in names for end in (0.0, 1.0))]
    values = _at_ends(policies, economy, cases, scenario, draws, seed)
    medians, above = np.median(values, axis=1), (values > 0).mean(axis=1)
    found = []
    for number, name in enumerate(names):
        low, high = 1 + 2 * number, 2 + 2 * number
        found.append(Reversal(name, float(medians[0]), float(medians[low]), float(medians[high]),
                              (float(above[0]), float(above[low]), float(above[high]))))
    return tuple(sorted(found, key=lambda one: (not one.turns, -abs(one.high - one.low))))


def together(policies: Sequence[Policy], economy: Economy, found: Sequence[Reversal], *,
             scenario: Scenario | None = None, draws: int = DRAWS, seed: int | str = SEED) -> dict[str, str]:
    """The fewest parameters that turn the conclusion together, each with its end, "low" or "high".

    They are taken in the order of how far their worse end alone moves the median towards 0; empty where `MOST` do not.
    """
    sign = 1.0 if not found or found[0].base >= 0 else -1.0
    order = sorted(found, key=lambda one: min(sign * one.low, sign * one.high))[:MOST]
    ends = {one.parameter: float(sign * one.high < sign * one.low) for one in order}
    names = list(ends)
    if not names:
        return {}
    cases = [{name: ends[name] for name in names[:count + 1]} for count in range(len(names))]
    values = _at_ends(policies, economy, cases, scenario, draws, seed)
    turned = sign * np.median(values, axis=1) < 0
    if not turned.any():
        return {}
    return {name: "high" if ends[name] else "low" for name in names[:int(turned.argmax()) + 1]}


def _at_ends(policies: Sequence[Policy], economy: Economy, fixed: Sequence[Mapping[str, float]],
             scenario: Scenario | None, draws: int, seed: int | str) -> Array:
    """The conclusion with some parameters fixed and all others drawn, always alike, in one batch: (cases, draws)."""
    drawn = {name: uniform(seed, draws, "sensitivity", name) for name in parameters_of(policies, economy, scenario)}
    shares = {name: np.concatenate([np.full(draws, case[name]) if name in case else values for case in fixed])
              for name, values in drawn.items()}
    return conclusion(policies, economy, scenario)(shares).reshape(len(fixed), draws)


def best_two(economy: str, *, draws: int = 64, seed: int | str = SEED) -> tuple[tuple[str, Policy], tuple[str, Policy]]:
    """The best policy of the stored library, and the best that is not like it, each with its name there.

    Raises ContentError where there is no library, or all of its best are alike.
    """
    names = dict(_contenders(economy))
    played = play(list(names.values()), economy_named(economy), [_calm()], runs=draws, seed=seed)
    order = np.argsort(-np.median(played.gain()[:, 0], axis=1), kind="stable")
    ranked = [list(names.items())[number] for number in order]
    first = ranked[0]
    other = next((one for one in ranked[1:] if _overlap(first[1], one[1]) <= ALIKE), None)
    if other is None:
        raise ContentError(f"the best policies that are known for {economy} are all alike.")
    return first, other


def _contenders(economy: str) -> Iterator[tuple[str, Policy]]:
    """The best of the library in calm times, of those whose document stands there or is made from the name."""
    tools, library = read_instruments(), read_library(economy)
    remade = {**dict(plain_candidates(tools)), **dict(filling(tools))}
    calm = library.scenarios.index("calm")
    known = [one for one in library.stored if one.policy is not None or one.id in remade]
    for stored in sorted(known, key=lambda one: -one.gain[calm])[:CONTENDERS]:
        yield stored.id, stored.policy or Policy(stored.id, economy, YEARS, remade[stored.id], {})


def _overlap(one: Policy, other: Policy) -> float:
    first, second = ({measure.instrument for measure in policy.measures} for policy in (one, other))
    return len(first & second) / max(1, len(first | second))


def _calm() -> Scenario:
    return scenarios_named(["calm"])[0]


def _play(policies: Sequence[Policy], economy: Economy, scenario: Scenario, shares: Mapping[str, Array],
          runs: int) -> Play:
    middle = np.full(runs, 0.5)
    values = {name: one.at(shares.get(name, middle)) for name, one in read_parameters().items()}
    return play(policies, economy, [scenario], runs=runs, seed=SEED, parameters=values)


def _prices(plan: Any) -> list[str]:
    """The instruments of a plan whose cost has a range."""
    return sorted({instrument for (instrument, _), weekly in plan.costs.items()
                   if weekly.sum() > 0 and plan.cost_factor[instrument][0] < plan.cost_factor[instrument][1]})


def _gain(played: Play, number: int, shares: Mapping[str, Array]) -> Array:
    """Gain in welfare; each measure's cost where its share says, and not as `play` draws it."""
    gain = played.baseline["harm"][0] - played.totals["harm"][number, 0]
    plan = played.plans[number][0]
    for (instrument, _), weekly in plan.costs.items():
        low, high = plan.cost_factor[instrument]
        gain = gain - weekly.sum() / MILLION * low * (high / low) ** shares.get(PRICE + instrument, np.array(0.5))
    return np.asarray(gain)


# -- The page ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Analysis:
    """All that the page says of one economy: the two policies by name, and what was found on one and on both."""

    economy: Economy
    names: tuple[str, str]
    policies: tuple[Policy, Policy]
    gain: tuple[Effect, ...]
    gain_indices: tuple[Index, ...]
    difference: tuple[Effect, ...]
    difference_indices: tuple[Index, ...]
    reversals: tuple[Reversal, ...]
    together: Mapping[str, str]
    draws: int


def analyse(name: str, *, walks: int = WALKS, base: int = BASE, draws: int = DRAWS) -> Analysis:
    """The analysis of the best two policies for an economy."""
    economy = economy_named(name)
    (first, one), (second, other) = best_two(name)
    gain, difference = screen([one], economy, walks=walks), screen([one, other], economy, walks=walks)
    tops = [[effect.parameter for effect in effects[:TOP]] for effects in (gain, difference)]
    turns = reversals([one, other], economy, [effect.parameter for effect in difference[:TRIED]], draws=draws)
    return Analysis(economy, (first, second), (one, other), gain, sobol_indices([one], economy, tops[0], base=base),
                    difference, sobol_indices([one, other], economy, tops[1], base=base), turns,
                    together([one, other], economy, turns, draws=draws), draws)


def write_sensitivity(path: Path, economies: Sequence[str] = ECONOMIES, *, walks: int = WALKS, base: int = BASE,
                      draws: int = DRAWS) -> None:
    """The page and a figure for each economy."""
    from spamlab.policy.drawing import write_picture

    images = path.parent / "images"
    images.mkdir(parents=True, exist_ok=True)
    lines = [
        "# Which assumptions drive a conclusion?", "",
        "Written by `python -m spamlab.policy.sensitivity` (some minutes). A conclusion is the gain in welfare over no "
        "policy in a calm time of three years, or the difference between two policies. Everything that is not known "
        "exactly is varied over its range: the parameters of `datasets/policy/parameters.toml` and the price of each "
        "measure.", "",
        f"- **Screen** (Morris): {walks} walks through the ranges, one parameter at a time. Size is the mean change of "
        "the conclusion, in million US dollars, for a walk over the whole range; a spread that is large against it "
        "says that the effect is bent or hangs on other parameters.",
        f"- **Shares of variance** (Sobol; {base} x {TOP + 2} runs of the simulator): first order by the parameter "
        "alone, total with all that it has a part in. The other parameters stand in the middle of their ranges. ± is "
        "half of a 95 % interval; an estimate may lie a little below 0.",
        f"- **What turns it**: the parameter is fixed at an end of its range, all others are drawn {draws} times; does "
        "the median change its sign?"]
    for name in economies:
        found = analyse(name, walks=walks, base=base, draws=draws)
        image = images / f"sensitivity-{name}.svg"
        drawn = reversal_figure(found)
        write_picture(drawn, image)
        lines += _lines(found, f"![{drawn.alt}](images/{image.name})")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _lines(found: Analysis, image: str) -> Iterator[str]:
    ranges = read_parameters()
    yield from ("", f"## {found.economy.title}", "")
    for place, name, policy in zip(("First", "Second"), found.names, found.policies, strict=True):
        yield f"- {place}: `{name}`: {', '.join(measure.instrument for measure in policy.measures)}."
    base = found.reversals[0]
    yield from ("", f"With everything drawn the first gains {_money(base.base)} million US dollars more than the "
                f"second in the median, and it is the better one in {base.above[0]:.0%} of the draws.", "")
    yield _turning(found)
    yield from ("", image, "")
    yield from table(("Parameter", "What it is", "Difference at its low end", "at its high end", "First better",
                      "Turns it"),
                     ((f"`{one.parameter}`", _about(ranges, one.parameter), _money(one.low), _money(one.high),
                       f"{one.above[1]:.0%} to {one.above[2]:.0%}", "**yes**" if one.turns else "no")
                      for one in found.reversals[:TOP]))
    for title, effects, indices in (
            (f"The gain of `{found.names[0]}`", found.gain, found.gain_indices),
            ("The difference between the two", found.difference, found.difference_indices)):
        sizes = {effect.parameter: effect for effect in effects}
        yield from ("", f"### {title}", "")
        yield from table(("Parameter", "Screen: size", "slope", "spread", "First order", "Total"),
                         ((f"`{one.parameter}`", _money(sizes[one.parameter].size), _money(sizes[one.parameter].slope),
                           _money(sizes[one.parameter].spread), f"{one.first:.2f} ± {one.first_half_width:.2f}",
                           f"{one.total:.2f} ± {one.total_half_width:.2f}") for one in indices))


def _turning(found: Analysis) -> str:
    """What turns the ranking, in words."""
    ranges = read_parameters()
    turning = [one for one in found.reversals if one.turns]
    if turning:
        told = "; ".join(f"`{one.parameter}` ({_ends(ranges, one)})" for one in turning)
        return f"**The ranking turns** with {told}."
    alone = ("No parameter alone turns the ranking: at neither end of any range that was tried does the median change "
             "its sign.")
    if not found.together:
        return f"{alone} Nor do the {MOST} that come nearest, all at their worse ends."
    told = ", ".join(f"`{name}` at its {end} end" for name, end in found.together.items())
    return f"{alone} **Together these turn it**: {told}."


def _about(ranges: Mapping[str, Parameter], name: str) -> str:
    return ranges[name].about if name in ranges else "What the measure costs, within its range"


def _ends(ranges: Mapping[str, Parameter], one: Reversal) -> str:
    """At which end it turns, with the value."""
    told = []
    for end, value in (("low", one.low), ("high", one.high)):
        if one.base * value < 0:
            known = ranges.get(one.parameter)
            told.append(f"at its {end} end" + (f", {getattr(known, end):g} {known.unit}" if known else ""))
    return " and ".join(told)


def _money(value: float) -> str:
    return "0" if abs(value) < 5e-4 else f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def reversal_figure(found: Analysis) -> Any:
    """The difference between the two policies at both ends of each parameter, those first that turn it."""
    from spamlab.policy.drawing import (
        BLUE,
        INK,
        ORANGE,
        QUIET,
        Drawn,
        alt_text,
        money_unit,
        new_axes,
        source_line,
        top_legend,
    )

    shown = found.reversals[:TOP]
    factor, unit = money_unit(np.array([[one.low, one.high, one.base] for one in shown]))
    figure, axes = new_axes(1, 1, height=1.8 + 0.34 * len(shown))
    places = np.arange(len(shown))
    for place, one in zip(places, shown, strict=True):
        axes.plot([one.low * factor, one.high * factor], [place, place], color=QUIET, linewidth=2)
    axes.scatter([one.low * factor for one in shown], places, color=BLUE, marker="o", s=46, zorder=3,
                 label="at the low end of its range")
    axes.scatter([one.high * factor for one in shown], places, color=ORANGE, marker="s", s=46, zorder=3,
                 edgecolors=INK, linewidths=0.6, label="at the high end")
    axes.axvline(0, color=INK, linewidth=1.2)
    axes.axvline(shown[0].base * factor, color=QUIET, linewidth=1, linestyle="--", label="everything drawn")
    axes.set_yticks(places, [one.parameter + (" *" if one.turns else "") for one in shown])
    axes.invert_yaxis()
    axes.set_xlabel(f"first policy's gain less the second's, {unit} (right of 0: the first is better)")
    top_legend(figure, axes, 3)
    source_line(figure, found.draws, SEED, "medians; * turns the ranking")
    turning = [one.parameter for one in shown if one.turns]
    told = (f"The ranking of the best two policies turns with {', '.join(turning)}" if turning
            else "No parameter alone turns the ranking of the best two policies; most moves "
            + max(shown, key=lambda one: abs(one.high - one.low)).parameter)
    return Drawn(figure, f"{found.economy.title}: which policy is better?", alt_text(told),
                 ["parameter", f"low end, {unit}", "high end"],
                 [[one.parameter, _money(one.low * factor), _money(one.high * factor)] for one in shown])


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page; the exit status, and a sentence where it can't be."""
    return write_page(write_sensitivity, default_folder("datasets").parent / "docs" / "policy" / "sensitivity.md",
                      arguments)


if __name__ == "__main__":
    sys.exit(main())
