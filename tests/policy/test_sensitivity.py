"""The sensitivity of a conclusion is that of the simulator's own gain; all of it is the same when done twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spamlab.errors import UsageError
from spamlab.policy import sensitivity
from spamlab.policy.bundles import bundle
from spamlab.policy.document import Policy
from spamlab.policy.draws import read_parameters, uniform
from spamlab.policy.economies import economy_named
from spamlab.policy.instruments import read_instruments
from spamlab.policy.play import play
from spamlab.policy.scenarios import scenarios_named
from spamlab.policy.sensitivity import (
    PRICE,
    Reversal,
    best_two,
    conclusion,
    parameters_of,
    reversals,
    screen,
    sobol_indices,
    together,
)
from spamlab.shipped import default_folder

ECONOMY = economy_named("mobile-money-leader")
ROOT = default_folder("datasets").parent


def policy(*instruments: str) -> Policy:
    """One year of these instruments at once."""
    return Policy("a policy", "mobile-money-leader", 1,
                  bundle(read_instruments(), [(instrument, 0) for instrument in instruments]), {})


FIREWALL, FRICTION = policy("sms-firewall"), policy("payment-friction")


def test_a_conclusion_is_the_plays_own_gain() -> None:
    """With the play's own draws of parameters and prices the conclusion is the play's gain in welfare, to the cent."""
    runs, seed = 8, sensitivity.SEED
    played = play([FIREWALL], ECONOMY, scenarios_named(["calm"]), runs=runs, seed=seed)
    shares = {name: uniform(seed, runs, "parameter", name) for name in read_parameters()}
    shares |= {name: uniform(seed, runs, "cost", name.removeprefix(PRICE))
               for name in parameters_of([FIREWALL], ECONOMY) if name.startswith(PRICE)}
    assert conclusion([FIREWALL], ECONOMY)(shares) == pytest.approx(played.gain()[0, 0], abs=1e-8)


def test_two_policies_are_compared_on_the_same_draws() -> None:
    """The difference is that of the two gains; a policy does not differ from itself."""
    shares = {"fraud_loss": np.array([0.1, 0.9]), "victims.sms": np.array([0.3, 0.6])}
    one, other = (conclusion([policy], ECONOMY)(shares) for policy in (FIREWALL, FRICTION))
    assert conclusion([FIREWALL, FRICTION], ECONOMY)(shares) == pytest.approx(one - other, abs=1e-9)
    assert (conclusion([FIREWALL, FIREWALL], ECONOMY)(shares) == 0).all()


def test_another_number_of_policies_is_a_sentence() -> None:
    """A conclusion is about one policy or two."""
    with pytest.raises(UsageError, match="one policy, or about two"):
        conclusion([FIREWALL] * 3, ECONOMY)


def test_screen_finds_what_matters_and_what_can_not() -> None:
    """The loss of a victim is among the largest, the opt-out list's parameter has no effect without the list."""
    effects = screen([FIREWALL], ECONOMY, walks=2)
    names = [effect.parameter for effect in effects]
    assert set(names) == set(parameters_of([FIREWALL], ECONOMY))
    assert any(name.startswith(PRICE) for name in names)
    assert "fraud_loss" in names[:10]
    assert next(effect for effect in effects if effect.parameter == "opt_out_obeyed").size == pytest.approx(0, abs=1e-9)
    assert effects == screen([FIREWALL], ECONOMY, walks=2)


def test_indices_are_shares_and_the_same_twice() -> None:
    """Totals are at least the first orders within their error, first orders sum to at most 1, the seed decides."""
    names = ("fraud_loss", "victims.sms", "opt_out_obeyed")
    indices = sobol_indices([FIREWALL], ECONOMY, names, base=64)
    assert indices == sobol_indices([FIREWALL], ECONOMY, names, base=64)
    found = {index.parameter: index for index in indices}
    assert found["opt_out_obeyed"].total == pytest.approx(0, abs=1e-6)
    assert sum(index.first for index in indices) <= 1 + sum(index.first_half_width for index in indices)
    assert all(index.total >= index.first - index.first_half_width for index in indices)
    assert found["fraud_loss"].total + found["victims.sms"].total >= 0.9


