"""The simulator meets the stylised facts that it is said to meet, and those that it misses are shown as failing."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from spamlab.policy import facts
from spamlab.policy.draws import read_parameters
from spamlab.policy.economies import economy_named
from spamlab.policy.evidence import read_evidence
from spamlab.policy.fact_table import read_facts
from spamlab.policy.facts import FACTS, Laboratory, check, levers, over, weeks_until
from spamlab.policy.validity import Verdict
from spamlab.shipped import default_folder

TABLE = read_facts()
PAGE = default_folder("datasets").parent / "docs" / "policy" / "validity.md"
MET = [name for name, fact in TABLE.facts.items() if not fact.fails]
MISSED = [name for name, fact in TABLE.facts.items() if fact.fails]
LEAST = 15


@cache
def verdicts() -> Mapping[str, Verdict]:
    """All facts in the economy of the page with its draws."""
    lab = Laboratory(economy_named(facts.ECONOMY))
    assert lab.runs >= TABLE.least_draws
    return {one.fact.id: one for one in check(lab)}


def test_each_fact_has_an_experiment() -> None:
    """One function for each fact of the data, in its order."""
    assert list(FACTS) == list(TABLE.facts)


@pytest.mark.parametrize("name", MET)
def test_fact_holds(name: str) -> None:
    """The median and 60 % of the draws lie in each of the fact's bands."""
    told = [(one.band.name, one.median, one.share) for one in verdicts()[name].found]
    assert verdicts()[name].holds, told


@pytest.mark.parametrize("name", MISSED)
def test_fact_that_fails_is_shown(name: str) -> None:
    """A fact with a reason why it fails does fail, and the page says so with the reason; else take the reason away."""
    assert not verdicts()[name].holds
    page = PAGE.read_text(encoding="utf-8")
    assert re.search(rf"^\| {name} \|.*\*\*FAILS\*\* \|$", page, re.MULTILINE)
    assert f"- **{name}** {TABLE.facts[name].statement} {TABLE.facts[name].fails}" in page


def test_fifteen_hold() -> None:
    """At least fifteen facts that were held out hold."""
    assert sum(one.holds for one in verdicts().values() if not one.fact.fitted) >= LEAST


def test_page_is_of_today() -> None:
    """The page counts what holds today; run `python -m spamlab.policy.facts` after a change of model or data."""
    tests = [one for one in verdicts().values() if not one.fact.fitted]
    told = f"**{sum(one.holds for one in tests)} of {len(tests)} facts hold on what was held out.**"
    assert told in PAGE.read_text(encoding="utf-8")


def test_what_is_fitted_is_told() -> None:
    """A fact that rests on the rows of a fitted parameter is marked, save where its band asks for another thing."""
    fitted_rows = {row for one in read_parameters().values() if one.fitted for row in one.sources}
    rests = {name for name, fact in TABLE.facts.items() if set(fact.sources) & fitted_rows
             and not (fact.fitted or any(band.fitted for band in fact.bands))}
    # F1: growth was fitted, not recovery. F6: L2 tells of compliance of spam, its bands come from L4 too. F17: B3
    # stands beside B5 for natural cleaning, which no band of it asks for.
    assert rests <= {"F1", "F6", "F17"}
    assert "`rebuild` (fitted)" in facts.rests()["F1"]


def test_parameters_cite_what_is_known() -> None:
    """Every row that a parameter cites stands in the evidence."""
    rows = {row for one in read_parameters().values() for row in one.sources} - {"own"}
    assert rows <= set(read_evidence())


def test_the_same_draws_give_the_same() -> None:
    """A fact is the same twice, and others with another seed."""
    lab = Laboratory(economy_named("pacific-island"), runs=60)
    one, same, other = (FACTS["F8"](each)["outbound"] for each in (lab, lab, dataclasses.replace(lab, seed=8)))
    assert (one == same).all()
    assert not np.allclose(one, other)


def test_levers_by_draw_are_those_of_the_draw() -> None:
    """A column of levers for each draw gives what the same levers for all give to that draw."""
    lab = Laboratory(economy_named("pacific-island"), runs=3)
    weak, strong = (levers(12, {"firewall": value}) for value in (0.2, 0.9))
    mixed = np.stack([weak, strong, weak], axis=2)
    found = lab.play(["delivered.sms"], weak, mixed, strong)["delivered.sms"]
    assert (found[1, :, 1] == found[2, :, 1]).all()
    assert (found[1][:, [0, 2]] == found[0][:, [0, 2]]).all()


def test_audits_come_with_duties() -> None:
    """Duties are run with audits unless the laboratory is without."""
    lab = Laboratory(economy_named("pacific-island"))
    assert lab.duty(opt_out_list__sms=1) == {"opt_out_list.sms": 1, "audit": 1.0}
    assert dataclasses.replace(lab, audits=False).duty(port25=1)["audit"] == 0.0


def test_falls_over_falls() -> None:
    """Where only the first falls there is no limit, where it does not fall 0, where neither does nothing is said."""
    assert over(np.array([2.0, 1.0, -1.0, 0.0]), np.array([1.0, 0.0, 1.0, 0.0])).tolist()[:3] == [2.0, np.inf, 0.0]
    assert np.isnan(over(np.array([0.0]), np.array([0.0]))).all()
    assert weeks_until(np.array([[False, False], [True, False]])).tolist() == [2.0, np.inf]


def test_page_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command writes the verdicts, the fitted rows, how each is computed, and the other economies."""
    monkeypatch.setattr(facts, "check", lambda lab: [
        one for one in verdicts().values() if lab.economy.name == facts.ECONOMY or one.fact.id in ("F1", "F5")])
    assert facts.main([str(tmp_path / "page.md")]) == 0
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    for piece in ("# Is the simulator valid?", "256 draws", "| Fact | Statement |", "| E4 | the price",
                  "- **F9** (L3): ", "| Small island, Pacific | 1 of 2 | F5 |", "| trust off |"):
        assert piece in page
