"""The stored library: what is tried, that it is feasible, that it is what the command makes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spamlab.errors import ContentError
from spamlab.policy.document import Policy, policy_of, policy_toml, read_policy
from spamlab.policy.instruments import read_instruments
from spamlab.policy.library import (
    SEED,
    YEARS,
    Library,
    changes,
    content_digest,
    crossed,
    filling,
    library_text,
    make_library,
    plain_candidates,
    read_library,
)
from spamlab.policy.play import economy_named, play
from spamlab.policy.scenarios import read_scenarios
from spamlab.shipped import default_folder

FOLDER = default_folder("datasets") / "policy" / "library"
STORED = sorted(path.stem for path in FOLDER.glob("*.jsonl"))
INSTRUMENTS = read_instruments()
CANDIDATES = [*plain_candidates(INSTRUMENTS), *filling(INSTRUMENTS)]


def small() -> Library:
    """A library of few policies, made in some seconds."""
    return make_library("pacific-island", scenarios=("calm", "election"), runs=1, count=4, steps=1)


def test_more_than_five_hundred_policies_are_tried() -> None:
    """None, all, each alone at three levels, each pillar, the references and 500 that fill the space; no name twice."""
    names = [name for name, _measures in CANDIDATES]
    assert len(names) == len(set(names))
    assert len(names) >= 600
    assert {"none", "all/high", "pillar/law/mid", "reference/registry-first"} < set(names)
    for id in INSTRUMENTS:
        assert {f"alone/{id}/{level}" for level in ("low", "mid", "high")} <= set(names)


def test_every_candidate_is_a_document_without_faults() -> None:
    """What is tried could have been handed in: needs are there and come first, settings are allowed and go together."""
    for name, measures in CANDIDATES:
        written = policy_toml(Policy(name, "advanced-city", YEARS, measures, {}))
        assert read_policy(written).measures == measures, name
        order = [one.instrument for one in measures]
        for place, id in enumerate(order):
            assert set(INSTRUMENTS[id].needs) <= set(order[:place]), name


def test_a_change_leaves_a_document_without_faults() -> None:
    """Each policy that the search tries next could be handed in as well."""
    for measures in changes(INSTRUMENTS, dict(CANDIDATES)["filling/003"]):
        read_policy(policy_toml(Policy("x", "advanced-city", YEARS, measures, {})))


def test_the_filling_is_spread_and_the_same_every_time() -> None:
    """Every instrument is in a tenth of the filling and missing from a seventh; another seed gives another filling."""
    first, again, other = (list(filling(INSTRUMENTS, 60, seed)) for seed in (SEED, SEED, "other"))
    assert first == again
    assert first != other
    for id in INSTRUMENTS:
        share = np.mean([any(one.instrument == id for one in measures) for _name, measures in CANDIDATES[-500:]])
        assert 0.1 < share < 0.85, id


def test_a_library_is_read_as_it_was_written(tmp_path: Path) -> None:
    """The file holds the figures to four digits and the shortlist whole; twice made it is the same text."""
    library = small()
    text = library_text(library)
    (tmp_path / "pacific-island.jsonl").write_text(text, encoding="utf-8")
    read = read_library("pacific-island", tmp_path)
    assert library_text(read) == text
    assert library_text(small()) == text
    assert all(read.rivals(name) for name in read.scenarios)
    assert list(read.rivals("no such scenario")) == [one.policy for one in read.stored if one.policy is not None]
    for policy in read.rivals("calm"):
        assert policy_of({"title": "x", "economy": policy.economy, "years": YEARS, "measure": [
            {"instrument": one.instrument, "start": one.start, **one.settings} for one in policy.measures]})


def test_another_economys_best_is_played_too() -> None:
    """A copied policy is a line of the library, with a score against the own best."""
    library = small()
    best = library.steady()
    assert best.policy is not None
    found = crossed(library, [replace(best, policy=replace(best.policy, title="elsewhere"))])
    copy = next(one for one in found.stored if one.id == "copy/elsewhere")
    longer = {one.id for one in found.stored if one.id.startswith("with/")}
    assert longer == {f"with/{id}" for id in INSTRUMENTS if id not in {one.instrument for one in best.policy.measures}}
    assert np.allclose(copy.gain, best.gain)


def test_a_library_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    """A missing file names the command that makes it; a broken one is named."""
    with pytest.raises(ContentError, match=r"python -m spamlab\.policy\.library --economy nowhere"):
        read_library("nowhere", tmp_path)
    (tmp_path / "broken.jsonl").write_text("{\n")
    with pytest.raises(ContentError, match=r"broken\.jsonl: the stored library can't be read"):
        read_library("broken", tmp_path)


def test_every_economy_has_its_library_and_all_are_small() -> None:
    """Twelve economies, at least 500 policies each in every scenario, less than 1.5 MB together."""
    profiles = {path.stem for path in (default_folder("datasets") / "profiles").glob("*.toml")} - {"sources"}
    assert set(STORED) == profiles
    assert sum((FOLDER / f"{name}.jsonl").stat().st_size for name in STORED) < 1_500_000
    for name in STORED:
        library = read_library(name)
        assert library.scenarios == tuple(read_scenarios())
        assert len(library.stored) >= 500
        assert all(library.rivals(scenario) for scenario in library.scenarios)


@pytest.mark.parametrize("name", STORED)
def test_the_library_was_made_of_this_content(name: str) -> None:
    """Whoever changes instruments, parameters, scenarios or a profile is told to make the library anew."""
    head = json.loads((FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").split("\n", 1)[0])
    assert head["digest"] == content_digest(name), (
        "the content has changed: run python -m spamlab.policy.library, then python -m spamlab.policy.dominance")


@pytest.mark.parametrize("name", STORED[::5])
def test_some_of_the_library_is_made_again(name: str) -> None:
    """Six stored policies, played again, gain what the file says."""
    library = read_library(name)
    known = {**dict(CANDIDATES), **{one.id: one.policy.measures for one in library.stored if one.policy is not None}}
    rows = [one for one in library.stored if one.id in known]
    some = [*rows[3::len(rows) // 5], library.steady()]
    policies = [Policy("", name, YEARS, known[one.id], {}) for one in some]
    gains = play(policies, economy_named(name), list(read_scenarios().values()), runs=library.runs, seed=SEED).gain()
    for one, gain in zip(some, gains.mean(axis=2), strict=True):
        assert np.allclose(one.gain, gain, rtol=1e-3, atol=1e-6), one.id
