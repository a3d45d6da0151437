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
    """A band and its quantity by draw, (draws,), nan where it does not apply. least_share: of draws in the band."""

    band: Band
    values: Array
    least_share: float

    @property
    def applies(self) -> Array:
        """The values where the quantity applies."""
        return self.values[~np.isnan(self.values)]

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
        return bool(self.band.inside(np.array([self.median]))[0]) and self.share >= self.least_share


@dataclass(frozen=True)
class Verdict:
    """One fact and what was found for each of its bands, in their order."""

    fact: Fact
    found: tuple[Found, ...]

    @property
    def holds(self) -> bool:
        """All bands hold, or one where one is enough; a band that was fitted counts for a fitted fact only."""
        asked = [one.holds for one in self.found if one.band in self.fact.held_out]
        return any(asked) if self.fact.any else all(asked)


def verdict(fact: Fact, values: Mapping[str, Array], least_share: float) -> Verdict:
    """The verdict on a fact. values: by the name of the band, (draws,).

    Raises UsageError where a band has no values, or too few draws that it applies to.
    """
    found = []
    for band in fact.bands:
        one = Found(band, np.asarray(values.get(band.name, ()), dtype=float), least_share)
        if len(one.applies) < min(LEAST_THAT_APPLY, max(1, len(one.values))):
            raise UsageError(f"{fact.id}: {band.name} was found in {len(one.applies)} draws; "
                             f"{LEAST_THAT_APPLY} are needed.")
        found.append(one)
    return Verdict(fact, tuple(found))


def page(facts: FactTable, verdicts: Sequence[Verdict], head: Sequence[str], tail: Sequence[str] = ()) -> str:
    """The page of verdicts: what was held out, what fails and why, what was fitted; head and tail around it."""
    tests = [one for one in verdicts if not one.fact.fitted]
    failing = [one for one in tests if not one.holds]
    lines = [
        *head, "",
        f"**{len(tests) - len(failing)} of {len(tests)} facts hold on what was held out.** A fact holds if the median "
        f"of the draws lies in the band and at least {facts.least_share:.0%} of the draws do, in each of its bands (in "
        "one, where it says \"or\").", "",
        "## Held out: not used to set any parameter", "", *_table(tests, fitted=False)]
    lines += ["", "## What fails, and why", ""]
    lines += [f"- **{one.fact.id}** {one.fact.statement} {one.fact.fails}" for one in failing] or ["Nothing today."]
    lines += [
        "", "## Fitted: these rows were used to set parameters", "",
        *table(("Row", "What was taken from it"), facts.fitted.items()), "",
        "So the following show the fit and test nothing.", "", *_table(verdicts, fitted=True), "",
        "## How each is computed", "",
        *(f"- **{one.fact.id}** ({', '.join(one.fact.sources)}): {one.fact.how}" for one in verdicts), *tail]
    return "\n".join(lines) + "\n"


def _table(verdicts: Sequence[Verdict], *, fitted: bool) -> list[str]:
    rows = []
    for one in verdicts:
        for found in one.found:
            if (one.fact.fitted or found.band.fitted) != fitted:
                continue
            first = found is one.found[0]
            rows.append((
                one.fact.id if first or fitted else "", one.fact.statement if first or fitted else "",
                ("or " if one.fact.any and not first else "") + found.band.label, found.band.told,
                number(found.median), f"{number(found.interval[0])} to {number(found.interval[1])}",
                f"{found.share:.0%}", "yes" if found.holds else "no",
                "" if fitted or not first else "holds" if one.holds else "**FAILS**"))
    heads = ("Fact", "Statement", "Quantity", "Band", "Median", "90 % of draws", "Draws in the band", "In the band",
             "Verdict")
    return table(heads[:-1], (row[:-1] for row in rows)) if fitted else table(heads, rows)


def number(value: float) -> str:
    """A figure for a table: three digits, "never" where it does not end."""
    if not np.isfinite(value):
        return "never"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
