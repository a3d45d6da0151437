"""Morris' screen and Sobol's indices agree with functions whose indices are known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from spamlab.errors import UsageError
from spamlab.policy.indices import morris, sobol

Array = NDArray[np.float64]
NAMES = ("one", "two", "three")


def ishigami(shares: Mapping[str, Array]) -> Array:
    """Ishigami and Homma (1990) with a = 7 and b = 0.1; each parameter runs from -pi to pi."""
    one, two, three = (-np.pi + 2 * np.pi * shares[name] for name in NAMES)
    result: Array = np.sin(one) + 7 * np.sin(two) ** 2 + 0.1 * three ** 4 * np.sin(one)
    return result


def line(shares: Mapping[str, Array]) -> Array:
    """Three parameters that add up, with weights 3, 2 and 0."""
    return 3 * shares["one"] + 2 * shares["two"] + 0 * shares["three"]


def test_sobol_of_ishigami() -> None:
    """First 0.3139, 0.4424, 0 and total 0.5576, 0.4424, 0.2437 (Saltelli et al. 2008, section 4.9), within 0.03."""
    found = {index.parameter: index for index in sobol(ishigami, NAMES, base=2048)}
    assert [found[name].first for name in NAMES] == pytest.approx([0.3139, 0.4424, 0], abs=0.03)
    assert [found[name].total for name in NAMES] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)
    assert sum(index.first for index in found.values()) < 1 < sum(index.total for index in found.values())


def test_sobol_of_a_sum() -> None:
    """Where parameters add up, first and total are the same and each sums to one; the order is by total."""
    found = sobol(line, NAMES, base=512)
    assert [index.parameter for index in found] == ["one", "two", "three"]
    assert [index.first for index in found] == pytest.approx([9 / 13, 4 / 13, 0], abs=0.02)
    assert sum(index.first for index in found) == pytest.approx(1, abs=0.03)
    assert sum(index.total for index in found) == pytest.approx(1, abs=0.03)


def test_morris_of_a_sum() -> None:
    """On a line every elementary effect is the weight: no spread, and a parameter without effect is last with 0."""
    found = morris(line, NAMES, walks=5)
    assert [effect.parameter for effect in found] == ["one", "two", "three"]
    assert [effect.size for effect in found] == pytest.approx([3, 2, 0], abs=1e-9)
    assert [effect.spread for effect in found] == pytest.approx([0, 0, 0], abs=1e-9)


def test_morris_sees_what_is_bent() -> None:
    """A parameter that works through another only has a slope near nothing but a size and a spread."""
    effects = {effect.parameter: effect for effect in morris(ishigami, NAMES, walks=40)}
    assert all(effect.size > 1 for effect in effects.values())
    assert abs(effects["three"].slope) < effects["three"].size
    assert effects["three"].spread > effects["three"].size


def test_the_same_seed_gives_the_same() -> None:
    """Screen and indices are the same for the same seed, and others for another."""
    assert morris(ishigami, NAMES, seed=3) == morris(ishigami, NAMES, seed=3) != morris(ishigami, NAMES, seed=4)
    assert sobol(ishigami, NAMES, base=64, seed=3) == sobol(ishigami, NAMES, base=64, seed=3)
    assert sobol(ishigami, NAMES, base=64, seed=3) != sobol(ishigami, NAMES, base=64, seed=4)


def test_what_does_not_vary_has_no_index() -> None:
    """A function that always gives the same has indices of 0, not nan."""
    assert all(index.total == index.first == 0 for index in sobol(lambda shares: 0 * shares["one"], NAMES, base=16))


@pytest.mark.parametrize("base", [0, 1, 100, 1000])
def test_base_is_a_power_of_two(base: int) -> None:
    """Another base is a sentence."""
    with pytest.raises(UsageError, match="power of two"):
        sobol(line, NAMES, base=base)


def test_wrong_shapes_are_sentences() -> None:
    """A screen without walks and a function that gives nan are sentences."""
    with pytest.raises(UsageError, match="two walks"):
        morris(line, NAMES, walks=1)
    with pytest.raises(UsageError, match="one finite number"):
        sobol(lambda shares: shares["one"] + np.nan, NAMES, base=16)