def test_reversals_fix_one_and_draw_the_rest() -> None:
    """All share one base; more loss per victim makes the firewall gain more; what has no effect leaves the base."""
    found = {one.parameter: one for one in reversals([FIREWALL], ECONOMY, ["opt_out_obeyed", "fraud_loss"], draws=32)}
    assert len({one.base for one in found.values()}) == 1
    assert found["opt_out_obeyed"].low == found["opt_out_obeyed"].high == found["opt_out_obeyed"].base
    assert found["fraud_loss"].low < found["fraud_loss"].high
    both = reversals([FIREWALL], ECONOMY, ["opt_out_obeyed", "fraud_loss"], draws=32)
    assert [one.parameter for one in both] == ["fraud_loss", "opt_out_obeyed"]


def test_a_ranking_turns_where_the_sign_does() -> None:
    """The sign of the median against the base decides, at either end; staying near 0 on the same side does not."""
    def one(base: float, low: float, high: float) -> Reversal:
        return Reversal("x", base, low, high, (0.6, 0.4, 0.7))

    assert one(5, -1, 9).turns
    assert one(-5, -1, 9).turns
    assert not one(5, 0.1, 9).turns


def test_what_turns_alone_and_what_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 3.2 - 2a - 2b + c / 10 neither a nor b turns the sign alone, both at their high ends do; c has no part."""
    monkeypatch.setattr(sensitivity, "parameters_of", lambda *_: ("a", "b", "c"))
    monkeypatch.setattr(sensitivity, "conclusion",
                        lambda *_: lambda at: 3.2 - 2 * at["a"] - 2 * at["b"] + at["c"] / 10)
    alone = reversals([], ECONOMY, ["a", "b", "c"], draws=200)
    assert [one.turns for one in alone] == [False, False, False]
    assert together([], ECONOMY, alone, draws=200) == {"a": "high", "b": "high"}
    assert together([], ECONOMY, alone[2:], draws=200) == together([], ECONOMY, []) == {}
    monkeypatch.setattr(sensitivity, "conclusion", lambda *_: lambda at: -2 + 3 * at["a"] - at["c"] / 10)
    turned = reversals([], ECONOMY, ["c", "b", "a"], draws=200)
    assert [(one.parameter, one.turns) for one in turned] == [("a", True), ("c", False), ("b", False)]
    assert turned[0].low == pytest.approx(-2.05, abs=0.02)
    assert turned[0].above[1:] == (0.0, 1.0)


def test_the_best_two_are_not_alike() -> None:
    """The second best is the best of those that are not nearly the first; the first gains more in the median."""
    (first, one), (second, other) = best_two("mobile-money-leader", draws=8)
    assert first != second
    sets = [{measure.instrument for measure in policy.measures} for policy in (one, other)]
    assert len(sets[0] & sets[1]) <= sensitivity.ALIKE * len(sets[0] | sets[1])
    played = play([one, other], ECONOMY, scenarios_named(["calm"]), runs=8, seed=sensitivity.SEED)
    gains = np.median(played.gain()[:, 0], axis=1)
    assert gains[0] >= gains[1]


def test_page_and_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page has a table of each kind and a figure with words; the same bytes each time."""
    monkeypatch.setattr(sensitivity, "best_two", lambda _: (("one", FIREWALL), ("other", FRICTION)))
    for name in ("a.md", "b.md"):
        sensitivity.write_sensitivity(tmp_path / name, ["mobile-money-leader"], walks=2, base=4, draws=8)
    page = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert page == (tmp_path / "b.md").read_text(encoding="utf-8")
    for piece in ("## Leader in mobile money", "- First: `one`: sms-firewall", "| Parameter | Screen: size |",
                  "ranking", "](images/sensitivity-mobile-money-leader.svg)", "± "):
        assert piece in page
    picture = (tmp_path / "images" / "sensitivity-mobile-money-leader.svg").read_text(encoding="utf-8")
    assert 'role="img" aria-label="' in picture
    assert "at the low end of its range" in picture


def test_the_page_in_the_docs_is_whole() -> None:
    """The page that is shown has each economy, its figure and no word that was never filled in."""
    page = (ROOT / "docs" / "policy" / "sensitivity.md").read_text(encoding="utf-8")
    for name in sensitivity.ECONOMIES:
        assert f"## {economy_named(name).title}" in page
        assert f"](images/sensitivity-{name}.svg)" in page
        assert (ROOT / "docs" / "policy" / "images" / f"sensitivity-{name}.svg").is_file()
    assert "nan" not in page
