"""Whether the simulator meets the stylised facts: the verdict on draws, and the page that shows it, failures too.

Does not belong here: how a quantity is computed (facts.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spamlab.errors import UsageError
from spamlab.policy.fact_table import Band, Fact, FactTable
from spamlab.policy.pages import table

Array = NDArray[np.float64]
LEAST_THAT_APPLY = 50
"""Draws that a quantity must apply to; nan says that it does not apply in a draw (never that it misses)."""


@dataclass(frozen=True)
class Found:
    """A band and its quantity by draw, (draws,), nan where it does not apply, empty where the simulator can't show it.

    least_share: of draws that must lie in the band.
    """

    band: Band
    values: Array
    least_share: float

    @property
    def applies(self) -> Array:
        """The values where the quantity applies."""
        return self.values[~np.isnan(self.values)]

    @property
    def shown(self) -> bool:
        """Whether the simulator can show the quantity at all."""
        return bool(self.values.size)

    @property
    def median(self) -> float:
        """The median of the draws; inf where half of them never end."""
        return float(np.quantile(self.applies, 0.5, method="inverted_cdf"))

    @property
    def interval(self) -> tuple[float, float]:
        """The middle 90 % of the draws."""
        low, high = np.quantile(self.applies, (0.05, 0.95), method="inverted_cdf")
        return float(low), float(high)

    @property
    def share(self) -> float:
        """The share of draws in the band."""
        return float(self.band.inside(self.applies).mean())

    @property
    def holds(self) -> bool:
        """Median in the band, and enough of the draws."""
        return self.shown and bool(self.band.inside(np.array([self.median]))[0]) and self.share >= self.least_share


@dataclass(frozen=True)
class Verdict:
    """One fact and what was found for each of its bands, in their order."""

    fact: Fact
    found: tuple[Found, ...]

    @property
    def holds(self) -> bool:
        """All bands hold. Those that were fitted are no proof, but one that is missed all the same is a failure."""
        return all(one.holds for one in self.found)


def verdict(fact: Fact, values: Mapping[str, Array], least_share: float) -> Verdict:
    """The verdict on a fact. values: by the name of the band, (draws,); a band without values fails.

    Raises UsageError where a band applies to too few draws.
    """
    found = []
    for band in fact.bands:
        one = Found(band, np.asarray(values.get(band.name, ()), dtype=float), least_share)
        if one.shown and len(one.applies) < min(LEAST_THAT_APPLY, len(one.values)):
            raise UsageError(f"{fact.id}: {band.name} was found in {len(one.applies)} draws; "
                             f"{LEAST_THAT_APPLY} are needed.")
        found.append(one)
    return Verdict(fact, tuple(found))


def page(facts: FactTable, verdicts: Sequence[Verdict], head: Sequence[str], rests: Mapping[str, str],
         tail: Sequence[str] = ()) -> str:
    """The page of verdicts: what was held out, what fails and why, what was fitted, how each is computed.

    rests: by fact, in words, which ranges of parameters rest on the same rows. head, tail: lines before and after.
    """
    tests = [one for one in verdicts if not one.fact.fitted]
    failing = [one for one in tests if not one.holds]
    lines = [
        *head, "",
        f"**{len(tests) - len(failing)} of {len(tests)} facts hold on what was held out.** A fact holds if, in each of "
        f"its bands, the median of the draws and at least {facts.least_share:.0%} of the draws lie in the band.", "",
        "## Held out: not used to set any parameter", "",
        "The ranges of parameters were set without these rows. The forms of the model were not blind: they were "
        "written, and some of them changed, with the facts in sight (that marketing does not shake trust, that a "
        "closed way leaves a niche, that money takes its work along). So a fact that holds shows that the forms can do "
        "it, not that they foresaw it; and a quantity that rests on a guess of ours says so.", "",
        *_table(tests, with_verdict=True)]
    lines += ["", "## What fails, and why", ""]
    lines += [f"- **{one.fact.id}** {one.fact.statement} {one.fact.fails}" for one in failing] or ["Nothing today."]
    lines += [
        "", "## Fitted: these rows were used to set parameters", "",
        *table(("Row", "What was taken from it"), facts.fitted.items()), "",
        "So this shows the fit and tests nothing; the quantities marked (fitted) above are no proof either, but a fact "
        "that misses one of them fails.", "",
        *_table([one for one in verdicts if one.fact.fitted], with_verdict=False), "",
        "## How each is computed", ""]
    for one in verdicts:
        told = f" Ranges that rest on the same rows: {rests[one.fact.id]}." if rests.get(one.fact.id) else ""
        lines.append(f"- **{one.fact.id}** ({', '.join(one.fact.sources)}): {one.fact.how}{told}")
    return "\n".join([*lines, *tail]) + "\n"


def _table(verdicts: Sequence[Verdict], *, with_verdict: bool) -> list[str]:
    heads = ["Fact", "Statement", "Quantity", "Band", "Median", "90 % of draws", "Draws in the band", "In the band"]
    rows = []
    for one in verdicts:
        for found in one.found:
            first = found is one.found[0]
            row = [one.fact.id if first else "", one.fact.statement if first else "",
                   found.band.label + (" (fitted)" if found.band.fitted else ""), found.band.told, *_figures(found),
                   "yes" if found.holds else "no"]
            verdict_told = "" if not first else "holds" if one.holds else "**FAILS**"
            rows.append([*row, verdict_told] if with_verdict else row)
    return table([*heads, "Verdict"] if with_verdict else heads, rows)


def _figures(found: Found) -> tuple[str, str, str]:
    """Median, interval and share for a table."""
    if not found.shown:
        return "not in the simulator", "", ""
    low, high = (number(end, found.band.unit) for end in found.interval)
    return number(found.median, found.band.unit), f"{low} to {high}", f"{found.share:.0%}"


def number(value: float, unit: str = "") -> str:
    """A figure for a table: three digits; weeks that do not end are "never", ratios have "no limit"."""
    if not np.isfinite(value):
        return "never" if unit == "weeks" else "no limit"
    if abs(value) < 5e-4:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
