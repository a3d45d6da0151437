"""Nothing trivial wins: policy-evidence 6.5 and 6.6, on the stored library and on a fresh play."""

from __future__ import annotations

import numpy as np
import pytest

from spamlab.policy.bundles import bundle
from spamlab.policy.document import Policy
from spamlab.policy.dominance import (
    MOST_ALIKE,
    MOST_CELLS,
    NEAR,
    alike,
    all_libraries,
    cells_of,
    faults,
    main,
    overlaps,
    page,
    turns,
    uses,
)
from spamlab.policy.instruments import read_instruments
from spamlab.policy.library import REFERENCES, YEARS, Library, Stored
from spamlab.policy.play import economy_named, play
from spamlab.policy.regret import regrets, score_of
from spamlab.policy.scenarios import read_scenarios, scenarios_named
from spamlab.shipped import default_folder

LIBRARIES = all_libraries()
CELLS = cells_of(LIBRARIES)
INSTRUMENTS = read_instruments()


def stored(id: str, score: tuple[float, ...], *instruments: str) -> Stored:
    """A stored policy with these scores as its gains too."""
    return Stored(id, score, score, Policy(id, "x", YEARS, bundle(INSTRUMENTS, [(one, 0) for one in instruments]), {}))


def test_no_policy_wins_everywhere() -> None:
    """None, all, an instrument, a pillar, a reference or a copy is near the best in less than 80 % of the cells."""
    near = CELLS.near()
    top = int(near.argmax())
    assert near[top] < MOST_CELLS, f"{CELLS.ids[top]}: {near[top]:.0%}"
    sorts = {id.split("/")[0] for id in CELLS.ids}
    assert {"none", "all", "alone", "pillar", "reference", "filling", "copy"} <= sorts


def test_best_sets_differ_between_economies() -> None:
    """The best sets of two economies share at most 0.7 of their measures on average."""
    assert np.mean(list(overlaps(CELLS.steady).values())) <= MOST_ALIKE


def test_no_measure_is_in_every_best_set_or_in_none() -> None:
    """Each instrument is worth its place in some cell, and in none of all."""
    shares = uses(CELLS)
    assert [id for id, share in shares.items() if share == 0] == []
    assert [id for id, share in shares.items() if share == 1] == []


def test_each_shock_turns_something_round() -> None:
    """In each scenario an instrument that gains in quiet years loses somewhere, or two references change places."""
    turned = turns(LIBRARIES)
    assert [name for name in read_scenarios() if name != "calm" and not turned.get(name)] == []


def test_a_fresh_play_agrees() -> None:
    """Four economies played anew, with other draws: all at once and the references are not near the best in 80 %."""
    scenarios = scenarios_named(("calm", "ai-wave", "election"))
    near: dict[str, list[bool]] = {}
    for library in LIBRARIES[::3]:
        trivial = {f"reference/{name}": bundle(INSTRUMENTS, wanted) for name, wanted in REFERENCES.items()}
        trivial |= {f"all/{level}": bundle(INSTRUMENTS, [(id, 0) for id in INSTRUMENTS], level)
                    for level in ("low", "mid", "high")}
        rivals = [one for name in ("calm", "ai-wave", "election") for one in library.rivals(name)[:2]]
        policies = [Policy("", library.economy, YEARS, one, {}) for one in trivial.values()]
        gains = play([*policies, *rivals], economy_named(library.economy), scenarios, runs=6, seed="fresh").gain()
        for place in range(len(scenarios)):
            best = gains[gains[:, place].mean(axis=1).argmax(), place]
            for name, gain in zip(trivial, gains[:, place], strict=False):
                near.setdefault(name, []).append(score_of(regrets(gain[None], best[None])) >= 100 - NEAR)
    assert {name: np.mean(ones) for name, ones in near.items() if np.mean(ones) >= MOST_CELLS} == {}


def test_a_policy_that_wins_everywhere_would_be_named() -> None:
    """The test itself finds a dominating policy, sets that are all the same, and a measure that is in each of them."""
    names = ("calm", "election")
    libraries = [Library(economy, names, 1, "", (
        stored("same", (100.0, 90.0), "sms-firewall"), stored("none", (0.0, 0.0)),
        stored("other", (60.0, 92.0), "port-25")))
        for economy in ("one", "two")]
    found = faults(libraries)
    assert "same is near the best in 100% of the cells" in found
    assert "the best sets of two economies share 100% of their measures on average" in found
    assert "treaty is in no best set" in found
    assert not any(one.startswith(("port-25", "sms-firewall")) for one in found)


@pytest.mark.parametrize(("first", "second", "index"), [
    ({"a", "b"}, {"b", "c"}, 1 / 3), (set(), set(), 1.0), ({"a"}, set(), 0.0), ({"a"}, {"a"}, 1.0)])
def test_jaccard(first: set[str], second: set[str], index: float) -> None:
    """What two sets share, over all that is in either."""
    assert alike(frozenset(first), frozenset(second)) == pytest.approx(index)


def test_the_page_is_what_the_command_makes(tmp_path) -> None:
    """docs/policy/dominance.md holds the figures of the stored library, and the command says that nothing fails."""
    assert main(["--out", str(tmp_path / "page.md")]) == 0
    made = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert made == page(LIBRARIES)
    assert made == (default_folder("docs") / "policy" / "dominance.md").read_text(encoding="utf-8")
