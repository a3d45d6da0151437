"""Tests of parameters and their draws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spamlab.errors import ContentError
from spamlab.policy.document import Policy
from spamlab.policy.draws import draw_parameters, middle_parameters, read_parameters, uniform
from spamlab.policy.evidence import read_evidence
from spamlab.policy.play import economy_named, play
from spamlab.policy.scenarios import read_scenarios


def test_every_draw_lies_in_its_range() -> None:
    """Draws fill the range of each parameter and never leave it."""
    drawn = draw_parameters(1, 500)
    for name, one in read_parameters().items():
        assert one.low <= drawn[name].min() <= drawn[name].max() <= one.high * (1 + 1e-12)
        assert one.low <= middle_parameters()[name][0] <= one.high
        place = (drawn[name] - one.low) / (one.high - one.low)
        assert place.max() > 0.9


def test_streams_are_apart() -> None:
    """A stream depends on its name and seed alone; its first numbers do not depend on how many are asked for."""
    assert (uniform(1, 5, "a") == uniform(1, 50, "a")[:5]).all()
    assert (uniform(1, 5, "a") != uniform(1, 5, "b")).all()
    assert (uniform(1, 5, "a") != uniform(2, 5, "a")).all()
    assert uniform("x", 100_000, "a").mean() == pytest.approx(0.5, abs=0.01)


def test_each_parameter_names_evidence_that_exists() -> None:
    """Sources are rows of the evidence or "own"; who was fitted on a row names one."""
    rows = read_evidence()
    for name, one in read_parameters().items():
        assert set(one.sources) <= {*rows, "own"}, name
        assert not one.fitted or one.sources != ("own",), name


def test_all_faults_of_a_file_are_told(tmp_path: Path) -> None:
    """A file with several faults is refused with each of them."""
    path = tmp_path / "parameters.toml"
    path.write_text('["a"]\nabout = "x"\nlow = 2\nhigh = 1\nspread = "wide"\nunit = "u"\nsources = []\n'
                    'confidence = "sure"\nextra = 1\n["b"]\nlow = 0\nhigh = 1\nspread = "log"\n')
    with pytest.raises(ContentError) as told:
        read_parameters(path)
    for fault in ("extra has no meaning", "low must not be above high", "spread must be", "confidence must be",
                  "sources must be", "b: about must be a text", "low must be above 0"):
        assert fault in str(told.value)


def test_a_parameter_that_is_missing_is_named(tmp_path: Path) -> None:
    """A file without any parameter, or without one that the model needs, is told in one sentence."""
    path = tmp_path / "parameters.toml"
    path.write_text("")
    with pytest.raises(ContentError, match=r"parameters\.toml holds no parameter"):
        read_parameters(path)
    lacking = {name: one for name, one in read_parameters().items() if name != "cost.sms"}
    with pytest.raises(ContentError, match=r"the parameter cost\.sms is missing"):
        play([Policy("Nothing", "pacific-island", 1, (), {})], economy_named("pacific-island"),
             [read_scenarios()["calm"]], runs=1, known=lacking)


def test_a_changed_range_changes_its_parameter_alone() -> None:
    """A trainer who narrows one range moves no other draw."""
    known = dict(read_parameters())
    one = known["cost.sms"]
    known["cost.sms"] = type(one)(one.name, one.about, one.high, one.high, one.spread, one.unit, one.sources, False,
                                  one.confidence)
    before, after = draw_parameters(3, 20), draw_parameters(3, 20, known)
    changed = [name for name in before if not np.array_equal(before[name], after[name])]
    assert changed == ["cost.sms"]
